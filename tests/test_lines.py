"""Lines of a text, as Python parts it, without an object for each."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.files import lines
from kvarter.files.lines import first_lines, lines_of, longest_line, with_line_feeds
from kvarter.files.values import in_one_form

TEXTS = st.text("ab\n\n\r\x85\u2028ø;€ ", max_size=40)


@given(TEXTS, st.integers(1, 50))
def test_lines_are_those_of_python(text: str, piece: int) -> None:
    """Also where the text is split in pieces."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_PIECE", piece)
        assert lines_of(text).to_list() == text.split("\n")


@given(TEXTS, st.integers(1, 10))
def test_the_first_lines_and_the_longest(text: str, count: int) -> None:
    every = text.split("\n")
    assert first_lines(text, count) == every[:count]
    longest = max(map(len, every))
    assert longest_line(text, 2 * count) == (longest if longest > 2 * count else 0)


@given(TEXTS, st.integers(0, 10))
def test_marks_that_end_lines_are_seen_wherever_they_stand(text: str, top: int) -> None:
    whole = with_line_feeds(text, "f.csv")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "_TOP", top)
        assert with_line_feeds(text, "f.csv") == whole


@given(st.lists(st.text("aåéÅ\u030a\u0301\u212b\u00ff€", max_size=5)))
def test_texts_are_brought_into_one_form(texts: list[str]) -> None:
    found = in_one_form(pl.Series(texts, dtype=pl.String))
    assert found.to_list() == [unicodedata.normalize("NFC", text) for text in texts]
