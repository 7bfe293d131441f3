"""What stands above a part of a table that goes on from the page before: 续表, the title with （续）, or both again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.layout import patterns

_NUMERAL = "一二三四五六七八九十\\d"
_GOES_ON = re.compile(
    rf"[（(【\[]?(?:续上?表|接上[表页]|上接)|[（(【\[](?:续|接上)表?[{_NUMERAL}]{{0,2}}[)）】\]]"
    rf"|(?:^|[表\d])续[{_NUMERAL}]{{0,2}}$"
)
_TO_GO_ON = re.compile(r"[（(]?(?:接下页|转下页|下页续|续下页|下接|下转|未完)")


@dataclass(frozen=True)
class Captions:
    """The texts above a table up to the top of its page, running heads left aside; none: it begins the page."""

    texts: tuple[str, ...] = ()

    @property
    def say_continued(self) -> bool:
        """Whether they call the table the continuation of another, and say nothing else but units and makers."""
        told = [_goes_on(text) for text in self.texts]
        return any(told) and all(said or _is_note(text) for said, text in zip(told, self.texts, strict=True))

    def repeat(self, other: Captions) -> bool:
        """Whether each of them stands above the other table, too, as where a sheet is printed with its titles on every
        page."""
        return bool(self.texts) and {bare(text) for text in self.texts} <= {bare(text) for text in other.texts}


def may_go_on(below: Sequence[str]) -> bool:
    """Whether a table with these texts below it may go on overleaf: nothing stands there, or 接下页."""
    return all(_TO_GO_ON.match(bare(text)) for text in below)


def _goes_on(text: str) -> bool:
    return _GOES_ON.search(bare(text)) is not None


def _is_note(text: str) -> bool:
    return any(pattern.match(bare(text)) for pattern in (patterns.UNIT_NOTE, patterns.MAKER_NOTE))


def bare(text: str) -> str:
    """A text without its blanks."""
    return re.sub(r"\s", "", text)
