"""Work on one page shared between two cores."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import cv2

First = TypeVar("First")
Second = TypeVar("Second")


def both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """What two functions return that need nothing of each other, the second run beside the first.

    Worth it where they spend their time in OpenCV, NumPy or an engine, which let other threads run. A process that
    was given a single core (a worker of a batch; OpenCV was told so) runs them one after the other.
    """
    if cv2.getNumThreads() < 2:
        return first(), second()
    with ThreadPoolExecutor(1) as pool:
        later = pool.submit(second)
        return first(), later.result()
