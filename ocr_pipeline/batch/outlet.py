"""Where documents go after they are made, if anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from ocr_pipeline.batch.content import Content, Job
from ocr_pipeline.batch.ledger import DocumentRow


@dataclass(frozen=True)
class Shipment:
    """A document that is made. row: to be recorded once it is there."""

    content: Content
    job: Job
    row: DocumentRow


class Outlet(Protocol):
    """Takes documents on to where they stay."""

    def send(self, shipment: Shipment) -> None:
        """Begin to. OutputError."""
        ...

    def arrived(self) -> Iterable[Shipment]:
        """Those that are there now, whole and checked: to be recorded. OutputError, also of those sent before."""
        ...
