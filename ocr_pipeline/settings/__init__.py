"""One frozen, validated dataclass of settings per stage; every threshold states its reason.

Lengths are multiples of the page's own scale (the height of its print, `em` below), never bare pixels, so that the
same settings serve 100 and 400 dpi.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields

from ocr_pipeline.settings.batch import BatchSettings
from ocr_pipeline.settings.checks import SettingsError
from ocr_pipeline.settings.clean import BendSettings, CleanSettings, OrientationSettings, SheetSettings
from ocr_pipeline.settings.layout import FigureSettings, LayoutSettings
from ocr_pipeline.settings.open_tables import OpenTableSettings
from ocr_pipeline.settings.reading import CascadeSettings, EngineSettings, MarkSettings, ReadingSettings
from ocr_pipeline.settings.reports import ReportSettings
from ocr_pipeline.settings.rulings import RulingSettings
from ocr_pipeline.settings.seals import SealSettings, SealTextSettings
from ocr_pipeline.settings.source import SourceSettings
from ocr_pipeline.settings.spoiled import (
    FeederLineSettings,
    FillSettings,
    FoldSettings,
    GrainSettings,
    MarkerSettings,
    NegativeSettings,
    PenSettings,
    StripeSettings,
)
from ocr_pipeline.settings.tables import StitchSettings, TableSettings

__all__ = [
    "BatchSettings",
    "BendSettings",
    "CascadeSettings",
    "CleanSettings",
    "EngineSettings",
    "FeederLineSettings",
    "FigureSettings",
    "FillSettings",
    "FoldSettings",
    "GrainSettings",
    "LayoutSettings",
    "MarkSettings",
    "MarkerSettings",
    "NegativeSettings",
    "OpenTableSettings",
    "OrientationSettings",
    "PenSettings",
    "ReadingSettings",
    "ReportSettings",
    "RulingSettings",
    "SealSettings",
    "SealTextSettings",
    "Settings",
    "SettingsError",
    "SheetSettings",
    "SourceSettings",
    "StitchSettings",
    "StripeSettings",
    "TableSettings",
]


@dataclass(frozen=True)
class Settings:
    """All stages' settings."""

    source: SourceSettings = field(default_factory=SourceSettings)
    orientation: OrientationSettings = field(default_factory=OrientationSettings)
    clean: CleanSettings = field(default_factory=CleanSettings)
    sheet: SheetSettings = field(default_factory=SheetSettings)
    negative: NegativeSettings = field(default_factory=NegativeSettings)
    fill: FillSettings = field(default_factory=FillSettings)
    stripe: StripeSettings = field(default_factory=StripeSettings)
    feeder_line: FeederLineSettings = field(default_factory=FeederLineSettings)
    fold: FoldSettings = field(default_factory=FoldSettings)
    marker: MarkerSettings = field(default_factory=MarkerSettings)
    pen: PenSettings = field(default_factory=PenSettings)
    grain: GrainSettings = field(default_factory=GrainSettings)
    bend: BendSettings = field(default_factory=BendSettings)
    seal: SealSettings = field(default_factory=SealSettings)
    seal_text: SealTextSettings = field(default_factory=SealTextSettings)
    ruling: RulingSettings = field(default_factory=RulingSettings)
    table: TableSettings = field(default_factory=TableSettings)
    open: OpenTableSettings = field(default_factory=OpenTableSettings)
    stitch: StitchSettings = field(default_factory=StitchSettings)
    reading: ReadingSettings = field(default_factory=ReadingSettings)
    figures: FigureSettings = field(default_factory=FigureSettings)
    layout: LayoutSettings = field(default_factory=LayoutSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    reports: ReportSettings = field(default_factory=ReportSettings)
    batch: BatchSettings = field(default_factory=BatchSettings)

    def as_json(self) -> dict[str, object]:
        """The settings as plain values, for the record in document.json; those of the batch change no reading."""
        return {item.name: asdict(getattr(self, item.name)) for item in fields(self) if item.name != "batch"}
