"""A Ray cluster of this machine gives the files of a local run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from batch_engines import HANG, OWN_FORM, DyingEngines, NoWeights, RoughEngines, run, save_pages, settings
from soak import tree

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.errors import EngineError, ModelError

ray = pytest.importorskip("ray")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    paths = {"env_vars": {"PYTHONPATH": os.pathsep.join(sys.path)}}  # actors have to find the tests' engines
    ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False, runtime_env=paths)
    yield
    ray.shutdown()


def run_on_ray(
    paths: list[Path],
    output: Path,
    engines: CannedEngines | None = None,
    profiles: Sequence[Path] = (),
    **batch: object,
) -> Summary:
    formats, engines = ("json", "csv"), engines or CannedEngines()
    return run_batch(paths, output, settings(**batch), formats, profiles=profiles, engines=engines, cluster="local")


def test_two_workers_give_the_files_of_a_local_run(filings: list[Path], tmp_path: Path) -> None:
    run(filings, tmp_path / "here")
    summary = run_on_ray(filings, tmp_path / "ray", jobs=2)
    assert (summary.done, summary.pages_read) == (6, 12)
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")
    assert run_on_ray(filings, tmp_path / "ray", jobs=2).skipped == 6


def test_profiles_of_own_forms_are_known_to_the_actors(filings: list[Path], tmp_path: Path) -> None:
    engines, profile = CannedEngines("面积"), tmp_path / "own.toml"
    profile.write_text(OWN_FORM, encoding="utf-8")
    run(filings[:2], tmp_path / "here", engines, profiles=[profile])
    run_on_ray(filings[:2], tmp_path / "ray", engines, profiles=[profile])
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")
    assert '"drawn/digits"' in (tmp_path / "ray" / "filing-0000" / "document.json").read_text(encoding="utf-8")


def test_an_actor_that_dies_is_made_up_for(filings: list[Path], tmp_path: Path) -> None:
    run(filings, tmp_path / "here")
    summary = run_on_ray(filings, tmp_path / "ray", DyingEngines(marks=tmp_path), jobs=2, recognisers=1)
    assert (summary.done, summary.failed_pages) == (6, 0)
    assert (tmp_path / "died").exists()
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")


def test_a_page_that_hangs_is_marked(tmp_path: Path) -> None:
    path = save_pages(tmp_path / "rough.tif", [420, HANG])
    summary = run_on_ray([path], tmp_path / "out", RoughEngines(marks=tmp_path), page_timeout=2.0)
    assert (summary.partial, summary.pages_read, summary.failed_pages) == (1, 1, 1)
    assert "took longer than it may" in summary.text()


def test_missing_weights_end_the_batch(filings: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"rough\.onnx"):
        run_on_ray(filings, tmp_path / "out", NoWeights())


def test_a_cluster_without_gpus_says_so(filings: list[Path], tmp_path: Path) -> None:
    wanted = settings()
    wanted = replace(wanted, engine=replace(wanted.engine, device="gpu"))
    with pytest.raises(EngineError, match="has no GPU"):
        run_batch(filings, tmp_path / "out", wanted, engines=CannedEngines(), cluster="local")


def test_results_made_of_the_page_images_come_back_too(filings: list[Path], tmp_path: Path) -> None:
    formats = ("json", "review", "pdf")
    run_batch(filings[:2], tmp_path / "here", settings(), formats, engines=CannedEngines())
    run_batch(filings[:2], tmp_path / "ray", settings(), formats, engines=CannedEngines(), cluster="local")
    assert len(tree(tmp_path / "ray")) == 6
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")
