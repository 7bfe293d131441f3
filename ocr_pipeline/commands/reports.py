"""The commands profiles and dataset."""

from ocr_pipeline.reports.command import register

__all__ = ["register"]
