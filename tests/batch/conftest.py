"""The batch's tests draw their filings with scripts/soak.py and kill with it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from soak import make_filings


@pytest.fixture(scope="session")
def filings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Six files of two pages each."""
    return make_filings(tmp_path_factory.mktemp("filings"), 6, 2)
