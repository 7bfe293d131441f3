"""Tables of made filings or other forms as a browser prints them (Chromium), scanned, truth beside each file.

    python scripts/make_samples.py filings --count 6 --seed 8821 --level clean -o made
    foreign/bin/python scripts/foreign_html.py made -o printed --seed 1 --level office
    ocr-pipeline run printed/*.pdf -o out && ocr-pipeline evaluate out printed

Office systems print their forms from a browser: borders of any width, collapsed or doubled, cells without margins,
shaded heads and rows, header rows again on every page, labels that run on past their cell where a page ends. It runs in
the environment of foreign_print.py, whose scanner it uses, and wants `chromium` on the path.
"""

from __future__ import annotations

import html
import random
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foreign_print import CHINESE, FIGURES, LATIN, work_through

BROWSER = (
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
)  # fmt: skip
TAGS = {"title": "h1", "heading": "h2"}
CLASSES = {"table_title": "centred", "signature": "right", "date": "right"}


@dataclass(frozen=True)
class Sheet:
    """How a document is set: the rules of its style sheet that differ from one to the next."""

    faces: tuple[str, ...]
    text: float
    size: float
    width: str
    collapse: str
    border: float
    outer: float
    padding: str
    vertical: str
    numbers: str
    labels: str
    head: str
    stripe: str
    ink: str
    weight: str
    again: bool
    whole_rows: bool
    leading: float
    margin: str
    wide: bool

    @classmethod
    def drawn(cls, dice: random.Random) -> Sheet:
        return cls(
            faces=tuple(face for face in (dice.choice(LATIN), dice.choice(CHINESE)) if face),
            text=dice.choice([11, 12, 14, 16]),
            size=dice.choice([8, 9, 10, 10.5, 12]),
            width=dice.choice(["100%", "100%", "auto", "90%"]),
            collapse=dice.choice(["collapse"] * 5 + ["separate"]),
            border=dice.choice([0.5, 0.75, 1, 1, 1.5, 2]),
            outer=dice.choice([0, 0, 1.5, 2.5]),
            padding=dice.choice(["0", "1px", "2px 4px", "4px 8px", "6px 10px", ".3em"]),
            vertical=dice.choice(["middle", "middle", "top", "bottom", "baseline"]),
            numbers=dice.choice(["center", "center", "right", "left"]),
            labels=dice.choice(["left", "center", "left"]),
            head=dice.choice(["none", "none", "#ddd", "#eef", "#f0f0f0"]),
            stripe=dice.choice(["none", "none", "none", "#f3f3f3"]),
            ink=dice.choice(["#000", "#000", "#333", "#777"]),
            weight=dice.choice(["bold", "normal"]),
            again=dice.random() < 0.7,
            whole_rows=dice.random() < 0.7,
            leading=dice.choice([1, 1.2, 1.4, 1.6]),
            margin=f"{dice.uniform(1.5, 3.2):.1f}cm {dice.uniform(1.5, 2.8):.1f}cm",
            wide=dice.random() < 0.15,
        )

    @property
    def css(self) -> str:
        frame = f"border: {self.outer}pt solid #000;" if self.outer else ""
        return f"""
@page {{ size: A4 {"landscape" if self.wide else "portrait"}; margin: {self.margin} }}
body {{ font-family: {", ".join(f"'{face}'" for face in self.faces)}; font-size: {self.text}pt; line-height: 1.7 }}
p {{ margin: 0 0 .4em; text-indent: 2em }} h1 {{ font-size: 1.5em; text-align: center }} h2 {{ font-size: 1.1em }}
.centred {{ text-align: center; font-weight: bold }} .right {{ text-align: right }}
table {{ border-collapse: {self.collapse}; border-spacing: 0; width: {self.width}; margin: .5em auto; {frame}
  font-size: {self.size}pt; line-height: {self.leading} }}
td, th {{ border: {self.border}pt solid {self.ink}; padding: {self.padding}; vertical-align: {self.vertical};
  text-align: {self.labels} }}
th {{ font-weight: {self.weight}; text-align: center; background: {self.head} }}
td.number {{ text-align: {self.numbers} }}
tr {{ break-inside: {"avoid" if self.whole_rows else "auto"} }}
thead {{ display: {"table-header-group" if self.again else "table-row-group"} }}
tbody tr:nth-child(even) {{ background: {self.stripe} }}
"""


def set_document(truth: dict[str, Any], sheet: Sheet) -> str:
    """The texts and tables of a truth file as a page of HTML."""
    return f"<!doctype html><meta charset=utf-8><style>{sheet.css}</style>\n" + "\n".join(set_blocks(truth))


def set_blocks(truth: dict[str, Any]) -> Iterator[str]:
    left = list(truth["tables"])
    for block in (block for page in truth["pages"] for block in page["blocks"]):
        role, text = block["role"], block["text"]
        if role in ("page_number", "header", "footer"):
            continue
        tag = TAGS.get(role, "p")
        yield f'<{tag} class="{CLASSES.get(role, "")}">{html.escape(text)}</{tag}>'
        if left and role in ("heading", "table_title") and left[0]["title"] and left[0]["title"] in text:
            yield set_table(left.pop(0))
    yield from map(set_table, left)


def set_table(table: dict[str, Any]) -> str:
    headers = table.get("header_rows") or 0
    parts = (("thead", "th", range(headers)), ("tbody", "td", range(headers, table["rows"])))
    return f"<table>{''.join(set_rows(table, *part) for part in parts if part[2])}</table>"


def set_rows(table: dict[str, Any], part: str, tag: str, rows: range) -> str:
    made = []
    for row in rows:
        cells = sorted((cell for cell in table["cells"] if cell["row"] == row), key=lambda cell: int(cell["col"]))
        made.append(f"<tr>{''.join(set_cell(cell, tag) for cell in cells)}</tr>")
    return f"<{part}>{''.join(made)}</{part}>"


def set_cell(cell: dict[str, Any], tag: str) -> str:
    text = cell["text"]
    kind = "number" if text and FIGURES.issuperset(text) else "label"
    spans = f"rowspan={cell['row_span']} colspan={cell['col_span']}"
    return f"<{tag} class={kind} {spans}>{html.escape(text)}</{tag}>"


def by_browser(truth: dict[str, Any], target: Path, dice: random.Random) -> None:
    source = target.with_suffix(".html")
    source.write_text(set_document(truth, Sheet.drawn(dice)), "utf-8")
    with tempfile.TemporaryDirectory(prefix="browser-") as profile:
        command = [*BROWSER, f"--user-data-dir={profile}", f"--print-to-pdf={target}", str(source.resolve())]
        subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    work_through(__doc__, "html", by_browser)
