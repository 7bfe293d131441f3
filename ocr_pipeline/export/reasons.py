"""The doubts and the filing's data in words, the same in every format."""

from __future__ import annotations

from ocr_pipeline.document import Block, Cell, Document, Flag

FLAG_WORDS = {
    Flag.LOW_SCORE: "read with little certainty",
    Flag.RULE_BROKEN: "a sum or the shape of the form does not fit",
    Flag.REPAIRED: "changed so that the sums agree",
    Flag.UNDER_SEAL: "lies under a seal",
    Flag.UNREAD_INK: "has ink that was not read",
    Flag.UNPARSED_NUMBER: "is no number where one belongs",
    Flag.INVENTED_EDGE: "has an edge that no ruling shows",
    Flag.CORRECTED: "changed from the reading as it came",
}


_BY_PERSON = "corrected or confirmed by a person"


def cell_reason(cell: Cell) -> str:
    """Why a flagged cell is in doubt: the words of its flags, the note, the raw reading, the score, alternatives. Of a
    person's, that it is theirs and what was read."""
    if cell.by_person:
        return f"{_BY_PERSON}\nread as: {cell.raw}"
    parts = ["; ".join(FLAG_WORDS.get(flag, flag.value) for flag in cell.flags)]
    if cell.note:
        parts.append(cell.note)
    parts.append(f"read as: {cell.raw}")
    parts.append(f"score {cell.score:.2f}")
    if cell.alternatives:
        parts.append("or: " + ", ".join(f"{other.text} ({other.score:.2f})" for other in cell.alternatives))
    return "\n".join(parts)


def block_reason(block: Block) -> str:
    """Why a flagged block is in doubt: the words of its flags, the raw reading where it differs, the score. Of a
    person's, that it is theirs and what was read."""
    if block.by_person:
        return f"{_BY_PERSON}\nread as: {block.raw}"
    parts = ["; ".join(FLAG_WORDS.get(flag, flag.value) for flag in block.flags)]
    if block.raw != block.text:
        parts.append(f"read as: {block.raw}")
    return "\n".join([*parts, f"score {block.score:.2f}"])


def filing_lines(document: Document) -> list[tuple[str, str]]:
    """What the document says of itself as (name, value), without what is absent."""
    filing = document.filing
    agrees = None if filing.agrees is None else ("yes" if filing.agrees else "no")
    lines = [
        ("Number", filing.number),
        ("Title", filing.title),
        ("Issuer", filing.issuer),
        ("Date", filing.date),
        ("Recipient", filing.recipient),
        ("Copies", filing.copies),
        ("Printed", filing.printed),
        ("Seal", filing.seal),
        ("Issuer, signature and seal agree", agrees),
    ]
    return [(name, value) for name, value in lines if value]
