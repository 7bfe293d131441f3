"""A paddleocr model as a plain function of arrays: loading, silence, the thread it belongs to, time spent in it."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ocr_pipeline.errors import EngineError, ModelError
from ocr_pipeline.ocr import manifest, weights
from ocr_pipeline.settings import EngineSettings

FloatBatch = npt.NDArray[np.float32]

CPU_REMEDY = "Use --device cpu, or see docs/installation.md on GPUs."


class Model(Protocol):
    """What recogniser and detector need of a model; the tests give their own."""

    name: str
    forward_seconds: float
    forward_calls: int

    def forward(self, batch: FloatBatch) -> FloatBatch: ...


class PaddleModel:
    """One loaded model. kind: the paddleocr class, TextRecognition or TextDetection.

    inner is paddlex's predictor (its dictionary and post-processing are used from there). forward() may be called
    by the thread that loaded the model only: Paddle's predictors are not thread-safe, and a forked child shares the
    parent's half-copied session.
    """

    def __init__(self, kind: str, name: str, settings: EngineSettings) -> None:
        """Loads, and fetches the weights first where needed. ModelError for the weights, EngineError for the rest."""
        check_engine(settings)
        self.name = name
        self.forward_seconds = 0.0
        self.forward_calls = 0
        self.inner = _load(kind, name, settings)
        self._owner = (os.getpid(), threading.get_ident())

    def forward(self, batch: FloatBatch) -> FloatBatch:
        """The model's first output for a batch of shape (n, 3, height, width)."""
        if (os.getpid(), threading.get_ident()) != self._owner:
            raise EngineError(
                f"{self.name} was loaded by another thread or process.", "Load one recogniser in each thread or worker."
            )
        start = time.perf_counter()
        output: FloatBatch = self.inner.runner(x=[batch])[0]
        self.forward_seconds += time.perf_counter() - start
        self.forward_calls += 1
        return output


def check_engine(settings: EngineSettings) -> None:
    """EngineError, saying what to install, when the engine or the device asked for is not there."""
    if settings.engine == "paddle":
        if importlib.util.find_spec("paddle") is None:
            raise EngineError(
                "engine paddle needs paddlepaddle, which is not installed.",
                'Run: python -m pip install "paddlepaddle==3.2.2" (3.3.0 and 3.3.1 crash on CPU), '
                "or use --engine onnxruntime.",
            )
        return
    if settings.device.startswith("gpu"):
        import onnxruntime

        if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
            raise EngineError(
                f"device {settings.device} needs ONNX Runtime with CUDA, but the one installed has none.",
                "Run: python -m pip uninstall onnxruntime, then "
                'python -m pip install "onnxruntime-gpu[cuda,cudnn]"; or use --device cpu.',
            )
        # Finds the CUDA libraries that pip installed; without it the session falls back to the CPU without a word.
        onnxruntime.preload_dlls()


def _load(kind: str, name: str, settings: EngineSettings) -> Any:
    """Paddlex's predictor for a model. The import takes most of a second, hence only here."""
    folder = _weights_for(name, settings)
    # Loading from a folder reaches no network; with a hub name it would first probe every hub, one after the other.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    with contextlib.redirect_stdout(sys.stderr):
        import paddleocr

        logging.getLogger("paddlex").setLevel(logging.ERROR)
        try:
            wrapper = getattr(paddleocr, kind)(
                model_name=name,
                model_dir=None if folder is None else str(folder),
                engine=settings.engine,
                device=settings.device,
                engine_config=_engine_config(settings),
            )
        except Exception as error:  # paddlex raises bare Exception; whatever it is, the model cannot be used
            raise _load_error(name, folder, error) from error
    inner = wrapper.paddlex_predictor
    _check_device(inner, settings)
    return inner


def _weights_for(name: str, settings: EngineSettings) -> Path | None:
    """The folder to load from; None leaves an official name that is not in the manifest to paddleocr and its hub."""
    own = weights.models_folder(settings.models_dir).own
    if own or (settings.engine == "onnxruntime" and manifest.find(name) is not None):
        return weights.model_dir(name, settings.models_dir)
    return None


def _engine_config(settings: EngineSettings) -> dict[str, Any] | None:
    if settings.engine == "paddle":
        return {"paddle_static": {"cpu_threads": settings.threads}} if settings.threads else None
    threads = {"intra_op_num_threads": settings.threads} if settings.threads else {}
    # ONNX Runtime's arena keeps the largest it ever needed for each shape of input, and grows for hundreds of pages;
    # the system's allocator does the same work in the same time and gives memory back.
    return {"enable_cpu_mem_arena": False, **threads}


def _check_device(inner: Any, settings: EngineSettings) -> None:
    """ONNX Runtime falls back to the CPU when CUDA does not start; that must not pass unnoticed."""
    session = getattr(inner.runner, "session", None)
    if session is None or not settings.device.startswith("gpu"):
        return
    if "CUDAExecutionProvider" not in session.get_providers():
        raise EngineError(f"ONNX Runtime could not start CUDA on {settings.device}.", CPU_REMEDY)


def _load_error(name: str, folder: Path | None, error: Exception) -> ModelError:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if folder is None:
        return ModelError(
            f"The model {name} is not in the manifest, and paddleocr could not get it from its hub ({reason}).",
            "Check the name, or put its folder under --models DIR.",
        )
    return ModelError(
        f"The model in {folder} cannot be loaded ({reason}).",
        "Check it with: ocr-pipeline models verify. If a file is wrong, delete the folder and fetch again.",
    )
