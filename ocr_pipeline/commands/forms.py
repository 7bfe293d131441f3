"""A pipeline that knows the user's own forms beside the shipped ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ocr_pipeline.pipeline import Pipeline
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.settings import Settings


class PipelineWithForms(Pipeline):
    """The pipeline with more forms."""

    def __init__(self, settings: Settings, profiles: Sequence[Path]) -> None:
        """profiles: files, or folders of them. ProfileError."""
        super().__init__(settings)
        self._profiles = load_profiles(profiles)
