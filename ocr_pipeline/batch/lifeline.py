"""How a process of a batch begins: it ends with its parent, leaves Ctrl-C to it, and keeps to its share of cores."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading

from ocr_pipeline.allocation import give_back_large_blocks

_PR_SET_PDEATHSIG = 1


def start_process(threads: int) -> None:
    """threads: this process's share of the cores; 0 leaves the libraries' own choice."""
    give_back_large_blocks()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with_parent()
    # Libraries in C greet on standard output, which belongs to the parent's results.
    os.dup2(2, 1)
    if threads:
        import cv2

        cv2.setNumThreads(threads)


def _end_with_parent() -> None:
    """A parent that was killed cannot end its workers, and a worker writing on beside the next run would be one writer
    too many."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if not parent.is_alive():
        os._exit(1)
    threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)
