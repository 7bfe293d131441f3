"""A paddleocr model as a plain function of arrays: loading, silence, the thread it belongs to, time spent in it."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ocr_pipeline.errors import EngineError, ModelError
from ocr_pipeline.ocr import manifest, weights
from ocr_pipeline.ocr.lanes import BusyClock, Given, Result, in_order, share_of_threads
from ocr_pipeline.ocr.loading import loading_fast
from ocr_pipeline.settings import EngineSettings

FloatBatch = npt.NDArray[np.float32]
Forward = Callable[[FloatBatch], FloatBatch]
"""A model's first output for its input."""

CPU_REMEDY = "Use --device cpu, or see docs/installation.md on GPUs."


class Model(Protocol):
    """What the recogniser needs of a model; the tests give their own."""

    @property
    def name(self) -> str: ...

    @property
    def forward_seconds(self) -> float: ...

    @property
    def forward_calls(self) -> int: ...

    def forward_each(self, work: Callable[[Given, Forward], Result], items: Iterable[Given]) -> Iterator[Result]: ...


class PaddleModel:
    """One loaded model. kind: the paddleocr class, TextRecognition or TextDetection; side_by_side: whether batches
    are read beside what the caller does (ONNX Runtime only), on a CPU several at a time that share its threads.

    inner is paddlex's predictor (its dictionary and post-processing are used from there). It may be called by the
    thread that loaded the model only: Paddle's predictors are not thread-safe, and a forked child shares the parent's
    half-copied session. ONNX Runtime's sessions may run in several threads at once, which only this class does.
    """

    def __init__(self, kind: str, name: str, settings: EngineSettings, side_by_side: bool = False) -> None:
        """Loads, and fetches the weights first where needed. ModelError for the weights, EngineError for the rest."""
        check_engine(settings)
        self.name = name
        self._clock = BusyClock()
        self._lanes = 1
        self._pool: ThreadPoolExecutor | None = None
        if side_by_side and settings.engine == "onnxruntime":
            if settings.device == "cpu":
                self._lanes, threads = share_of_threads(settings.threads)
                settings = replace(settings, threads=threads)
            # A single lane too: the next batch is at work while the caller looks at the last one.
            self._pool = ThreadPoolExecutor(self._lanes, thread_name_prefix=name)
        self.inner = _load(kind, name, settings)
        self._owner = (os.getpid(), threading.get_ident())

    @property
    def forward_seconds(self) -> float:
        """Wall time so far during which the model was at work."""
        return self._clock.seconds

    @property
    def forward_calls(self) -> int:
        """Batches so far."""
        return self._clock.entries

    def forward(self, batch: FloatBatch) -> FloatBatch:
        """The model's first output for a batch of shape (n, 3, height, width)."""
        self._check_owner()
        return self._run(batch)

    def forward_each(self, work: Callable[[Given, Forward], Result], items: Iterable[Given]) -> Iterator[Result]:
        """work(item, forward) for each of several items, in their order; they are drawn up as the model gets to them.

        Where batches go side by side, so does all that work does, each in a lane's own thread.
        """
        self._check_owner()
        if self._pool is None:
            return (work(item, self._run) for item in items)
        return in_order(lambda item: work(item, self._run), items, self._pool, self._lanes)

    def _run(self, batch: FloatBatch) -> FloatBatch:
        with self._clock:
            output: FloatBatch = self.inner.runner(x=[batch])[0]
        return output

    def _check_owner(self) -> None:
        if (os.getpid(), threading.get_ident()) != self._owner:
            raise EngineError(
                f"{self.name} was loaded by another thread or process.", "Load one recogniser in each thread or worker."
            )


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
    folder = weights_for(name, settings)
    # Loading from a folder reaches no network; with a hub name it would first probe every hub, one after the other.
    os.environ.setdefault("PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK", "True")
    with contextlib.redirect_stdout(sys.stderr), loading_fast():
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


def weights_for(name: str, settings: EngineSettings) -> Path | None:
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
    # the system's allocator does the same work in the same time and gives memory back. Its memory patterns are one more
    # plan kept for each shape.
    return {"enable_cpu_mem_arena": False, "enable_mem_pattern": False, **threads}


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
