"""Names that the document prints, among the recogniser's candidates for a stamp's."""

from __future__ import annotations

import pytest

from ocr_pipeline.assemble.seal_names import printed_runs, with_printed_name
from ocr_pipeline.assemble.seals import seal_text
from ocr_pipeline.document import Alternative, Block, Role
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import CropAddress, CropKind, RawReading


def read(text: str, unsure: dict[int, float], *also: str) -> RawReading:
    scores = tuple(unsure.get(i, 0.99) for i in range(len(text)))
    return RawReading(text, sum(scores) / len(scores), scores, tuple(Alternative(other, 0.1) for other in also))


PRINTED = ("大树镇人民政府关于年度工作的报告", "大树镇人民政府")


@pytest.mark.parametrize(
    ("reading", "printed", "found"),
    [
        (read("大村镇人民政府", {1: 0.6}, "大树镇人民政府"), PRINTED, "大树镇人民政府"),
        # Not in mind, sure, not printed, or printed as read,
        (read("大村镇人民政府", {1: 0.6}, "大材镇人民政府"), PRINTED, "大村镇人民政府"),
        (read("大村镇人民政府", {}, "大树镇人民政府"), PRINTED, "大村镇人民政府"),
        (read("大村镇人民政府", {1: 0.6}, "大树镇人民政府"), (), "大村镇人民政府"),
        (read("大村镇人民政府", {1: 0.6}, "大树镇人民政府"), (*PRINTED, "大村镇人民政府"), "大村镇人民政府"),
        # two names that both were in mind, and too few characters.
        (
            read("大村镇人民政府", {1: 0.6}, "大树镇人民政府", "大材镇人民政府"),
            (*PRINTED, "大材镇人民政府"),
            "大村镇人民政府",
        ),
        (read("大村镇", {1: 0.6}, "大树镇"), PRINTED, "大村镇"),
    ],
)
def test_a_printed_name_that_was_in_mind_decides(reading: RawReading, printed: tuple[str, ...], found: str) -> None:
    said = with_printed_name(reading, (), printed)

    assert said.text == found
    assert len(said.char_scores) == len(found)


def test_what_was_read_is_kept_beside_it() -> None:
    address = CropAddress(0, CropKind.SEAL, -1, 0, 0, 0)
    reading = read("大村镇人民政府", {1: 0.6}, "大树镇人民政府")

    said = seal_text({address: reading}, SealTextSettings(), PRINTED)

    assert (said.text, said.raw) == ("大树镇人民政府", "大村镇人民政府")
    assert said.score < reading.score
    plain = seal_text({address: reading}, SealTextSettings())
    assert plain.text == plain.raw == "大村镇人民政府"


def test_the_print_as_stretches_of_characters() -> None:
    box = Box(0, 0, 1, 1)
    texts = ("大树镇 人民政府2021年", "（大树镇人民政府）", "年报")
    blocks = [Block(Role.PARAGRAPH, text, text, 0.9, box, Quad.of_box(box)) for text in texts]

    assert printed_runs(blocks) == ("大树镇人民政府",)


def test_a_place_that_nobody_knows_stays_where_the_document_prints_it() -> None:
    address = CropAddress(0, CropKind.SEAL, -1, 0, 0, 0)
    reading = read("崇岚县财政局", {0: 0.6})

    assert seal_text({address: reading}, SealTextSettings()).text == "岢岚县财政局"
    assert seal_text({address: reading}, SealTextSettings(), ("崇岚县财政局工作报告",)).text == "崇岚县财政局"
