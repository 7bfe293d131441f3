"""How files become page images."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.settings.checks import require


@dataclass(frozen=True)
class SourceSettings:
    """How files become page images."""

    render_dpi: float = 200.0
    """PDF pages that are not one scanned image are drawn at this resolution: 10-point print is 28 pixels high there,
    and the recogniser works at 48."""
    max_pixels: int = 120_000_000
    """A page beyond this (A3 at 600 dpi has 70 million) is refused: it would need gigabytes."""
    max_dpi: float = 300.0
    """PDF pages that have to be drawn are drawn at no more than this: more never read better and costs time and
    memory. A page that is one scanned image keeps its own pixels."""
    min_side: int = 16
    """A picture smaller than this cannot hold a character."""

    def __post_init__(self) -> None:
        require(36 <= self.render_dpi <= 1200, "render_dpi must be 36 to 1200")
        # The image library refuses more than 178 million by itself.
        require(1_000_000 <= self.max_pixels <= 178_000_000, "max_pixels must be 1 to 178 million")
        require(self.max_dpi >= self.render_dpi, "max_dpi must be at least render_dpi")
        require(self.min_side >= 1, "min_side must be positive")
