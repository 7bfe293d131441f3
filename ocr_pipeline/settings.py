"""One frozen, validated dataclass of settings per stage; every threshold states its reason.

Lengths are multiples of the page's own scale (the height of its print, `em` below), never bare pixels, so that the
same settings serve 100 and 400 dpi.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields


class SettingsError(ValueError):
    """A setting outside its range."""


def _require(ok: bool, sentence: str) -> None:
    if not ok:
        raise SettingsError(sentence)


@dataclass(frozen=True)
class SourceSettings:
    """How files become page images."""

    render_dpi: float = 200.0
    """PDF pages that are not one scanned image are drawn at this resolution: 10-point print is 28 pixels high there,
    and the recogniser works at 48."""
    max_pixels: int = 120_000_000
    """A page beyond this (A3 at 600 dpi has 70 million) is refused: it would need gigabytes."""
    max_dpi: float = 300.0
    """Larger scans are halved to below this on reading; more never read better and costs time and memory."""
    min_side: int = 16
    """A picture smaller than this cannot hold a character."""

    def __post_init__(self) -> None:
        _require(36 <= self.render_dpi <= 1200, "render_dpi must be 36 to 1200")
        _require(self.max_pixels >= 1_000_000, "max_pixels must be at least a million")
        _require(self.max_dpi >= self.render_dpi, "max_dpi must be at least render_dpi")
        _require(self.min_side >= 1, "min_side must be positive")


@dataclass(frozen=True)
class EngineSettings:
    """Which model reads, on what."""

    engine: str = "onnxruntime"
    device: str = "cpu"
    model: str = "small"
    threads: int = 0
    """Threads inside the model; 0 lets the engine take all cores."""
    models_dir: str | None = None

    def __post_init__(self) -> None:
        _require(self.engine in ("onnxruntime", "paddle"), "engine must be onnxruntime or paddle")
        _require(self.device == "cpu" or self.device.startswith("gpu"), "device must be cpu or gpu:N")
        _require(self.threads >= 0, "threads must not be negative")


@dataclass(frozen=True)
class Settings:
    """All stages' settings."""

    source: SourceSettings = field(default_factory=SourceSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)

    def as_json(self) -> dict[str, object]:
        """The settings as plain values, for the record in document.json."""
        return {item.name: asdict(getattr(self, item.name)) for item in fields(self)}
