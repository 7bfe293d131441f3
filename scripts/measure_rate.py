"""How many pages a second a batch reads, against PaddleOCR's own pipeline on the same pages, in turns.

    python scripts/make_samples.py filings --count 60 --seed 500 --level office -o filings
    python scripts/measure_rate.py filings

Pages with a table and pages of prose are measured apart, as PNG files. Each round runs a batch of one worker,
PaddleOCR(...).predict over a sample of the pages and a batch of two workers, one after the other, so that other load on
the machine hits all alike; printed are medians over the rounds. A batch's rate is of its whole time, loading the models
and writing the results included; PaddleOCR's time is that inside predict alone, after one page to warm up. Both have
the same weights (PP-OCRv6 small; the batch reads with tiny first). A worker has half of the cores in either batch, so
that two have twice as many as one; PaddleOCR has all, and is run without page orientation and unwarping.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.client import Worker
from benchmarks.pages import PageCase, sample_pages
from benchmarks.peers import PEERS, make_ready


def batch_rate(cases: list[PageCase], jobs: int) -> float:
    """Pages a second of one batch, all included."""
    from ocr_pipeline.batch.devices import cores
    from ocr_pipeline.batch.run import run_batch
    from ocr_pipeline.settings import Settings

    settings = Settings()
    settings = replace(
        settings,
        batch=replace(settings.batch, jobs=jobs),
        engine=replace(settings.engine, threads=max(1, cores() // 2)),
    )
    with tempfile.TemporaryDirectory(prefix="rate-") as name:
        done = run_batch([case.image for case in cases], Path(name), settings, ("json",))
    if done.pages_read != len(cases):
        raise RuntimeError(f"{done.pages_read} of {len(cases)} pages were read")
    return done.pages_read / done.seconds


def paddle_seconds(cases: list[PageCase]) -> float:
    """Mean seconds a page of PaddleOCR's pipeline, in a process of its own."""
    (peer,) = (peer for peer in PEERS if peer.name == "paddleocr")
    with Worker(make_ready(peer, Path())) as worker:  # it runs in this environment: nothing is kept anywhere
        answers = [worker.read(case) for case in (cases[0], *cases)][1:]
    seconds = [answer.seconds for answer in answers if answer.seconds is not None]
    if len(seconds) != len(cases):
        raise RuntimeError(next(answer.error for answer in answers if answer.error))
    return statistics.mean(seconds)


def measure(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="rate-") as name:
        cases = sample_pages(options.inputs, Path(name), 0)
        kinds = {"table": [c for c in cases if c.truth.tables], "prose": [c for c in cases if not c.truth.tables]}
        print("kind   pages  1 worker p/s  2 workers p/s  gain  PaddleOCR s/page  1 worker  2 workers (times faster)")
        for kind, every in kinds.items():
            pages = every[: options.pages]
            sample = pages[:: max(1, len(pages) // options.sample)][: options.sample]
            one, two, peer = [], [], []
            for _ in range(options.rounds):
                one.append(batch_rate(pages, 1))
                peer.append(paddle_seconds(sample))
                two.append(batch_rate(pages, 2))
            single, double, other = (statistics.median(values) for values in (one, two, peer))
            print(
                f"{kind:6} {len(pages):5}  {single:12.2f}  {double:13.2f}  {double / single:4.2f}  {other:16.2f}"
                f"  {single * other:8.1f}  {double * other:9.1f}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, help="folder of made filings with their truth")
    parser.add_argument("--pages", type=int, default=150, help="pages of each kind")
    parser.add_argument("--sample", type=int, default=20, help="pages of each kind that PaddleOCR reads")
    parser.add_argument("--rounds", type=int, default=1)
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
