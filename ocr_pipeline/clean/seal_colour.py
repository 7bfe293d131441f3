"""The coloured strokes of a page, by ink: what stands out in colour from the paper or the tint it lies on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import ColourImage, Mask
from ocr_pipeline.settings import SealSettings
from ocr_pipeline.shrinking import shrunk

Floats = npt.NDArray[np.float32]
Plane = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
HUES: tuple[tuple[str, float, float], ...] = (("red", -12.0, 75.0), ("violet", -52.0, -12.0), ("blue", -150.0, -52.0))
"""Names of stamp inks by their angle in the Lab plane (degrees, atan2(b, a)): from, to."""


@dataclass(frozen=True)
class Ink:
    """One colour on a page. hue: degrees in the Lab plane; strokes: its thin strokes; all: those and its filled areas,
    both uint8 masks of the page."""

    hue: float
    strokes: Mask
    all: Mask


def has_colour(image: ColourImage) -> bool:
    """Whether anything on a page is coloured, looked for at a quarter of its size. image: BGR uint8."""
    height, width = (max(1, side // 4) for side in image.shape[:2])
    small = shrunk(image, (width, height))
    blue, green, red = cv2.split(small)
    most = max(int(cv2.absdiff(red, green).max(initial=0)), int(cv2.absdiff(red, blue).max(initial=0)))
    return most >= 12


def stamp_inks(image: ColourImage, em: float, settings: SealSettings) -> list[Ink]:
    """The inks on a page that stamps have, strongest first; none on a page without colour.

    image: BGR uint8; em: height of the print in pixels.
    """
    if not has_colour(image):
        return []
    lab = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2Lab))
    light, tints = lab[0], lab[1:]
    # Against the tint of what is around: shaded rows and filled areas fall away, strokes across them stay.
    around = [_surroundings(tint, em) for tint in tints]
    stroke = [
        cv2.GaussianBlur(cv2.subtract(t, a, dtype=cv2.CV_32F), (0, 0), 1.2) for t, a in zip(tints, around, strict=True)
    ]
    depth = cv2.magnitude(*stroke)
    least = max(settings.chroma, settings.chroma_noise * float(np.median(depth[::4, ::4])))
    # Ink only ever darkens: blanks between dense strokes have the opposite hue, but are lighter than what is around.
    dark = cv2.subtract(_surroundings(light, em), light) > settings.least_dark
    paper = [float(np.median(tint[::8, ::8])) for tint in tints]
    plain = [part + under - middle for part, under, middle in zip(stroke, around, paper, strict=True)]
    places = np.flatnonzero((depth > least) & dark)
    # Black print on a tint differs from the tint in colour too, but has none itself.
    here = [(part.ravel()[places], whole.ravel()[places]) for part, whole in zip(stroke, plain, strict=True)]
    own = sum(part * whole for part, whole in here) > 0.25 * sum(part * part for part, _ in here)
    places = places[own]
    if len(places) < em * em:
        return []
    hues, depths = _angles([part.ravel()[places] for part in stroke]), depth.ravel()[places]
    strength = cv2.magnitude(*plain)
    inks = []
    for peak, mine in _shares(hues, depths, least, em, settings):
        if colour_name(peak) is None or not np.any(mine):
            continue
        strokes = np.zeros(light.shape, np.uint8)
        strokes.ravel()[places[mine]] = 255
        strokes = _without_specks(strokes, em)
        usual = float(np.percentile(depths[mine], 75))
        filled = np.flatnonzero(strength > max(least, 0.6 * usual))
        alike = np.abs(turned(_angles([part.ravel()[filled] for part in plain]) - peak)) <= settings.hue_reach
        everything = strokes.copy()
        everything.ravel()[filled[alike]] = 255
        inks.append(Ink(peak, strokes, everything))
    return inks


def colour_name(hue: float) -> str | None:
    """What stamps of that hue are called, None for a colour that stamps do not have."""
    return next((name for name, low, high in HUES if low <= hue < high), None)


def turned(degrees: Floats) -> Floats:
    """Angles brought to -180 to 180."""
    brought: Floats = np.asarray((degrees + 180.0) % 360.0 - 180.0, dtype=np.float32)
    return brought


def _without_specks(strokes: Mask, em: float) -> Mask:
    """Without what is smaller than a point of the print."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    stays = stats[:, 4] >= max(4.0, 0.02 * em * em)
    return cv2.bitwise_and(strokes, (stays.astype(np.uint8) * np.uint8(255))[labels]).astype(np.uint8)


def _angles(tints: list[Floats]) -> Floats:
    return np.degrees(np.arctan2(tints[1], tints[0])).astype(np.float32)


def _surroundings(tint: Plane, em: float) -> Plane:
    """The tint of the paper or shading around each pixel: the median over an em and a half."""
    small = cv2.resize(tint, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    middle = cv2.medianBlur(small, max(3, round(0.75 * em) | 1))
    return cv2.resize(middle, (tint.shape[1], tint.shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def _shares(hues: Floats, depths: Floats, least: float, em: float, settings: SealSettings) -> list[tuple[float, Flags]]:
    """The hue of each ink on the page, and which pixels are of it: those nearer to it than to another ink's, within
    reach.

    Then the inks of what is out of reach of them all: the hue of a faint stamp may lie on the flank of a strong ink's,
    no valley between. It shares with that ink what is within reach of both.
    """
    peaks, reach = _hues(hues, depths, least * em), settings.hue_reach
    if not peaks:
        return []
    far = np.abs(turned(hues[None] - np.array(peaks, np.float32)[:, None]))
    nearest, within = far.argmin(axis=0), far.min(axis=0) <= reach
    shares = [(peak, (nearest == number) & within) for number, peak in enumerate(peaks)]
    if np.count_nonzero(~within) >= settings.hue_apart * em * em:
        for peak in _hues(hues[~within], depths[~within], least * em):
            near = np.abs(turned(hues - np.float32(peak))) <= reach
            if np.count_nonzero(near & ~within) >= settings.hue_apart * em * em:
                shares.append((peak, near))
    return shares


def _hues(angles: Floats, weights: Floats, floor: float) -> list[float]:
    """The inks on the page: the peaks of the histogram of hue that valleys set apart, strongest first, six at most."""
    counts, edges = np.histogram(angles, bins=72, range=(-180.0, 180.0), weights=weights)
    kernel = np.exp(-0.5 * (np.arange(-3, 4) / 1.3) ** 2)
    smooth = np.convolve(np.concatenate([counts[-3:], counts, counts[:3]]), kernel / kernel.sum(), mode="valid")
    peaks: list[int] = []
    for i in np.argsort(smooth)[::-1].tolist():
        if smooth[i] < max(floor, 0.002 * smooth.max()) or len(peaks) == 6:
            break
        if all(_apart(smooth, i, p) for p in peaks):
            peaks.append(i)
    return [float(edges[p] + edges[p + 1]) / 2 for p in peaks]


def _apart(smooth: npt.NDArray[np.float64], low: int, high: int) -> bool:
    """Whether a valley lies between two places of the circle of hues, well below the lower one, on either way."""
    count = len(smooth)
    ways = ((low, high), (high, low))
    valleys = [min(float(smooth[k % count]) for k in range(a, a + (b - a) % count + 1)) for a, b in ways]
    return max(valleys) < 0.7 * float(smooth[low])
