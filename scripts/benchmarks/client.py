"""The parent's half of the conversation with the workers."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.environments import UnavailableError
from benchmarks.pages import PageCase
from benchmarks.peers import ROOT, Ready

START_SECONDS = 180
PAGE_SECONDS = 180
"""A peer that takes longer for a page has failed on it."""


@dataclass(frozen=True)
class Answer:
    """A worker's answer to one page. error: what it stumbled over, empty where it did not."""

    content: dict[str, Any]
    error: str = ""

    @property
    def seconds(self) -> float | None:
        return None if self.error else float(self.content["seconds"])

    @property
    def peak_mib(self) -> float | None:
        return None if self.error else float(self.content["peak_mib"])


class Worker:
    """A peer's process, started once, asked page by page; started again after it died."""

    def __init__(self, ready: Ready) -> None:
        self.ready = ready
        self.load_seconds = 0.0
        self._process: subprocess.Popen[str] | None = None
        self._answers: queue.Queue[str | None] = queue.Queue()
        self._log = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._log.close()

    def start(self) -> None:
        """Start the process and wait until its models are loaded. UnavailableError with its last words if it dies."""
        self._answers = queue.Queue()
        self._process = subprocess.Popen(
            self.ready.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            encoding="utf-8",
            env=worker_environment(self.ready),
            cwd=ROOT,
        )
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        try:
            greeting = self._receive(START_SECONDS)
        except WorkerError as failure:
            raise UnavailableError(str(failure)) from failure
        self.load_seconds = float(greeting["seconds"])

    def read(self, case: PageCase) -> Answer:
        """One page. A failure of the peer is part of the answer."""
        try:
            if self._process is None:
                self.start()
            return self._ask(case)
        except (WorkerError, UnavailableError) as failure:
            self.stop()
            return Answer({}, str(failure))

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _ask(self, case: PageCase) -> Answer:
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(request(case) + "\n")
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerError(f"the process has ended: {self._last_words()}") from error
        content = self._receive(PAGE_SECONDS)
        return Answer(content, str(content.get("error", "")))

    def _receive(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise WorkerError(f"no answer within {seconds:.0f} s") from None
        if line is None:
            raise WorkerError(f"the process has ended: {self._last_words()}")
        content = json.loads(line)
        assert isinstance(content, dict)
        return content

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = [line.strip() for line in self._log.read().splitlines() if line.strip()]
        return lines[-1] if lines else "without a word"


class WorkerError(Exception):
    """A worker died or did not answer in time."""


def _listen(process: subprocess.Popen[str], answers: queue.Queue[str | None]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        answers.put(line)
    answers.put(None)


def request(case: PageCase) -> str:
    """The line that asks for a page."""
    regions = [[box.x0, box.y0, box.x1, box.y1] for box in case.regions]
    return json.dumps({"image": str(case.image), "regions": regions})


def worker_environment(ready: Ready) -> dict[str, str]:
    """The process environment: this project's packages are not visible to the peers."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    if ready.prepared.weights is not None:
        kept["BENCHMARK_WEIGHTS"] = str(ready.prepared.weights)
    if ready.peer.environment is None:
        kept["PYTHONPATH"] = str(ROOT)
    return kept


def cold_start(ready: Ready, case: PageCase) -> tuple[float | None, str]:
    """Seconds a fresh process takes to read one page and end, and how that was measured.

    By the peer's own command line where it has one that works, else by its worker reading one page.
    """
    if ready.peer.cold:
        seconds = _timed(_fill(ready, case), ready)
        if seconds is not None:
            return seconds, "command line"
    return _timed((*ready.command, "--once", request(case)), ready), "worker"


def _fill(ready: Ready, case: PageCase) -> tuple[str, ...]:
    python = ready.prepared.python
    values = {"{python}": str(python), "{bin}": str(python.parent), "{image}": str(case.image)}
    filled = []
    for word in ready.peer.cold:
        for name, value in values.items():
            word = word.replace(name, value)
        filled.append(word)
    return tuple(filled)


def _timed(command: tuple[str, ...], ready: Ready) -> float | None:
    started = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            check=False,
            timeout=START_SECONDS + PAGE_SECONDS,
            env=worker_environment(ready),
            cwd=Path(ROOT),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return time.perf_counter() - started if done.returncode == 0 else None
