"""Character error rates of running text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.normalise import normalise


@dataclass(frozen=True)
class TextScore:
    """Wrong characters of so many true ones."""

    errors: int = 0
    characters: int = 0

    @property
    def cer(self) -> float | None:
        """Character error rate; above 1 where more was invented than there is; None where there is no true text."""
        return self.errors / self.characters if self.characters else None

    def __add__(self, other: TextScore) -> TextScore:
        return TextScore(self.errors + other.errors, self.characters + other.characters)


def score_ordered(predicted: Sequence[str], truth: Sequence[str]) -> TextScore:
    """Edit distance of the whole text in reading order: lines out of order, lost and invented all cost."""
    from rapidfuzz.distance import Levenshtein

    true = "".join(map(normalise, truth))
    return TextScore(int(Levenshtein.distance("".join(map(normalise, predicted)), true)), len(true))


def score_lines(predicted: Iterable[str], truth: Iterable[str]) -> TextScore:
    """Each true line against the best matching stretch of the predicted text: order and extra text are forgiven.

    This is the measure for readers that return lines in any order, with or without the tables' texts between."""
    text = "".join(map(normalise, predicted))
    lines = [line for line in map(normalise, truth) if line]
    return TextScore(sum(infix_distance(line, text) for line in lines), sum(map(len, lines)))


def infix_distance(pattern: str, text: str) -> int:
    """The smallest edit distance between a pattern and any stretch of a text.

    Myers' bit-vector method (Journal of the ACM 46, 1999): one column of the edit matrix is two long integers."""
    height = len(pattern)
    if not height:
        return 0
    occurs: dict[str, int] = {}
    for position, char in enumerate(pattern):
        occurs[char] = occurs.get(char, 0) | 1 << position
    ones, top = (1 << height) - 1, 1 << (height - 1)
    rising, falling = ones, 0
    score = best = height
    for char in text:
        match = occurs.get(char, 0)
        diagonal = (((match & rising) + rising) ^ rising) | match | falling
        grows = falling | ~(diagonal | rising) & ones
        shrinks = rising & diagonal
        score += bool(grows & top) - bool(shrinks & top)
        best = min(best, score)
        grows, shrinks = (grows << 1) & ones, (shrinks << 1) & ones
        rising = shrinks | ~(diagonal | grows) & ones
        falling = grows & diagonal
    return best
