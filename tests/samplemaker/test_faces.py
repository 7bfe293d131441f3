"""Typefaces: a missing one is named with its package, a missing glyph falls back."""

import pytest

from scripts.samplemaker import faces


def test_missing_face_names_its_package() -> None:
    absent = faces.Face("No Such Face", "no-such-face.ttf", 0, "fonts-no-such")
    assert faces.missing_packages((absent,)) == ("fonts-no-such",)
    with pytest.raises(faces.MissingFontError, match="apt-get install fonts-no-such"):
        faces.require((absent,))


@pytest.mark.usefixtures("typefaces")
def test_glyphs_fall_back() -> None:
    assert not faces.has_glyph(faces.LIB_SERIF, "宁")
    assert faces.face_for("宁", faces.LIB_SERIF, None) == faces.SERIF
    assert faces.face_for("7", faces.UMING, faces.LIB_SANS) == faces.LIB_SANS
    assert faces.face_for("宁", faces.UMING, faces.LIB_SANS) == faces.UMING
