"""Many evaluations as one set of figures: means over tables, sums over cells, characters and seals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.adjacency import AdjacencyScore, weighted_f1
from ocr_pipeline.evaluation.cells import CellScore, Kind, KindScore
from ocr_pipeline.evaluation.document_scores import Evaluation, FilingScore, TableScore
from ocr_pipeline.evaluation.grid_similarity import GritsScore
from ocr_pipeline.evaluation.pages import SealScore
from ocr_pipeline.evaluation.silent import SilentScore
from ocr_pipeline.evaluation.text import TextScore


@dataclass(frozen=True)
class Summary:
    """The figures over documents. A mean is None where there is nothing to take it over. cells counts invented
    tables' cells as predicted; skew errors are degrees."""

    documents: int
    tables: int
    invented_tables: int
    teds: float | None
    teds_struct: float | None
    grits: GritsScore | None
    cells: CellScore
    kinds: tuple[KindScore, ...]
    silent: SilentScore
    adjacency: tuple[AdjacencyScore, ...] | None
    lines: TextScore
    ordered: TextScore
    seals: SealScore
    skew_mean: float | None
    skew_worst: float | None
    filing: FilingScore

    @property
    def adjacency_f1(self) -> float | None:
        return None if self.adjacency is None else weighted_f1(self.adjacency)


def summarise(evaluations: Sequence[Evaluation]) -> Summary:
    """The figures over all of them."""
    tables = [table for item in evaluations for table in item.tables]
    pages = [page for item in evaluations for page in item.pages]
    skews = [page.skew_error for page in pages if page.skew_error is not None]
    return Summary(
        documents=len(evaluations),
        tables=len(tables),
        invented_tables=sum(len(item.invented) for item in evaluations),
        teds=mean(table.teds for table in tables),
        teds_struct=mean(table.teds_struct for table in tables),
        grits=_mean_grits(tables),
        cells=sum((item.cells for item in (*tables,)), CellScore()) + sum((e.extra for e in evaluations), CellScore()),
        kinds=_sum_kinds(tables),
        silent=sum((t.silent for t in tables), SilentScore())
        + sum((e.extra_silent for e in evaluations), SilentScore()),
        adjacency=_sum_adjacency(tables),
        lines=sum((page.lines for page in pages), TextScore()),
        ordered=sum((page.ordered for page in pages if page.ordered), TextScore()),
        seals=sum((page.seals for page in pages if page.seals), SealScore()),
        skew_mean=mean(skews),
        skew_worst=max(skews, default=None),
        filing=FilingScore(sum(e.filing.true for e in evaluations), sum(e.filing.exact for e in evaluations)),
    )


def mean(values: Iterable[float]) -> float | None:
    """The mean, None of nothing."""
    items = list(values)
    return sum(items) / len(items) if items else None


def _mean_grits(tables: Sequence[TableScore]) -> GritsScore | None:
    topology = mean(table.grits.topology for table in tables if table.grits)
    content = mean(table.grits.content for table in tables if table.grits)
    return None if topology is None or content is None else GritsScore(topology, content)


def _sum_kinds(tables: Sequence[TableScore]) -> tuple[KindScore, ...]:
    scores = [score for table in tables for score in table.kinds]
    return tuple(
        KindScore(kind, sum(s.cells for s in scores if s.kind is kind), sum(s.exact for s in scores if s.kind is kind))
        for kind in Kind
    )


def _sum_adjacency(tables: Sequence[TableScore]) -> tuple[AdjacencyScore, ...] | None:
    measured = [table.adjacency for table in tables if table.adjacency is not None]
    if not measured:
        return None
    total = measured[0]
    for scores in measured[1:]:
        total = tuple(one + other for one, other in zip(total, scores, strict=True))
    return total
