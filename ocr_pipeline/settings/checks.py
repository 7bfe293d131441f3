"""What every settings class checks itself with."""

from __future__ import annotations

from ocr_pipeline.errors import ExitCode, PipelineError


class SettingsError(PipelineError, ValueError):
    """A setting outside its range."""

    exit_code = ExitCode.BAD_ARGUMENTS


def require(ok: bool, sentence: str) -> None:
    """SettingsError with that sentence, unless it is so."""
    if not ok:
        raise SettingsError(sentence)
