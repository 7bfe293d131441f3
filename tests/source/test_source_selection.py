"""Page selections: what people write and what they get."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.errors import ExitCode
from ocr_pipeline.source.selection import PageSelection, PageSelectionError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", (0,)),
        ("2-5,9", (1, 2, 3, 4, 8)),
        ("9,2-5,3", (1, 2, 3, 4, 8)),
        ("7-", (6, 7, 8, 9)),
        ("-3", (0, 1, 2)),
        (" 2 - 3 , 5 ", (1, 2, 4)),
        ("２－３，５", (1, 2, 4)),
        ("2–3、5", (1, 2, 4)),
    ],
)
def test_what_people_write(text: str, expected: tuple[int, ...]) -> None:
    assert PageSelection.parse(text).indices(10) == expected


@pytest.mark.parametrize("piece", ["", "x", "0", "5-2", "-", "1--2", "1.5", "-0", "0-3", "+1", "1234567890"])
def test_the_offending_piece_is_named(piece: str) -> None:
    with pytest.raises(PageSelectionError) as caught:
        PageSelection.parse(f"2,{piece}")
    assert repr(piece) in str(caught.value)
    assert caught.value.exit_code == ExitCode.BAD_ARGUMENTS
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("text", ["11", "8-11", "11-", "1,99"])
def test_beyond_the_end_says_how_many_pages_there_are(text: str) -> None:
    with pytest.raises(PageSelectionError, match="10 pages"):
        PageSelection.parse(text).indices(10)


def test_a_huge_range_costs_nothing() -> None:
    with pytest.raises(PageSelectionError, match="999999999"):
        PageSelection.parse("1-999999999").indices(3)


@given(st.sets(st.integers(1, 60), min_size=1))
def test_single_pages_come_back_sorted_and_once(pages: set[int]) -> None:
    text = ",".join(str(page) for page in sorted(pages, reverse=True))
    assert PageSelection.parse(text).indices(60) == tuple(page - 1 for page in sorted(pages))


ranges = st.tuples(st.integers(1, 40), st.one_of(st.none(), st.integers(0, 20))).map(
    lambda pair: (pair[0], None if pair[1] is None else min(40, pair[0] + pair[1]))
)


@given(st.lists(ranges, min_size=1, max_size=6))
def test_printing_and_parsing_are_inverse(items: list[tuple[int, int | None]]) -> None:
    selection = PageSelection(tuple(items))
    assert PageSelection.parse(str(selection)) == selection
    indices = selection.indices(40)
    assert indices == tuple(sorted(set(indices)))
    assert all(0 <= index < 40 for index in indices)


@given(st.text(max_size=12))
def test_any_text_is_either_read_or_refused_in_words(text: str) -> None:
    try:
        PageSelection.parse(text)
    except PageSelectionError as error:
        assert str(error)
