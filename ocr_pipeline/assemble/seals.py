"""What a stamp says: its lettering along the rim, then its straight lines."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from ocr_pipeline.assemble.agreement import agreed, likeness, sure_characters
from ocr_pipeline.assemble.office_words import OFFICES
from ocr_pipeline.assemble.seal_doubts import is_cut_off, is_doubted, lacks_number
from ocr_pipeline.assemble.seal_marks import (
    ORNAMENTS,
    STARS,
    STROKES,
    characters_scores,
    figures_scores,
    is_latin,
    joined,
    only_lettering,
    parted_number,
    with_closed_bracket,
    without_strokes,
)
from ocr_pipeline.assemble.seal_names import is_printed, with_printed_name
from ocr_pipeline.assemble.seal_order import sense_of_order
from ocr_pipeline.assemble.seal_places import with_known_place, with_whole_name
from ocr_pipeline.assemble.seal_words import is_usual, is_word, usual_reading
from ocr_pipeline.document import Flag, Seal
from ocr_pipeline.geometry import Box
from ocr_pipeline.recognition import Readings
from ocr_pipeline.seals.cut import AS_BARE_LINES, AS_LINES, AS_ROWS, CLOSE, CROSSED, FOOT_LINE, INNER_LINE, RING_LINE
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import CropAddress, CropKind, PageAnalysis, RawReading

_LOOK_ALIKES = (
    (re.compile("[入大八](?=民政府)"), "人"),
    (re.compile("(?<=人民政)[存俯腑]"), "府"),
    (re.compile(f"具(?=人民政府|({'|'.join(sorted(OFFICES))})$)"), "县"),
    (re.compile("(?<=政府)[力为内小](?=公[室至窒]$)"), "办"),
    (re.compile("(?<=政府办公)[至窒]$"), "室"),
    (re.compile("^[救牧攸]文$"), "收文"),
    (re.compile("(?<=专用)[音意童琴竟单事](?=$|[(（])"), "章"),
)
"""What stamps say everywhere, where print beneath or thin strokes make another character of one that looks alike. Such
words are no word with the other character; names are never touched."""
LEAST_ALIKE = 4
"""Characters from which on texts are compared: shorter ones are alike by chance."""
SHORT_TRACE = 2
"""Characters up to which a line may be what another way of telling ink from print left of the print."""


_ROUND = (RING_LINE, INNER_LINE, FOOT_LINE)
"""Places of lettering that goes round; all others are those of straight lines."""


@dataclass(frozen=True)
class SealText:
    """The text, the mean score of its characters (0 where there are none), the text as read, before what is known
    of stamps, of places and of the document's names decided between candidates, and whether it may well be wrong."""

    text: str
    score: float
    raw: str = ""
    doubted: bool = False


@dataclass(frozen=True)
class _Piece:
    """What the readings of a piece agree on, as read and as settled, and those readings."""

    read: RawReading
    settled: RawReading
    readings: tuple[RawReading, ...]


def page_seals(
    page: PageAnalysis, readings: Readings, settings: SealTextSettings, printed: Sequence[str] = ()
) -> tuple[Seal, ...]:
    """The stamps of a page with their texts, boxes and quads in source pixels. printed: what the document prints.

    score: how sure the text is; without a text how sure it is that there is a stamp.
    """
    width, height = page.transform.source_size
    by_seal: dict[int, dict[CropAddress, RawReading]] = defaultdict(dict)
    for crop in page.crops:
        reading = readings.get(crop.address) if crop.address.kind is CropKind.SEAL else None
        if reading is not None:
            by_seal[crop.address.item][crop.address] = reading
    texts = [seal_text(by_seal[number], settings, printed) for number in range(len(page.seals))]
    return tuple(
        Seal(
            seal.quad.box.clipped(width, height),
            seal.quad,
            seal.shape,
            seal.colour,
            text.text,
            text.score if text.text else seal.score,
            text.raw,
            _flags(text, seal.quad.box, page.transform.source_size, settings),
        )
        for seal, text in zip(page.seals, texts, strict=True)
    )


def _flags(text: SealText, box: Box, size: tuple[int, int], settings: SealTextSettings) -> tuple[Flag, ...]:
    """box: of the stamp, in source pixels of a page of that size."""
    doubted = bool(text.text) and (text.doubted or is_cut_off(box, size, settings))
    repaired = text.raw != text.text
    return (*((Flag.LOW_SCORE,) if doubted else ()), *((Flag.REPAIRED,) if repaired else ()))


def seal_text(
    readings: dict[CropAddress, RawReading], settings: SealTextSettings, printed: Sequence[str] = ()
) -> SealText:
    """The text of one stamp from the readings of its crops: that of the kind of stamp with more sure characters.

    A stamp has lettering along its rim, with straight lines perhaps, or straight lines alone; a square seal reads in
    columns where its rows make no more sense. Pieces cut in several ways count once, in the reading that most agree on.
    """
    ring, lines, rows = _Pieces(settings), _Pieces(settings), _Pieces(settings)
    for address in sorted(readings, key=lambda one: one.line):
        reading = readings[address]
        if address.attempt >= CROSSED:
            reading = without_strokes(reading)
        way = address.attempt % CLOSE
        kind = rows if way == AS_ROWS else lines if way in (AS_LINES, AS_BARE_LINES) else ring
        kind.add(address.line, reading)
    ring.see_also(lines)
    ring.merge_twins()
    lines.merge_twins()
    ring.drop_straight_ones(lines)
    chosen = [pieces.agreed(printed) for pieces in (ring, lines, rows) if pieces.at]
    if not chosen:
        return SealText("", 0.0)
    # The columns and the rows of a square seal are the same characters: what they say together tells which it is.
    speaks = _sense if rows.at else partial(_sureness, settings=settings)
    best = max(chosen, key=speaks)
    kept = [one for one in best if one.settled.text.strip(ORNAMENTS + STROKES) and not _is_star(one)]
    if len(kept) > 1:
        kept = [one for one in kept if not _is_stray(one.settled, settings)]
    scores = [score for one in kept for score in one.settled.char_scores]
    text = "".join(with_closed_bracket(_as_meant(only_lettering(one.settled, settings))) for one in kept)
    raw = "".join(only_lettering(one.read, settings) for one in kept)
    doubted = any(is_doubted(one.settled, one.readings, settings) for one in kept) or lacks_number(text, ring.at_foot)
    return SealText(text, sum(scores) / len(scores) if scores else 0.0, raw, doubted)


class _Pieces:
    """Readings of the pieces of one stamp by their place."""

    def __init__(self, settings: SealTextSettings) -> None:
        self.at: dict[int, list[RawReading]] = {}
        self.at_foot: set[str] = set()
        self._settings = settings

    @property
    def straight(self) -> list[int]:
        """The places of straight lines, from the top."""
        return sorted(place for place in self.at if place not in _ROUND)

    def add(self, place: int, reading: RawReading) -> None:
        """A reading good enough to count; straight lines at nearly the same place are one piece."""
        settings = self._settings
        if place == FOOT_LINE:
            self.at_foot.add("".join(reading.text.split()).strip(ORNAMENTS))
        least = {FOOT_LINE: settings.least_foot, INNER_LINE: settings.least_inner}.get(place, settings.least_line)
        if reading.score < least and place != RING_LINE:
            reading = usual_reading(reading, ())
            certain = sum(reading.char_scores) / max(1, len(reading.char_scores))
            if place == FOOT_LINE or certain < self._settings.least_word or not is_word(reading.text):
                return
        if place not in _ROUND:
            near = [other for other in self.straight if abs(other - place) <= self._settings.same_place]
            place = min(near, key=lambda other: abs(other - place), default=place)
        self.at.setdefault(place, []).append(reading)

    def see_also(self, others: _Pieces) -> None:
        """Straight lines at the same place, read from other cuts, count as readings of the own ones."""
        for place in self.straight:
            near = [other for other in others.straight if abs(other - place) <= self._settings.same_place]
            self.at[place].extend(reading for other in near for reading in others.at[other])

    def merge_twins(self) -> None:
        """Neighbouring lines that read alike are one, cut with and without what is around it."""
        for place, following in pairwise(self.straight):
            near = following - place <= 2 * self._settings.same_place
            if near and self._likeness(self.at[place], self.at[following]) >= self._settings.twin:
                self.at[following].extend(self.at.pop(place))

    def drop_straight_ones(self, others: _Pieces) -> None:
        """What reads along a straight line is no lettering around the rim, but one more reading of that line."""
        for place in _ROUND:
            if place not in self.at:
                continue
            pieces = [pieces.at[line] for pieces in (self, others) for line in pieces.straight]
            twins = [piece for piece in pieces if self._likeness(self.at[place], piece) >= self._settings.twin]
            if twins:
                reading = agreed(self.at.pop(place), self._settings)
                for piece in twins:
                    piece.append(reading)

    def agreed(self, printed: Sequence[str]) -> list[_Piece]:
        """One reading for each piece, the ring first, the foot last."""
        as_read = {place: agreed(self.at[place], self._settings) for place in sorted(self.at)}
        read = {place: _settled(reading, self.at[place], printed) for place, reading in as_read.items()}
        foot = read.get(FOOT_LINE)
        if foot is not None and not self._is_certain(foot):
            del read[FOOT_LINE]
        return [
            _Piece(as_read[place], one, tuple(self.at[place]))
            for place, one in read.items()
            if not self._is_seen_once(place, read)
        ]

    def _is_certain(self, foot: RawReading) -> bool:
        """Whether each character at the foot is sure, and all cuts of a number there read the same figures, those too
        that are too poor to count."""
        if min(foot.char_scores, default=0.0) < self._settings.sure_foot:
            return False
        return not foot.text.isdigit() or self.at_foot <= {foot.text}

    def _is_seen_once(self, place: int, read: dict[int, RawReading]) -> bool:
        """Whether a character or two stand on a line that one way of cutting sees and the others do not, beside more
        that several see: traces of print beneath."""
        if place in _ROUND or len(self.at[place]) > 1:
            return False
        if len(read[place].text) > SHORT_TRACE or is_usual(read[place].text):
            return False
        return any(
            len(self.at[other]) > 1 and len(read[other].text) > len(read[place].text)
            for other in read
            if other != place
        )

    def _likeness(self, one: list[RawReading], other: list[RawReading]) -> float:
        """How alike two pieces read; 0 for a few characters, which say nothing."""
        first, second = agreed(one, self._settings).text, agreed(other, self._settings).text
        return likeness(first, second) if min(len(first), len(second)) >= LEAST_ALIKE else 0.0


def _settled(reading: RawReading, others: list[RawReading], printed: Sequence[str]) -> RawReading:
    """A reading with what is known of stamps everywhere, and of this document. others: all readings of the piece."""
    bare, number = parted_number(reading)
    if number is not None:
        return joined(_settled(bare, [parted_number(one)[0] for one in others], printed), number)
    named = with_printed_name(usual_reading(reading, others), others, printed)
    if is_printed(named.text, printed):
        return named
    return with_whole_name(with_known_place(named, others), others)


def _sense(pieces: list[_Piece]) -> float:
    return sense_of_order("".join(one.settled.text for one in pieces))


def _sureness(pieces: list[_Piece], settings: SealTextSettings) -> float:
    return sure_characters([one.settled for one in pieces], settings)


def _is_stray(reading: RawReading, settings: SealTextSettings) -> bool:
    """Whether a line is a short figure, that of a cell beneath (stamps have dates, and numbers of many figures), or a
    number with a character that is not certain, which is worse than none."""
    text = "".join(reading.text.split()).strip(ORNAMENTS)
    if is_latin(reading.text) and reading.score >= settings.sure:
        return min(figures_scores(reading), default=1.0) < settings.sure_foot
    uncertain = min(characters_scores(reading), default=0.0) < settings.sure_foot
    return text.isascii() and (len(text) <= settings.short_figure or uncertain)


def _is_star(piece: _Piece) -> bool:
    """Whether a lone character is a star, as which one of the cuts at least reads it: 女, 大."""
    said = [one.text.strip() for one in piece.readings]
    return len(piece.settled.text.strip()) == 1 and any(text and not text.strip(STARS) for text in said)


def _as_meant(text: str) -> str:
    """With the look-alikes put right in words that stamps have everywhere."""
    for alike, meant in _LOOK_ALIKES:
        text = alike.sub(meant, text)
    return text
