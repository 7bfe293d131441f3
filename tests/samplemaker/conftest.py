"""Puts the repository root on the import path and skips what needs typefaces that are not installed."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.samplemaker import faces


@pytest.fixture(scope="session")
def typefaces() -> None:
    missing = faces.missing_packages()
    if missing:
        pytest.skip("typefaces missing: apt-get install " + " ".join(missing))
