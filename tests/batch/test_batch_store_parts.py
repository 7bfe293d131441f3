"""The parts of a batch with stores: addresses, what a store tells, the lock, sentences without credentials."""

from __future__ import annotations

import builtins
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.batch.inputs import NothingToReadError, find_inputs
from ocr_pipeline.batch.names import Address, as_name, is_url, without_secrets
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.batch.stores.entry import Entry, entry
from ocr_pipeline.batch.stores.lock import LOCK, Lock
from ocr_pipeline.batch.stores.opening import AddressError
from ocr_pipeline.batch.stores.store import Remote, Store
from ocr_pipeline.errors import ExitCode, InputFileError, OutputError

fsspec = pytest.importorskip("fsspec")

from fsspec.implementations.memory import MemoryFileSystem  # noqa: E402

OUT = "memory://out"


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(Store.__init__, "__defaults__", ((0.0,),))
    fs = fsspec.filesystem("memory")
    yield fs
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


def found(names: list[str], output: str | Path = OUT) -> list[str]:
    return [str(path.address if isinstance(path, Remote) else path) for path in find_inputs(names, output)]


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["s3://b/k", "memory://x", "dir::file:///tmp", "simplecache::s3://b/k", "abfs://c@a/k"]
)
def test_addresses(name: str) -> None:
    assert is_url(name) and as_name(name) == Address(name)


@pytest.mark.parametrize("name", ["in/a.pdf", "/in/a:b.pdf", "C:/in", "@list", "ab::b.pdf", "in/**"])
def test_paths(name: str) -> None:
    assert not is_url(name) and as_name(name) == Path(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sftp://me:se:cr@t@host/in/a.pdf", "sftp://me@host/in/a.pdf"),
        ("no way to sftp://me:pw@host/x (why)", "no way to sftp://me@host/x (why)"),
        ("https://host/a.pdf?X-Sig=abc&b=c", "https://host/a.pdf"),
        ("no https://h/a.pdf?sig=abc, url='https://h/b?k=v'", "no https://h/a.pdf url='https://h/b'"),
        ("s3://bucket/in/a?.pdf", "s3://bucket/in/a?.pdf"),
        ("abfs://box@account.host/in", "abfs://box@account.host/in"),
    ],
)
def test_secrets_are_left_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


# --- what is found ----------------------------------------------------------------------------------------------------


def test_folders_patterns_and_files_are_found_as_on_a_disk(memory: Any, tmp_path: Path) -> None:
    names = [
        "b.PDF",
        "a.tif",
        "deep/c.png",
        "deep/er/d.jpg",
        ".hidden.pdf",
        ".h/x.pdf",
        "notes.txt",
        "z.pdf",
        "e/f.pdf",
    ]
    for name in names:
        memory.pipe_file(f"/in/{name}", b"x")
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).touch()
    memory.pipe_file("/out/made.pdf", b"x")
    for pattern in ("", "/*.pdf", "/**/*.p*", "/d*", "/*"):
        local = [str(path.relative_to(tmp_path)) for path in find_inputs([f"{tmp_path}/in{pattern}"], tmp_path / "out")]
        assert found([f"memory://in{pattern}"]) == [f"memory://{name}" for name in local], pattern
        assert found([f"file://{tmp_path}/in{pattern}"]) == [f"file://{tmp_path}/{name}" for name in local], pattern
    assert found(["memory://in/gone.pdf", "memory://in/a.tif"]) == ["memory://in/gone.pdf", "memory://in/a.tif"]
    assert "memory://out/made.pdf" not in found(["memory://"])
    (tmp_path / "list").write_text(f"memory://in/a.tif\n{tmp_path}/in/a.tif\n")
    assert found([f"@{tmp_path}/list"]) == ["memory://in/a.tif", f"{tmp_path}/in/a.tif"]


def test_nothing_matched() -> None:
    with pytest.raises(NothingToReadError, match=r"no file to read in: memory://in/\*\.pdf"):
        find_inputs(["memory://in/*.pdf"], OUT)


@pytest.mark.parametrize(
    ("info", "known"),
    [
        ({"size": 3, "ETag": '"900150983cd24fb0d6963f7d28e17f72"'}, "900150983cd24fb0d6963f7d28e17f72"),
        ({"size": 3, "md5Hash": "kAFQmDzST7DWlj99KOF/cg=="}, "900150983cd24fb0d6963f7d28e17f72"),
        ({"size": 3, "etag": "0x8DB123", "content_md5": bytes.fromhex("900150983cd24fb0d6963f7d28e17f72")},
         "900150983cd24fb0d6963f7d28e17f72"),
        ({"size": 3, "ETag": '"900150983cd24fb0d6963f7d28e17f72-2"'}, None),
        ({"size": 3, "mtime": 1.5}, None),
    ],
)  # fmt: skip
def test_what_stores_tell(info: dict[str, object], known: str | None) -> None:
    told = entry(info)
    assert (told.size, told.md5) == (3, known)
    assert told.token != "" and told.token == entry(dict(info)).token
    assert entry({"size": 3}) == Entry(3, "", None)


# --- sentences --------------------------------------------------------------------------------------------------------


def test_a_protocol_nobody_knows_and_one_whose_package_is_missing() -> None:
    with pytest.raises(
        AddressError, match=r"xyz://me@host/in cannot be used: Protocol not known: xyz\. Known are s3://"
    ):
        find_inputs(["xyz://me:secret@host/in"], OUT)
    with pytest.raises(AddressError, match=r"begin with s3:// need a package .* Install s3fs to access S3\.") as caught:
        Store("s3://bucket/in", InputFileError)
    assert caught.value.exit_code == ExitCode.BAD_ARGUMENTS


def test_fsspec_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "fsspec":
            raise ImportError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(AddressError, match=r"needs fsspec, which is not installed.*ocr-pipeline\[remote\]"):
        find_inputs(["s3://bucket/in"], OUT)


class Closed(MemoryFileSystem):  # type: ignore[misc]
    """Lets nobody in, and repeats what it was told."""

    protocol = "closed"
    store: dict[str, Any] = {}  # noqa: RUF012
    pseudo_dirs = [""]  # noqa: RUF012
    error: Exception = PermissionError("Access Denied")

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.replace("closed://", "memory://")))

    def info(self, path: str, *rest: Any, **options: Any) -> Any:
        raise self.error

    ls = find = cat_file = pipe_file = open = info


def test_no_permission_and_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    fsspec.register_implementation("closed", Closed, clobber=True)
    with pytest.raises(
        InputFileError, match=r"closed://in/a\.pdf may not be read\. Check the credentials for closed://"
    ):
        find_inputs(["closed://in/a.pdf"], OUT)
    with pytest.raises(InputFileError, match=r"closed://in/\*\.pdf may not be listed"):
        find_inputs(["closed://in/*.pdf"], OUT)
    store = Store("closed://out", OutputError)
    store.fs.storage_options["secret"] = "hush-hush"
    monkeypatch.setattr(Closed, "error", RuntimeError("sftp://me:pass@host does not take hush-hush"))
    with pytest.raises(OutputError) as caught:
        store.write("/out/x", b"")
    said = str(caught.value)
    assert "closed://out/x cannot be written: RuntimeError: sftp://me@host does not take ***" in said
    assert caught.value.__cause__ is None and caught.value.__suppress_context__


# --- the lock ---------------------------------------------------------------------------------------------------------


def take(owner: Owner, machine: str, said: list[str] | None = None, beat: float = 0.1) -> Lock:
    return Lock(Store(OUT, OutputError), owner, machine, (said if said is not None else []).append, beat)


def test_one_batch_of_this_machine_at_a_time(memory: Any, tmp_path: Path) -> None:
    with Owner(tmp_path) as one, Owner(tmp_path) as two:
        first = take(one, "here")
        with pytest.raises(OutputError, match=r"Another batch \(process \d+ on .* is writing to memory://out\."):
            take(two, "here")
        first.release()
        assert not memory.exists(f"/out/{LOCK}")
        take(two, "here").release()


def test_the_lock_of_a_batch_that_was_killed_here_is_taken_at_once(memory: Any, tmp_path: Path) -> None:
    with Owner(tmp_path) as one, Owner(tmp_path) as two:
        killed = take(one, "here")
        killed._ending.set()
        one.close()
        said: list[str] = []
        take(two, "here", said).release()
        assert said == []


def test_a_batch_of_another_machine_is_watched_before_it_is_taken_over(memory: Any, tmp_path: Path) -> None:
    with Owner(tmp_path / "1") as one, Owner(tmp_path / "2") as two:
        other = take(one, "there")
        said: list[str] = []
        with pytest.raises(OutputError, match="is writing to"):
            take(two, "here", said)
        assert "waiting" in said[0]
        other._ending.set()
        other._renewing.join()
        after = take(two, "here", said)
        told = json.loads(memory.cat_file(f"/out/{LOCK}"))
        assert told["owner"] == two.name
        after.release()


def test_one_that_was_taken_over_stops(memory: Any, tmp_path: Path) -> None:
    with Owner(tmp_path) as one:
        lock = take(one, "here", beat=0.02)
        lock.must_be_held()
        memory.pipe_file(f"/out/{LOCK}", json.dumps({"owner": "x", "host": "h", "process": 1, "since": "now"}).encode())
        until = time.monotonic() + 120
        while not lock._lost and time.monotonic() < until:
            time.sleep(0.02)
        with pytest.raises(OutputError, match=r"\(process 1 on h, since now\) has taken memory://out over"):
            lock.must_be_held()
        lock.release()
        assert memory.exists(f"/out/{LOCK}")


@pytest.mark.parametrize("conditional", [True, False])
def test_of_many_that_begin_at_once_one_gets_it(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, conditional: bool
) -> None:
    monkeypatch.setattr(Store, "is_conditional", conditional)
    if not conditional:  # whoever comes finds nothing, and writes
        monkeypatch.setattr(Store, "create", lambda store, path, content: store.write(path, content) is None)
    owners = [Owner(tmp_path) for _ in range(4)]
    got: list[Lock] = []

    def begin(owner: Owner) -> None:
        try:
            got.append(take(owner, "here", beat=1.0))
        except OutputError:
            return

    threads = [threading.Thread(target=begin, args=(owner,)) for owner in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    got[0].release()
    for owner in owners:
        owner.close()
