"""The documentation holds: its commands run, its links lead somewhere, nothing is left out of the reference."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf
import pytest
import typer

from ocr_pipeline.cli import app
from ocr_pipeline.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = ["README.md", "README.zh.md", "docs/tutorial.md", "docs/installation.md", "docs/howto.md", "docs/reference.md"]
"""Pages whose bash and python blocks are run; batch has its own page and its own tests."""

_BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """What stands between fences, and the line it begins on."""

    language: str
    code: str
    line: int


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m[1], m[2], text.count("\n", 0, m.start()) + 2) for m in _BLOCK.finditer(text)]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the files that the commands name."""
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    with pymupdf.open(ROOT / "samples" / "gangcha-office.pdf") as whole, pymupdf.open() as one:
        one.insert_pdf(whole, from_page=3, to_page=3)
        one.save(tmp_path / "scan.pdf")
    (tmp_path / "more").mkdir()
    for name in ("photo.jpg", "more/another.jpg"):
        (tmp_path / name).symlink_to(ROOT / "samples" / "table-page.jpg")
    (tmp_path / "my-form.toml").write_text(own_form(), encoding="utf-8")
    return tmp_path


def own_form() -> str:
    """The form that docs/profiles.md writes step by step."""
    pieces = re.findall(r"^```toml\n(.*?)^```$", (ROOT / "docs" / "profiles.md").read_text("utf-8"), re.M | re.S)
    head, table, columns, rows, rules, wordings = pieces[:6]
    return "\n".join([head, wordings, table, columns, rows, rules])


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", RUN)
def test_the_commands_of_the_page_run(name: str, desk: Path) -> None:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for block in blocks(ROOT / name):
        program = ["bash", "-euo", "pipefail", "-c"] if block.language == "bash" else [sys.executable, "-c"]
        code = with_corrections(block.code, desk) if block.language == "bash" else block.code
        done = subprocess.run([*program, code], cwd=desk, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"{name}, line {block.line}:\n{block.code}\n{done.stdout}\n{done.stderr}"


def with_corrections(code: str, desk: Path) -> str:
    """README's `apply` needs a person's file: one that corrects nothing takes its place."""
    if "apply corrections.json" not in code or (desk / "corrections.json").exists():
        return code
    make = (
        "python -c \"import hashlib, json; sha = hashlib.sha256(open('scan.pdf', 'rb').read()).hexdigest(); json.dump("
        "{'schema': 'ocr-pipeline-corrections/1', 'source': {'sha256': sha}, 'corrections': []}, "
        "open('corrections.json', 'w'))\"\n"
    )
    return make + code


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        aimed = (page.parent / path).resolve() if path else page
        assert aimed.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(aimed), f"{page.name}: {target}"


def anchors(page: Path) -> set[str]:
    titles = _HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def commands() -> Iterator[tuple[str, Any]]:
    """Each command with its full name."""

    def walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        for part, sub in (inner or {}).items():
            yield from walk(f"{name} {part}".strip(), sub)

    return walk("", typer.main.get_command(app))


def test_the_reference_leaves_no_option_out() -> None:
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (.+?)\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL))
    for name, command in commands():
        assert name in sections, name
        if name == "batch":
            continue
        for parameter in command.params:
            if parameter.param_type_name == "option" and parameter.name != "verbose":
                assert f"`{parameter.opts[0]}`" in sections[name], (name, parameter.opts)
        named = set(re.findall(r"`(--[a-z-]+)`", sections[name]))
        assert named <= {option for parameter in command.params for option in parameter.opts}, name


@pytest.mark.parametrize("name", ["README.md", "README.zh.md", "docs/reference.md"])
def test_every_exit_code_is_told(name: str) -> None:
    told = re.findall(r"^\| (\d+) \|", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(code) for code in told} == {code.value for code in ExitCode}


def test_pictures_are_small_and_used() -> None:
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    for picture in (ROOT / "docs" / "pictures").iterdir():
        assert picture.stat().st_size < 300_000, picture.name
        assert picture.name in texts, picture.name
