"""The review page in the hands of a person: headless Chromium, real keys and a real mouse."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from review_made import NASTY, MakeFiling, office_report

from ocr_pipeline.document import Cell, CellRole, Document, Flag, Page, PageStatus, Table, TablePart
from ocr_pipeline.export import load_document
from ocr_pipeline.export.links import cell_place, page_place
from ocr_pipeline.geometry import Quad
from ocr_pipeline.review.apply import apply_command
from ocr_pipeline.review.corrections import read_corrections
from ocr_pipeline.review.page import write_review
from ocr_pipeline.review.pictures import page_jpeg

if TYPE_CHECKING:
    from selenium.webdriver import Chrome


class Hands:
    """What a person does at the page, and what they see."""

    def __init__(self, browser: Chrome) -> None:
        self.browser = browser

    def open(self, address: str) -> None:
        self.browser.get(address)
        self.wait("document.documentElement.dataset.ready === 'yes'")

    def see(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(f"return {script}", *arguments)

    def wait(self, script: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while not self.see(script):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.02)

    def keys(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.browser).send_keys(*keys).perform()

    def hover(self, selector: str) -> None:
        self._at(selector, lambda actions: actions)

    def click(self, selector: str) -> None:
        self._at(selector, lambda actions: actions.click())

    def double_click(self, selector: str) -> None:
        self._at(selector, lambda actions: actions.double_click())

    def chosen(self) -> str | None:
        """The id of the chosen reading, which has to be the same on both sides."""
        ids: list[str] = self.see("[...document.querySelectorAll('.chosen[data-id]')].map((one) => one.dataset.id)")
        assert len(set(ids)) <= 1
        return ids[0] if ids else None

    def shown_on_both_sides(self, item: str) -> bool:
        return bool(self.see(_IN_VIEW, item))

    def errors(self) -> list[str]:
        """What the page complains of; the browser's own first page complains of a slow network."""
        messages = [entry["message"] for entry in self.browser.get_log("browser")]
        return [message for message in messages if not message.startswith("chrome://")]

    def _at(self, selector: str, act: Any) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        box = self.see("((e) => e.toJSON())(document.querySelector(arguments[0]).getBoundingClientRect())", selector)
        actions = ActionChains(self.browser, duration=0)
        actions.w3c_actions.pointer_action.move_to_location(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        act(actions).perform()


_IN_VIEW = """["paper", "results"].every((pane) => {
  const view = document.getElementById(pane).getBoundingClientRect();
  const box = document.querySelector(`#${pane} [data-id="${arguments[0]}"]`).getBoundingClientRect();
  return box.top >= view.top && box.bottom <= view.bottom && box.left >= view.left && box.right <= view.right;
})"""


@pytest.fixture
def hands(browser: Chrome) -> Iterator[Hands]:
    browser.get_log("browser")
    yield Hands(browser)
    # A page with unsaved corrections asks before it is left; the next test must not meet that question.
    browser.execute_script("window.addEventListener('beforeunload', (e) => e.stopImmediatePropagation(), true)")
    browser.get("about:blank")


@pytest.fixture
def page(hands: Hands, tmp_path: Path, filing: MakeFiling) -> Hands:
    """The review page of the office's report, opened from the disk."""
    filing(tmp_path / "doc")
    hands.open((tmp_path / "doc" / "review.html").as_uri())
    return hands


def id_of(hands: Hands, text: str) -> str:
    found: str = hands.see(
        "[...document.querySelectorAll('#results [data-id]')].find((e) => e.textContent === arguments[0]).dataset.id",
        text,
    )
    return found


def cell(item: str) -> str:
    return f'#results [data-id="{item}"]'


def shape(item: str) -> str:
    return f'#paper [data-id="{item}"]'


def has(hands: Hands, selector: str, name: str) -> bool:
    return bool(hands.see("document.querySelector(arguments[0]).classList.contains(arguments[1])", selector, name))


def test_pointing_at_either_side_highlights_the_other_and_shows_it(page: Hands) -> None:
    seal_cell = id_of(page, "四、结转下年度")  # on the second page, out of view on the left
    assert not page.shown_on_both_sides(seal_cell)
    page.hover(cell(seal_cell))
    assert has(page, shape(seal_cell), "hot") and has(page, cell(seal_cell), "hot")
    assert page.shown_on_both_sides(seal_cell)

    page.see("document.getElementById('paper').scrollTo(0, 0)")
    page.see("document.getElementById('results').scrollTo(0, 1e6)")
    title = id_of(page, "青河县政务公开工作年度报告")
    assert not page.shown_on_both_sides(title)
    page.hover(shape(title))
    assert has(page, cell(title), "hot") and not has(page, cell(seal_cell), "hot")
    assert page.shown_on_both_sides(title)
    assert page.errors() == []


def test_an_address_leads_to_a_cell_or_a_page(hands: Hands, tmp_path: Path, filing: MakeFiling) -> None:
    filing(tmp_path / "doc")
    document = load_document(tmp_path / "doc" / "document.json")
    table = document.tables[0]
    last = table.cells[-1]
    address = (tmp_path / "doc" / "review.html").as_uri()
    hands.open(f"{address}#{cell_place(table.id, last.row, last.col)}")
    chosen = hands.chosen()
    assert chosen and hands.shown_on_both_sides(chosen)
    assert hands.see("document.querySelector(arguments[0]).textContent", cell(chosen)) == last.text
    top = "document.querySelectorAll('#paper .sheet')[arguments[0]].getBoundingClientRect().top"
    view = hands.see("document.getElementById('paper').getBoundingClientRect().top")
    hands.see(f"location.hash = '{page_place(1)}'")
    hands.wait("document.getElementById('paper').scrollTop > 0")
    assert abs(hands.see(top, 1) - view) < 2
    for odd in ("page-99", "t1-r999c1", "t9-r1c1", "page-", "<img src=x onerror=alert(1)>"):
        hands.see("location.hash = arguments[0]", odd)
    assert hands.errors() == []


def test_n_and_p_step_through_every_doubt_and_back(page: Hands) -> None:
    doubts = page.see("[...document.querySelectorAll('#results .doubt')].map((one) => one.dataset.id)")
    assert len(doubts) == 8
    forth = []
    for _ in doubts:
        page.keys("n")
        item = page.chosen()
        assert item and page.shown_on_both_sides(item)
        forth.append(item)
    assert forth == doubts, "each once, in the order of the page"
    page.keys("n")
    assert page.chosen() == doubts[0], "and round again"
    back = []
    for _ in doubts:
        page.keys("p")
        back.append(page.chosen())
    assert back == doubts[::-1]


def test_worst_first_steps_by_severity(page: Hands) -> None:
    page.click("#doubts .order")
    page.keys("n")
    assert page.chosen() == id_of(page, "15")


def test_arrows_move_over_merged_cells_and_out_of_the_table(page: Hands) -> None:
    from selenium.webdriver.common.keys import Keys

    page.click(cell(id_of(page, "三、本年度办理结果")))
    page.keys(Keys.ARROW_RIGHT)
    assert page.chosen() == id_of(page, "（一）予以公开")
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_LEFT)
    assert page.chosen() == id_of(page, "三、本年度办理结果")
    page.keys(Keys.ARROW_DOWN)
    assert page.chosen() == id_of(page, "四、结转下年度")
    page.click(cell(id_of(page, "（本列数据的勾稽关系）")))
    page.keys(Keys.ARROW_UP)
    assert page.chosen() == id_of(page, "收到和处理信息公开申请情况")


def test_the_chosen_cell_shows_its_crop_raw_reading_and_alternatives(page: Hands) -> None:
    page.click(cell(id_of(page, "15")))
    page.wait("document.querySelector('#choice canvas').dataset.ready !== undefined")
    dark = page.see("""(() => {
      const canvas = document.querySelector('#choice canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let dark = 0;
      for (let i = 0; i < data.length; i += 4) dark += data[i] < 110;
      return dark / (data.length / 4);
    })()""")
    assert 0.01 < dark < 0.3, "print and rulings on paper"
    panel = page.see("document.getElementById('choice').textContent")
    for part in ("row 5, column 3", "As read15", "52%", "unsure reading", "a rule does not hold", "118", "216", "41%"):
        assert part in panel


def test_a_correction_mends_the_sum_and_apply_keeps_it(page: Hands, tmp_path: Path, downloads: Path) -> None:
    item, others = id_of(page, "15"), [id_of(page, text) for text in ("4", "25")]
    assert page.see("document.getElementById('check-count').textContent") == "Broken checks: 1"
    page.double_click(cell(item))
    page.keys("1", "8", "\ue007")
    assert page.see("document.querySelector(arguments[0]).textContent", cell(item)) == "18"
    assert page.see("document.getElementById('check-count').textContent") == "All 12 checks hold"
    assert page.see("document.querySelector('#checks .check.ok .chip').textContent") == "mended"
    assert has(page, shape(item), "settled")
    assert not any(has(page, side, "doubt") for other in (item, *others) for side in (shape(other), cell(other)))
    assert page.see("document.getElementById('doubt-count').textContent") == "Doubts open: 4 of 8"

    page.keys("s")
    saved = wait_for(downloads / "corrections.json")
    made = read_corrections(saved)
    assert [(one.table, one.row, one.col, one.text, one.raw) for one in made.cells] == [("t1", 4, 2, "18", "15")]
    apply_command(saved, tmp_path / "doc")
    saved.unlink()
    after = load_document(tmp_path / "doc" / "document.json")
    mended = after.tables[0].cell_at(4, 2)
    assert mended and (mended.text, mended.raw, mended.flags) == ("18", "15", (Flag.CORRECTED,))
    assert all(check.ok for check in after.tables[0].checks)

    page.open((tmp_path / "doc" / "review.html").as_uri())
    assert page.see("document.getElementById('check-count').textContent") == "All 12 checks hold"
    assert has(page, cell(id_of(page, "18")), "settled")
    assert page.errors() == []


def test_a_correction_can_break_a_sum_and_be_undone(page: Hands) -> None:
    item = id_of(page, "46")
    page.click(cell(item))
    page.keys("\ue007", "4", "７", "\ue007")
    assert page.see("document.getElementById('check-count').textContent") == "Broken checks: 2"
    assert has(page, cell(id_of(page, "31")), "doubt")
    page.keys("u")
    assert page.see("document.getElementById('check-count').textContent") == "Broken checks: 1"
    assert not has(page, cell(id_of(page, "31")), "doubt")
    page.keys("\ue007", "4", "x", "\ue007")
    assert "not a number" in page.see("document.getElementById('checks').textContent")


def test_an_alternative_is_taken_and_a_reading_confirmed_by_key(page: Hands) -> None:
    item = id_of(page, "15")
    page.click(cell(item))
    page.keys("1")
    assert page.see("document.querySelector(arguments[0]).textContent", cell(item)) == "18"
    document_number = id_of(page, "青政办〔2023〕17号")
    page.click(shape(document_number))
    page.keys("c")
    assert has(page, cell(document_number), "settled") and not has(page, cell(document_number), "doubt")


def test_a_check_of_unknown_arithmetic_waits_for_apply(page: Hands) -> None:
    page.see("document.getElementById('results').scrollTo(0, 1e6)")
    zero = page.see("[...document.querySelectorAll('.table')][1].querySelector('td.data').dataset.id")
    page.click(cell(zero))
    page.keys("\ue007", "3", "\ue007")
    assert (
        page.see("document.querySelector('#checks .check.later .chip').textContent") == "to be checked again by apply"
    )


def test_escape_drops_an_edit_and_keys_in_the_editor_are_text(page: Hands) -> None:
    item = id_of(page, "31")
    page.double_click(cell(item))
    page.keys("n", "p", "s")
    assert page.see("document.querySelector('#results textarea').value") == "nps"
    page.keys("\ue00c")
    assert page.see("document.querySelector(arguments[0]).textContent", cell(item)) == "31"
    assert page.see("document.getElementById('dirty').hidden")


def test_markup_from_a_scan_stays_text_everywhere(page: Hands) -> None:
    item = id_of(page, NASTY)
    page.click(cell(item))
    page.keys("\ue007", "<img src=x onerror=window.hacked=3>", "\ue007")
    assert page.see("document.querySelector(arguments[0]).textContent", cell(item)).startswith("<img")
    page.keys("l", "l", "n", "p")
    assert page.see("typeof window.hacked") == "undefined"
    assert page.see("document.images.length") == 0
    assert page.see("document.querySelectorAll('script').length") == 4
    assert page.errors() == []


def test_the_page_speaks_chinese(page: Hands) -> None:
    assert page.see("document.querySelector('#save [data-word]').textContent") == "Save"
    page.click("#language")
    assert page.see("document.querySelector('#save [data-word]').textContent") == "保存"
    assert page.see("document.getElementById('doubt-count').textContent") == "待核 8 / 8 处"
    assert page.see("document.documentElement.lang") == "zh-CN"
    missing = page.see("[...document.body.innerText.matchAll(/\\b[a-z]+_[a-z]+\\b/g)].map(String)")
    assert missing == []
    page.keys("l")
    assert page.see("document.querySelector('#save [data-word]').textContent") == "Save"


def test_zoom_keeps_shapes_on_their_print(page: Hands) -> None:
    item = id_of(page, "15")
    page.keys("+", "+", "+")
    assert page.see("document.getElementById('zoom-fit').textContent") == "195%"
    page.click(cell(item))
    assert page.shown_on_both_sides(item)
    page.keys("0")
    assert page.see("document.getElementById('zoom-fit').textContent") == "100%"


def test_corrections_of_an_earlier_day_are_opened(page: Hands, tmp_path: Path) -> None:
    entries = [
        {"table": "t1", "row": 4, "col": 2, "text": "18", "raw": "15"},
        {"table": "t1", "row": 70, "col": 2, "text": "18"},
        {"page": 0, "block": 1, "text": "<b>号</b>"},
    ]
    content = {"schema": "ocr-pipeline-corrections/1", "source": {"sha256": "ab" * 32}, "corrections": entries}
    file = tmp_path / "earlier.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    page.browser.find_element("id", "open").send_keys(str(file))
    page.wait("document.getElementById('message').hidden === false")
    assert page.see("document.getElementById('message').textContent").endswith("not fitting this document: 1.")
    assert page.see("document.getElementById('check-count').textContent") == "All 12 checks hold"
    file.write_text(json.dumps({**content, "source": {"sha256": "00"}}), encoding="utf-8")
    page.browser.find_element("id", "open").send_keys(str(file))
    page.wait("document.getElementById('message').className === 'bad'")


@pytest.mark.parametrize("orientation", [0, 90, 180, 270])
def test_a_turned_scan_is_shown_upright(hands: Hands, tmp_path: Path, orientation: int) -> None:
    document, jpeg = turned_document(orientation)
    write_review(document, lambda index: jpeg, tmp_path / "review.html")
    hands.open((tmp_path / "review.html").as_uri())
    hands.hover(cell("0"))
    upright = hands.see("document.querySelector('.sheet').getBoundingClientRect().toJSON()")
    assert upright["width"] / upright["height"] == pytest.approx(600 / 900, rel=0.01)
    box = hands.see("document.querySelector(arguments[0]).getBoundingClientRect().toJSON()", shape("0"))
    left = (box["left"] - upright["left"]) / upright["width"] * 600
    assert left == pytest.approx(100, abs=3)
    hands.click(cell("0"))
    hands.wait("document.querySelector('#choice canvas').dataset.ready === '0'")
    gray = hands.see("""[0.3, 0.7].map((at) => {
      const canvas = document.querySelector('#choice canvas');
      return canvas.getContext('2d').getImageData(canvas.width * at, canvas.height / 2, 1, 1).data[0];
    })""")
    assert gray[0] < 60 and gray[1] > 200, "the left half of the cell is black"


def turned_document(orientation: int) -> tuple[Document, bytes]:
    """A page of 600 x 900 upright pixels with one cell, black in its left half, that lies turned in the file."""
    upright = np.full((900, 600, 3), 255, np.uint8)
    upright[300:400, 100:200] = 0
    source = np.rot90(upright, orientation // 90)  # counter-clockwise: turning clockwise sets it right
    corners = np.array([[100, 300], [300, 300], [300, 400], [100, 400]], float)
    x, y = corners.T
    turned = {0: (x, y), 90: (y, 600 - x), 180: (600 - x, 900 - y), 270: (900 - y, x)}[orientation]
    quad = Quad.of_array(np.stack(turned, axis=1))
    one = Cell(0, 0, 1, 1, "黑", "黑", 0.9, CellRole.DATA, 0, quad.box, quad)
    table = Table("t1", "", None, 1, 1, (TablePart(0, quad.box, (0, 0)),), (one,))
    height, width = source.shape[:2]
    made = office_report()[0]
    pages = (Page(0, width, height, 100, orientation, 0.0, PageStatus.OK),)
    return replace(made, pages=pages, tables=(table,), review=()), page_jpeg(np.ascontiguousarray(source), quality=95)


def test_thirty_pages_and_three_thousand_cells_open_and_answer_at_once(
    hands: Hands, tmp_path: Path, long_filing: MakeFiling, record_property: Any
) -> None:
    document = long_filing(tmp_path)
    assert len(document.pages) == 30 and sum(len(table.cells) for table in document.tables) == 3000
    plain_opened, plain_waits = _opened(hands, _plain_page(tmp_path, 3000)), _highlighted(hands)
    opened = _opened(hands, tmp_path / "review.html")
    assert hands.see("document.querySelectorAll('#results td.reading').length") == 3000
    assert hands.see("document.querySelectorAll('image[href]').length") < 5, "pictures are decoded when they come near"
    waits = _highlighted(hands)
    print(f"\nopened in {opened:.2f} s, a bare page in {plain_opened:.2f} s; highlight: {waits} ms, {plain_waits} ms")
    record_property("opened_s", opened)
    record_property("highlight_ms", waits)
    # Times are told, not judged: a machine busy with other programs fails a faultless page. What a highlight costs is
    # what it changes, and that does not grow with the document.
    changes = hands.browser.execute_async_script(_CHANGES)
    assert 40 <= changes < 40 * 12


def _opened(hands: Hands, page: Path) -> float:
    """Seconds until a page is painted."""
    started = time.monotonic()
    hands.open(page.as_uri())
    assert hands.browser.execute_async_script(_PAINTED, 0) >= 0
    return time.monotonic() - started


def _highlighted(hands: Hands) -> float:
    """Milliseconds within which 19 of 20 highlights are painted, in the best of three rounds."""
    rounds = [sorted(hands.browser.execute_async_script(_HIGHLIGHTS)) for _ in range(3)]
    return float(min(waits[int(len(waits) * 0.95)] for waits in rounds))


def _plain_page(folder: Path, cells: int) -> Path:
    """As many cells and shapes as the page has, and nothing else."""
    rows = "".join(f'<tr><td class="reading">{number}</td></tr>' for number in range(cells))
    shapes = "".join(f'<rect class="mark cell" x="{n % 50}" y="{n // 50}" width="1" height="1"/>' for n in range(cells))
    script = "addEventListener('pointerover', (event) => { event.target.classList.toggle('on'); });"
    path = folder / "plain.html"
    path.write_text(
        f"<!doctype html><html data-ready='yes'><style>.on {{ color: red }}</style><table id='results'>{rows}</table>"
        f"<svg id='paper' width='500' height='600' viewBox='0 0 50 60'>{shapes}</svg><script>{script}</script>"
    )
    return path


_PAINTED = """const done = arguments[1];
requestAnimationFrame((now) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => done(now);
  port2.postMessage(0);
});"""

# Attributes and elements that 40 highlights change.
_CHANGES = """const done = arguments[0];
const cells = [...document.querySelectorAll('#results td.reading')];
const shapes = [...document.querySelectorAll('#paper .mark.cell')];
let changes = 0;
const observer = new MutationObserver((records) => { changes += records.length; });
observer.observe(document, { subtree: true, attributes: true, childList: true });
for (let number = 0; number < 40; number++) {
  const list = number % 2 ? shapes : cells;
  list[(number * 1237) % list.length].dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
}
requestAnimationFrame(() => setTimeout(() => done(changes), 100));"""

# From the mouse's event to the frame with the highlight on it, for cells all over the document.
_HIGHLIGHTS = """const done = arguments[0];
const cells = [...document.querySelectorAll('#results td.reading')];
const shapes = [...document.querySelectorAll('#paper .mark.cell')];
const waits = [];
function next(number) {
  if (number === 40) { done(waits); return; }
  const list = number % 2 ? shapes : cells;
  const start = performance.now();
  list[(number * 1237) % list.length].dispatchEvent(new PointerEvent('pointerover', { bubbles: true }));
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { waits.push(performance.now() - start); setTimeout(() => next(number + 1), 30); };
    port2.postMessage(0);
  });
}
next(0);"""


def wait_for(path: Path, seconds: float = 60) -> Path:
    end = time.monotonic() + seconds
    while not path.exists() or path.stat().st_size == 0:
        assert time.monotonic() < end, f"{path} never came"
        time.sleep(0.05)
    return path


@pytest.fixture
def served(tmp_path: Path, filing: MakeFiling) -> Iterator[tuple[str, Path]]:
    """The address of a running server, and the folder of its one filing."""
    import uvicorn

    from ocr_pipeline.review.serve import create_app, listen

    folder = tmp_path / "desk" / "qinghe"
    filing(folder)
    listener = listen(0)
    port = listener.getsockname()[1]
    app = create_app(tmp_path / "desk", port)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}/", folder
    server.should_exit = True
    thread.join(10)


def test_a_served_filing_is_corrected_and_saved_beside_its_document(hands: Hands, served: tuple[str, Path]) -> None:
    address, folder = served
    hands.open(address)
    assert hands.see("[...document.querySelectorAll('tbody td.number')].map((one) => one.textContent)") == [
        "2",
        "8",
        "1",
    ]
    hands.click("tbody a")
    hands.wait("document.getElementById('paper') !== null && document.documentElement.dataset.ready === 'yes'")
    hands.double_click(cell(id_of(hands, "15")))
    hands.keys("18", "\ue007")
    hands.click("#done")
    hands.click("#save")
    saved = read_corrections(wait_for(folder / "corrections.json"))
    assert saved.done and saved.cells[0].text == "18"
    hands.wait("document.getElementById('dirty').hidden")
    hands.click("#back")
    hands.wait("document.getElementById('filings') !== null && document.documentElement.dataset.ready === 'yes'")
    assert hands.see("[...document.querySelectorAll('tbody td')].slice(1).map((one) => one.textContent)") == [
        "2",
        "4",
        "0",
        "done",
    ]
    hands.click("tbody a")
    hands.wait("document.getElementById('paper') !== null && document.documentElement.dataset.ready === 'yes'")
    assert has(hands, cell(id_of(hands, "18")), "settled")
    assert [error for error in hands.errors() if "favicon" not in error] == []


def test_a_page_of_an_earlier_run_is_told_to_load_again(hands: Hands, served: tuple[str, Path]) -> None:
    address, folder = served
    hands.open(address)
    hands.open(address.rstrip("/") + hands.see("document.querySelector('tbody a').getAttribute('href')"))
    hands.see(_OLD_TOKEN)
    hands.keys("n", "c", "s")
    hands.wait("document.getElementById('message').className === 'bad'")
    assert "load it again" in hands.see("document.getElementById('message').textContent")
    assert not (folder / "corrections.json").exists()


_OLD_TOKEN = """fetch = ((real) => (address, more) =>
  real(address, { ...more, headers: { ...more.headers, "X-Review-Token": "old" } }))(fetch)"""
