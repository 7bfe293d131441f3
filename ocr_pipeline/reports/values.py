"""From printed texts to typed values: integers, decimals, units; a blank or a dash is no number and no zero.

A number is digits with or without thousands separators and a decimal point, an optional sign, and an optional unit
behind it. Width of characters and stray blanks do not matter. `（12）` is -12, as accounts print it. `—`, `——`, `-` and
`/` say that there is nothing to report: no value, and no doubt either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from ocr_pipeline.document import Cell, Flag
from ocr_pipeline.reports.lone import dash_for, dotted_nought, like_nought


class Holds(StrEnum):
    """What a column's data cells may be. COUNT: whole numbers, never negative; INTEGER: whole numbers."""

    COUNT = "count"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TEXT = "text"
    ANY = "any"


NUMERIC = (Holds.COUNT, Holds.INTEGER, Holds.DECIMAL)


class Kind(StrEnum):
    """What a text is."""

    NUMBER = "number"
    MARK = "mark"
    BLANK = "blank"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text as a value. corrected: the text with look-alikes put right, None where it was a number as it stood."""

    kind: Kind
    value: int | float | None = None
    unit: str | None = None
    corrected: str | None = None


UNITS = (
    *("万亿元", "亿元", "千万元", "百万元", "万元", "千元", "百元", "元", "角", "分", "万美元", "亿美元", "美元"),
    *("亿", "万", "千", "百", "%", "‰", "个百分点", "百分点", "倍", "件次", "人次", "万人次", "批次", "件", "份", "条"),
    *("项", "个", "次", "起", "宗", "例", "篇", "期", "家", "户", "万户", "人", "万人", "名", "位", "所", "处", "座"),
    *("台", "套", "辆", "艘", "架", "只", "头", "万头", "万只", "株", "本", "册", "张", "床", "间", "栋", "组", "批"),
    *("公里", "千米", "米", "厘米", "毫米", "平方公里", "平方千米", "平方米", "万平方米", "立方米", "万立方米"),
    *("亿立方米", "公顷", "千公顷", "亩", "万亩", "吨", "万吨", "公斤", "千克", "克", "斤", "升", "千瓦", "万千瓦"),
    *("千瓦时", "万千瓦时", "亿千瓦时", "度", "天", "日", "小时", "分钟", "年", "月", "岁", "℃"),
    *("km", "m", "cm", "mm", "m2", "km2", "m3", "m²", "km²", "m³", "㎡", "㎞", "ha", "kg", "t", "kw", "mw", "kwh"),
)
"""Units that may stand behind a number. A closed list: an open one would take a misread digit for a unit."""

_UNIT_SET = frozenset(UNITS)
_UNIT_PATTERN = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_NUMBER = re.compile(r"([+-]?)([1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(\.\d+)?$", re.ASCII)
"""No leading zeros: `001` is a code, or a zero with the ends of rulings beside it."""
_APART = re.compile(r"\d\s+\d", re.ASCII)
_GROUPS = re.compile(r"\D*[1-9]\d{0,2}(?:\s\d{3})+(?!\d)", re.ASCII)
"""Blanks between digits part thousands; any others part two numbers, of two cells taken for one."""
_NUMBERS = re.compile(r"[\d\s.,|]+", re.ASCII)
_WITH_UNIT = re.compile(rf"(.*?\d)({_UNIT_PATTERN})$", re.IGNORECASE | re.ASCII)
_CURRENCY = re.compile(r"^(?:[¥￥$€£]|人民币)(?=\d)", re.ASCII)
_PARENTHESES = re.compile(r"\((\d[\d,.]*)\)$", re.ASCII)
_MARK = re.compile(r"[-/*·.…×_~\\]+$|无$|不适用$|n/?a$", re.IGNORECASE)
_UNIT_WORDS = re.compile(rf"单位[:：]?({_UNIT_PATTERN})")
_UNIT_BRACKET = re.compile(rf"[(\[]({_UNIT_PATTERN})[)\]]")
_YEAR = re.compile(r"(?:19|20)\d\d年?(?:度)?$")

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―─━－﹣−一ー", "-") | {"，": ",", "、": ","})
_POINT_LOST = re.compile(
    rf"(\d+|\d{{1,3}}(?:,\d{{3}})+)\s?(?:[:;·•。'\-]|\s|,(?=\d{{4}}))\s?(\d{{2,}})({_UNIT_PATTERN})?",
    re.IGNORECASE | re.ASCII,
)
_POINT_AS_COMMA = re.compile(rf"([+-]?\d{{1,3}}(?:,\d{{3}})*|[+-]?\d+),(\d{{1,2}})([%‰]|{_UNIT_PATTERN})?", re.ASCII)
"""Commas part three digits: one before the last or the last two is a point."""
_PERCENT_POINT_LOST = re.compile(r"([+-]?\d{1,3})\s?(?:[:;·•。']|\s)\s?(\d)([%‰])", re.ASCII)
"""Shares are printed with one place as often as with two."""
_COMMAS_LOST = re.compile(r"([+-]?\d{1,3}(?:[.,]\d{3}){2,}|[+-]?\d{1,3}(?:[.,]\d{3})+(?=\.))(\.\d{1,2})?", re.ASCII)
"""Thousands parted by commas, one at least of which was read as a point: another mark parts it, too."""
_LOOK_ALIKES = str.maketrans({**dict.fromkeys("OoQDΟοО〇○口", "0"), **dict.fromkeys("lI", "1")})
_SPECKS = re.compile(r"^[-.,'`·•~¯^*:;_°º˙。‘’“”´\"●]+(?=[\d+])|(?<=[\d%])[-.,'`·•~¯^*:;_°º˙。‘’“”´\"●]+$")
_SPECKS_AFTER = re.compile(r"(?<=[\d%])[-.,'`·•~¯^*:;_°º˙。‘’“”´\"●]+$")
"""What dust and the ends of rulings are read as."""
_POINTED = re.compile(r"[-.,'`·•~*:;_°º˙。‘’“”´\"●]{1,2}[+]?[\d,]+\.\d+[%‰]?$", re.ASCII)
_SIGNED = re.compile(r"-[\d,]+\.\d+[%‰]?$", re.ASCII)


def half_width(text: str) -> str:
    """The text with its characters of full width as those of half width."""
    return text.translate(_HALF_WIDTH)


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Half-width and without blanks. Superscripts and circled figures stay what they are: `5²` is not 52."""
    return "".join(half_width(text).split())


def _number(folded: str) -> int | float | None:
    folded = _CURRENCY.sub("", folded)
    bracketed = _PARENTHESES.match(folded)
    match = _NUMBER.match("-" + bracketed[1] if bracketed else folded)
    if match is None:
        return None
    sign, whole, fraction = match.groups()
    digits = sign + whole.replace(",", "")
    value = float(digits + fraction) if fraction else int(digits)
    return None if value == 0 and sign else value  # nobody prints -0: that is a speck before a zero


@lru_cache(maxsize=8192)
def parse(text: str) -> Parsed:
    """A text as it stands, no look-alikes put right."""
    folded = fold(text)
    if not folded:
        return Parsed(Kind.BLANK)
    if _two_numbers(text):
        return Parsed(Kind.TEXT)
    dashed = folded.translate(_DASHES)
    if _MARK.match(dashed):
        return Parsed(Kind.MARK)
    value = _number(dashed)
    if value is not None:
        return Parsed(Kind.NUMBER, value)
    with_unit = _WITH_UNIT.match(dashed)
    if with_unit and (value := _number(with_unit[1])) is not None:
        return Parsed(Kind.NUMBER, value, _canonical_unit(with_unit[2]))
    return Parsed(Kind.TEXT)


def _two_numbers(text: str) -> bool:
    half = half_width(text)
    return _APART.search(half) is not None and _GROUPS.match(half) is None


def _canonical_unit(unit: str) -> str:
    return unit if unit in _UNIT_SET else unit.lower()


@lru_cache(maxsize=8192)
def parse_in(text: str, holds: Holds) -> Parsed:
    """A text in a column of numbers: specks beside a number and letters that look like digits are put right where
    that makes a number of it; a decimal point in a column of whole numbers stays a fault."""
    parsed = parse(text)
    if holds not in NUMERIC or parsed.kind in (Kind.BLANK, Kind.MARK) or _fits(parsed, holds):
        return parsed
    if holds is Holds.DECIMAL and (pointed := _with_point(text) or _with_commas(text)) is not None:
        return pointed
    if _two_numbers(text):
        return Parsed(Kind.TEXT)
    folded = fold(text)
    for candidate in (_unspeckled(folded, holds), _unspeckled(_alike(folded), holds)):
        again = parse(candidate)
        if candidate != folded and _fits(again, holds):
            return replace(again, corrected=candidate)
    return Parsed(Kind.TEXT)


def _with_point(text: str) -> Parsed | None:
    """The number whose point was read as another small mark, or as nothing but the gap it leaves."""
    half = half_width(text).strip()
    dashed = half.translate(_DASHES)
    match = _POINT_LOST.fullmatch(half) or _PERCENT_POINT_LOST.fullmatch(half) or _POINT_AS_COMMA.fullmatch(dashed)
    if match is None:
        return None
    return _corrected(f"{match[1]}.{match[2]}{match[3] or ''}")


def _with_commas(text: str) -> Parsed | None:
    """The number whose commas were read as points."""
    match = _COMMAS_LOST.fullmatch(fold(text))
    if match is None:
        return None
    return _corrected(match[1].replace(".", ",") + (match[2] or ""))


def _corrected(candidate: str) -> Parsed | None:
    """A reading put right, where it is a number then."""
    again = parse(candidate)
    return replace(again, corrected=candidate) if again.value is not None else None


def _fits(parsed: Parsed, holds: Holds) -> bool:
    if parsed.value is None:
        return False
    if holds is Holds.DECIMAL:
        return True
    return isinstance(parsed.value, int) and (holds is not Holds.COUNT or parsed.value >= 0)


def _unspeckled(folded: str, holds: Holds) -> str:
    # In a column of decimals a point before digits may be all that was read of "0.5": no speck there, unless the number
    # has its point already.
    whole = holds is not Holds.DECIMAL or (_POINTED.match(folded) and not _SIGNED.match(folded))
    return (_SPECKS if whole else _SPECKS_AFTER).sub("", folded.translate(_DASHES))


def _alike(folded: str) -> str:
    return folded.translate(_LOOK_ALIKES)


def numeric_looking(text: str) -> bool:
    """Whether a text is a number, or becomes one when look-alikes are put right and it is short."""
    kind = parse(text).kind
    if kind is Kind.TEXT and len(fold(text)) <= 6:
        kind = parse_in(text, Holds.DECIMAL).kind
    return kind is Kind.NUMBER


def several_numbers(text: str) -> bool:
    """Whether a text is nothing but numbers apart from each other (`14 6`): cells not told apart, or a lost point."""
    return _two_numbers(text) and _NUMBERS.fullmatch(half_width(text)) is not None


_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_POINT_OR_COMMA = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_THREE_PLACES = re.compile(r"[+-]?(?:0|\d{4,}|\d{1,3}(?:,\d{3})+)\.\d{3}", re.ASCII)


_WHOLE_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+", re.ASCII)


def has_thousands(text: str) -> bool:
    """Whether a text is a number with its thousands parted by commas."""
    return _THOUSANDS.fullmatch(fold(text)) is not None


def has_points_for_commas(text: str) -> bool:
    """Whether a text has more points than any number, and is one with commas for them (`9.292.78`)."""
    return parse(text).kind is Kind.TEXT and _with_commas(text) is not None


def points_in_doubt(texts: Sequence[str]) -> list[bool]:
    """Which numbers of a column may have a comma where a point was read, in a table that parts thousands by commas:
    those of three digits behind the point, where no number of the column tells by its size that it has three places, or
    one is whole (8,349.541 beside 720,858 is misread itself)."""
    folded = [fold(text) for text in texts]
    whole = any(_WHOLE_THOUSANDS.fullmatch(text) for text in folded)
    if not whole and any(_THREE_PLACES.fullmatch(text) for text in folded):
        return [False] * len(folded)
    return [_POINT_OR_COMMA.fullmatch(text) is not None for text in folded]


def commas_misread(texts: Sequence[str]) -> list[bool]:
    """Which of the numbers that points_in_doubt tells surely have a comma: the column holds whole numbers beside them,
    and no other decimals. A column of three places would print them everywhere."""
    doubts = points_in_doubt(texts)
    matches = [_PLAIN.fullmatch(fold(text)) for text in texts]
    others = [match for match, doubt in zip(matches, doubts, strict=True) if match is not None and not doubt]
    whole = sum(1 for match in others if not match[1] and match[0].strip("+-0,"))
    decimal = sum(1 for match in others if match[1])
    return doubts if whole and not decimal else [False] * len(texts)


_PLAIN = re.compile(r"[+-]?[\d,]+(?:\.(\d+))?", re.ASCII)
_LEAST_DIGITS = 0.7
_DATE = re.compile(r"(?:19|20)\d\d[-./]\d{1,2}(?:[-./]\d{1,2})?$", re.ASCII)


def mostly_digits(text: str) -> bool:
    """Whether a text is digits and marks, a unit behind them perhaps, and far more digits than marks: a number, or two,
    with specks among them (`26.3819 .`), that are no words in any case."""
    folded = fold(text).translate(_DASHES)
    with_unit = _WITH_UNIT.match(folded)
    bare = with_unit[1] if with_unit else folded
    digits = sum(character.isdecimal() for character in bare)
    if year_looking(folded) or _DATE.match(folded) or any(character.isalpha() for character in bare):
        return False
    return digits > 0 and digits >= _LEAST_DIGITS * len(bare)


def year_looking(text: str) -> bool:
    """Whether a text names a year, as column headers do (`2021`, `2020年`)."""
    return _YEAR.match(fold(text)) is not None


def unit_of_header(text: str) -> str | None:
    """The unit a label names: `收费金额（单位：万元）`, `面积(公顷)`; None where it names none."""
    folded = fold(text)
    match = _UNIT_WORDS.search(folded) or _UNIT_BRACKET.search(folded)
    return _canonical_unit(match[1]) if match else None


def column_holds(texts: Sequence[str]) -> Holds:
    """What a column holds by its own majority: DECIMAL when three in five of its texts are numbers or marks (and one at
    least a number), INTEGER when none of these has a decimal point, ANY otherwise. Numbers whose commas were read as
    points count where as many others stand beside them, or one that has its commas: what misreads one comma misreads
    half of a column's. So do lone characters that noughts are read as: the same type spoils them all."""
    filled = [text for text in texts if fold(text)]
    kinds = [parse(text) for text in filled]
    numbers = [parsed for parsed in kinds if parsed.kind is Kind.NUMBER]
    marks = sum(1 for parsed in kinds if parsed.kind is Kind.MARK)
    pointed = [again for text in filled if has_points_for_commas(text) and (again := _with_commas(text)) is not None]
    if any(has_thousands(text) for text in filled) or len(numbers) >= len(pointed):
        numbers += pointed
    noughts = sum(1 for text, parsed in zip(filled, kinds, strict=True) if parsed.value is None and like_nought(text))
    if not numbers or len(numbers) + marks + noughts < 0.6 * len(filled):
        # Worn toner takes the points of most numbers of a column alike; some have theirs.
        some = len(numbers) >= _WITH_POINTS * len(filled)
        return Holds.DECIMAL if some and all_may_be_numbers(filled) else Holds.ANY
    return Holds.INTEGER if all(isinstance(parsed.value, int) for parsed in numbers) else Holds.DECIMAL


def all_may_be_numbers(texts: Sequence[str]) -> bool:
    """Whether nearly all texts that there are hold but digits and marks, and are numbers if points were lost."""
    filled = [text for text in texts if fold(text)]
    found = [mostly_digits(text) and parse_in(text, Holds.DECIMAL).kind is Kind.NUMBER for text in filled]
    marks = sum(parse(text).kind is Kind.MARK for text in filled)
    return any(found) and sum(found) + marks >= _MENDED * len(filled)


_WITH_POINTS, _MENDED = 0.3, 0.9

_WRAPPED = 4
"""A number so narrow a column breaks holds this many characters in its first line; less is the number of one cell
above that of another, with a ruling between them that was not seen."""


def on_two_lines(cell: Cell) -> bool:
    """Whether a cell's print is two numbers, one above the other."""
    lines = [fold(line) for line in cell.raw.split("\n")]
    lines = [line for line in lines if any(map(str.isdigit, line))]
    if len(lines) < 2 or len(lines[0]) >= _WRAPPED:
        return False
    return lines[0][-1] not in ",." and lines[1][0] not in ",."


_IN_MIND = 0.1
"""A number that the recogniser itself had in mind, this share as likely as its first reading, needs no flag where the
first reading was a letter of the same shape: in a column of numbers O against 0 is no question."""


def with_value(cell: Cell, holds: Holds, unit: str | None) -> Cell:
    """The data cell with value and unit; unit is the column's, which the cell's own outranks.

    Alternatives that mean the same value add to the score and are gone: in a column of numbers `0` and `O` are one
    reading. A text in a column of numbers that is none gets the flag unparsed_number; one that became a number by
    putting look-alikes right keeps `raw`, says so in its note, and gets the flag corrected unless the recogniser had
    that number in mind as well. What a person wrote is taken as it stands.
    """
    if cell.by_person:
        written = parse(cell.text)
        return replace(cell, value=written.value, unit=(written.unit or unit) if written.value is not None else None)
    cell, parsed = _alone(cell, parse_in(cell.text, holds), holds)
    if holds in NUMERIC and Flag.REPAIRED not in cell.flags and on_two_lines(cell):
        parsed = Parsed(Kind.TEXT)
    flags = tuple(flag for flag in cell.flags if flag is not Flag.UNPARSED_NUMBER)
    unit = (parsed.unit or unit) if parsed.value is not None else None
    if (flags, repr(parsed.value), unit) != (cell.flags, repr(cell.value), cell.unit):  # 1 and 1.0 differ
        cell = replace(cell, flags=flags, value=parsed.value, unit=unit)
    if holds not in NUMERIC or parsed.kind in (Kind.BLANK, Kind.MARK):
        return cell
    if parsed.kind is Kind.TEXT:
        return cell.flagged(Flag.UNPARSED_NUMBER)
    in_mind = sum(other.score for other in cell.alternatives if parse(other.text).value == parsed.value)
    expected = in_mind >= _IN_MIND * cell.score
    cell = _pooled(cell, holds, parsed)
    if parsed.corrected is None:
        return cell
    note = f"read as {cell.text!r}, which no number is in a column of numbers"
    cell = replace(cell, text=parsed.corrected, note=note)
    return cell if expected else cell.flagged(Flag.CORRECTED)


_UNTOLD = 0.5
"""The score of a lone character in a column of numbers that none is: its own is that of a word."""


def _alone(cell: Cell, parsed: Parsed, holds: Holds) -> tuple[Cell, Parsed]:
    """The cell and its value, a lone character put right that is read for a nought or a dash."""
    if holds not in NUMERIC:
        return cell, parsed
    if parsed.kind is Kind.MARK and (dash := dash_for(cell.text)) is not None:
        return replace(cell, text=dash), parsed
    if parsed.kind is Kind.TEXT and (figure := dotted_nought(cell.text, cell.alternatives)) is not None:
        return replace(cell, score=min(cell.score, _UNTOLD)), replace(parse(figure), corrected=figure)
    return cell, parsed


def _pooled(cell: Cell, holds: Holds, parsed: Parsed) -> Cell:
    """The alternatives that mean the same number added to the score, which leaves room for other numbers in mind."""
    meant = [(other, parse_in(other.text, holds).value) for other in cell.alternatives]
    same = sum(other.score for other, value in meant if value == parsed.value)
    others = sum(other.score for other, value in meant if value not in (None, parsed.value))
    if not same:
        return cell
    rest = tuple(other for other, value in meant if value != parsed.value)
    return replace(cell, score=max(0.0, min(1.0 - others, cell.score + same)), alternatives=rest)
