import errno
import json
import os
import stat

import pytest
from export_samples import document_of, full_document, spans_table, table

from ocr_pipeline.errors import ExitCode, OutputError, PipelineError
from ocr_pipeline.export import atomic, load_document, write_document
from ocr_pipeline.export.atomic import write_atomic


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


ALL = ["document.html", "document.json", "document.md", *[f"tables/t{n}.csv" for n in range(1, 6)], "tables.xlsx"]


def test_all_formats(tmp_path):
    folder = tmp_path / "deep" / "报告"
    written = write_document(full_document(), folder)
    assert names(folder) == sorted(ALL)
    assert sorted(str(path.relative_to(folder)) for path in written) == sorted(ALL)
    assert written[-1].name == "document.json"
    assert load_document(folder / "document.json") == full_document()


def test_only_what_was_asked(tmp_path):
    write_document(full_document(), tmp_path, ["md"])
    assert names(tmp_path) == ["document.md"]
    with pytest.raises(ValueError, match="odt"):
        write_document(full_document(), tmp_path, ["odt"])


def test_a_folder_may_be_named_by_text(tmp_path):
    assert write_document(full_document(), str(tmp_path / "out"), ["md"]) == [tmp_path / "out" / "document.md"]


@pytest.mark.parametrize(
    ("name", "writer"), [("pdf", "write_searchable_pdf"), ("review", "write_review"), ("figures", "write_figures")]
)
def test_a_format_that_needs_more_names_its_writer(tmp_path, name, writer):
    with pytest.raises(PipelineError, match=f"The format {name} needs more .* Use ocr_pipeline.*{writer}") as caught:
        write_document(full_document(), tmp_path / "out", ["json", name])
    assert caught.value.exit_code is ExitCode.BAD_ARGUMENTS
    assert not (tmp_path / "out").exists()


def test_csv_of_tables_that_are_no_more_goes_and_other_files_stay(tmp_path):
    write_document(full_document(), tmp_path)
    (tmp_path / "tables" / "total.csv").write_text("mine")
    write_document(document_of(spans_table()), tmp_path)
    assert names(tmp_path / "tables") == ["t1.csv", "total.csv"]


@pytest.mark.parametrize("bad", ["../x", "a/b", "", "t1\n"])
def test_a_table_id_never_becomes_a_path(tmp_path, bad):
    with pytest.raises(ValueError):
        write_document(document_of(table(bad, [], 0, 0)), tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("failing", ["replace", "write", "fsync", "open"])
def test_a_full_disk_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch, failing):
    path = tmp_path / "document.json"
    path.write_bytes(b"old")

    def full(*_args, **_kwargs):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if failing == "write":
        real = os.fdopen

        def fdopen(handle, mode):
            stream = real(handle, mode)
            stream.close()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(atomic.os, "fdopen", fdopen)
    else:
        monkeypatch.setattr(atomic.os, failing, full)
    with pytest.raises(OutputError, match=r"document\.json.*No space left"):
        write_atomic(path, b"new")
    assert names(tmp_path) == ["document.json"] and path.read_bytes() == b"old"


def test_a_failure_half_way_keeps_the_earlier_document(tmp_path, monkeypatch):
    write_document(document_of(), tmp_path)
    before = (tmp_path / "document.json").read_bytes()
    real = os.replace

    def full_at_html(source, target):
        if str(target).endswith(".html"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(source, target)

    monkeypatch.setattr(atomic.os, "replace", full_at_html)
    with pytest.raises(OutputError, match=r"document\.html"):
        write_document(full_document(), tmp_path)
    assert (tmp_path / "document.json").read_bytes() == before
    assert not [name for name in names(tmp_path) if name.endswith(".tmp")]


def test_an_interruption_leaves_no_rest(tmp_path, monkeypatch):
    def interrupted(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "a", b"x")
    assert names(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_named(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(OutputError, match="locked"):
        write_document(full_document(), folder)
    folder.chmod(0o700)
    assert names(folder) == []


def test_a_file_where_the_folder_should_be_is_named(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="out"):
        write_document(full_document(), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a file"


def test_a_folder_where_the_file_should_be_is_named(tmp_path):
    (tmp_path / "document.json").mkdir()
    with pytest.raises(OutputError, match=r"document\.json"):
        write_document(full_document(), tmp_path, ["json"])
    assert names(tmp_path) == []


def test_others_may_read_what_the_umask_lets_them(tmp_path):
    old = os.umask(0o022)
    try:
        path = write_atomic(tmp_path / "a", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_nothing_is_written_when_a_table_cannot_be_drawn(tmp_path):
    broken = spans_table()
    object.__setattr__(broken, "rows", 1)
    with pytest.raises(ValueError, match="t1"):
        write_document(document_of(broken), tmp_path)
    assert names(tmp_path) == []


def test_json_is_json(tmp_path):
    write_document(full_document(), tmp_path, ["json"])
    assert json.loads((tmp_path / "document.json").read_text(encoding="utf-8"))["schema"] == "ocr-pipeline/1"
