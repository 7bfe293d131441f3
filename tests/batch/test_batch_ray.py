"""A Ray cluster of this machine gives the files of a local run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from batch_engines import (
    DIE,
    HANG,
    OWN_FORM,
    DyingEngines,
    FatalEngines,
    NoWeights,
    RoughEngines,
    run,
    save_pages,
    settings,
)
from soak import tree

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.inputs import find_inputs
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


@pytest.fixture(params=[False, True], ids=["actors", "data"])
def ray_data(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def run_on_ray(
    paths: list[Path],
    output: Path,
    ray_data: bool,
    engines: CannedEngines | None = None,
    profiles: Sequence[Path] = (),
    formats: Sequence[str] = ("json", "csv"),
    **batch: object,
) -> Summary:
    whole, engines = settings(**batch), engines or CannedEngines()
    return run_batch(
        paths, output, whole, formats, profiles=profiles, engines=engines, cluster="local", ray_data=ray_data
    )


def test_two_workers_give_the_files_of_a_local_run(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    run(filings, tmp_path / "here")
    summary = run_on_ray(filings, tmp_path / "ray", ray_data, jobs=2)
    assert (summary.done, summary.pages_read) == (6, 12)
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")
    assert run_on_ray(filings, tmp_path / "ray", ray_data, jobs=2).skipped == 6


def test_from_a_store_to_a_store(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    pytest.importorskip("fsspec")
    paths = find_inputs([f"file://{filings[0].parent}/*.pdf"], "")
    whole, state = settings(jobs=2), tmp_path / "state"
    run_batch(paths, tmp_path / "here", whole, ("json", "csv"), engines=CannedEngines())
    url, options = f"file://{tmp_path}/there", {"cluster": "local", "ray_data": ray_data, "state": state}
    assert run_batch(paths, url, whole, ("json", "csv"), engines=CannedEngines(), **options).done == 3
    assert tree(tmp_path / "there") == tree(tmp_path / "here")


def test_profiles_of_own_forms_are_known_to_the_actors(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    engines, profile = CannedEngines("面积"), tmp_path / "own.toml"
    profile.write_text(OWN_FORM, encoding="utf-8")
    run(filings[:2], tmp_path / "here", engines, profiles=[profile])
    run_on_ray(filings[:2], tmp_path / "ray", ray_data, engines, profiles=[profile])
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")
    assert '"drawn/digits"' in (tmp_path / "ray" / "filing-0000" / "document.json").read_text(encoding="utf-8")


def test_an_actor_that_dies_is_made_up_for(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    run(filings, tmp_path / "here")
    summary = run_on_ray(filings, tmp_path / "ray", ray_data, DyingEngines(marks=tmp_path), jobs=2, recognisers=1)
    assert (summary.done, summary.failed_pages) == (6, 0)
    assert (tmp_path / "died").exists()
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")


def test_a_page_that_hangs_is_marked(tmp_path: Path, ray_data: bool) -> None:
    path = save_pages(tmp_path / "rough.tif", [420, HANG])
    summary = run_on_ray([path], tmp_path / "out", ray_data, RoughEngines(marks=tmp_path), page_timeout=5.0)
    assert (summary.partial, summary.pages_read, summary.failed_pages) == (1, 1, 1)
    assert "longer than it may" in summary.text()


def test_a_page_that_ends_its_process_is_marked_and_leaves_its_neighbours(tmp_path: Path, ray_data: bool) -> None:
    paths = [save_pages(tmp_path / "rough.tif", [420, DIE, 425]), save_pages(tmp_path / "fine.tif", [420, 422], 7)]
    summary = run_on_ray(paths, tmp_path / "out", ray_data, RoughEngines(marks=tmp_path), jobs=2)
    assert (summary.done, summary.partial, summary.pages_read, summary.failed_pages) == (1, 1, 4, 1)
    assert run_on_ray(paths, tmp_path / "out", ray_data, RoughEngines(marks=tmp_path), jobs=2).pages_read == 0


def test_crops_that_end_the_recogniser_cost_one_page(tmp_path: Path, ray_data: bool) -> None:
    pages = save_pages(tmp_path / "rough.tif", [420, 422, 425], large=1)
    summary = run_on_ray([pages], tmp_path / "out", ray_data, FatalEngines(), jobs=2, recognisers=1)
    assert (summary.partial, summary.pages_read, summary.failed_pages) == (1, 2, 1)


def test_missing_weights_end_the_batch(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    with pytest.raises(ModelError, match=r"rough\.onnx"):
        run_on_ray(filings, tmp_path / "out", ray_data, NoWeights())


def test_a_cluster_without_gpus_says_so(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    wanted = settings()
    wanted = replace(wanted, engine=replace(wanted.engine, device="gpu"))
    with pytest.raises(EngineError, match="has no GPU"):
        run_batch(filings, tmp_path / "out", wanted, engines=CannedEngines(), cluster="local", ray_data=ray_data)


def test_results_made_of_the_page_images_come_back_too(filings: list[Path], tmp_path: Path, ray_data: bool) -> None:
    formats = ("json", "review", "pdf")
    run_batch(filings[:2], tmp_path / "here", settings(), formats, engines=CannedEngines())
    run_on_ray(filings[:2], tmp_path / "ray", ray_data, formats=formats)
    assert len(tree(tmp_path / "ray")) == 6
    assert tree(tmp_path / "ray") == tree(tmp_path / "here")
