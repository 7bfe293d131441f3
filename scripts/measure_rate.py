"""How many pages a second a batch reads, against PaddleOCR's own pipeline on the same pages, in turns.

    python scripts/make_samples.py filings --count 60 --seed 500 --level office -o filings
    python scripts/measure_rate.py filings

Pages with a table and pages of prose are measured apart. Each round runs a batch of one worker, a batch of two and
PaddleOCR(...).predict over a sample of the pages, one after the other, so that other load on the machine hits all
alike; printed are medians over the rounds. A batch's rate is of its whole time, loading the models and writing the
results included; PaddleOCR's time is that inside predict alone, after one page to warm up. Both have the same weights
(PP-OCRv6 small; the batch reads with tiny first) and all cores; PaddleOCR without page orientation and unwarping.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

KINDS = ("table", "prose")


def split_pages(folder: Path, out: Path, most: int) -> dict[str, list[Path]]:
    """The pages of the filings as single-page PDF files of their own, by kind; the truth says which hold a table."""
    import pymupdf

    found: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.pdf")):
        truth = json.loads(path.with_name(f"{path.stem}.truth.json").read_text(encoding="utf-8"))
        tabled = {part["page"] for table in truth["tables"] for part in table["parts"]}
        with pymupdf.open(path) as document:
            for index in range(len(document)):
                kind = "table" if index in tabled else "prose"
                if len(found[kind]) >= most:
                    continue
                target = out / kind / f"{path.stem}-{index}.pdf"
                target.parent.mkdir(parents=True, exist_ok=True)
                with pymupdf.open() as single:
                    single.insert_pdf(document, from_page=index, to_page=index)
                    single.save(target)
                found[kind].append(target)
    return found


def batch_rate(pages: list[Path], jobs: int) -> float:
    """Pages a second of one batch, all included."""
    from ocr_pipeline.batch.run import run_batch
    from ocr_pipeline.settings import Settings

    settings = Settings()
    settings = replace(settings, batch=replace(settings.batch, jobs=jobs))
    with tempfile.TemporaryDirectory(prefix="rate-") as name:
        done = run_batch(pages, Path(name), settings, ("json",))
        if done.pages_read != len(pages):
            raise RuntimeError(f"{done.pages_read} of {len(pages)} pages were read")
    return done.pages_read / done.seconds


def paddle_seconds(pages: list[Path]) -> float:
    """Mean seconds a page inside predict, in a process of its own."""
    command = [sys.executable, __file__, "predict", *map(str, pages)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    times: list[float] = json.loads(answer.stdout.strip().splitlines()[-1])
    return statistics.mean(times)


def predict(paths: list[Path]) -> None:
    """The other process: PaddleOCR's pipeline over page images; prints the seconds of each as JSON."""
    import numpy as np
    import pymupdf
    from paddleocr import PaddleOCR

    from ocr_pipeline.ocr import weights

    names = {"detection": "PP-OCRv6_small_det", "recognition": "PP-OCRv6_small_rec"}
    options = {f"text_{task}_model_name": name for task, name in names.items()}
    options |= {f"text_{task}_model_dir": str(weights.model_dir(name, None)) for task, name in names.items()}
    reader = PaddleOCR(
        **options,
        use_doc_orientation_classify=False,
        use_doc_unwarping=False,
        use_textline_orientation=False,
        engine="onnxruntime",
        device="cpu",
    )
    times = []
    for number, path in enumerate([paths[0], *paths]):
        with pymupdf.open(path) as document:
            picture = pymupdf.Pixmap(document, document[0].get_images()[0][0])
            picture = pymupdf.Pixmap(pymupdf.csRGB, picture)
            image = np.frombuffer(picture.samples, np.uint8).reshape(picture.height, picture.width, 3)[:, :, ::-1]
        start = time.perf_counter()
        reader.predict(np.ascontiguousarray(image))
        if number:
            times.append(time.perf_counter() - start)
    print(json.dumps(times))


def measure(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="rate-") as name:
        pages = split_pages(options.inputs, Path(name), options.pages)
        print("kind   pages  1 worker p/s  2 workers p/s  gain  PaddleOCR s/page  1 worker  2 workers (times faster)")
        for kind in KINDS:
            sample = pages[kind][:: max(1, len(pages[kind]) // options.sample)][: options.sample]
            one, two, peer = [], [], []
            for _ in range(options.rounds):
                one.append(batch_rate(pages[kind], 1))
                peer.append(paddle_seconds(sample))
                two.append(batch_rate(pages[kind], 2))
            single, double, other = (statistics.median(values) for values in (one, two, peer))
            print(
                f"{kind:6} {len(pages[kind]):5}  {single:12.2f}  {double:13.2f}  {double / single:4.2f}  {other:16.2f}"
                f"  {single * other:8.1f}  {double * other:9.1f}",
                flush=True,
            )


def main() -> None:
    if sys.argv[1:2] == ["predict"]:
        predict([Path(path) for path in sys.argv[2:]])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, help="folder of made filings with their truth")
    parser.add_argument("--pages", type=int, default=150, help="pages of each kind")
    parser.add_argument("--sample", type=int, default=20, help="pages of each kind that PaddleOCR reads")
    parser.add_argument("--rounds", type=int, default=1)
    measure(parser.parse_args())


if __name__ == "__main__":
    main()
