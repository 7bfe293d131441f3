"""Keeps standard output for results alone."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def output_kept_clean() -> Iterator[None]:
    """Whatever is printed inside, by Python or by a library in C, goes to standard error.

    Inference engines greet and warn on standard output, where a caller expects the page and nothing else.
    """
    with contextlib.redirect_stdout(sys.stderr), _descriptor_kept_clean():
        yield


@contextlib.contextmanager
def _descriptor_kept_clean() -> Iterator[None]:
    if sys.__stdout__ is not None:
        sys.__stdout__.flush()
    try:
        kept = os.dup(1)
    except OSError:  # started without a standard output
        yield
        return
    try:
        os.dup2(2, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
