"""Holds processed filings whose printed numbers do not add up against what was planted in them.

    python scripts/make_samples.py filings --count 20 --seed 303 --level office --inconsistent -o made/
    ocr-pipeline batch made/ -o out/               (or: run, file by file)
    python scripts/measure_inconsistent.py out/ made/

Each planted number must be in a broken check that names its cell, and no number may have been changed to another than
is printed, neither a planted one nor any beside it. Ends with 1 where that is not so.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.records import is_number

_PROFILES = {"two": "disclosure/proactive", "three": "disclosure/applications", "four": "disclosure/litigation"}
"""The tables as the sample maker calls them, in the order of the truth."""
Place = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """A file's outcome. planted: numbers that do not add up; reported: how many of them a broken check names; faults:
    in words what of it is not as it must be; repaired: how many cells were read again."""

    stem: str
    planted: int
    reported: int
    repaired: int
    faults: tuple[str, ...]


def main(
    out: Annotated[Path, typer.Argument(help="Folder of processed files.")],
    truth: Annotated[Path, typer.Argument(help="Folder of truth files.")],
) -> None:
    """Count what is reported and what was changed, and show it."""
    found = [
        _held(path.name.removesuffix(".truth.json"), _read(path), out) for path in sorted(truth.glob("*.truth.json"))
    ]
    if not found:
        typer.echo(f"{truth} holds no truth", err=True)
        raise typer.Exit(2)
    _show(found)
    raise typer.Exit(1 if any(item.faults for item in found) else 0)


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _held(stem: str, truth: dict[str, Any], out: Path) -> Found:
    path = out / stem / "document.json"
    planted = truth["source"]["broken"]
    if not path.exists():
        return Found(stem, len(planted), 0, 0, ("not processed",))
    tables = {table["profile"]: table for table in _read(path)["tables"]}
    faults: list[str] = []
    reported = repaired = 0
    for name, true in zip(_PROFILES, truth["tables"], strict=True):
        table = tables.get(_PROFILES[name])
        if table is None:
            faults.append(f"table {name} not found")
            continue
        printed = {(cell["row"], cell["col"]): cell["text"] for cell in true["cells"]}
        repaired += sum("repaired" in cell["flags"] for cell in table["cells"])
        faults += [f"table {name}: {fault}" for fault in _changed(table, printed)]
        for item in planted:
            if item["table"] == name:
                fault = _unreported(table, (item["row"], item["col"]), item["printed"])
                reported += fault is None
                faults += [f"table {name}: {fault}"] if fault else []
    return Found(stem, len(planted), reported, repaired, tuple(faults))


def _changed(table: dict[str, Any], printed: dict[Place, str]) -> list[str]:
    """The numbers that were read as printed and given out as others, or read again because of a sum and wrong after.
    A number that was misread and left so was not changed."""
    faults = []
    for cell in table["cells"]:
        place = cell["row"], cell["col"]
        true, text = printed.get(place, ""), normalise(cell["text"])
        if not is_number(true) or text == normalise(true):
            continue
        if normalise(cell["raw"]) == normalise(true) or "repaired" in cell["flags"]:
            faults.append(f"{place} printed {true}, read {cell['raw']!r}, changed to {cell['text']!r}")
    return faults


def _unreported(table: dict[str, Any], place: Place, printed: str) -> str | None:
    """Why a planted number is not reported as it must be; None where it is."""
    broken = [check for check in table["checks"] if not check["ok"]]
    if any(list(place) == list(cell) for check in broken for cell in check["cells"]):
        return None
    read = next((cell["text"] for cell in table["cells"] if (cell["row"], cell["col"]) == place), None)
    return f"{place} printed {printed}, read {read!r}: no broken check names it"


def _show(found: list[Found]) -> None:
    table = Table(title="Filings that do not add up")
    for heading in ("file", "planted", "reported", "read again", "what is wrong"):
        table.add_column(heading, justify="left" if heading in ("file", "what is wrong") else "right")
    for item in found:
        faults = "\n".join(item.faults)
        table.add_row(item.stem, str(item.planted), str(item.reported), str(item.repaired), faults)
    table.add_section()
    sums = [sum(values) for values in zip(*((f.planted, f.reported, f.repaired) for f in found), strict=True)]
    wrong = sum(len(item.faults) for item in found)
    table.add_row(f"all {len(found)}", *map(str, sums), str(wrong) if wrong else "nothing")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
