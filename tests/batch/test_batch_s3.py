"""S3 as it answers (moto's server and s3fs: not among the packages the tests need, hence mostly skipped)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_engines import run, settings
from soak import tree

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.inputs import find_inputs
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.errors import OutputError

pytest.importorskip("s3fs")
moto = pytest.importorskip("moto.server")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    import fsspec

    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    ours = {
        "AWS_ACCESS_KEY_ID": "me",
        "AWS_SECRET_ACCESS_KEY": "hush",
        "FSSPEC_S3_ENDPOINT_URL": f"http://{host}:{port}",
    }
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    fsspec.config.set_conf_env(fsspec.config.conf)
    yield fsspec.filesystem("s3")
    server.stop()
    fsspec.config.conf.pop("s3", None)
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


def run_to(paths: list[Any], url: str, state: Path) -> Summary:
    return run_batch(paths, url, settings(), ("json", "csv"), engines=CannedEngines(), state=state)


def test_a_bucket_is_read_and_written(s3: Any, filings: list[Path], tmp_path: Path) -> None:
    s3.mkdir("bucket")
    for path in filings:
        s3.pipe_file(f"bucket/in/{path.name}", path.read_bytes())
    found = find_inputs(["s3://bucket/in/**/*.pdf", "s3://bucket/in"], "s3://bucket/out")
    assert len(found) == 6
    assert run_to(found, "s3://bucket/out", tmp_path / "one").pages_read == 12
    again = run_to(find_inputs(["s3://bucket/in"], "s3://bucket/out"), "s3://bucket/out", tmp_path / "two")
    assert (again.skipped, again.pages_read) == (6, 0)


def test_the_files_are_those_of_a_local_run(s3: Any, filings: list[Path], tmp_path: Path) -> None:
    s3.mkdir("other")
    run(filings, tmp_path / "here")
    run_to(filings, "s3://other/out", tmp_path / "state")
    s3.get("other/out", str(tmp_path / "there"), recursive=True)
    (place,) = {path.parent for path in (tmp_path / "there").rglob("summary.json")}
    assert tree(place) == tree(tmp_path / "here")


def test_a_bucket_that_is_not_there_is_not_made(s3: Any, filings: list[Path], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no such place"):
        run_to(filings, "s3://misspelt/out", tmp_path / "state")
    assert not s3.exists("misspelt")
