"""Long and rough trials of `ocr-pipeline batch`: killed at random moments, disks that fill up, memory over many pages.

    python scripts/soak.py kills --trials 50              kill, run again, compare with an undisturbed run
    python scripts/soak.py kills --trials 3 --real tiny   the same with the real models
    python scripts/soak.py kills --trials 20 --store      the same with results that go to a store (file://)
    python scripts/soak.py pages --pages 10000            memory of parent and workers, canned readings
    python scripts/soak.py pages --pages 1000 --real tiny the same with the real models
    python scripts/soak.py speed FOLDER --real tiny     pages a second by jobs and recognition processes

The full-disk trials mount a small tmpfs and need root for that; without it they are left out, and said so.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocr_pipeline.batch.engines import CannedEngines, Engines, PaddleEngines
from ocr_pipeline.geometry import GrayImage, Quad
from ocr_pipeline.settings import EngineSettings, Settings
from ocr_pipeline.stages import TextDetector

KINDS = ("kill parent", "terminate parent", "kill worker", "full disk")
FORMATS = ("json", "csv")
_MAP = 1 << 20


# --- engines that note what they are given ----------------------------------------------------------------------------


@dataclass(frozen=True)
class LoggingDetector:
    """A detector that appends the hash of each page it is shown to a file: one page, one line."""

    inner: TextDetector
    log: Path

    @property
    def name(self) -> str:
        return self.inner.name

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        line = hashlib.sha256(image.tobytes()).hexdigest().encode() + b"\n"
        handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line)
        os.close(handle)
        return self.inner.detect(image, scale)


@dataclass(frozen=True)
class LoggingCanned(CannedEngines):
    """Canned engines whose detector keeps the log."""

    log: Path = Path("pages.log")

    def detector(self, settings: EngineSettings) -> TextDetector:
        return LoggingDetector(super().detector(settings), self.log)


@dataclass(frozen=True)
class LoggingReal(PaddleEngines):
    """The real engines, with the log."""

    log: Path = Path("pages.log")

    def detector(self, settings: EngineSettings) -> TextDetector:
        return LoggingDetector(super().detector(settings), self.log)


def engines_for(real: str, log: Path | None) -> Engines:
    """real: the model's name, empty for canned readings."""
    if log is None:
        return PaddleEngines() if real else CannedEngines()
    return LoggingReal(log) if real else LoggingCanned(log=log)


# --- filings drawn for the purpose ------------------------------------------------------------------------------------


def make_filings(folder: Path, files: int, pages: int, seed: int = 1) -> list[Path]:
    """Small scans (a ruled table of numbers and a line above it), each page different; PDF and TIFF in turn."""
    import numpy as np
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    paths = []
    for number in range(files):
        drawn = [Image.fromarray(np.asarray(draw_page(dice.randrange(10**9)))) for _ in range(pages)]
        kind = ("pdf", "tif")[number % 2]
        path = folder / f"filing-{number:04}.{kind}"
        options = {"resolution": 100.0} if kind == "pdf" else {"dpi": (100, 100), "compression": "tiff_lzw"}
        drawn[0].save(path, save_all=True, append_images=drawn[1:], **options)
        paths.append(path)
    return paths


def draw_page(number: int, width: int = 420, height: int = 300) -> GrayImage:
    """A page with the digits of a number in the cells of a table."""
    import cv2
    import numpy as np

    page = np.full((height, width), 255, np.uint8)
    cv2.putText(page, f"report {number}", (40, 50), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    for row in range(4):
        cv2.line(page, (40, 90 + 40 * row), (width - 40, 90 + 40 * row), 0, 2)
    for col in range(4):
        x = 40 + (width - 80) * col // 3
        cv2.line(page, (x, 90), (x, 210), 0, 2)
    for place, digit in enumerate(f"{number:09}"[:9]):
        x, y = 60 + (width - 80) * (place % 3) // 3, 120 + 40 * (place // 3)
        cv2.putText(page, digit, (x, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, 0, 2)
    return page.astype(np.uint8)


# --- one run in a process of its own ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trial:
    """What a run is given. real: a model's name, empty for canned readings; recognisers: as in BatchSettings; store:
    the output is an address, and the ledger is beside it."""

    inputs: Path
    real: str = ""
    jobs: int = 2
    recognisers: int = 0
    store: bool = False

    def ledger(self, output: Path) -> Path:
        """The folder of the ledger of that output."""
        return output.with_name(f"{output.name}-state") if self.store else output


def start(trial: Trial, output: Path, log: Path) -> subprocess.Popen[bytes]:
    """A batch of all the inputs, in the background."""
    command = [sys.executable, str(Path(__file__).resolve()), "child", str(trial.inputs), str(output), str(log)]
    command += ["--real", trial.real, "--jobs", str(trial.jobs), "--recognisers", str(trial.recognisers)]
    command += ["--store"] if trial.store else []
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(trial: Trial, output: Path, log: Path) -> None:
    """A batch to its end. RuntimeError with what it said, where it fails."""
    process = start(trial, output, log)
    _, said = process.communicate(timeout=600)
    if process.returncode:
        raise RuntimeError(f"the batch ended with {process.returncode}: {said.decode(errors='replace')[-2000:]}")


def child(options: argparse.Namespace) -> None:
    """The process that start() starts."""
    from ocr_pipeline.batch.run import run_batch
    from ocr_pipeline.errors import PipelineError

    settings = settings_for(options.real, options.jobs, options.recognisers)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    output: Path | str = options.output
    state = Trial(options.inputs, store=options.store).ledger(options.output)
    if options.store:
        output = f"file://{options.output.resolve()}"
    paths = sorted(path for path in Path(options.inputs).iterdir() if path.is_file())
    try:
        summary = run_batch(
            paths, output, settings, FORMATS, engines=engines_for(options.real, options.log), state=state
        )
    except PipelineError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    sys.exit(int(summary.exit_code))


def settings_for(real: str, jobs: int, recognisers: int, threads: int = 0) -> Settings:
    """Settings of a trial. threads: of each process; 0 shares the cores out."""
    settings = Settings(engine=EngineSettings(model=real or "tiny", threads=threads))
    return replace(settings, batch=replace(settings.batch, jobs=jobs, recognisers=recognisers))


# --- kills ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """An undisturbed run: the hash of each file it wrote, the page (file's hash, index) behind each line of the log,
    and how long it took."""

    files: dict[str, str]
    pages: dict[str, tuple[str, int]]
    seconds: float


def reference(trial: Trial, folder: Path) -> Reference:
    """Run undisturbed with one worker, so that the log is in the order of the pages; then once more for the time."""
    log = folder / "reference.log"
    finish(replace(trial, jobs=1, recognisers=0), folder / "reference", log)
    order = _ledger_pages(trial.ledger(folder / "reference"), trial.inputs)
    lines = log.read_text().split()
    if len(lines) != len(order):
        raise RuntimeError(f"{len(lines)} pages in the log, {len(order)} in the ledger")
    began = time.monotonic()
    finish(trial, folder / "timed", folder / "timed.log")
    files = tree(folder / "reference")
    if tree(folder / "timed") != files:
        raise RuntimeError("two undisturbed runs differ")
    return Reference(files, dict(zip(lines, order, strict=True)), time.monotonic() - began)


def tree(output: Path) -> dict[str, str]:
    """The hash of every file of the results; not the ledger, nor the summary, which tells times."""
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name != "summary.json" and ".ocr-pipeline" not in path.parts
    }


def kill_trial(trial: Trial, kind: str, known: Reference, folder: Path, dice: random.Random) -> str:
    """A disturbed run, and one to its end: what happened. RuntimeError where something is lost or read twice."""
    output, log = folder / "out", folder / "pages.log"
    # A ledger that is elsewhere takes no room: the results alone have to be too much.
    room = dice.randrange(40, 400) * (1024 if not trial.store else 128)
    with _disk(output, room if kind == "full disk" else None) as enlarge:
        moment = dice.uniform(known.seconds * 0.2, known.seconds)
        told = _disturb(start(trial, output, log), kind, moment)
        verified = _read_pages(trial.ledger(output))
        already = len(_lines(log))
        enlarge()
        finish(trial, output, log)
        again = [known.pages[line] for line in _lines(log)[already:]]
        twice = verified.intersection(again)
        if twice:
            why = " by other code: it changed meanwhile" if _codes(trial.ledger(output)) > 1 else ""
            raise RuntimeError(f"{kind} after {moment:.2f} s: {len(twice)} pages that were done were read again{why}")
        if tree(output) != known.files:
            raise RuntimeError(f"{kind} after {moment:.2f} s: {_difference(tree(output), known.files)}")
    return f"{kind} after {moment:.2f} s ({told}): {len(verified)} pages kept, {len(again)} read after"


def _disturb(process: subprocess.Popen[bytes], kind: str, moment: float) -> str:
    import psutil

    if kind == "full disk":
        process.wait(timeout=600)
        return f"ended with {process.returncode}"
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=moment)
        return "had ended before"
    told = "done"
    if kind == "kill worker":
        with contextlib.suppress(psutil.Error):
            workers = [c for c in psutil.Process(process.pid).children() if "spawn_main" in " ".join(c.cmdline())]
            for worker in workers[:1]:
                worker.kill()
            told = "a worker" if workers else "no worker yet"
    else:
        process.send_signal(signal.SIGKILL if kind == "kill parent" else signal.SIGTERM)
    process.communicate(timeout=600)
    return told


@contextlib.contextmanager
def _disk(output: Path, size: int | None) -> Iterator[Callable[[], None]]:
    """The output folder, on a disk of its own that has so many bytes until it is enlarged."""
    output.mkdir(parents=True)
    if size is None:
        yield lambda: None
        return
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(output))
    try:
        yield lambda: _mount("-o", "remount,size=256m", str(output))
    finally:
        subprocess.run(["umount", str(output)], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def can_mount(folder: Path) -> bool:
    """Whether this user may mount a tmpfs."""
    place = folder / "mount-trial"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False)
    if done.returncode == 0:
        subprocess.run(["umount", str(place)], check=True)
    return done.returncode == 0


def _lines(log: Path) -> list[str]:
    return log.read_text().split() if log.exists() else []


def _read_pages(output: Path) -> set[tuple[str, int]]:
    """What the ledger says is read, looked at as the next run will."""
    path = output / ".ocr-pipeline" / "ledger.sqlite"
    if not path.exists():
        return set()
    with contextlib.closing(sqlite3.connect(path)) as db:
        try:
            return set(db.execute("SELECT sha256, page FROM pages WHERE message IS NULL").fetchall())
        except sqlite3.OperationalError:  # not even its tables were made; or no room to look
            return set()


def _codes(output: Path) -> int:
    """By how many settings or states of the code the pages in a ledger were read."""
    with contextlib.closing(sqlite3.connect(output / ".ocr-pipeline" / "ledger.sqlite")) as db:
        return int(db.execute("SELECT COUNT(DISTINCT fingerprint) FROM pages").fetchone()[0])


def _ledger_pages(output: Path, inputs: Path) -> list[tuple[str, int]]:
    pages = _read_pages(output)
    order = []
    for path in sorted(inputs.iterdir()):
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        order += sorted(page for page in pages if page[0] == sha256)
    return list(dict.fromkeys(order))


def _difference(found: dict[str, str], wanted: dict[str, str]) -> str:
    missing, extra = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    other = sorted(name for name in set(found) & set(wanted) if found[name] != wanted[name])
    return f"missing {missing[:5]}, not expected {extra[:5]}, different {other[:5]}"


def kills(options: argparse.Namespace) -> None:
    """All kill trials, one after the other."""
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        make_filings(folder / "in", options.files, options.pages_each, options.seed)
        trial = Trial(folder / "in", options.real, options.jobs, options.recognisers, options.store)
        known = reference(trial, folder)
        print(f"undisturbed: {len(known.pages)} pages, {len(known.files)} files, {known.seconds:.1f} s", flush=True)
        kinds = KINDS if can_mount(folder) else KINDS[:-1]
        if kinds != KINDS:
            print("no full-disk trials: mounting a tmpfs needs root", flush=True)
        for number in range(options.trials):
            place = folder / f"trial-{number}"
            print(f"{number + 1}: {kill_trial(trial, kinds[number % len(kinds)], known, place, dice)}", flush=True)
            shutil.rmtree(place)
    print(f"{options.trials} trials: every rerun gave exactly the files of the undisturbed run, no page read twice")


# --- memory over many pages -------------------------------------------------------------------------------------------


@dataclass
class Watch:
    """Memory of this process and of its workers, in MB, by pages done."""

    parent: list[tuple[int, float]]
    workers: list[tuple[int, float]]


def soak(pages: int, trial: Trial, output: Path) -> tuple[Watch, float]:
    """Copies of the trial's files under new names until there are so many pages; memory is looked at as they go.

    Copies differ in a trailing comment, so that each is a content of its own."""
    from ocr_pipeline.batch.display import Silent
    from ocr_pipeline.batch.inputs import find_inputs
    from ocr_pipeline.batch.run import run_batch

    watch = Watch([], [])

    class Counting(Silent):
        done = 0

        def page_done(self) -> None:
            self.done += 1

    counting = Counting()
    paths = _copies(trial.inputs, pages, output.with_name(output.name + "-in"))
    stop = threading.Event()
    looking = threading.Thread(target=_look, args=(watch, counting, stop))
    looking.start()
    began = time.monotonic()
    try:
        settings, engines = settings_for(trial.real, trial.jobs, trial.recognisers), engines_for(trial.real, None)
        if trial.store:
            found = find_inputs([f"file://{paths[0].parent.resolve()}"], "")
            url, state = f"file://{output.resolve()}", trial.ledger(output)
            run_batch(found, url, settings, FORMATS, engines=engines, display=counting, state=state)
        else:
            run_batch(paths, output, settings, FORMATS, engines=engines, display=counting)
    finally:
        stop.set()
        looking.join()
    return watch, counting.done / (time.monotonic() - began)


def _copies(inputs: Path, pages: int, folder: Path) -> list[Path]:
    import pymupdf

    folder.mkdir(parents=True)
    originals = sorted(path for path in inputs.iterdir() if path.suffix == ".pdf")
    paths: list[Path] = []
    made = 0
    while made < pages:
        original = originals[len(paths) % len(originals)]
        path = folder / f"copy-{len(paths):05}.pdf"
        path.write_bytes(original.read_bytes() + f"\n% copy {len(paths)}\n".encode())
        with pymupdf.open(original) as opened:
            made += opened.page_count
        paths.append(path)
    return paths


def _look(watch: Watch, counting: object, stop: threading.Event) -> None:
    import psutil

    own = psutil.Process()
    while not stop.wait(0.5):
        with contextlib.suppress(psutil.Error):
            done = int(getattr(counting, "done", 0))
            workers = [c for c in own.children() if "spawn_main" in " ".join(c.cmdline())]
            watch.parent.append((done, own.memory_info().rss / _MAP))
            # The largest: one that has just been started would hide the growth of the others.
            watch.workers.append((done, max((worker.memory_info().rss / _MAP for worker in workers), default=0.0)))


def growth(seen: Sequence[tuple[int, float]], pages: int) -> tuple[float, float]:
    """MB after the first tenth, and at the end (medians over a tenth of the pages each)."""
    first = sorted(mb for done, mb in seen if pages * 0.1 <= done < pages * 0.2)
    last = sorted(mb for done, mb in seen if pages * 0.9 <= done < pages)
    if not first or not last:
        raise RuntimeError("too few pages to tell how memory grows")
    return first[len(first) // 2], last[len(last) // 2]


def soak_pages(options: argparse.Namespace) -> None:
    """The memory trial."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        if options.inputs is None:
            make_filings(folder / "in", 4, 5)
        trial = Trial(options.inputs or folder / "in", options.real, options.jobs, options.recognisers, options.store)
        watch, rate = soak(options.pages, trial, folder / "out")
        told = {"pages": options.pages, "pages_per_second": round(rate, 2)}
        for who, seen in (("parent", watch.parent), ("worker", watch.workers)):
            before, after = growth(seen, options.pages)
            told |= {f"{who}_mb_after_tenth": round(before, 1), f"{who}_mb_at_end": round(after, 1)}
        print(json.dumps(told))


# --- speed ------------------------------------------------------------------------------------------------------------


def speed(options: argparse.Namespace) -> None:
    """Pages a second by processes: in turns, so that other load on the machine hits all alike."""
    from ocr_pipeline.batch.run import run_batch

    plans = [tuple(int(n) for n in plan.split("+")) for plan in options.plans.split(",")]
    print("jobs recognisers  seconds  pages/s  processor seconds a page  model's share of recognition processes")
    for _ in range(options.rounds):
        for jobs, recognisers in plans:
            with tempfile.TemporaryDirectory(prefix="soak-") as name:
                settings = settings_for(options.real, jobs, recognisers, options.threads)
                engines = engines_for(options.real, None)
                before = _processor_seconds()
                paths = _copies(options.inputs, options.pages, Path(name) / "in")
                done = run_batch(paths, Path(name) / "out", settings, FORMATS, engines=engines)
                spent = (_processor_seconds() - before) / done.pages_read
            share = done.forward_seconds / done.reading_seconds if done.reading_seconds else 0.0
            rate = done.pages_read / done.seconds
            print(
                f"{jobs:4} {recognisers:11}  {done.seconds:7.1f}  {rate:7.2f}  {spent:24.2f}  {share:.2f}", flush=True
            )


def _processor_seconds() -> float:
    """Of this process and its children that have ended: says more than the clock on a machine with other work."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(item.ru_utime + item.ru_stime for item in used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--real", default="", metavar="MODEL", help="use this model; canned readings if absent")
    shared.add_argument("--jobs", type=int, default=2)
    shared.add_argument("--recognisers", type=int, default=0)
    shared.add_argument("--store", action="store_true", help="results go to a store (file://)")

    killing = commands.add_parser("kills", parents=[shared])
    killing.add_argument("--trials", type=int, default=50)
    killing.add_argument("--files", type=int, default=8)
    killing.add_argument("--pages-each", type=int, default=4)
    killing.add_argument("--seed", type=int, default=1)
    killing.set_defaults(run=kills)

    soaking = commands.add_parser("pages", parents=[shared])
    soaking.add_argument("--pages", type=int, default=10_000)
    soaking.add_argument("--inputs", type=Path, help="folder of PDF files to copy; drawn ones if absent")
    soaking.set_defaults(run=soak_pages)

    racing = commands.add_parser("speed", parents=[shared])
    racing.add_argument("inputs", type=Path, help="folder of PDF files, copied under new names")
    racing.add_argument("--pages", type=int, default=60)
    racing.add_argument("--plans", default="1+0,2+0,1+1", help="JOBS+RECOGNISERS, separated by commas")
    racing.add_argument("--rounds", type=int, default=2)
    racing.add_argument("--threads", type=int, default=0, help="of each process; 0 shares the cores out")
    racing.set_defaults(run=speed)

    one = commands.add_parser("child", parents=[shared])
    for name in ("inputs", "output", "log"):
        one.add_argument(name, type=Path)
    one.set_defaults(run=child)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
