"""Printed numbers that survive becoming numbers: what a spreadsheet shows for them is what was printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_PLAIN = re.compile(r"([-+]?)(0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?(%?)")
MAX_DIGITS = 15
"""A spreadsheet keeps 15 significant digits; one more and an identity number loses its end."""


@dataclass(frozen=True, slots=True)
class PlainNumber:
    """A number and the spreadsheet format that shows it as printed."""

    value: int | float
    number_format: str


def plain_number(text: str) -> PlainNumber | None:
    """The number a text is, or None where turning it into one would change what is seen.

    Leading zeros, a sign before zero, more than 15 digits, wrong thousands groups, blanks and units are all None.
    """
    match = _PLAIN.fullmatch(text)
    if match is None:
        return None
    sign, whole, places, percent = match.groups()
    digits = whole.replace(",", "") + (places or "")
    value = Decimal(f"{sign}{whole.replace(',', '')}.{places or '0'}")
    if len(digits) > MAX_DIGITS or (sign and not value):
        return None
    style = ("#,##0" if "," in whole else "0") + (f".{'0' * len(places)}" if places else "") + percent
    number = value / 100 if percent else value
    plain = int(number) if number == number.to_integral_value() else float(number)
    return PlainNumber(plain, f"+{style};-{style}" if sign == "+" else style)
