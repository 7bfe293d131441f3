from __future__ import annotations

import re
from pathlib import Path

import pytest

from ocr_pipeline.errors import ModelError
from ocr_pipeline.ocr import manifest


def test_every_entry_can_be_checked_and_taken_out() -> None:
    for entry in manifest.entries():
        assert entry.licence and entry.origin and entry.package.version
        assert any(file.name == "inference.onnx" for file in entry.files)
        for file in entry.files:
            assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
            assert file.size > 0
            assert not Path(file.path).is_absolute() and ".." not in Path(file.path).parts
            assert Path(file.name).name == file.name


def test_names_are_unique() -> None:
    names = [entry.name for entry in manifest.entries()]
    assert len(names) == len(set(names))


def test_short_names_resolve_by_task() -> None:
    assert manifest.resolve("small", "rec") == "PP-OCRv6_small_rec"
    assert manifest.resolve("tiny", "det") == "PP-OCRv6_tiny_det"
    assert manifest.resolve("PP-OCRv5_server_rec", "rec") == "PP-OCRv5_server_rec"


def test_a_short_name_selects_both_models() -> None:
    assert {entry.task for entry in manifest.select("small")} == {"rec", "det"}


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="enormous"):
        manifest.select("enormous")


def test_the_checkout_shows_the_same_manifest() -> None:
    root = Path(__file__).resolve().parents[2]
    shown = root / "models" / "manifest.toml"
    assert manifest.parse_manifest(shown.read_text(encoding="utf-8")) == manifest.entries()
