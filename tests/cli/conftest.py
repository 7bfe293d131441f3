"""The program called as the shell would, and a pipeline that reads nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_pipeline import FakePipeline, install

from ocr_pipeline import cli

Call = Callable[..., int]


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakePipeline]:
    return install(monkeypatch)


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """Runs the entry point as the shell would; its exit code."""

    def run(*arguments: str | Path) -> int:
        monkeypatch.setattr(sys, "argv", ["ocr-pipeline", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        return int(caught.value.code or 0)

    return run
