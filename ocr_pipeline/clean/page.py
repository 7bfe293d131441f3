"""A page image made ready for reading: seals out, light even, straight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.arch import find_arch
from ocr_pipeline.clean.background import even_paper, find_ink, ink_and_mottle, is_bilevel, mended
from ocr_pipeline.clean.bend import find_bend
from ocr_pipeline.clean.feeder_lines import without_feeder_lines
from ocr_pipeline.clean.fills import without_fills
from ocr_pipeline.clean.folds import without_folds
from ocr_pipeline.clean.grain import without_grain
from ocr_pipeline.clean.keystone import find_keystone
from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.clean.marker import without_marker
from ocr_pipeline.clean.negative import positive
from ocr_pipeline.clean.orientation import find_orientation, quarter_turn, turn_image
from ocr_pipeline.clean.pen_marks import without_pen_marks
from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.clean.scale import Glyphs, find_glyphs, page_scale, table_scale
from ocr_pipeline.clean.seal_colour import stamp_inks
from ocr_pipeline.clean.seal_gray import GraySeal, gray_seals
from ocr_pipeline.clean.seals import FoundSeal, split_seals
from ocr_pipeline.clean.sheet import find_sheet, take_sheet
from ocr_pipeline.clean.skew import SkewEstimate, estimate_skew
from ocr_pipeline.clean.strays import without_pale, without_remains, without_strays
from ocr_pipeline.clean.stripes import without_stripes
from ocr_pipeline.clean.watermark import watermark_depth
from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, PageTransform, Quad
from ocr_pipeline.settings import BendSettings, CleanSettings, RulingSettings, Settings
from ocr_pipeline.stages import CleanPage, OrientationModel, PageImage, SealRegion
from ocr_pipeline.threads import both
from ocr_pipeline.warping import upright_picture


def clean_page(page: PageImage, settings: Settings, orientation: OrientationModel | None = None) -> CleanPage:
    """The upright, even, unstamped page. A page that is straight and white already is not resampled at all.

    orientation: tells which way up the page lies; without it the page is taken to stand upright.
    """
    laid = _on_its_feet(page, settings, orientation)
    turn, dpi, clean, sheet = laid.turn, laid.dpi, settings.clean, laid.sheet
    rough_em = clean.default_em_points / 72.0 * dpi
    gray, smooth, seals = sheet.gray, sheet.smooth, sheet.seals
    (ink, mottle), pale = both(
        partial(ink_and_mottle, smooth, rough_em, clean, sheet.grain), partial(watermark_depth, smooth, rough_em, clean)
    )
    even = without_pale(smooth, pale, rough_em, settings.ruling)
    if even is not smooth:
        ink, mottle = ink_and_mottle(even, rough_em, clean)
    skew, (glyphs, em, arch) = both(
        partial(estimate_skew, ink, dpi, clean), partial(_print_and_arch, ink, dpi, settings)
    )
    height, width = gray.shape
    transform = PageTransform.identity(width, height)
    arch = arch if abs(skew.angle) <= settings.bend.most_skew else ()
    if arch:
        # The slant of bent lines is no turn of the page: its columns would lean by it.
        skew, transform = SkewEstimate(0.0, skew.confidence), replace(transform, bend=arch)
    elif abs(skew.angle) >= clean.min_skew and skew.confidence >= clean.min_skew_confidence:
        transform = turn_back(skew.angle, width, height)
    else:
        skew = SkewEstimate(0.0, skew.confidence)
    upright = laid_straight = even if transform.is_identity else _warp(even, transform)
    ruling_em = ruling_scale(em, dpi, laid.dpi_estimated, settings.ruling)
    bilevel = is_bilevel(gray, clean)
    traced = replace(settings.ruling, contrast=max(settings.ruling.contrast, mottle), bilevel=bilevel)
    rulings, binary = both(
        partial(find_rulings, upright, ruling_em, traced),
        lambda: ink if upright is even else find_ink(upright, em, clean),
    )
    glyphs = replace(glyphs, centres=transform.to_upright(glyphs.centres))
    table_em = table_scale(glyphs, rulings, ruling_em, dpi, clean) or ruling_em
    if table_em < settings.ruling.small_print * ruling_em:
        # What is short beside the page's print may be as long as a row of small print is high; pens are the same.
        traced = in_small_print(traced, table_em / ruling_em)
        ruling_em = table_em
        rulings = find_rulings(upright, ruling_em, traced)
    rulings = without_remains(rulings, _upright_mask(laid.folds, transform), settings.ruling)
    # Streaks are upright on the sheet, however the print lies.
    cleared = without_strays(upright, rulings, transform, ruling_em, settings.ruling)
    for straighten in (partial(_bent_level, settings=settings.bend), partial(_squared, settings=clean)):
        straight = straighten(transform, cleared.rulings, ruling_em)
        if straight is not transform:
            transform = straight
            upright = _warp(even, transform)
            rulings = find_rulings(upright, ruling_em, traced)
            rulings = without_remains(rulings, _upright_mask(laid.folds, transform), settings.ruling)
            cleared = without_strays(upright, rulings, transform, ruling_em, settings.ruling)
    upright, rulings = without_pale(cleared.page, cleared.rulings.pale, em, settings.ruling), cleared.rulings
    whole = transform if turn.is_identity else turn.then(transform)
    if upright is not laid_straight:
        binary = find_ink(upright, em, clean)
    # What copiers left of stamps is told on the page as it stands, where its rulings are known and level.
    copied = [] if seals else gray_seals(upright, rulings, rough_em, settings.seal)
    if bilevel:
        upright, binary = mended(upright, binary, em, clean)
    return CleanPage(
        index=page.index,
        ink=upright,
        binary=binary,
        seal_mask=_all_ink(copied) if copied else _upright_mask(sheet.stamped, transform),
        transform=whole,
        dpi=dpi,
        dpi_estimated=laid.dpi_estimated,
        skew=skew.angle,
        skew_confidence=skew.confidence,
        orientation=laid.turned,
        text_height=em,
        ruling_em=ruling_em,
        rulings=rulings,
        seals=(*(_region(seal, turn, transform) for seal in seals), *(_copied(seal, whole) for seal in copied)),
        blank=_is_blank(binary, rulings, dpi, clean.blank_ink_share),
        strays=_either(cleared.strays, _upright_mask(_either(sheet.marked, laid.lines), transform)),
    )


@dataclass(frozen=True)
class _Print:
    """A page on its feet in gray without what was put on its print in colour. smooth: the same with even paper, fills
    reversed and grain taken off, grain: what is left of that; stamped, marked: 255 where stamps and a pen's marks were
    taken off, None where there were none."""

    gray: GrayImage
    smooth: GrayImage
    grain: float
    seals: tuple[FoundSeal, ...]
    stamped: Mask | None
    marked: Mask | None


def _print_alone(image: ColourImage, dpi: float, settings: Settings) -> _Print:
    """The print without stripes, bands of a marker, stamps and a pen's marks, on even paper."""
    em = settings.clean.default_em_points / 72.0 * dpi
    bare = without_marker(without_stripes(image, em, settings.stripe), em, settings.marker)
    inks = stamp_inks(bare, em, settings.seal)
    gray, seals, stamped = split_seals(bare, em, settings.seal, inks)
    gray, marked = without_pen_marks(bare, gray, stamped, inks, em, (settings.pen, settings.seal))
    paper = without_fills(even_paper(gray, dpi, settings.clean), em, settings.fill)
    smooth, grain = without_grain(paper, settings.grain)
    return _Print(gray, smooth, grain, seals, stamped, marked)


@dataclass(frozen=True)
class _Laid:
    """A page on its feet, and the map that leads there from the source: of a photograph the sheet in it is the page.
    turned: by how many degrees clockwise. Masks, 255 where so, None where there were none: lines, where those of a
    feeder and folds hid print, folds, where their creases were."""

    sheet: _Print
    turn: PageTransform
    turned: int
    dpi: float
    dpi_estimated: bool
    lines: Mask | None
    folds: Mask | None


def _on_its_feet(page: PageImage, settings: Settings, orientation: OrientationModel | None) -> _Laid:
    em = settings.clean.default_em_points / 72.0 * page.dpi
    seen, lines, folds = positive(page.image, em, settings.negative), None, None
    if not page.dpi_estimated:
        # What says how large it is comes from a scanner; pictures of a table alone do not.
        unfolded = without_folds(seen, em, settings.fold)
        seen, lines = without_feeder_lines(unfolded.image, em, settings.feeder_line)
        folds, lines = unfolded.core, _either(lines, unfolded.dark)
    sheet = find_sheet(seen, settings.sheet)
    image = seen if sheet is None else take_sheet(seen, sheet)
    dpi = page.dpi if sheet is None else sheet.dpi or page.dpi
    # Nearly every page is found upright, and its print is known by then.
    turned, bare = both(
        partial(find_orientation, image, page.dpi, orientation, settings), partial(_print_alone, image, dpi, settings)
    )
    if turned:
        bare = _print_alone(turn_image(image, turned), dpi, settings)
    turn = quarter_turn(turned, image.shape[1], image.shape[0])
    turn = turn if sheet is None else sheet.cut.then(turn)
    lines, folds = _upright_mask(lines, turn), _upright_mask(folds, turn)
    return _Laid(bare, turn, turned, dpi, page.dpi_estimated or sheet is not None, lines, folds)


def _print_and_arch(ink: Mask, dpi: float, settings: Settings) -> tuple[Glyphs, float, tuple[float, ...]]:
    """The page's characters, their usual height, and how the paper arches."""
    glyphs = find_glyphs(ink, dpi)
    em = page_scale(glyphs, dpi, settings.clean) or settings.clean.default_em_points / 72.0 * dpi
    return glyphs, em, find_arch(ink, em, settings.bend)


def _bent_level(transform: PageTransform, rulings: Rulings, em: float, settings: BendSettings) -> PageTransform:
    """The transform with what the rulings show of bent paper taken out; the very same where they are level."""
    bend = find_bend(rulings, transform.upright_size, em, settings)
    return replace(transform, bend=tuple(np.add(bend, transform.bend or 0.0).tolist())) if bend else transform


def _squared(transform: PageTransform, rulings: Rulings, em: float, settings: CleanSettings) -> PageTransform:
    """The transform with the keystone taken out; the very same where there is none."""
    keystone = find_keystone(rulings, transform.upright_size, em, settings)
    return transform if keystone is None else transform.then(keystone)


def ruling_scale(em: float, dpi: float, dpi_estimated: bool, settings: RulingSettings) -> float:
    """The print size rulings are measured in: a table's print may be smaller than the page's usual print."""
    table_em = settings.largest_em_points / 72.0 * dpi
    return min(em, max(table_em, settings.smallest_share * em) if dpi_estimated else table_em)


def in_small_print(settings: RulingSettings, share: float) -> RulingSettings:
    """The settings for print so many times as large (below 1), with rulings as thick as before."""
    return replace(
        settings,
        max_thickness_em=settings.max_thickness_em / share,
        frame_thickness_em=settings.frame_thickness_em / share,
    )


def turn_back(angle: float, width: int, height: int) -> PageTransform:
    """The rotation that sets upright a page whose print runs counter-clockwise by angle degrees.

    The upright frame is as large as the turned page needs, so that nothing is cut off.
    """
    radians = np.deg2rad(angle)
    cos, sin = float(np.cos(radians)), float(np.sin(radians))
    new_width = int(np.ceil(width * cos + height * abs(sin)))
    new_height = int(np.ceil(height * cos + width * abs(sin)))
    # Print that rises to the right (y falls) is turned clockwise: (x, y) -> (x cos - y sin, x sin + y cos).
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    centre = turn @ np.array([(width - 1) / 2, (height - 1) / 2, 1.0])
    turn[0, 2] = (new_width - 1) / 2 - centre[0]
    turn[1, 2] = (new_height - 1) / 2 - centre[1]
    return PageTransform.of_array(turn, (width, height), (new_width, new_height))


def _warp(even: GrayImage, transform: PageTransform) -> GrayImage:
    return upright_picture(even, transform, cv2.INTER_CUBIC, paper=255)


def _upright_mask(removed: Mask | None, transform: PageTransform) -> Mask | None:
    if removed is None or transform.is_identity:
        return removed
    return upright_picture(removed, transform, cv2.INTER_NEAREST, paper=0)


def _either(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return one if other is None else other
    return cv2.bitwise_or(one, other).astype(np.uint8)


def _region(seal: FoundSeal, turn: PageTransform, transform: PageTransform) -> SealRegion:
    """turn: from the source to the page on its feet, where the seal was found; transform: from there to upright."""
    upright = transform.quad_to_upright(seal.quad).box
    quad = seal.quad if turn.is_identity else turn.quad_to_source(seal.quad)
    return SealRegion(quad, seal.shape, seal.colour, seal.score, upright)


def _copied(seal: GraySeal, transform: PageTransform) -> SealRegion:
    """A stamp found on the upright page. transform: from the source to there."""
    outline = transform.to_source(seal.outline)
    quad = Quad.of_array(outline) if seal.shape == "square" else Quad.of_box(_around(outline))
    return SealRegion(quad, seal.shape, "grey", seal.cover, _around(seal.outline))


def _around(points: npt.NDArray[np.float64]) -> Box:
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Box(x0, y0, x1, y1)


def _all_ink(seals: list[GraySeal]) -> Mask:
    ink = seals[0].ink.copy()
    for seal in seals[1:]:
        ink |= seal.ink
    return ink


def _is_blank(binary: Mask, rulings: Rulings, dpi: float, share: float) -> bool:
    """Whether there is nothing but dust on the page."""
    if rulings.horizontal and rulings.vertical:
        return False
    grain = max(1, round(dpi / 100))
    solid = cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((grain, grain), np.uint8))
    return bool(np.count_nonzero(solid) < share * binary.size)
