"""The benchmark's figures as Markdown tables for the README."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.peers import OURS, Peer, Scope
from benchmarks.scoring import PageResult
from ocr_pipeline.evaluation.report import share
from ocr_pipeline.evaluation.summary import mean


@dataclass(frozen=True)
class PeerRun:
    """A peer's whole run. cold_how: by command line or worker; reason: why it could not run, empty where it could."""

    peer: Peer
    results: tuple[PageResult, ...] = ()
    load_seconds: float | None = None
    cold_seconds: float | None = None
    cold_how: str = ""
    versions: tuple[str, ...] = ()
    reason: str = ""


def markdown(runs: Sequence[PeerRun]) -> str:
    """All tables: accuracy by group of pages, speed, where a peer is better, who could not run."""
    groups = list(dict.fromkeys(result.group for run in runs for result in run.results))
    parts = [_accuracy(runs, group) for group in groups]
    parts += [_speed(runs), _where_better(runs), _failures(runs), _notes(runs)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _accuracy(runs: Sequence[PeerRun], group: str) -> str:
    pages = len({result.page for run in runs for result in run.results if result.group == group})
    lines = [
        f"### Accuracy, {group} ({pages} pages)",
        "",
        "| reader | exact cells | TEDS | TEDS-Struct | cell texts found | silent errors / numbers | CER of text |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for run in runs:
        if not run.reason:
            lines.append(_accuracy_line(run, [result for result in run.results if result.group == group]))
    return "\n".join(lines)


def _accuracy_line(run: PeerRun, results: Sequence[PageResult]) -> str:
    errors, characters = sum(r.errors for r in results), sum(r.characters for r in results)
    silent = f"{sum(r.silent for r in results)} / {sum(r.numbers for r in results)}"
    no_running_text = run.peer.scope is Scope.TABLES and run.peer.worker == "worker_img2table.py"
    figures = (
        _mean(r.exact for r in results),
        _mean(r.teds for r in results),
        _mean(r.teds_struct for r in results),
        _mean(r.cell_texts for r in results),
        silent if run.peer.scope is Scope.TABLES else "-",
        "-" if no_running_text or not characters else share(errors / characters, 4),
    )
    return f"| {run.peer.name} | {' | '.join(figures)} |"


def _mean(values: Iterable[float | None]) -> str:
    return share(mean(value for value in values if value is not None))


def _speed(runs: Sequence[PeerRun]) -> str:
    ours = {r.page: r.seconds for run in runs if run.peer.name == OURS for r in run.results if r.seconds}
    lines = [
        "### Speed and memory",
        "",
        "| reader | seconds a page (median) | times ours, page by page (median) | peak memory, MiB | cold start, s |",
        "|---|---:|---:|---:|---:|",
    ]
    for run in runs:
        if run.reason:
            continue
        seconds = [r.seconds for r in run.results if r.seconds is not None]
        ratios = [r.seconds / ours[r.page] for r in run.results if r.seconds is not None and r.page in ours]
        peaks = [r.peak_mib for r in run.results if r.peak_mib is not None]
        figures = (
            f"{median(seconds):.2f}" if seconds else "-",
            f"{median(ratios):.2f}" if ratios else "-",
            f"{max(peaks):.0f}" if peaks else "-",
            "-"
            if run.cold_seconds is None
            else f"{run.cold_seconds:.1f}{'' if run.cold_how == 'command line' else ' ²'}",
        )
        lines.append(f"| {run.peer.name} | {' | '.join(figures)} |")
    return "\n".join(lines)


def _where_better(runs: Sequence[PeerRun]) -> str:
    """Each page on which a peer's exact cells or TEDS is above ours, or its running text has fewer errors."""
    ours = {r.page: r for run in runs if run.peer.name == OURS for r in run.results}
    if not ours or all(run.reason for run in runs if run.peer.name != OURS):
        return ""
    lines = [
        f"| {result.page} | {result.peer} | {'; '.join(points)} |"
        for run in runs
        if run.peer.name != OURS
        for result in run.results
        if result.page in ours and (points := _better(result, ours[result.page]))
    ]
    if not lines:
        return "### Pages where a peer is better\n\nNone."
    head = "### Pages where a peer is better\n\n| page | reader | in what (theirs against ours) |\n|---|---|---|\n"
    return head + "\n".join(sorted(lines))


def _better(theirs: PageResult, ours: PageResult) -> list[str]:
    points = [
        f"{name} {share(their)} > {share(our)}"
        for name, their, our in (
            ("exact cells", theirs.exact, ours.exact),
            ("TEDS", theirs.teds, ours.teds),
            ("TEDS-Struct", theirs.teds_struct, ours.teds_struct),
            ("cell texts", theirs.cell_texts, ours.cell_texts),
        )
        if their is not None and (our is None or their > our + 1e-9)
    ]
    if theirs.characters and theirs.errors < ours.errors:
        points.append(f"wrong characters of running text {theirs.errors} < {ours.errors}")
    return points


def _failures(runs: Sequence[PeerRun]) -> str:
    lines = [f"- {run.peer.name} did not run: {run.reason}" for run in runs if run.reason]
    lines += [f"- {r.peer} failed on {r.page}: {r.error}" for run in runs for r in run.results if r.error]
    return "### What did not run\n\n" + "\n".join(lines) if lines else ""


def _notes(runs: Sequence[PeerRun]) -> str:
    given = [run.peer.name for run in runs if run.peer.given_places and not run.reason]
    notes = ["Readers: " + "; ".join(f"{run.peer.name} ({run.peer.pins})" for run in runs if not run.reason) + "."]
    if given:
        notes.append(f"{' and '.join(given)}: told the true places of the tables, having no finder of their own.")
    if any(run.peer.name == "img2table" and not run.reason for run in runs):
        notes.append("img2table reads no text on a page where it finds no table, which makes its median a short one.")
    notes.append("A table cut by a page break counts as one table on each page here, since every reader sees one page.")
    notes.append("Means over pages; a reader that failed on a page has read nothing there. Text readers have no cells.")
    notes.append("² measured with a process that loads the reader, reads one page and ends; else its command line.")
    return "\n".join(notes)
