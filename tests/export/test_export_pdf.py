import io
import math
import random
import re
import shutil
import subprocess
from html import unescape

import numpy as np
import pymupdf
import pytest
from export_samples import document_of, table
from PIL import Image

from ocr_pipeline.document import (
    Block,
    Cell,
    CellRole,
    Document,
    EngineInfo,
    Filing,
    Line,
    Page,
    PageStatus,
    Role,
    SourceInfo,
)
from ocr_pipeline.errors import InputFileError, OutputError, UnsupportedError
from ocr_pipeline.export.pdf import write_searchable_pdf
from ocr_pipeline.export.textlayer import printed_lines, text_pieces
from ocr_pipeline.geometry import Box, Quad

A4 = (1654, 2339)  # pixels at 200 dpi
NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")


def picture(width, height, kind="JPEG", **options):
    gray = np.full((height, width), 250, np.uint8)
    gray[height // 3 : height // 3 + 9, 20:-20] = 0
    stream = io.BytesIO()
    Image.fromarray(gray).save(stream, kind, **options)
    return stream.getvalue()


def scan_pdf(path, sizes, *, rotate=0, crop=None, dpi=200, raw=b""):
    """A PDF of one JPEG a page, shown upright by /Rotate, as scanners make them."""
    pdf = pymupdf.open()
    for width, height in sizes:
        stored = (height, width) if rotate in (90, 270) else (width, height)
        page = pdf.new_page(width=stored[0] * 72 / dpi, height=stored[1] * 72 / dpi)
        page.insert_image(page.rect, stream=picture(*stored))
        if raw:
            xref = pdf.get_new_xref()
            pdf.update_object(xref, "<<>>")
            pdf.update_stream(xref, raw)
            pdf.xref_set_key(page.xref, "Contents", f"[{page.get_contents()[0]} 0 R {xref} 0 R]")
        if crop:
            page.set_cropbox(pymupdf.Rect(*crop))
        page.set_rotation(rotate)
    pdf.save(path)
    return path


def cell_at(row, col, text, box, *, quad=None, page=0, raw=None):
    quad = quad or Quad.of_box(box)
    raw = text if raw is None else raw
    return Cell(row, col, 1, 1, text, raw, 0.9, CellRole.DATA, page, quad.box, quad)


def document(cells, sizes, *, blocks=()):
    pages = tuple(
        Page(n, w, h, 200.0, 0, 0.0, PageStatus.OK, blocks=blocks if n == 0 else ()) for n, (w, h) in enumerate(sizes)
    )
    rows, cols = max(c.row for c in cells) + 1, max(c.col for c in cells) + 1
    return Document(
        SourceInfo("s.pdf", "0" * 64, len(sizes)), EngineInfo(), Filing(), pages, (table("t1", cells, rows, cols),)
    )


def random_cells(count, size, seed=1, page=0):
    """A ruled table over the page, 10 columns, cells touching but for the ruling."""
    chance = random.Random(seed)
    alphabet = "一二三维持结果总计〔〕（）0123456789.%-abcXYZ"
    rows = math.ceil(count / 10)
    width, height = (size[0] - 200) / 10, (size[1] - 200) / rows
    cells = []
    for n in range(count):
        r, c = divmod(n, 10)
        x, y = 100 + c * width, 100 + r * height
        text = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 7)))
        cells.append(cell_at(r, c, text, Box(x + 1, y + 1, x + width - 1, y + height - 1), page=page))
    return cells


def scaled(box, scale):
    return pymupdf.Rect(box.x0 * scale, box.y0 * scale, box.x1 * scale, box.y1 * scale)


def mupdf_words(page, rect):
    """The words inside a rectangle of the page as displayed."""
    words = page.get_text("words", clip=rect * page.derotation_matrix)
    return "".join(word[4] for word in words)


def poppler_words(path):
    """Per page a list of (Rect, text)."""
    text = subprocess.run(["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True).stdout.decode()
    word = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')
    return [
        [(pymupdf.Rect(*map(float, m.groups()[:4])), unescape(m.group(5))) for m in word.finditer(page)]
        for page in text.split("<page ")[1:]
    ]


def inside(outer, inner, slack=0.5):
    return (
        outer.x0 - slack <= inner.x0
        and outer.y0 - slack <= inner.y0
        and (inner.x1 <= outer.x1 + slack and inner.y1 <= outer.y1 + slack)
    )


def images_of(path):
    pdf = pymupdf.open(path)
    return [pdf.xref_stream_raw(image[0]) for page in pdf for image in page.get_images(full=True)]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("seed", [1, 2])
def test_each_cell_gives_back_its_text(tmp_path, rotate, seed):
    source = scan_pdf(tmp_path / "s.pdf", [A4], rotate=rotate)
    cells = random_cells(200, A4, seed)
    write_searchable_pdf(document(cells, [A4]), source, tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    found = [mupdf_words(page, scaled(cell.box, 72 / 200)) == cell.text for cell in cells]
    assert sum(found) >= 0.99 * len(cells)
    assert images_of(tmp_path / "o.pdf") == images_of(source)


@NEEDS_POPPLER
@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_poppler_finds_each_text_inside_its_cell(tmp_path, rotate):
    source = scan_pdf(tmp_path / "s.pdf", [A4], rotate=rotate)
    cells = random_cells(200, A4)
    write_searchable_pdf(document(cells, [A4]), source, tmp_path / "o.pdf")
    words = poppler_words(tmp_path / "o.pdf")[0]
    found = 0
    for cell in cells:
        rect = scaled(cell.box, 72 / 200)
        found += "".join(text for place, text in words if inside(rect, place)) == cell.text
    assert found >= 0.99 * len(cells)
    assert len(words) == len(cells)  # no two neighbours became one word


def test_cropped_page(tmp_path):
    # The page shows only what lies 50 points from the left and 80 from the top, 400 x 600 points.
    source = scan_pdf(tmp_path / "s.pdf", [A4], crop=(50, 80, 450, 680))
    size = (round(400 * 200 / 72), round(600 * 200 / 72))
    cells = random_cells(50, size)
    write_searchable_pdf(document(cells, [size]), source, tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    assert tuple(page.rect) == (0, 0, 400, 600)
    assert all(mupdf_words(page, scaled(cell.box, 400 / size[0])) == cell.text for cell in cells)


def test_cropped_and_turned_page(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4], rotate=90, crop=(50, 80, 650, 480))
    size = (round(400 * 200 / 72), round(600 * 200 / 72))
    cells = random_cells(30, size)
    write_searchable_pdf(document(cells, [size]), source, tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    assert tuple(page.rect) == (0, 0, 400, 600)
    assert all(mupdf_words(page, scaled(cell.box, 400 / size[0])) == cell.text for cell in cells)


def tilted_table(size, degrees, rows=20, cols=10, wide=()):
    """A ruled table turned about the page's middle, cells touching; the first row's cells span two columns, a wide
    row is one cell."""
    turn, chance = math.radians(degrees), random.Random(7)
    cos, sin, mx, my = math.cos(turn), math.sin(turn), size[0] / 2, size[1] / 2
    width, height = (size[0] - 400) / cols, 60

    def turned(x, y):
        return mx + (x - mx) * cos - (y - my) * sin, my + (x - mx) * sin + (y - my) * cos

    cells = []
    for r in range(rows):
        across = cols if r in wide else 2 if r == 0 else 1
        for c in range(0, cols, across):
            x0, x1, y = 200 + c * width, 200 + (c + across) * width, 400 + r * height
            quad = Quad((turned(x0, y), turned(x1, y), turned(x1, y + height), turned(x0, y + height)))
            cells.append(cell_at(r, c, str(chance.randint(1000, 9999)), None, quad=quad))
    return cells


def read_back(path, cells, scale=72 / 200):
    """What PyMuPDF and poppler find in each cell's box."""
    page, words = pymupdf.open(path)[0], poppler_words(path)[0]
    words.sort(key=lambda word: word[0].x0)  # poppler parts tilted words, and orders the parts its own way
    boxes = [scaled(cell.box, scale) for cell in cells]
    within = ["".join(text for place, text in words if inside(box, place)) for box in boxes]
    return [mupdf_words(page, box) for box in boxes], within


@NEEDS_POPPLER
@pytest.mark.parametrize(
    ("degrees", "wide"),  # at 3 degrees a wide row's box covers the whole cells above it
    [(-3, ()), (-2.6, (0, 6, 12, 13)), (-1.2, ()), (-1.2, (4, 5)), (0.4, ()), (0.4, (3, 9)), (2, ()), (2, (0, 6, 7))],
)
def test_on_crooked_pages_a_cells_box_gives_its_own_text_and_nothing_of_its_neighbours(tmp_path, degrees, wide):
    cells = tilted_table(A4, degrees, wide=wide)
    write_searchable_pdf(document(cells, [A4]), scan_pdf(tmp_path / "s.pdf", [A4]), tmp_path / "o.pdf")
    texts = [cell.text for cell in cells]
    assert read_back(tmp_path / "o.pdf", cells) == (texts, texts)


@NEEDS_POPPLER
def test_a_title_just_above_a_crooked_table_stays_out_of_its_cells(tmp_path):
    cells = tilted_table(A4, 2, wide=(0,))
    x, y = cells[0].quad.points[0]
    slope = math.radians(2)
    quad = Quad(((x, y - 50), (x + 500, y - 50 + 500 * slope), (x + 500, y + 500 * slope), (x, y)))
    title = Block(Role.TABLE_TITLE, "二、主动公开", "二、主动公开", 0.9, quad.box, quad)
    write_searchable_pdf(document(cells, [A4], blocks=(title,)), scan_pdf(tmp_path / "s.pdf", [A4]), tmp_path / "o.pdf")
    assert "二、主动公开" in pymupdf.open(tmp_path / "o.pdf")[0].get_text()
    texts = [cell.text for cell in cells]
    assert read_back(tmp_path / "o.pdf", cells) == (texts, texts)


@pytest.mark.parametrize("degrees", [91.5, 180.8, 268])
def test_crooked_tables_lying_on_their_side_read_their_own_way(tmp_path, degrees):
    cells = tilted_table(A4, degrees, rows=6)
    write_searchable_pdf(document(cells, [A4]), scan_pdf(tmp_path / "s.pdf", [A4]), tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    assert [mupdf_words(page, scaled(cell.box, 72 / 200)) for cell in cells] == [cell.text for cell in cells]
    directions = [line["dir"] for block in page.get_text("dict")["blocks"] for line in block.get("lines", [])]
    turn = math.radians(round(degrees / 90) * 90)
    assert all(direction == pytest.approx((math.cos(turn), math.sin(turn)), abs=1e-3) for direction in directions)


@NEEDS_POPPLER
def test_lines_of_a_crooked_cell_become_one_where_there_is_hardly_room(tmp_path):
    cells = tilted_table(A4, 2.6, wide=(6, 12))
    raw = "已结果\n未维持\n再纠正"
    text = raw.replace("\n", "")
    cells = [cell_at(c.row, c.col, text, None, quad=c.quad, raw=raw) if c.row in (5, 7) else c for c in cells]
    write_searchable_pdf(document(cells, [A4]), scan_pdf(tmp_path / "s.pdf", [A4]), tmp_path / "o.pdf")
    lines = {piece.text for piece in text_pieces(document(cells, [A4]))[0]}
    assert {"已结果", text} <= lines
    assert read_back(tmp_path / "o.pdf", cells)[0] == [cell.text for cell in cells]


@pytest.mark.parametrize("degrees", [-6, -2, 3, 8])
def test_tilted_cells_keep_their_text_in_the_tilted_quad(tmp_path, degrees):
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    turn = math.radians(degrees)
    cells = []
    for n, text in enumerate(["1,252", "结果维持", "0"]):
        x, y = 300 + 300 * n, 900
        corners = [(0, 0), (250, 0), (250, 60), (0, 60)]
        quad = Quad(
            tuple(
                (x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn))
                for a, b in corners
            )
        )
        cells.append(cell_at(0, n, text, None, quad=quad))
    write_searchable_pdf(document(cells, [A4]), source, tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    lines = [line for block in page.get_text("dict")["blocks"] if block["type"] == 0 for line in block["lines"]]
    for line in lines:
        assert math.degrees(math.atan2(line["dir"][1], line["dir"][0])) == pytest.approx(degrees, abs=0.1)
    assert len(page.get_text("words")) == 3
    for cell in cells:
        assert mupdf_words(page, scaled(cell.box, 72 / 200)) == cell.text


def test_print_lying_on_its_side_in_the_page(tmp_path):
    # The top left of the print is at the page's bottom left: the reading direction goes up.
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    quad = Quad(((400, 900), (400, 500), (460, 500), (460, 900)))
    write_searchable_pdf(document([cell_at(0, 0, "侧放的字", None, quad=quad)], [A4]), source, tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    line = next(block for block in page.get_text("dict")["blocks"] if block["type"] == 0)["lines"][0]
    assert line["dir"] == pytest.approx((0, -1), abs=1e-3)
    assert mupdf_words(page, scaled(quad.box, 72 / 200)) == "侧放的字"


def test_printed_lines():
    assert printed_lines("结果维持", "结 果\n维 持") == ("结果", "维持")
    assert printed_lines("结果维持", "结果维持") == ("结果维持",)
    assert printed_lines("18", "1B\n") == ("18",)
    assert printed_lines("结果", "结\n果\n纠") == ("结果",)  # corrected since: the lines are not known any more
    assert printed_lines("", "") == ()
    assert printed_lines("a b\n\x07c", "x") == ("a b c",)


def test_lines_of_a_cell_stand_one_below_the_other(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    box = Box(400, 400, 700, 520)
    write_searchable_pdf(
        document([cell_at(0, 0, "不予公开件", box, raw="不予公\n开 件")], [A4]), source, tmp_path / "o.pdf"
    )
    words = pymupdf.open(tmp_path / "o.pdf")[0].get_text("words")
    assert [word[4] for word in words] == ["不予公", "开件"]
    assert words[0][3] <= words[1][1] + 1 and inside(scaled(box, 0.36), pymupdf.Rect(words[1][:4]))


def pdfium_places(path, text):
    """Where PDFium finds a text on the first page: rectangles as displayed."""
    pdfium = pytest.importorskip("pypdfium2")
    page = pdfium.PdfDocument(path)[0]
    layer, height = page.get_textpage(), page.get_height()
    searcher, found = layer.search(text), []
    while (hit := searcher.get_next()) is not None:
        for n in range(layer.count_rects(*hit)):
            left, bottom, right, top = layer.get_rect(n)
            found.append(pymupdf.Rect(left, height - top, right, height - bottom))
    return found


@pytest.mark.parametrize(
    ("raw", "degrees"),
    [("自\n然\n人", 0), ("结 果\n维 持", 0), ("社\n会\n公\n益\n组\n织", 0), ("结果\n维持", 3), ("自\n然\n人", 91)],
)
def test_a_word_printed_upright_is_found_where_it_stands(tmp_path, raw, degrees):
    text, turn = "".join(raw.split()), math.radians(degrees)
    corners = [(400, 400), (490, 400), (490, 640), (400, 640)]
    quad = Quad(tuple((445 + (x - 445) * math.cos(turn) - (y - 520) * math.sin(turn),
                       520 + (x - 445) * math.sin(turn) + (y - 520) * math.cos(turn)) for x, y in corners))  # fmt: skip
    box, end = scaled(quad.box, 0.36), pymupdf.Point(*quad.at(0.5, 0.9)) * 0.36
    below = cell_at(1, 0, "18", Box(400, 700, 490, 760))
    path = tmp_path / "o.pdf"
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    write_searchable_pdf(document([cell_at(0, 0, text, None, quad=quad, raw=raw), below], [A4]), source, path)
    for search in (lambda word: pymupdf.open(path)[0].search_for(word), lambda word: pdfium_places(path, word)):
        (whole,), (tail,) = search(text), search(text[-1])
        assert inside(box, whole) and whole.get_area() > 0.2 * box.get_area()
        assert inside(tail, pymupdf.Rect(end, end), slack=3)


def test_a_lone_figure_is_found_by_pdfium(tmp_path):
    box = Box(400, 400, 490, 460)
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    write_searchable_pdf(document([cell_at(0, 0, "7", box)], [A4]), source, tmp_path / "o.pdf")
    (place,) = pdfium_places(tmp_path / "o.pdf", "7")
    assert inside(scaled(box, 0.36), place) and place.height > 0


def test_numbers_one_below_the_other_are_no_word():
    pieces = text_pieces(document([cell_at(0, 0, "75", Box(100, 100, 200, 300), raw="7\n5")], [A4]))[0]
    assert [piece.text for piece in pieces] == ["7", "5"]


def test_a_tall_cell_keeps_a_line_of_usual_height():
    cells = [cell_at(r, 1, "5", Box(300, 100 + 50 * r, 400, 148 + 50 * r)) for r in range(10)]
    tall = cell_at(0, 0, "受理", Box(100, 100, 300, 598))
    pieces = text_pieces(document([tall, *cells], [A4]))[0]
    assert pieces[0].height <= 1.5 * pieces[1].height
    assert pieces[0].start[1] == pytest.approx(349, abs=30)


def test_blocks_rare_characters_and_two_pages(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4, A4])
    quad = Quad.of_box(Box(200, 200, 1200, 240))
    text = "𠮷〔2022〕é𣘺 & <b>"
    line = Line(text, text, 0.9, quad.box, quad)
    block = Block(Role.PARAGRAPH, text, text, 0.9, quad.box, quad, (), (line,))
    cells = [cell_at(0, 0, "首页", Box(300, 600, 500, 650)), cell_at(1, 0, "次页", Box(300, 100, 500, 150), page=1)]
    write_searchable_pdf(document(cells, [A4, A4], blocks=(block,)), source, tmp_path / "o.pdf")
    pdf = pymupdf.open(tmp_path / "o.pdf")
    assert [line.rstrip() for line in pdf[0].get_text().splitlines()] == [text, "首页"]
    assert pdf[1].get_text().strip() == "次页"


def test_nothing_shows(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    write_searchable_pdf(document(random_cells(100, A4), [A4]), source, tmp_path / "o.pdf")
    before, after = (pymupdf.open(p)[0].get_pixmap(dpi=50).samples for p in (source, tmp_path / "o.pdf"))
    assert before == after


@pytest.mark.parametrize("raw", [b"0.5 0 0 0.5 10 10 cm", b"q q 2 0 0 2 0 0 cm", b"Q"])
def test_a_page_that_leaves_its_frame_changed(tmp_path, raw):
    source = scan_pdf(tmp_path / "s.pdf", [A4], raw=raw)
    cells = random_cells(20, A4)
    write_searchable_pdf(document(cells, [A4]), source, tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    assert all(mupdf_words(page, scaled(cell.box, 72 / 200)) == cell.text for cell in cells)


@pytest.mark.parametrize("where", ["shared", "inherited", "none"])
def test_resources_wherever_they_are(tmp_path, where):
    source = scan_pdf(tmp_path / "s.pdf", [A4, A4])
    pdf = pymupdf.open(source)
    resources = pdf.xref_get_key(pdf[0].xref, "Resources")[1]
    parent = int(pdf.xref_get_key(pdf[0].xref, "Parent")[1].split()[0])
    shared = pdf.get_new_xref()
    pdf.update_object(shared, resources if resources.startswith("<<") else pdf.xref_object(int(resources.split()[0])))
    for page in pdf:
        pdf.xref_set_key(page.xref, "Resources", f"{shared} 0 R" if where == "shared" else "null")
    if where == "inherited":
        pdf.xref_set_key(parent, "Resources", f"{shared} 0 R")
    pdf.save(tmp_path / "t.pdf")
    cells = random_cells(20, A4) + random_cells(20, A4, 5, page=1)
    cells = [*cells[:20], *[cell_at(c.row + 2, c.col, c.text, c.box, page=1) for c in cells[20:]]]
    write_searchable_pdf(document(cells, [A4, A4]), tmp_path / "t.pdf", tmp_path / "o.pdf")
    pdf = pymupdf.open(tmp_path / "o.pdf")
    assert all(mupdf_words(pdf[cell.page], scaled(cell.box, 72 / 200)) == cell.text for cell in cells)


def test_a_second_run_replaces_the_text_of_the_first(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4, A4])
    box = Box(300, 600, 500, 650)
    first = document([cell_at(0, 0, "旧", box), cell_at(1, 0, "旧二", box, page=1)], [A4, A4])
    write_searchable_pdf(first, source, tmp_path / "o.pdf")
    write_searchable_pdf(document([cell_at(0, 0, "新", box)], [A4, A4]), tmp_path / "o.pdf", tmp_path / "p.pdf")
    assert [page.get_text().strip() for page in pymupdf.open(tmp_path / "p.pdf")] == ["新", ""]


def test_an_encrypted_pdf_that_opens_without_a_password_stays_encrypted(tmp_path):
    pdf = pymupdf.open(scan_pdf(tmp_path / "s.pdf", [A4]))
    pdf.save(tmp_path / "e.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw="")
    cells = random_cells(5, A4)
    write_searchable_pdf(document(cells, [A4]), tmp_path / "e.pdf", tmp_path / "o.pdf")
    written = pymupdf.open(tmp_path / "o.pdf")
    assert "AES" in written.metadata["encryption"]
    assert all(mupdf_words(written[0], scaled(cell.box, 72 / 200)) == cell.text for cell in cells)


def test_labels_sizes_and_metadata_stay(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4, (1000, 700)], rotate=90)
    pdf = pymupdf.open(source)
    pdf.set_page_labels([{"startpage": 0, "prefix": "A-", "style": "D", "firstpagenum": 5}])
    pdf.set_metadata({"title": "old title"})
    pdf.save(tmp_path / "t.pdf")
    write_searchable_pdf(document(random_cells(10, A4), [A4, (1000, 700)]), tmp_path / "t.pdf", tmp_path / "o.pdf")
    old, new = pymupdf.open(tmp_path / "t.pdf"), pymupdf.open(tmp_path / "o.pdf")
    for before, after in zip(old, new, strict=True):
        assert (before.rect, before.mediabox, before.rotation) == (after.rect, after.mediabox, after.rotation)
        assert before.get_label() == after.get_label()
    assert new[0].get_label() == "A-5" and new.metadata["title"] == "old title"
    assert (tmp_path / "o.pdf").stat().st_size < (tmp_path / "t.pdf").stat().st_size + 10_000


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_is_embedded_as_it_is(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = (900, 600)
    shown = stored if orientation in (1, 3) else stored[::-1]
    content = picture(*stored, exif=exif, dpi=(200, 200))
    (tmp_path / "s.jpg").write_bytes(content)
    cells = random_cells(20, shown)
    write_searchable_pdf(document(cells, [shown]), tmp_path / "s.jpg", tmp_path / "o.pdf")
    page = pymupdf.open(tmp_path / "o.pdf")[0]
    assert images_of(tmp_path / "o.pdf") == [content]
    assert tuple(page.rect)[2:] == pytest.approx([side * 0.36 for side in shown], abs=0.01)
    assert all(mupdf_words(page, scaled(cell.box, 72 / 200)) == cell.text for cell in cells)
    dark = np.frombuffer(page.get_pixmap(dpi=72, colorspace="gray").samples, np.uint8)
    dark = dark.reshape(page.get_pixmap(dpi=72).height, -1) < 128
    across, down = dark.mean(axis=1).max(), dark.mean(axis=0).max()
    assert (across > down) == (orientation in (1, 3))  # the bar of the picture lies as the viewer shows it


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "L"), ("PNG", "RGB"), ("TIFF", "1")])
def test_other_pictures_lose_nothing(tmp_path, kind, mode):
    original = Image.open(io.BytesIO(picture(600, 800, "PNG"))).convert(mode)
    path = tmp_path / "s.bin"
    original.save(path, kind, dpi=(200, 200))
    write_searchable_pdf(document(random_cells(20, (600, 800)), [(600, 800)]), path, tmp_path / "o.pdf")
    pdf = pymupdf.open(tmp_path / "o.pdf")
    pixels = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.Pixmap(pdf, pdf[0].get_images()[0][0]))
    assert pixels.samples == original.convert("L").tobytes()


def test_pages_of_a_tiff(tmp_path):
    frames = [Image.open(io.BytesIO(picture(600, 800 + n, "PNG"))) for n in range(3)]
    frames[0].save(tmp_path / "s.tif", save_all=True, append_images=frames[1:], dpi=(200, 200))
    sizes = [(600, 800 + n) for n in range(3)]
    cell = cell_at(0, 0, "第三页", Box(100, 100, 300, 150), page=2)
    write_searchable_pdf(document([cell], sizes), tmp_path / "s.tif", tmp_path / "o.pdf")
    pdf = pymupdf.open(tmp_path / "o.pdf")
    assert [page.get_text().strip() for page in pdf] == ["", "", "第三页"]


def test_refusals(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    two = document([cell_at(0, 0, "x", Box(1, 1, 50, 50), page=1)], [A4, A4])
    with pytest.raises(InputFileError, match="page 2"):
        write_searchable_pdf(two, source, tmp_path / "o.pdf")
    with pytest.raises(OutputError, match=r"s\.pdf"):
        write_searchable_pdf(document_of(), source, source)
    with pytest.raises(OutputError, match="nowhere"):
        write_searchable_pdf(document_of(), source, tmp_path / "nowhere" / "o.pdf")
    (tmp_path / "t.txt").write_text("text")
    with pytest.raises(UnsupportedError):
        write_searchable_pdf(document_of(), tmp_path / "t.txt", tmp_path / "o.pdf")
    assert not (tmp_path / "o.pdf").exists()
