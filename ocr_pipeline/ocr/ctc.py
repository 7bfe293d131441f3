"""Decoding of CTC output: per step a probability for every class, class 0 being "no character here"."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.ocr.predictor import FloatBatch

BLANK = 0
_NO_SHARE = 1e-5
"""A tenth of the least probability that the search for other readings follows."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The best path of one crop: class numbers (never BLANK), the probability of each (0 to 1), and the first of the
    steps it was read at."""

    classes: tuple[int, ...]
    scores: tuple[float, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Twins:
    """Classes that are one character in two widths, `(` and `（`: `narrow[k]` and `wide[k]` are such a pair."""

    narrow: npt.NDArray[np.intp]
    wide: npt.NDArray[np.intp]

    @classmethod
    def among(cls, characters: Sequence[str]) -> Twins:
        """The pairs of half-width characters and their full-width forms (Unicode's <wide>) among the classes."""
        index = {character: klass for klass, character in enumerate(characters)}
        pairs = [
            (index[narrow], klass)
            for character, klass in index.items()
            if (narrow := _narrow_form(character)) is not None and narrow in index
        ]
        return cls(np.array([a for a, _ in pairs], dtype=np.intp), np.array([b for _, b in pairs], dtype=np.intp))

    def join(self, probabilities: FloatBatch) -> npt.NDArray[np.bool_]:
        """Put each pair's sum under its narrow class and 0 under the wide one, in place (shape n, steps, classes).

        Print does not tell the two apart, so neither's share of the sum says anything about the character. Steps
        where no wide form has a share worth a thought are left as they are: most of them.

        Returns where the wide form was the likelier one, shape (n, steps, pairs).
        """
        wide = probabilities.take(self.wide, axis=2)
        wider = np.zeros(wide.shape, dtype=bool)
        rows, steps = np.nonzero((wide > _NO_SHARE).any(axis=2))
        at = rows[:, None], steps[:, None]
        wide = wide[rows, steps]
        narrow = probabilities[*at, self.narrow]
        probabilities[*at, self.narrow] = narrow + wide
        probabilities[*at, self.wide] = 0
        wider[rows, steps] = wide > narrow
        return wider


def _narrow_form(character: str) -> str | None:
    kind, _, code = unicodedata.decomposition(character).partition(" ") if len(character) == 1 else ("", "", "")
    return chr(int(code, 16)) if kind == "<wide>" else None


def best_paths(probabilities: FloatBatch) -> list[Decoded]:
    """The most probable class of each step, repeats joined, blanks dropped, for a batch of shape (n, steps, classes).

    A character's score is the highest probability among the steps that were joined into it.
    """
    count, steps, _ = probabilities.shape
    best = probabilities.argmax(axis=2)
    top = np.take_along_axis(probabilities, best[:, :, None], axis=2)[:, :, 0]
    first = np.ones((count, steps), dtype=bool)
    first[:, 1:] = best[:, 1:] != best[:, :-1]
    starts = np.flatnonzero(first)
    if len(starts) == 0:
        return [Decoded((), (), ()) for _ in range(count)]
    run_top = np.maximum.reduceat(top.ravel(), starts)
    run_class = best.ravel()[starts]
    run_row = starts // steps
    decoded = []
    for row in range(count):
        chosen = (run_row == row) & (run_class != BLANK)
        at = (starts[chosen] - row * steps).tolist()
        decoded.append(Decoded(tuple(run_class[chosen].tolist()), tuple(run_top[chosen].tolist()), tuple(at)))
    return decoded


def n_best(
    probabilities: FloatBatch,
    count: int,
    beam: int = 16,
    per_step: int = 6,
    floor: float = 1e-4,
    least: float = 1e-5,
) -> list[tuple[tuple[int, ...], float]]:
    """The most probable readings of one crop, each with the sum over all its alignments, best first.

    probabilities: shape (steps, classes). CTC prefix beam search over at most `per_step` classes a step, those of
    probability `floor` and above: on clean print nearly every step has one, which makes this cheap. A beginning
    `least` times as probable as the best one is dropped: no reading is more probable than its beginning.
    """
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}
    for candidates in _candidates(probabilities, per_step, floor):
        if len(candidates) == 1 and candidates[0][0] == BLANK:
            beams = {prefix: ((blank + char) * candidates[0][1], 0.0) for prefix, (blank, char) in beams.items()}
            continue
        grown: dict[tuple[int, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
        for prefix, (ends_blank, ends_char) in beams.items():
            _extend(grown, prefix, ends_blank, ends_char, candidates)
        bar = least * max(blank + char for blank, char in grown.values())
        beams = {prefix: (blank, char) for prefix, (blank, char) in grown.items() if blank + char >= bar}
        if len(beams) > beam:
            beams = dict(sorted(beams.items(), key=lambda item: -sum(item[1]))[:beam])
    ranked = sorted(((prefix, blank + char) for prefix, (blank, char) in beams.items()), key=lambda item: -item[1])
    return [(prefix, min(1.0, score)) for prefix, score in ranked[:count] if score > 0]


def _candidates(probabilities: FloatBatch, per_step: int, floor: float) -> list[list[tuple[int, float]]]:
    """For each step the classes worth following with their probabilities, the best one always among them."""
    found: list[list[tuple[int, float]]] = [[] for _ in range(len(probabilities))]
    flat = probabilities.ravel()
    likely = np.flatnonzero(flat >= floor)
    for place, probability in zip(likely.tolist(), flat[likely].tolist(), strict=True):
        step, klass = divmod(place, probabilities.shape[1])
        found[step].append((klass, probability))
    for step, classes in enumerate(found):
        if not classes:
            klass = int(probabilities[step].argmax())
            classes.append((klass, float(probabilities[step, klass])))
        classes.sort(key=lambda item: -item[1])
        del classes[per_step:]
    return found


def _extend(
    grown: dict[tuple[int, ...], list[float]],
    prefix: tuple[int, ...],
    ends_blank: float,
    ends_char: float,
    candidates: Sequence[tuple[int, float]],
) -> None:
    """Adds one step to one prefix. A repeated class lengthens the prefix only after a blank."""
    total = ends_blank + ends_char
    for klass, probability in candidates:
        if klass == BLANK:
            grown[prefix][0] += total * probability
        elif prefix and klass == prefix[-1]:
            grown[prefix][1] += ends_char * probability
            grown[(*prefix, klass)][1] += ends_blank * probability
        else:
            grown[(*prefix, klass)][1] += total * probability
