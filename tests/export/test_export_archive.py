"""The searchable PDF as PDF/A-2b: claimed where everything in the source allows it, and nowhere else."""

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image
from test_export_pdf import A4, cell_at, document, images_of, picture, scan_pdf

from ocr_pipeline.export.pdf import write_searchable_pdf
from ocr_pipeline.geometry import Box

JARS = [
    Path("/usr/share/java") / f"{name}.jar"
    for name in ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "commons-io", "jaxb-api")
] + [Path("/usr/share/java/javax.activation.jar")]
NEEDS_PREFLIGHT = pytest.mark.skipif(
    shutil.which("java") is None or not all(jar.exists() for jar in JARS),
    reason="no PDFBox here: apt-get install libpdfbox2-java libactivation-java libjaxb-api-java",
)


def searchable(folder, source, sizes=(A4,)):
    cells = [cell_at(0, 0, "总计1,252", Box(300, 600, 500, 650))]
    write_searchable_pdf(document(cells, list(sizes)), source, folder / "o.pdf")
    return folder / "o.pdf"


def claims(path):
    pdf = pymupdf.open(path)
    claimed = "<pdfaid:part>2</pdfaid:part>" in pdf.get_xml_metadata()
    intents = pdf.xref_get_key(pdf.pdf_catalog(), "OutputIntents")[0] == "array"
    assert claimed == intents
    return claimed


def judged(path):
    """What PDFBox says of the same file claiming PDF/A-1b, which asks for all that 2b does and more."""
    older = path.with_suffix(".a1.pdf")
    older.write_bytes(path.read_bytes().replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<"))
    command = ["java", "-cp", ":".join(map(str, JARS)), "org.apache.pdfbox.preflight.Validator_A1b", older]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.stdout + done.stderr


def changed(path, change):
    pdf = pymupdf.open(path)
    change(pdf)
    pdf.save(path.with_name("t.pdf"))
    return path.with_name("t.pdf")


def test_a_plain_scan_is_archival_and_its_pictures_are_the_same(tmp_path):
    source = scan_pdf(tmp_path / "s.pdf", [A4])
    made = searchable(tmp_path, source)
    assert claims(made) and images_of(made) == images_of(source)


@NEEDS_PREFLIGHT
@pytest.mark.slow
def test_a_validator_agrees(tmp_path):
    def describe(pdf):
        dates = {"creationDate": "D:20220120103000+08'00'", "modDate": "D:20220121103000Z"}
        pdf.set_metadata({"title": "年度报告 <&>", "author": "某县", "producer": "scanner", **dates})

    made = searchable(tmp_path, changed(scan_pdf(tmp_path / "s.pdf", [A4], rotate=90), describe))
    assert claims(made) and "is a valid PDF/A-1b file" in judged(made), judged(made)
    gray = Image.open(io.BytesIO(picture(*A4, "PNG")))
    gray.convert("1").save(tmp_path / "s.tif", compression="group4", dpi=(200, 200))
    made = searchable(tmp_path, tmp_path / "s.tif")
    assert claims(made) and "is a valid PDF/A-1b file" in judged(made), judged(made)


def _annotate(pdf):
    pdf[0].add_text_annot((100, 100), "note")


def _link(pdf):
    pdf[0].insert_link({"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(0, 0, 9, 9), "uri": "mailto:x"})


def _write(pdf):
    pdf[0].insert_text((100, 100), "other text")


def _attach(pdf):
    pdf.embfile_add("a.txt", b"x")


def _layer(pdf):
    pdf.set_oc(pdf[0].get_images()[0][0], pdf.add_ocg("layer"))


def _script(pdf):
    pdf.xref_set_key(pdf.pdf_catalog(), "OpenAction", "<</S/JavaScript/JS(app.alert\\(1\\))>>")


def _metadata(pdf):
    pdf.set_xml_metadata("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")


def _interpolate(pdf):
    pdf.xref_set_key(pdf[0].get_images()[0][0], "Interpolate", "true")


def _transparent(pdf):
    page = pdf[0]
    mask = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 9, 9), False)
    page.insert_image(pymupdf.Rect(0, 0, 50, 50), stream=picture(9, 9, "PNG"), mask=mask.tobytes())


def _cmyk(pdf):
    stream = io.BytesIO()
    Image.new("CMYK", (20, 20)).save(stream, "JPEG")
    pdf[0].insert_image(pymupdf.Rect(0, 0, 50, 50), stream=stream.getvalue())


def _form(pdf):
    other = pymupdf.open()
    other.new_page()
    pdf[0].show_pdf_page(pymupdf.Rect(0, 0, 50, 50), other, 0)


@pytest.mark.parametrize(
    "change",
    [
        _annotate, _link, _write, _attach, _layer, _script, _metadata, _interpolate, _transparent, _cmyk, _form,
    ],
    ids=lambda change: change.__name__,
)  # fmt: skip
def test_what_is_not_known_to_be_allowed_is_left_without_the_claim(tmp_path, change):
    source = changed(scan_pdf(tmp_path / "s.pdf", [A4]), change)
    made = searchable(tmp_path, source)
    assert not claims(made)
    assert "总计1,252" in pymupdf.open(made)[0].get_text()


def test_an_encrypted_file_is_not_archival(tmp_path):
    pdf = pymupdf.open(scan_pdf(tmp_path / "s.pdf", [A4]))
    pdf.save(tmp_path / "e.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="o", user_pw="")
    assert not claims(searchable(tmp_path, tmp_path / "e.pdf"))


def test_a_second_run_keeps_the_claim(tmp_path):
    made = searchable(tmp_path, scan_pdf(tmp_path / "s.pdf", [A4]))
    made.rename(tmp_path / "first.pdf")
    again = searchable(tmp_path, tmp_path / "first.pdf")
    assert claims(again) and pymupdf.open(again)[0].get_text().count("总计") == 1


@pytest.mark.parametrize("kind", ["pdf", "jpg"])
def test_the_same_source_makes_the_same_bytes(tmp_path, kind):
    (tmp_path / "s.jpg").write_bytes(picture(*A4, dpi=(200, 200)))
    source = scan_pdf(tmp_path / "s.pdf", [A4]) if kind == "pdf" else tmp_path / "s.jpg"
    assert searchable(tmp_path, source).read_bytes() == searchable(tmp_path, source).read_bytes()


@pytest.mark.parametrize(("mode", "space"), [("RGB", "/DeviceRGB"), ("L", "/DeviceGray")])
def test_plain_colours_are_drawn_exactly_as_before(tmp_path, mode, space):
    noise = np.random.default_rng(1).integers(0, 255, (300, 200, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).convert(mode).resize(A4).save(stream, "JPEG")
    pdf = pymupdf.open()
    page = pdf.new_page(width=595, height=842)
    page.insert_image(page.rect, stream=stream.getvalue())
    pdf.xref_set_key(page.get_images()[0][0], "ColorSpace", space)
    pdf.save(tmp_path / "s.pdf")
    made = searchable(tmp_path, tmp_path / "s.pdf")
    assert claims(made)
    before, after = (pymupdf.open(path)[0].get_pixmap(dpi=100).samples for path in (tmp_path / "s.pdf", made))
    assert before == after
