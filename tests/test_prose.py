"""Texts with headings, lists and links, as people write them in plain letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.statement.prose import Span, parts_of, spans_of
from kvarter.web.goals.rules.content import Content
from kvarter.web.goals.rules.differences import changed_parts, difference
from kvarter.web.goals.rules.entered import EnteredFigure

TEXT = """\
## Status

Der er arbejdet på det
i to år.
- først
  og længe
* så
1 mål

Se [planen](https://example.org/a?b=1) eller [skriv](mailto:a@example.org).
"""


def test_a_text_is_parted_as_it_is_read() -> None:
    parts = parts_of(TEXT)
    assert [part.kind for part in parts] == [
        *("heading", "paragraph", "list", "paragraph", "paragraph"),
    ]
    assert [line for part in parts for line in part.plain()] == [
        *("Status", "Der er arbejdet på det i to år.", "først og længe", "så", "1 mål"),
        "Se planen (https://example.org/a?b=1) eller skriv (a@example.org).",
    ]
    assert parts_of(" \n\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](//example.org)",
        "[x](/konto/log-ud/)",
        '[x](https://example.org/" onclick="x)',
        "<a href=https://example.org>x</a>",
    ],
)
def test_what_leads_to_no_page_is_no_link(text: str) -> None:
    assert spans_of(text) == (Span(text),)


@given(st.text(alphabet="#-* ab\n[](https://x.dk)"))
def test_no_word_of_a_text_is_lost(text: str) -> None:
    said = "".join(line for part in parts_of(text) for line in part.plain())
    assert set(said) <= {*text, " ", "(", ")"}
    assert sum(map(said.count, "ab")) == sum(map(text.count, "ab"))


@given(st.text(alphabet="ab \n"), st.text(alphabet="ab \n"))
def test_a_difference_joined_again_is_both_texts(then: str, now: str) -> None:
    found = difference(then, now)
    assert "".join(each.text for each in found if each.kind != "put_in") == then
    assert "".join(each.text for each in found if each.kind != "taken_out") == now


def test_what_changed_of_a_goal_is_told_part_by_part() -> None:
    figure = EnteredFigure("Boliger", "KKSTAT", "2023", 28, 50, "56")
    then, now = Content(comment="a", cases="c"), Content(comment="b", cases="c", figures=(figure,))
    changed = changed_parts(then, now)
    assert changed.keys() == {"comment", "figures"}
    assert "28 / 50 = 56 %" in changed["figures"][0].text
    assert changed_parts(now, now) == {}
