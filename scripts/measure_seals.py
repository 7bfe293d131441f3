"""Measures how stamps are found, named and read, and how print beneath them is read.

scripts/make_samples.py seal-set -o SET --count 150 --seed 1
scripts/measure_seals.py find SET            # recall, precision, overlap, by shape, colour and damage
scripts/measure_seals.py find SET --texts    # and their texts (the models are needed)
scripts/measure_seals.py beneath             # print beneath stamps, with and without taking them out
"""

from __future__ import annotations

import json
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)
FOUND = 0.5
"""A stamp counts as found from this overlap (intersection over union) on,"""
GOOD = 0.8
"""and as found well from this on."""


@dataclass
class Tally:
    """What was counted over all pages."""

    truth: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    overlap: list[float] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    shapes: Counter[bool] = field(default_factory=Counter)
    colours: Counter[bool] = field(default_factory=Counter)
    texts: dict[str, Counter[bool]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@app.command()
def find(
    folder: Annotated[Path, typer.Argument(help="What make_samples.py seal-set wrote.")],
    texts: Annotated[bool, typer.Option(help="Read the stamps too.")] = False,
    draw: Annotated[Path | None, typer.Option(help="Save pages with a missed or a false stamp here.")] = None,
    only: Annotated[str, typer.Option(help="Only files whose name holds this.")] = "",
) -> None:
    """Recall, precision and overlap of stamps, and their texts."""
    from ocr_pipeline.ocr.engine import load_recogniser
    from ocr_pipeline.settings import EngineSettings

    recogniser = load_recogniser(EngineSettings(threads=1)) if texts else None
    tally = Tally()
    for path in sorted(folder.glob("*.truth.json")):
        if only in path.name:
            _measure_page(path, recogniser, draw, tally)
    _report(tally, texts)


def _measure_page(path: Path, recogniser: Any, draw: Path | None, tally: Tally) -> None:
    import cv2

    from ocr_pipeline.clean.page import clean_page
    from ocr_pipeline.geometry import Box
    from ocr_pipeline.settings import Settings
    from ocr_pipeline.stages import PageImage

    truth = json.loads(path.read_text(encoding="utf-8"))
    sheet = truth["pages"][0]
    image = cv2.imread(str(path.parent / truth["source"]["files"][0]), cv2.IMREAD_COLOR)
    start = time.perf_counter()
    page = clean_page(PageImage(0, image, sheet["dpi"], False), Settings())
    tally.seconds.append(time.perf_counter() - start)
    size = (image.shape[1], image.shape[0])
    found = [seal.quad.box.clipped(*size) for seal in page.seals]
    free = set(range(len(found)))
    said = _read(image, page, recogniser) if recogniser is not None and found else {}
    wrong = False
    for true, facts in zip(sheet["seals"], truth["source"]["seals"], strict=True):
        box = Box(*true["box"]).clipped(*size)
        tags = ("all", true["shape"], true["colour"], facts["damage"] or "sound", truth["source"]["level"])
        tally.truth.update(tags)
        best = max(free, key=lambda i: found[i].iou(box), default=None)
        if best is None or found[best].iou(box) < FOUND:
            nearest = max((b.iou(box) for b in found), default=0.0)
            tally.missed.append(f"{path.stem[:12]} {tags[1:]} strength {facts['strength']} overlap {nearest:.2f}")
            wrong = True
            continue
        free.discard(best)
        tally.hit.update(tags)
        tally.overlap.append(found[best].iou(box))
        if found[best].iou(box) < GOOD:
            tally.loose.append(f"{path.stem[:12]} {tags[1:]} overlap {found[best].iou(box):.2f}")
        kind = "square" if true["shape"] in ("square", "rectangle") else true["shape"]
        tally.shapes[page.seals[best].shape == kind] += 1
        tally.colours[page.seals[best].colour == true["colour"]] += 1
        if true["colour"] != "grey" and said:
            _compare_text(path.stem[:12], tags, true["text"], facts, said.get(best, ""), tally)
    for i in sorted(free):
        seal = page.seals[i]
        box = tuple(round(v) for v in (found[i].x0, found[i].y0, found[i].x1, found[i].y1))
        tally.false.append(
            f"{path.stem[:12]} {truth['source']['coloured']} {seal.shape} {seal.colour} {seal.score:.2f} {box}"
        )
    if draw is not None and (wrong or free):
        _draw(image, found, sheet["seals"], draw / f"{path.stem[:12]}.png")


def _read(image: Any, page: Any, recogniser: Any) -> dict[int, str]:
    from ocr_pipeline.assemble.seals import seal_text
    from ocr_pipeline.seals.cut import cut_seals
    from ocr_pipeline.settings import Settings

    settings = Settings().seal_text
    crops = cut_seals(image, page, settings)
    readings = recogniser.read([crop.image for crop in crops]) if crops else []
    by_seal: dict[int, dict[Any, Any]] = defaultdict(dict)
    for crop, reading in zip(crops, readings, strict=True):
        by_seal[crop.address.item][crop.address] = reading
    return {number: seal_text(by_seal[number], settings).text for number in range(len(page.seals))}


def _compare_text(name: str, tags: tuple[str, ...], text: str, facts: Any, said: str, tally: Tally) -> None:
    """A text counts as exact with and without the figures at the foot."""
    bare = text.removesuffix(facts["code"]) if facts["code"] else text
    right = said in (text, bare)
    readable = "readable" if facts["readable"] else "hardly readable"
    tally.texts[readable][right] += 1
    for tag in tags[1:]:
        tally.texts[f"{readable}, {tag}"][right] += 1
    if facts["code"] and facts["readable"]:
        tally.texts["figures at the foot"][said == text] += 1
    if not right:
        tally.wrong.append(f"{name} {readable} {tags[1:]} {facts['strength']}\n    {text}\n    {said}")


def _draw(image: Any, found: list[Any], truth: list[Any], path: Path) -> None:
    import cv2

    picture = image.copy()
    for item in truth:
        x0, y0, x1, y1 = (round(v) for v in item["box"])
        cv2.rectangle(picture, (x0, y0), (x1, y1), (0, 160, 0), 4)
    for box in found:
        cv2.rectangle(picture, (round(box.x0), round(box.y0)), (round(box.x1), round(box.y1)), (255, 0, 255), 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.resize(picture, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA))


def _report(tally: Tally, texts: bool) -> None:
    for tag, count in tally.truth.most_common():
        print(f"found {tag:<10} {tally.hit[tag]:4d} of {count:4d}  {tally.hit[tag] / count:.3f}")
    hits = tally.hit["all"]
    print(f"precision {hits / max(1, hits + len(tally.false)):.3f} ({len(tally.false)} false)")
    mean = sum(tally.overlap) / max(1, len(tally.overlap))
    print(f"overlap mean {mean:.3f}, below {GOOD}: {len(tally.loose)}")
    print(f"shape right {tally.shapes[True]} of {hits}, colour right {tally.colours[True]} of {hits}")
    print(f"seconds a page {sum(tally.seconds) / max(1, len(tally.seconds)):.2f}")
    loose = (f"loose {v}" for v in tally.loose)
    for line in (*(f"missed {v}" for v in tally.missed), *loose, *(f"false {v}" for v in tally.false)):
        print(line)
    if texts:
        for line in tally.wrong:
            print(line)
        for name, counts in sorted(tally.texts.items()):
            print(f"text exact, {name}: {counts[True]} of {counts.total()} {counts[True] / counts.total():.3f}")


@app.command()
def beneath(
    pages: Annotated[int, typer.Option(min=1, help="Pages for each strength.")] = 2,
    level: Annotated[str, typer.Option(help="clean, office or bad.")] = "office",
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 3,
    wrong: Annotated[bool, typer.Option(help="Say what was read wrongly.")] = False,
) -> None:
    """Print beneath stamps of three strengths, read with the stamps taken out and with them left on."""
    from ocr_pipeline.ocr.engine import load_recogniser
    from ocr_pipeline.settings import EngineSettings, Settings
    from scripts.samplemaker import seal_set
    from scripts.samplemaker.stamps import STRENGTHS

    usual = Settings()
    # No ink is so coloured: every stamp stays on.
    left_on = replace(usual, seal=replace(usual.seal, chroma=1e6))
    recogniser = load_recogniser(EngineSettings(threads=1))
    for name, strength in STRENGTHS.items():
        made = [seal_set.crowded(number, strength, level, seed) for number in range(pages)]
        for label, settings in (("taken out", usual), ("left on", left_on)):
            counts = Counter[str]()
            for one in made:
                counts += _read_beneath(one, settings, recogniser, wrong)
            shares = (
                f"{kind} {counts[kind + ' right']} of {counts[kind]}" for kind in ("characters", "digits", "cells")
            )
            share = counts["characters right"] / max(1, counts["characters"])
            print(f"{name:<7} {label:<10} {share:.4f}  {', '.join(shares)}, flagged {counts['flagged']}", flush=True)


def _read_beneath(made: Any, settings: Any, recogniser: Any, wrong: bool) -> Counter[str]:
    """Characters, digits and cells beneath stamps on one made page, and how many are read rightly."""
    from ocr_pipeline.analysis import analyse_page
    from ocr_pipeline.assemble.document import assemble_document
    from ocr_pipeline.document import EngineInfo, SourceInfo
    from ocr_pipeline.recognition import read_crops
    from ocr_pipeline.stages import PageImage
    from scripts.samplemaker.output import pixels_of

    scan = made.scans[0]
    analysis = analyse_page(PageImage(0, pixels_of(scan), scan.dpi, False), _NoLines(), settings)
    readings = read_crops(analysis.crops, recogniser)
    found = assemble_document(SourceInfo("", "", 1), EngineInfo({}, {}, {}), [analysis], readings, settings)
    cells = [cell for table in found.tables for cell in table.cells]
    counts = Counter[str]()
    for table in made.truth["tables"]:
        for true in table["cells"]:
            if true["under_seal"] and true["text"]:
                _count_cell(true, cells, counts, wrong)
    return counts


def _count_cell(true: Any, cells: list[Any], counts: Counter[str], wrong: bool) -> None:
    from difflib import SequenceMatcher

    from ocr_pipeline.geometry import Box

    best = max(cells, key=lambda cell: cell.box.iou(Box(*true["box"])), default=None)
    near = best is not None and best.box.iou(Box(*true["box"])) > 0.5
    said, text = ("".join(unicodedata.normalize("NFKC", t).split()) for t in (best.text if near else "", true["text"]))
    kept = {
        block.a + i
        for block in SequenceMatcher(None, text, said, autojunk=False).get_matching_blocks()
        for i in range(block.size)
    }
    counts["characters"] += len(text)
    counts["characters right"] += len(kept)
    counts["digits"] += sum(char.isdigit() for char in text)
    counts["digits right"] += sum(text[i].isdigit() for i in kept)
    counts["cells"] += 1
    counts["cells right"] += said == text
    counts["flagged"] += best is not None and any(flag.value == "under_seal" for flag in best.flags)
    if wrong and said != text:
        print(f"    {text} read {said!r}")


class _NoLines:
    """Finds no lines of running text: only cells are wanted."""

    name = "none"

    def detect(self, image: Any, scale: float = 1.0) -> list[Any]:
        return []


if __name__ == "__main__":
    app()
