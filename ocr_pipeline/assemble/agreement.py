"""Several readings of one piece of lettering taken together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import RawReading

Slot = dict[str, list[float]]
"""Characters read at one place, each with its scores; "" where nothing was read there."""
NO_OTHER = 0.98
"""Score of a character from which on it stands: the recogniser had no other in mind, and gives no alternatives."""


def sure_characters(readings: list[RawReading], settings: SealTextSettings) -> float:
    """Sure characters, each by its score, less the unsure ones."""
    return sum(score if score >= settings.sure else -1.0 for reading in readings for score in reading.char_scores)


def likeness(one: str, other: str) -> float:
    """Twice the characters that two texts share in order over all of them, 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def agreed(readings: list[RawReading], settings: SealTextSettings) -> RawReading:
    """The readings of one piece as one: at each place the character that most speaks for (ROVER, Fiscus 1997).

    The surest reading is the frame; the others, as far as they are like it, are laid beside it one by one and add
    their characters' scores, or where they have none there something for nothing.
    """
    # What is read from one picture, cut twice to the same pixels, is said once.
    readings = list(dict.fromkeys(readings))
    # A cut that nothing was read from failed as a whole, which says nothing against the others.
    readings = [reading for reading in readings if reading.text.strip()] or readings
    best = max(readings, key=lambda reading: sure_characters([reading], settings))
    others = [one for one in readings if one is not best and len(one.char_scores) == len(one.text)]
    if not others or len(best.char_scores) != len(best.text):
        return best
    slots: list[Slot] = [{char: [score]} for char, score in zip(best.text, best.char_scores, strict=True)]
    seen = 1
    for other in others:
        frame = "".join(_winner(slot) or "\0" for slot in slots)
        if likeness(frame, other.text) >= settings.alike:
            slots = _laid_beside(slots, frame, other, seen, settings)
            seen += 1
    winners = [(char, max(slot[char])) for slot in slots if (char := _winner(slot))]
    scores = tuple(score for _, score in winners)
    return RawReading("".join(char for char, _ in winners), sum(scores) / max(1, len(scores)), scores)


def _winner(slot: Slot) -> str:
    """What most speaks for at one place: first whether anything stands there at all, then what."""
    chars = {char: sum(scores) for char, scores in slot.items() if char}
    if not chars or sum(chars.values()) < sum(slot.get("", ())):
        return ""
    return max(chars, key=lambda char: chars[char])


def _laid_beside(slots: list[Slot], frame: str, other: RawReading, seen: int, settings: SealTextSettings) -> list[Slot]:
    """The slots with one more reading. frame: their winners; seen: how many readings they are made of."""
    grown: list[Slot] = []
    for _, i, j, k, n in SequenceMatcher(None, frame, other.text, autojunk=False).get_opcodes():
        nothing = settings.nothing if i > 0 and j < len(slots) else settings.nothing_at_end
        for place in range(max(j - i, n - k)):
            slot = slots[i + place] if i + place < j else {"": [nothing] * seen}
            read = (other.text[k + place], other.char_scores[k + place]) if k + place < n else ("", nothing)
            slot.setdefault(read[0], []).append(read[1])
            grown.append(slot)
    return grown


def scores_carried(text: str, scores: Sequence[float], settled: str, unread: float) -> tuple[float, ...]:
    """The scores of the characters of a settled text as far as they were read; of others that of what was not.

    text, scores: as read.
    """
    carried = [unread] * len(settled)
    for at, place, size in SequenceMatcher(None, text, settled, autojunk=False).get_matching_blocks():
        carried[place : place + size] = scores[at : at + size]
    return tuple(carried)


def replaced(reading: RawReading, text: str, scores: tuple[float, ...]) -> RawReading:
    """A reading settled as another text. scores: of each of its characters."""
    return replace(reading, text=text, score=sum(scores) / len(scores), char_scores=scores, alternatives=())
