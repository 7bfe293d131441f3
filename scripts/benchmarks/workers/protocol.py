"""The worker's half of the conversation, standard library only: it runs in the peers' own environments.

The parent writes one JSON object a line, {"image": path, "regions": [[x0, y0, x1, y1], ...]}; the worker answers with
one: {"tables": [{"html", "box"}], "lines": [text], "seconds", "peak_mib"}, or {"error": sentence}. The first line out
is {"ready": true, "seconds": time to load}. With --once REQUEST it answers one request and ends (for the cold start).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

Region = list[float]
Read = Callable[[str, list[Region]], dict[str, Any]]
"""From an image's path and the places of its tables to {"tables", "lines"} or {"document"}."""


def serve(load: Callable[[], Read]) -> None:
    """Load the reader, then answer requests until the input ends."""
    out = _own_output()
    started = time.perf_counter()
    read = load()
    if len(sys.argv) == 3 and sys.argv[1] == "--once":
        _send(out, _answer(read, sys.argv[2]))
        return
    _send(out, {"ready": True, "seconds": time.perf_counter() - started})
    for line in sys.stdin:
        _send(out, _answer(read, line))


def _own_output() -> TextIO:
    """The standard output for answers only; what libraries print goes to the error output."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def _answer(read: Read, line: str) -> dict[str, Any]:
    request = json.loads(line)
    started = time.perf_counter()
    try:
        found = read(request["image"], request["regions"])
    except Exception as error:
        # Whatever a peer stumbles over is its result on this page, and is told as such.
        return {"error": f"{type(error).__name__}: {error}"}
    return {**found, "seconds": time.perf_counter() - started, "peak_mib": peak_mib()}


def _send(out: TextIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message, ensure_ascii=False) + "\n")
    out.flush()


def peak_mib() -> float:
    """The most memory this process has held, or a child of it, in MiB.

    From VmHWM where there is one: ru_maxrss starts at what the parent held when it forked.
    """
    import resource

    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        own = next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    else:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return max(own, children)
