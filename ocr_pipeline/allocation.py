"""How this process's memory is given back to the system: page images and model inputs come and go by the megabyte."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_LARGE = 4 << 20
"""Bytes from which a block comes from the system and goes back there at once. By itself glibc raises this to 32 MB
after the first large picture, and blocks of page size then leave holes that it never closes: 790 MB in place of 560
after 20 pages. At 1 MB the same costs a third more time, at 4 MB none that could be measured."""
_KEPT = 64 << 20
"""Bytes at the end of the heap that are kept for the next page."""


_ours = False
"""Whether this process is one of our own, whose memory is ours to manage."""


def give_back_large_blocks() -> None:
    """For processes of our own: a setting of the whole process. Does nothing where the C library is not glibc."""
    global _ours
    _ours = True
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)
        # A heap for each thread would leave holes in each: 780 MB in place of 580 after 30 pages, in the same time.
        mallopt(_M_ARENA_MAX, 1)


def give_back_free_memory() -> None:
    """Between two pages, in processes of our own: all that is free, also within the heap. 5 ms; without it the holes
    grow for a hundred pages (390 to 400 MB between pages with it, 430 to 540 without)."""
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def give_back_before_the_peak() -> None:
    """Before the stage of a page that needs most, in processes of our own; elsewhere nothing. 2 ms; without it what
    earlier stages left in holes comes on top: 25 MB at most, by chance, so that the peak creeps up with the pages."""
    if _ours:
        give_back_free_memory()


def _of_glibc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
