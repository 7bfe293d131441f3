"""What a document says of itself: number, title, issuer, date, recipient, copies, and whether its names agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ocr_pipeline.assemble.office_words import kind_of_office
from ocr_pipeline.assemble.seal_places import place_at_start
from ocr_pipeline.document import Block, Filing, Page, Role
from ocr_pipeline.layout.patterns import (
    COPIES,
    LETTERHEAD,
    OFFICE_END,
    parse_date,
    parse_document_number,
    strip_date,
)
from ocr_pipeline.layout.text import is_cjk, join_lines

# Names this alike are one office: a seal of ten characters may have two misread.
_ALIKE = 0.75
# What a title says after its office: 关于…, a year, or the kind of paper.
_AFTER_OFFICE = re.compile(r"关于|印发|转发|(?:19|20)\d\d|二[〇零○Oo一二三四五六七八九]{3}年")
_ENDING = "。.；;，,"
# What a seal says beside the name of its office.
_SEAL_ADDITIONS = re.compile(r"[（(].*?[）)]|(?:业务|合同|行政|财务|发票|公文|办公|信息公开|档案)?专用章|公章|\d+")


def find_filing(pages: Sequence[Page]) -> Filing:
    """The filing data of a document from its blocks' roles and its seals' texts; None for what it does not say.

    title: the first page's title that has one, without blanks between Chinese characters. issuer: the signature, else
    the office the title begins with, else the letterhead's. date: the signature's, else the printing's. copies: what
    follows 抄送：. printed: the line of printing as it stands. seal: the different texts of the seals, joined by ；.
    agrees: whether signature and seal (and the office the title begins with, if any) name the same office, one inside
    the other or nearly alike; None when the signature or the seal is absent.
    """
    roles = _ByRole.of(pages)
    title = roles.title()
    signatures = _signatures(roles.all(Role.SIGNATURE))
    office = _office_of_title(title)
    seals = list(dict.fromkeys(s.text.strip() for page in pages for s in page.seals if s.text.strip()))
    # What the print decided in a seal's reading does not speak for the print.
    as_read = [s.raw or s.text for page in pages for s in page.seals]
    issuer = "、".join(signatures) or office or _office_of_letterhead(roles.all(Role.HEADER))
    number = next((n for b in roles.all(Role.DOCUMENT_NUMBER) if (n := parse_document_number(b.text))), None)
    printed = roles.all(Role.PRINTED)
    return Filing(
        number=number,
        title=title,
        issuer=issuer,
        date=_date(roles, printed),
        recipient=_first(b.text.rstrip(":：;；") for b in roles.all(Role.RECIPIENT)),
        copies=_joined("；", (_after_copies(b.text) for b in roles.all(Role.COPIES))),
        printed=_joined("；", (b.text for b in printed)),
        seal=_joined("；", seals),
        agrees=_agrees(signatures, as_read, office),
    )


@dataclass(frozen=True)
class _ByRole:
    """The blocks of all pages in order, each with its page."""

    blocks: tuple[tuple[int, Block], ...]

    @classmethod
    def of(cls, pages: Sequence[Page]) -> _ByRole:
        return cls(tuple((page.index, block) for page in pages for block in page.blocks))

    def all(self, role: Role) -> list[Block]:
        return [block for _, block in self.blocks if block.role is role]

    def title(self) -> str | None:
        """The title blocks of the first page that has any, as one."""
        titles = [(page, block) for page, block in self.blocks if block.role is Role.TITLE]
        texts = [block.text for page, block in titles if page == titles[0][0]]
        return join_lines(texts) or None


def _first(texts: Iterable[str]) -> str | None:
    return next((text for text in texts if text), None)


def _joined(mark: str, texts: Iterable[str]) -> str | None:
    return mark.join(text for text in texts if text) or None


def _signatures(blocks: Sequence[Block]) -> list[str]:
    """The names signed, without the date on their row; a name broken over two rows is put together again."""
    names: list[str] = []
    for name in filter(None, (strip_date(block.text) for block in blocks)):
        if names and not OFFICE_END.search(names[-1]) and OFFICE_END.search(name):
            names[-1] += name
        elif name not in names:
            names.append(name)
    return names


def _office_of_title(title: str | None) -> str | None:
    """The office a title begins with: X县人民政府办公室关于…, X局2021年…; None when it begins with something else."""
    match = _AFTER_OFFICE.search(title or "")
    head = title[: match.start()] if title and match else ""
    return head if len(head) > 2 and OFFICE_END.search(head) else None


def _office_of_letterhead(headers: Sequence[Block]) -> str | None:
    heads = (block.text for block in headers if LETTERHEAD.fullmatch(block.text))
    return _first(head.removesuffix("文件") for head in heads)


def _after_copies(text: str) -> str:
    return COPIES.sub("", text, count=1).rstrip(_ENDING)


def _date(roles: _ByRole, printed: Sequence[Block]) -> str | None:
    """The day beside the signature, else the last day that stands alone (a cover's comes first), else of printing."""
    blocks = [block for _, block in roles.blocks]
    signed = [i for i, block in enumerate(blocks) if block.role is Role.SIGNATURE]
    dates = [i for i, block in enumerate(blocks) if block.role is Role.DATE]
    last = signed[-1] if signed else -1
    after = [i for i in dates if i > last] if signed else []
    before = [i for i in reversed(dates) if i not in after]
    order = [blocks[i].text for i in (*signed, *after, *before)]
    return _first(parse_date(text) or "" for text in [*order, *(b.text for b in printed)])


def _agrees(signatures: Sequence[str], seals: Sequence[str], office: str | None) -> bool | None:
    """Whether every signature has a seal that names it, and the title's office is among them."""
    stamped = [name for name in (_name(_SEAL_ADDITIONS.sub("", seal)) for seal in seals) if name]
    signed = [_name(signature) for signature in signatures]
    if not stamped or not signed:
        return None
    sealed = all(any(_alike(name, stamp) for stamp in stamped) for name in signed)
    return sealed and (office is None or any(_alike(_name(office), name) for name in signed))


def _name(text: str) -> str:
    """Only the Chinese characters and letters of a name: seals have stars, and specks read as marks."""
    return "".join(ch for ch in text if is_cjk(ch) or ch.isalpha())


def _alike(a: str, b: str) -> bool:
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 3 and shorter in longer:
        return True
    # Names with but a character misread name no other place, and no other kind of office.
    for part in (place_at_start, kind_of_office):
        one, other = part(a), part(b)
        if one is not None and other is not None and one not in other and other not in one:
            return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= _ALIKE
