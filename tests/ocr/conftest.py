from __future__ import annotations

from pathlib import Path

import pytest
from ocr_samples import FAKE_ENTRIES

from ocr_pipeline.ocr import manifest, weights


@pytest.fixture
def fake_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(weights.MODELS_VARIABLE, raising=False)
    monkeypatch.setattr(manifest, "entries", lambda: FAKE_ENTRIES)


@pytest.fixture
def ours(fake_manifest: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty models folder that the program takes for its own."""
    folder = tmp_path / "models"
    monkeypatch.setattr(weights, "models_folder", lambda _=None: weights.ModelsFolder(folder, own=False))
    return folder


@pytest.fixture(scope="session")
def real_models() -> None:
    """Skips where the weights of the small models were not fetched."""
    states = {state.entry.name: state.present for state in weights.list_models()}
    if not (states["PP-OCRv6_small_rec"] and states["PP-OCRv6_small_det"]):
        pytest.skip("the weights of the small models are not here (ocr-pipeline models fetch)")
