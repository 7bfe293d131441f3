"""Names that the document prints, to decide between the recogniser's own readings of a stamp.

The office whose stamp it is has its name in the title, over its signature or at the head of the page nearly always.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from ocr_pipeline.assemble.agreement import NO_OTHER, replaced
from ocr_pipeline.document import Block
from ocr_pipeline.stages import RawReading

_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LEAST = 5
"""Characters from which on a stretch of print is compared with a stamp's: shorter ones are alike by chance."""
_WRONG_IN = 4
"""One in so many characters may differ."""


def printed_runs(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The stretches of Chinese characters in a document's text, each once, long enough to hold a name."""
    texts = ("".join(block.text.split()) for block in blocks)
    return tuple(dict.fromkeys(run for text in texts for run in _RUN.findall(text) if len(run) >= _LEAST))


def is_printed(text: str, printed: Iterable[str]) -> bool:
    """Whether the document prints a text, long enough to be no chance."""
    return len(text) >= _LEAST and any(text in run for run in printed)


def with_printed_name(reading: RawReading, others: Iterable[RawReading], printed: Sequence[str]) -> RawReading:
    """The reading as the document prints it, where it prints nothing like it but with another character or two, and
    the recogniser had those in mind.

    others: the readings of the same piece of lettering; printed: what `printed_runs` gives. The characters' scores
    are their candidates'.
    """
    text = reading.text.strip()
    size = len(text)
    if size < _LEAST or len(reading.char_scores) != size or is_printed(text, printed):
        return reading
    in_mind = _in_mind((reading, *others), size)
    found: dict[str, tuple[float, ...]] = {}
    for name in _near(text, printed):
        scores = [
            score if here == there else in_mind[i].get(there, 0.0) if score < NO_OTHER else 0.0
            for i, (here, there, score) in enumerate(zip(text, name, reading.char_scores, strict=True))
        ]
        if min(scores) > 0.0:
            found[name] = tuple(scores)
    # Two names that are printed and were in mind: neither is surer by the print.
    if len(found) != 1:
        return reading
    name, char_scores = next(iter(found.items()))
    return replaced(reading, name, char_scores)


def _in_mind(readings: Iterable[RawReading], size: int) -> list[dict[str, float]]:
    """The characters at each place of the candidates of that size, each with its best score."""
    places: list[dict[str, float]] = [{} for _ in range(size)]
    for one in readings:
        for text, score in ((one.text, one.score), *((other.text, other.score) for other in one.alternatives)):
            if len(text) == size:
                for place, char in zip(places, text, strict=True):
                    place[char] = max(place.get(char, 0.0), score)
    return places


def _near(text: str, printed: Iterable[str]) -> Iterator[str]:
    """The stretches of print as long as a text that differ from it in few characters."""
    own = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    for run in printed:
        if len(run) >= len(text):
            codes = np.frombuffer(run.encode("utf-32-le"), np.uint32)
            windows = np.lib.stride_tricks.sliding_window_view(codes, len(own))
            for start in np.flatnonzero((windows != own).sum(axis=1) <= max(1, len(own) // _WRONG_IN)).tolist():
                yield run[start : start + len(text)]
