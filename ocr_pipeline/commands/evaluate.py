"""The command evaluate."""

from ocr_pipeline.evaluation.command import register

__all__ = ["register"]
