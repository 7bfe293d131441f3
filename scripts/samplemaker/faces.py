"""Typefaces an office has, found on this machine, with a check that a face holds a glyph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FONT_ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")


class MissingFontError(RuntimeError):
    """A typeface is not installed; the message names the Debian package that holds it."""


@dataclass(frozen=True)
class Face:
    """One face: the file's name, its index inside a collection, and the Debian package it comes in."""

    name: str
    file: str
    index: int
    package: str


SERIF = Face("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc", 2, "fonts-noto-cjk")
SERIF_BOLD = Face("Noto Serif CJK SC Bold", "NotoSerifCJK-Bold.ttc", 2, "fonts-noto-cjk")
SANS = Face("Noto Sans CJK SC", "NotoSansCJK-Regular.ttc", 2, "fonts-noto-cjk")
SANS_MEDIUM = Face("Noto Sans CJK SC Medium", "NotoSansCJK-Medium.ttc", 2, "fonts-noto-cjk-extra")
ZENHEI = Face("WenQuanYi Zen Hei", "wqy-zenhei.ttc", 0, "fonts-wqy-zenhei")
MICROHEI = Face("WenQuanYi Micro Hei", "wqy-microhei.ttc", 0, "fonts-wqy-microhei")
UMING = Face("AR PL UMing CN", "uming.ttc", 0, "fonts-arphic-uming")
UKAI = Face("AR PL UKai CN", "ukai.ttc", 0, "fonts-arphic-ukai")
SUNGTI = Face("AR PL SungtiL GB", "gbsn00lp.ttf", 0, "fonts-arphic-gbsn00lp")
KAITIM = Face("AR PL KaitiM GB", "gkai00mp.ttf", 0, "fonts-arphic-gkai00mp")
LIB_SERIF = Face("Liberation Serif", "LiberationSerif-Regular.ttf", 0, "fonts-liberation")
LIB_SANS = Face("Liberation Sans", "LiberationSans-Regular.ttf", 0, "fonts-liberation")
LIB_MONO = Face("Liberation Mono", "LiberationMono-Regular.ttf", 0, "fonts-liberation")
SANS_BOLD = Face("Noto Sans CJK SC Bold", "NotoSansCJK-Bold.ttc", 2, "fonts-noto-cjk")

ALL_FACES = (
    SERIF, SERIF_BOLD, SANS, SANS_MEDIUM, ZENHEI, MICROHEI, UMING, UKAI, SUNGTI, KAITIM, LIB_SERIF, LIB_SANS,
    LIB_MONO, SANS_BOLD,
)  # fmt: skip

# Tried in this order when the chosen face lacks a glyph: the widest coverage first.
FALLBACKS = (SERIF, ZENHEI)

# Glyph metrics are taken at this many pixels an em, then scaled: hinting at small sizes would bend the widths.
METRIC_EM = 1000


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """Font file name -> path, over the usual folders."""
    found: dict[str, Path] = {}
    for root in _FONT_ROOTS:
        if root.is_dir():
            for path in root.rglob("*"):
                if path.suffix.lower() in {".ttf", ".ttc", ".otf"}:
                    found.setdefault(path.name, path)
    return found


def missing_packages(faces: tuple[Face, ...] = ALL_FACES) -> tuple[str, ...]:
    """Debian packages to install before these faces can be used, sorted, empty when all are there."""
    return tuple(sorted({face.package for face in faces if face.file not in _installed()}))


def require(faces: tuple[Face, ...] = ALL_FACES) -> None:
    """Raise MissingFontError with one clear message when a face is not installed."""
    packages = missing_packages(faces)
    if packages:
        raise MissingFontError("typefaces are missing; install them with: apt-get install " + " ".join(packages))


@lru_cache(maxsize=512)
def font(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    """The face at an em of so many pixels."""
    path = _installed().get(face.file)
    if path is None:
        raise MissingFontError(f"{face.name} is missing; install it with: apt-get install {face.package}")
    return ImageFont.truetype(str(path), pixels, index=face.index, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=64)
def _missing_glyph(face: Face) -> bytes:
    return bytes(font(face, 64).getmask("\U0010fffe"))


@lru_cache(maxsize=20000)
def has_glyph(face: Face, char: str) -> bool:
    """Whether the face draws this character as itself (a blank is always there)."""
    if char.isspace():
        return True
    mask = font(face, 64).getmask(char)
    return mask.getbbox() is not None and bytes(mask) != _missing_glyph(face)


@lru_cache(maxsize=20000)
def face_for(char: str, wanted: Face, digits: Face | None) -> Face:
    """The face to draw a character with: the digit face for ASCII, the wanted one, else a fallback."""
    if digits is not None and char.isascii() and char.isalnum() and has_glyph(digits, char):
        return digits
    for face in (wanted, *FALLBACKS):
        if has_glyph(face, char):
            return face
    raise MissingFontError(f"no installed face holds {char!r}; install it with: apt-get install fonts-noto-cjk")


@lru_cache(maxsize=50000)
def advance(face: Face, char: str) -> float:
    """Width the pen moves for this character, in ems."""
    return font(face, METRIC_EM).getlength(char) / METRIC_EM


@lru_cache(maxsize=50000)
def ink(face: Face, char: str) -> tuple[float, float, float, float]:
    """Ink box (left, top, right, bottom) in ems, relative to the pen on the baseline, y down."""
    # getbbox would count the pen's whole way; the mask holds the ink alone.
    mask, (dx, dy) = font(face, METRIC_EM).getmask2(char, anchor="ls")
    inked = mask.getbbox()
    if inked is None:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = inked
    return (
        (left + dx) / METRIC_EM,
        (top + dy) / METRIC_EM,
        (right + dx) / METRIC_EM,
        (bottom + dy) / METRIC_EM,
    )
