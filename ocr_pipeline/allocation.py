"""How this process's memory is given back to the system: page images and model inputs come and go by the megabyte."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_LARGE = 4 << 20
"""Bytes from which a block comes from the system and goes back there at once. By itself glibc raises this to 32 MB
after the first large picture, and blocks of page size then leave holes that it never closes: 790 MB in place of 560
after 20 pages. At 1 MB the same costs a third more time, at 4 MB none that could be measured."""
_KEPT = 64 << 20
"""Bytes at the end of the heap that are kept for the next page."""


def give_back_large_blocks() -> None:
    """For processes of our own: a setting of the whole process. Does nothing where the C library is not glibc."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)
