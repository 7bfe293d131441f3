from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from review_made import MakeFiling

from ocr_pipeline.errors import InputFileError, OutputError
from ocr_pipeline.export import load_document, write_document
from ocr_pipeline.review.corrections import read_corrections
from ocr_pipeline.review.serve import create_app, serve
from ocr_pipeline.review.shelf import Shelf

ORIGIN = "http://127.0.0.1:8765"


class Office:
    """The served folder, and a browser's requests to it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.app = create_app(root)

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        import asyncio

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
                return await client.request(method, path, **more)  # type: ignore[arg-type]

        return asyncio.run(send())

    def filings(self) -> list[dict[str, object]]:
        return list(self.data(self.ask("GET", "/"))["filings"])  # type: ignore[call-overload]

    @staticmethod
    def data(response: httpx.Response) -> dict[str, object]:
        assert response.status_code == 200, response.text
        found = re.search(r'id="data">(.*?)</script>', response.text, re.S)
        assert found
        read: dict[str, object] = json.loads(found[1])
        return read

    def desk(self) -> dict[str, str]:
        desk = self.data(self.ask("GET", f"/filing/{self.filings()[0]['id']}"))["desk"]
        assert isinstance(desk, dict)
        return desk

    def post(self, body: object, **headers: str) -> httpx.Response:
        desk = self.desk()
        sent = {"Origin": ORIGIN, "X-Review-Token": desk["token"], "Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.ask("POST", desk["save"], content=content, headers=sent)


@pytest.fixture
def office(tmp_path: Path, filing: MakeFiling) -> Office:
    filing(tmp_path / "desk" / "2022" / "qinghe")
    return Office(tmp_path / "desk")


def corrections(text: str = "18", **more: object) -> dict[str, object]:
    entry = {"table": "t1", "row": 4, "col": 2, "text": text}
    head = {"schema": "ocr-pipeline-corrections/1", "source": {"sha256": "ab" * 32}}
    return {**head, "corrections": [entry], **more}


def test_the_list_tells_what_is_left_to_do(office: Office) -> None:
    (line,) = office.filings()
    assert (line["title"], line["name"], line["pages"]) == ("青河县政务公开工作年度报告", "qinghe-2022.pdf", 2)
    assert (line["doubts"], line["broken"], line["done"], line["begun"]) == (8, 1, False, False)
    assert office.post(corrections(done=True)).status_code == 204
    (line,) = office.filings()
    assert (line["doubts"], line["broken"], line["done"], line["begun"]) == (4, 0, True, True)


def test_corrections_are_kept_beside_the_document_and_come_back(office: Office) -> None:
    assert office.post(corrections()).status_code == 204
    folder = office.root / "2022" / "qinghe"
    assert read_corrections(folder / "corrections.json").cells[0].text == "18"
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    page = office.data(office.ask("GET", f"/filing/{office.filings()[0]['id']}"))
    assert page["corrections"]["corrections"] == corrections()["corrections"]  # type: ignore[index]


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ""}, {"X_Review_Token": "guess"},
     {"X_Review_Token": ""}, {"Content_Type": "text/plain"}, {"Origin": "http://127.0.0.1:80"}],
    ids=str,
)  # fmt: skip
def test_a_change_from_elsewhere_is_refused(office: Office, headers: dict[str, str]) -> None:
    assert office.post(corrections(), **headers).status_code == 403
    assert not (office.root / "2022" / "qinghe" / "corrections.json").exists()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:80", "localhost:8765.evil.example", ""]
)
def test_another_host_name_gets_nothing(office: Office, host: str) -> None:
    key = office.filings()[0]["id"]
    for path in ("/", f"/filing/{key}"):
        answer = office.ask("GET", path, headers={"Host": host})
        assert answer.status_code == 421 and "qinghe" not in answer.text
    assert office.post(corrections(), Host=host).status_code == 421


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"\xff", corrections(corrections=[{"table": "t1", "row": 77, "col": 0, "text": ""}]),
     corrections(source={"sha256": "00"}), corrections(corrections=[{"page": 0, "block": 99, "text": ""}])],
    ids=["empty", "object", "bytes", "cell", "document", "block"],
)  # fmt: skip
def test_what_does_not_fit_is_not_kept(office: Office, body: object) -> None:
    answer = office.post(body)
    assert answer.status_code == 422 and answer.text
    assert not (office.root / "2022" / "qinghe" / "corrections.json").exists()


def test_a_body_without_end_is_cut_off(office: Office) -> None:
    assert office.post(b"[" * 8_000_001).status_code == 413


@pytest.mark.parametrize(
    "path",
    ["/filing/..%2f..%2fetc%2fpasswd", "/filing/../secret", "/filing/%2e%2e", "/2022/qinghe/document.json", "/filing/",
     "/filing/2022%2fqinghe", "/document.json", "/filing/0123456789abcdef01234567", "/filing/%00"],
)  # fmt: skip
def test_no_path_reaches_a_file(office: Office, path: str) -> None:
    answer = office.ask("GET", path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_links_out_of_the_folder_are_neither_read_nor_written(
    tmp_path: Path, office: Office, filing: MakeFiling
) -> None:
    filing(tmp_path / "outside")
    secret = tmp_path / "outside" / "document.json"
    desk = office.root
    (desk / "linked-folder").symlink_to(tmp_path / "outside", target_is_directory=True)
    (desk / "linked-file").mkdir()
    (desk / "linked-file" / "document.json").symlink_to(secret)
    lines = {line["name"]: line for line in office.filings()}
    assert set(lines) == {"qinghe-2022.pdf", "linked-file"}
    assert "out of the folder" in str(lines["linked-file"]["problem"])
    answer = office.ask("GET", f"/filing/{lines['linked-file']['id']}")
    assert answer.status_code == 422 and "青河" not in answer.text

    outside = tmp_path / "outside" / "victim.json"
    outside.write_text("precious")
    (desk / "2022" / "qinghe" / "corrections.json").symlink_to(outside)
    assert Shelf(desk).summaries()[0].problem
    (desk / "2022" / "qinghe" / "review.html").unlink()
    (desk / "2022" / "qinghe" / "review.html").symlink_to(tmp_path / "outside" / "review.html")
    key = next(line["id"] for line in office.filings() if line["name"] == "qinghe")
    assert office.ask("GET", f"/filing/{key}").status_code == 422
    assert outside.read_text() == "precious"


def test_saving_replaces_a_link_and_does_not_follow_it(tmp_path: Path, office: Office) -> None:
    desk = office.desk()
    outside = tmp_path / "victim.json"
    outside.write_text("precious")
    target = office.root / "2022" / "qinghe" / "corrections.json"
    target.symlink_to(outside)
    headers = {"Origin": ORIGIN, "X-Review-Token": desk["token"], "Content-Type": "application/json"}
    assert office.ask("POST", desk["save"], content=json.dumps(corrections()), headers=headers).status_code == 204
    assert outside.read_text() == "precious"
    assert not target.is_symlink()


def test_a_page_somebody_put_into_the_folder_does_not_run(office: Office) -> None:
    page = office.root / "2022" / "qinghe" / "review.html"
    page.write_text(
        page.read_text(encoding="utf-8").replace("<body>", "<body><script>planted()</script>"), encoding="utf-8"
    )
    assert "planted" not in office.ask("GET", f"/filing/{office.filings()[0]['id']}").text


def test_answers_carry_their_guards(office: Office) -> None:
    for path in ("/", f"/filing/{office.filings()[0]['id']}", "/filing/none"):
        headers = office.ask("GET", path).headers
        assert headers["x-frame-options"] == "DENY" and headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"


def test_the_list_follows_the_files(office: Office) -> None:
    folder = office.root / "2022" / "qinghe"
    document = load_document(folder / "document.json")
    write_document(replace(document, filing=replace(document.filing, title="改过的标题")), folder, ("json",))
    assert office.filings()[0]["title"] == "改过的标题"
    (folder / "document.json").write_text("{")
    assert "document.json" in str(office.filings()[0]["problem"])
    (folder / "document.json").unlink()
    assert office.filings() == []


def test_it_listens_on_loopback_only_and_tells_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    bound: list[tuple[str, int]] = []

    def run(self: object, sockets: list[socket.socket]) -> None:
        bound.append(sockets[0].getsockname())
        sockets[0].close()

    monkeypatch.setattr(uvicorn.Server, "run", run)
    told: list[str] = []
    serve(tmp_path, 0, told.append)
    assert bound[0][0] == "127.0.0.1"
    assert told == [f"http://127.0.0.1:{bound[0][1]}/"]


def test_a_port_in_use_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(OutputError, match="cannot be used"):
            serve(tmp_path, other.getsockname()[1])
    with pytest.raises(InputFileError, match="no-such"):
        serve(tmp_path / "no-such")


@pytest.fixture
def running(office: Office) -> Iterator[str]:
    """The address of a real server over the folder."""
    import uvicorn

    from ocr_pipeline.review.serve import listen

    listener = listen(0)
    port = listener.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(office.root, port), log_level="warning", lifespan="off", ws="none")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(10)


def test_the_running_server_answers(running: str) -> None:
    assert "qinghe-2022.pdf" in httpx.get(running, trust_env=False).text
