"""What is left undone, and done faster, while models are loaded."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
import yaml

from ocr_pipeline.ocr import weights
from ocr_pipeline.ocr.loading import loading_fast


def test_garbage_is_looked_for_again_afterwards_only_where_it_was_before() -> None:
    with loading_fast():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with loading_fast():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_all_is_put_back_when_loading_fails() -> None:
    in_python = yaml.FullLoader
    with pytest.raises(MemoryError), loading_fast():
        raise MemoryError
    assert yaml.FullLoader is in_python and gc.isenabled()


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML was built without libyaml")
@pytest.mark.parametrize("name", ["PP-OCRv6_tiny_rec", "PP-OCRv6_small_rec", "PP-OCRv6_tiny_det", "PP-OCRv6_small_det"])
def test_libyaml_finds_the_same_characters_and_thresholds_in_a_models_description(name: str, real_models: None) -> None:
    def parsed(path: Path) -> str:
        with path.open(encoding="utf-8") as stream:
            return repr(yaml.load(stream, Loader=yaml.FullLoader))  # as paddlex does; repr: 1 and "1" are two things

    path = weights.model_dir(name, None) / "inference.yml"
    in_python, loader = parsed(path), yaml.FullLoader
    with loading_fast():
        assert yaml.FullLoader is not loader
        assert parsed(path) == in_python
