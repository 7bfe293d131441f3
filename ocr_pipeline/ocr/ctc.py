"""Decoding of CTC output: per step a probability for every class, class 0 being "no character here"."""

from __future__ import annotations

import itertools
import unicodedata
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
    read = run_class != BLANK
    row, at = np.divmod(starts[read], steps)
    ends = np.searchsorted(row, np.arange(count + 1)).tolist()
    classes, scores, places = run_class[read].tolist(), run_top[read].tolist(), at.tolist()
    return [
        Decoded(tuple(classes[first:end]), tuple(scores[first:end]), tuple(places[first:end]))
        for first, end in itertools.pairwise(ends)
    ]


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
    beams: _Beams = {(): (1.0, 0.0)}
    scale, after_blank = 1.0, False
    for candidates in _candidates(probabilities, per_step, floor):
        if len(candidates) == 1 and candidates[0][0] == BLANK:
            scale *= candidates[0][1]  # alike for all beginnings
            if not after_blank:
                beams = {prefix: (blank + char, 0.0) for prefix, (blank, char) in beams.items()}
            after_blank = True
            continue
        beams, after_blank = _likely(_extended(beams, candidates), beam, least), False
    ranked = sorted(((prefix, blank + char) for prefix, (blank, char) in beams.items()), key=lambda item: -item[1])
    return [(prefix, min(1.0, score * scale)) for prefix, score in ranked[:count] if score > 0]


_Beams = dict[tuple[int, ...], tuple[float, float]]
"""Beginnings of readings, each with the probability of all alignments that end in a blank and in its last character."""


def _likely(beams: _Beams, most: int, least: float) -> _Beams:
    """The beginnings worth following."""
    bar = least * max([blank + char for blank, char in beams.values()])
    if len(beams) > most:
        bar = max(bar, sorted([blank + char for blank, char in beams.values()])[-most])
    return {prefix: ends for prefix, ends in beams.items() if ends[0] + ends[1] >= bar}


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


def _extended(beams: _Beams, candidates: Sequence[tuple[int, float]]) -> _Beams:
    """All beginnings by one step longer. A repeated class lengthens a beginning only after a blank."""
    grown: _Beams = {}
    for prefix, (ends_blank, ends_char) in beams.items():
        total = ends_blank + ends_char
        last = prefix[-1] if prefix else BLANK
        for klass, probability in candidates:
            if klass == BLANK:
                blank, char = grown.get(prefix, _NOTHING)
                grown[prefix] = blank + total * probability, char
                continue
            share = total
            if klass == last:
                blank, char = grown.get(prefix, _NOTHING)
                grown[prefix] = blank, char + ends_char * probability
                share = ends_blank
            if share > 0:
                longer = (*prefix, klass)
                blank, char = grown.get(longer, _NOTHING)
                grown[longer] = blank, char + share * probability
    return grown


_NOTHING = 0.0, 0.0
