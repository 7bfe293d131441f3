"""Measures this project and its peers on the same pages, in turns, and prints the tables of the README."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from benchmarks.client import Worker, cold_start
from benchmarks.environments import UnavailableError
from benchmarks.figures import PeerRun, markdown
from benchmarks.pages import PageCase, real_pages, sample_pages
from benchmarks.peers import PEERS, Peer, Ready, Scope, make_ready
from benchmarks.scoring import PageResult, score

Samples = Annotated[Path | None, typer.Option(help="Made samples: STEM.pdf with STEM.truth.json, also in sub-folders.")]
Real = Annotated[Path | None, typer.Option(help="Real pages with labels/STEM.json.")]
Names = Annotated[str, typer.Option("--peers", help="Comma-separated; all without it.")]
Limit = Annotated[int, typer.Option(min=0, help="So many pages of each group of samples; 0 for all.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write everything measured to this JSON file.")]
Cache = Annotated[Path | None, typer.Option(help="Where the peers' environments are kept.")]


def main(
    samples: Samples = None,
    real: Real = None,
    peers: Names = "",
    limit: Limit = 0,
    out: Out = None,
    cache: Cache = None,
) -> None:
    """Measures this project and its peers on the same pages, in turns, and prints Markdown tables."""
    chosen = _chosen(peers)
    with tempfile.TemporaryDirectory() as work:
        cases = [] if samples is None else sample_pages(samples, Path(work), limit)
        cases += [] if real is None else real_pages(real, 0)
        if not cases:
            raise typer.BadParameter("no page with a truth found; give --samples or --real")
        runs = _measure(chosen, cases, cache or _default_cache())
    print(markdown(runs))
    if out is not None:
        out.write_text(json.dumps([asdict(run) for run in runs], ensure_ascii=False, indent=1), encoding="utf-8")


def _chosen(names: str) -> list[Peer]:
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    known = [peer.name for peer in PEERS]
    for name in wanted:
        if name not in known:
            raise typer.BadParameter(f"no peer {name!r}; there are: {', '.join(known)}")
    return [peer for peer in PEERS if not wanted or peer.name in wanted]


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "ocr-pipeline-benchmark"


def _measure(peers: list[Peer], cases: list[PageCase], cache: Path) -> list[PeerRun]:
    runs = {peer.name: PeerRun(peer) for peer in peers}
    with ExitStack() as stack:
        workers: list[Worker] = []
        for peer in peers:
            try:
                ready = make_ready(peer, cache)
                worker = stack.enter_context(Worker(ready))
                worker.start()
            except UnavailableError as reason:
                _say(f"{peer.name} cannot run: {reason}")
                runs[peer.name] = replace(runs[peer.name], reason=str(reason))
                continue
            _say(f"{peer.name} is ready after {worker.load_seconds:.1f} s")
            workers.append(worker)
            runs[peer.name] = replace(
                runs[peer.name], load_seconds=worker.load_seconds, versions=ready.prepared.versions
            )
        for name, results in _in_turns(workers, cases).items():
            runs[name] = replace(runs[name], results=tuple(results))
        readies = [worker.ready for worker in workers]
    # Only now, with no other process of ours in memory.
    for ready in readies:
        runs[ready.peer.name] = _with_cold_start(runs[ready.peer.name], ready, cases)
    return list(runs.values())


def _in_turns(workers: list[Worker], cases: list[PageCase]) -> dict[str, list[PageResult]]:
    """Every page by every reader before the next page, so that a slow spell of the machine hits all alike; who goes
    first changes from page to page."""
    results: dict[str, list[PageResult]] = {worker.ready.peer.name: [] for worker in workers}
    for number, case in enumerate(cases):
        first = number % len(workers) if workers else 0
        for worker in (*workers[first:], *workers[:first]):
            peer = worker.ready.peer
            result = score(peer.name, case, worker.read(case), reads_tables=peer.scope is Scope.TABLES)
            results[peer.name].append(result)
            _say(f"{number + 1}/{len(cases)} {case.name} {peer.name}: {_brief(result)}")
    return results


def _with_cold_start(run: PeerRun, ready: Ready, cases: list[PageCase]) -> PeerRun:
    case = next((case for case in cases if case.truth.tables), cases[0])
    seconds, how = cold_start(ready, case)
    return replace(run, cold_seconds=seconds, cold_how=how)


def _brief(result: PageResult) -> str:
    if result.error:
        return f"failed: {result.error}"
    exact = "" if result.exact is None else f", {result.exact:.3f} exact"
    return f"{result.seconds:.2f} s{exact}"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
