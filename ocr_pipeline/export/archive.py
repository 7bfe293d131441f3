"""PDF/A-2b: the claim that a PDF can be kept for good, made where everything in it is known to allow it.

Page images are never changed for it, so a file that holds anything else than plain scans (other fonts, forms,
annotations, transparency, JPEG 2000, CMYK, encryption) goes without the claim.
"""

from __future__ import annotations

import re
from contextlib import closing
from xml.sax.saxutils import escape

import pymupdf

_CATALOG = {"Type", "Pages", "PageLabels", "Lang", "PageLayout", "PageMode", "ViewerPreferences", "Info", "Version"}
_PAGE = {
    "Type", "Parent", "Resources", "MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox", "Rotate", "Contents",
    "LastModified",
}  # fmt: skip
_RESOURCES = {"ProcSet", "XObject", "Font"}
_IMAGE = {
    "Type", "Subtype", "Name", "Width", "Height", "ColorSpace", "BitsPerComponent", "Filter", "DecodeParms", "Decode",
    "Length", "Interpolate", "ImageMask", "Intent",
}  # fmt: skip
_FILTERS = {"FlateDecode", "DCTDecode", "CCITTFaxDecode", "JBIG2Decode", "RunLengthDecode"}
_DEVICE = re.compile(r"/DeviceGray|/DeviceRGB")
_PROFILED = re.compile(r"\[ ?/ICCBased (\d+) 0 R ?\]")
_INDEXED = re.compile(r"\[ ?/Indexed ?(/\w+|\[[^\[\]]*\]|\d+ 0 R) ?\d+ ?[\s\S]*\]")
_PROFILE_SPACES = {b"GRAY": "1", b"RGB ": "3"}
_DRAWING = re.compile(rb"[-+.\d]+|/[\w.+-]+|q|Q|cm|Do|re|W|n")
"""Commands that place images and nothing else, and what they are given."""
_NAME = re.compile(r"/([^\s/\[\]<>()]+)")
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[-+]\d\d'?\d\d'?)?")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def mark_archival(pdf: pymupdf.Document, own_font: int | None, own_streams: set[int]) -> bool:
    """Add what PDF/A-2b asks for (colour space, metadata) if the file may claim it; whether it may.

    own_font: the font of the text layer, own_streams: its commands, both known to be as they should.
    """
    if not _allows(pdf, own_font, own_streams):
        return False
    catalog = pdf.pdf_catalog()
    profile = pdf.get_new_xref()
    pdf.update_object(profile, "<</N 3>>")
    pdf.update_stream(profile, _srgb_profile())
    intent = pdf.get_new_xref()
    pdf.update_object(
        intent,
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
        f"/DestOutputProfile {profile} 0 R>>",
    )
    pdf.xref_set_key(catalog, "OutputIntents", f"[{intent} 0 R]")
    metadata = pdf.get_new_xref()
    pdf.update_object(metadata, "<</Type/Metadata/Subtype/XML>>")
    pdf.update_stream(metadata, _metadata(pdf).encode("utf-8"), compress=False)
    pdf.xref_set_key(catalog, "Metadata", f"{metadata} 0 R")
    return True


def _srgb_profile() -> bytes:
    """MuPDF's own profile, as it writes it with a picture: with any other it would draw plain RGB by a hair's breadth
    differently, and the pages are to look exactly as before."""
    with closing(pymupdf.open()) as scratch:
        page = scratch.new_page()
        page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 1, 1), False))
        space = _plain(scratch, *scratch.xref_get_key(page.get_images()[0][0], "ColorSpace"))
        profiled = _PROFILED.fullmatch(space)
        assert profiled is not None, space
        content: bytes = scratch.xref_stream(int(profiled.group(1)))
        return content


# --- what may be in it -------------------------------------------------------------------------------------------


def _allows(pdf: pymupdf.Document, own_font: int | None, own_streams: set[int]) -> bool:
    # A file that brings metadata of its own keeps them, and with them whatever it says it is.
    if pdf.metadata.get("encryption") or not _has_only(pdf, pdf.pdf_catalog(), _CATALOG):
        return False
    if float((pdf.metadata.get("format") or "PDF 9").removeprefix("PDF ")) > 1.7:
        return False
    return all(_page_allows(pdf, page, own_font, own_streams) for page in pdf)


def _page_allows(pdf: pymupdf.Document, page: pymupdf.Page, own_font: int | None, own_streams: set[int]) -> bool:
    fonts = {font[0] for font in page.get_fonts(full=True)}
    images = page.get_images(full=True)
    # One resource each: an image, or our font. Anything else (forms, patterns) makes the numbers differ.
    return (
        _has_only(pdf, page.xref, _PAGE)
        and all(key in _RESOURCES for key in _resource_kinds(pdf, page.xref))
        and not page.get_xobjects()
        and fonts <= {own_font}
        and all(_image_allows(pdf, image[0]) for image in images)
        and all(
            xref in own_streams or all(_DRAWING.fullmatch(word) for word in (pdf.xref_stream(xref) or b"").split())
            for xref in page.get_contents()
        )
    )


def _resource_kinds(pdf: pymupdf.Document, page_xref: int) -> tuple[str, ...]:
    kind, value = pdf.xref_get_key(page_xref, "Resources")
    if kind == "xref":
        return tuple(pdf.xref_get_keys(int(value.split()[0])))
    return tuple(_top_keys(value)) if kind == "dict" else ("unknown",)


def _top_keys(text: str) -> list[str]:
    """The keys of a dictionary as text, without those of the dictionaries in it."""
    inner = text.strip().removeprefix("<<").removesuffix(">>")
    while "<<" in inner:
        shorter = re.sub(r"<<[^<>]*>>", "0", inner)
        if shorter == inner:
            return ["unknown"]
        inner = shorter
    return _NAME.findall(re.sub(r"\[[^\[\]]*\]", "0", inner))


def _image_allows(pdf: pymupdf.Document, xref: int) -> bool:
    filters = pdf.xref_get_key(xref, "Filter")
    space = _plain(pdf, *pdf.xref_get_key(xref, "ColorSpace"))
    mask = pdf.xref_get_key(xref, "ImageMask")[1] == "true"
    return (
        _has_only(pdf, xref, _IMAGE)
        and filters[0] in ("null", "name", "array")
        and set(_NAME.findall(filters[1])) <= _FILTERS
        and pdf.xref_get_key(xref, "Interpolate")[1] != "true"
        and (mask or _space_allows(pdf, space))
    )


def _space_allows(pdf: pymupdf.Document, space: str) -> bool:
    """Gray or RGB, plain, by a profile or by a palette."""
    indexed = _INDEXED.fullmatch(space)
    if indexed is not None:
        base = indexed.group(1)
        space = _plain(pdf, "xref" if base.endswith(" R") else "", base)
    profiled = _PROFILED.fullmatch(space)
    if profiled is None:
        return _DEVICE.fullmatch(space) is not None
    xref = int(profiled.group(1))
    header = (pdf.xref_stream(xref) or b"")[:128]
    components = _PROFILE_SPACES.get(header[16:20])
    return header[36:40] == b"acsp" and header[8] < 5 and pdf.xref_get_key(xref, "N")[1] == components


def _plain(pdf: pymupdf.Document, kind: str, value: str) -> str:
    """An entry as text, wherever it stands."""
    text = pdf.xref_object(int(value.split()[0]), compressed=True) if kind == "xref" else value
    return str(text).strip()


def _has_only(pdf: pymupdf.Document, xref: int, known: set[str]) -> bool:
    return set(pdf.xref_get_keys(xref)) <= known


# --- what it says of itself --------------------------------------------------------------------------------------


def _metadata(pdf: pymupdf.Document) -> str:
    """The file's own title, dates and so on in the form that PDF/A asks for."""
    own = {key: _NOT_XML.sub("", value or "") for key, value in pdf.metadata.items()}
    lines = ["<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>B</pdfaid:conformance>"]
    lines += _listed("dc:title", "Alt", own["title"]) + _listed("dc:creator", "Seq", own["author"])
    lines += _listed("dc:description", "Alt", own["subject"])
    for name, value in (
        ("pdf:Keywords", own["keywords"]),
        ("pdf:Producer", own["producer"]),
        ("xmp:CreatorTool", own["creator"]),
        ("xmp:CreateDate", _date(own["creationDate"])),
        ("xmp:ModifyDate", _date(own["modDate"])),
    ):
        lines += [f"<{name}>{escape(value)}</{name}>"] if value else []
    return _PACKET.format(lines="\n".join(lines))


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
{lines}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def _listed(name: str, kind: str, value: str) -> list[str]:
    language = ' xml:lang="x-default"' if kind == "Alt" else ""
    return [f"<{name}><rdf:{kind}><rdf:li{language}>{escape(value)}</rdf:li></rdf:{kind}></{name}>"] if value else []


def _date(text: str) -> str:
    """A PDF's date as ISO 8601; empty where it is none."""
    match = _DATE.match(text)
    if match is None:
        return ""
    year, month, day, hour, minute, second, zone = match.groups()
    digits = re.sub(r"\D", "", zone or "")
    shift = f"{zone[0]}{digits[:2]}:{digits[2:]}" if zone and digits else "Z" if zone else ""
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{shift}"
