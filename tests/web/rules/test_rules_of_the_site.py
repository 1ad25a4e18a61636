"""The chain of the audit log, retries, search, the configuration and the pieces of pages."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.documents.contents import CellRef, Figure, Words
from kvarter.errors import InputError
from kvarter.web.audit.chain import FIRST, Event, chained, check, first_broken
from kvarter.web.outbox.retries import MOST_ATTEMPTS, wait_after
from kvarter.web.site.config import FILE, contrast, load_config, read_secret
from kvarter.web.status.prepare.files import slug
from kvarter.web.status.prepare.pieces import text, texts
from kvarter.web.status.prepare.trend import trend
from kvarter.web.status.search import search

EVENT = Event(1, "2026-01-01T00:00:00.000+00:00", "system", "account.made", "user", "1", ("name",))


def chain(length: int) -> list[tuple[Event, str]]:
    found, before = [], FIRST
    for number in range(1, length + 1):
        event = replace(EVENT, number=number)
        before = chained(event, before)
        found.append((event, before))
    return found


def test_a_whole_chain_is_whole() -> None:
    assert first_broken(chain(5)) is None
    assert first_broken([]) is None


@given(st.integers(0, 6), st.sampled_from(["actor", "act", "target_id", "at"]))
def test_a_changed_event_is_found(at: int, part: str) -> None:
    events = chain(7)
    event, found = events[at]
    events[at] = (replace(event, **{part: "x"}), found)
    assert first_broken(events) == at + 1


@given(st.integers(0, 5))
def test_a_missing_event_is_found(at: int) -> None:
    events = chain(7)
    del events[at]
    assert first_broken(events) == at + 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "Anna Berg"},
        {"fields": ("Strandvejen 4",)},
        {"actor": "Anna Berg"},
        {"target_id": "010203-1234 Jensen"},
        {"target_type": ""},
    ],
)
def test_what_is_no_name_and_no_id_is_not_recorded(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="neither a name nor an id"):
        check(replace(EVENT, **wrong))
    check(EVENT)


def test_mail_is_tried_for_two_days_and_then_given_up() -> None:
    waits = [wait_after(attempt) for attempt in range(1, MOST_ATTEMPTS + 1)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert sum(known, dt.timedelta()) > dt.timedelta(days=2)


PAGES = [
    ("2024", "omraade/laerkebo", "Lærkebo", ""),
    ("2024", "maal/2", "Mål 2: Færre udsættelser", "Varslinger om fogedudsættelse pr. bolig"),
    ("2021", "omraade/laerkebo", "Lærkebo", ""),
]


@pytest.mark.parametrize("words", ["lærkebo", "LÆRKE", "laerkebo", " lærkebo "])
def test_search_knows_danish_letters_and_beginnings(words: str) -> None:
    assert [(one.edition, one.name) for one in search(words, PAGES)] == [
        ("2024", "omraade/laerkebo"),
        ("2021", "omraade/laerkebo"),
    ]


def test_search_wants_all_words_and_finds_nothing_for_none() -> None:
    assert [one.name for one in search("færre bolig", PAGES)] == ["maal/2"]
    assert search("færre lærkebo", PAGES) == []
    assert search("", PAGES) == search("!?", PAGES) == []


@given(st.text(max_size=50))
def test_search_takes_any_text(words: str) -> None:
    search(words, PAGES)


def test_a_slug_is_letters_digits_and_hyphens() -> None:
    assert slug("Ved Bøgeparken, Århus 2!") == "ved-boegeparken-aarhus-2"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def _config(folder: Path, content: str) -> Path:
    (folder / FILE).write_text(content, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('[look]\ncolour = "#ffff00"', "white letters cannot be read"),
        ('[look]\ncolour = "blue"', "should match pattern"),
        ("[lok]\nname = 1", "Extra inputs"),
        ("look", "this is not TOML"),
        (
            '[openid_connect]\ntitle="x"\nissuer="x"\nclient_id="x"\nclient_secret_file="x"\n'
            'roles = {a = {role = "king"}}',
            "no role 'king'",
        ),
    ],
)
def test_a_wrong_configuration_is_told_of(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load_config(_config(tmp_path, content))


def test_a_folder_without_a_site_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no site in this folder"):
        load_config(tmp_path)


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("abc\n", encoding="utf-8")
    secret.chmod(0o644)
    with pytest.raises(InputError, match="others can read"):
        read_secret(tmp_path, "key")
    secret.chmod(0o600)
    assert read_secret(tmp_path, "key") == "abc"


def test_words_become_pieces_with_their_cells() -> None:
    ref = CellRef("results", (("indicator", "a"),), "value")
    figure = Figure("1,4 %", 0.014, (ref,), times=100)
    words = Words("Now 1,4 %.", ((4, 9, figure),))
    assert [(piece.text, piece.cells) for piece in text(words)] == [
        ("Now ", ()),
        ("1,4 %", ("results[indicator=a].value",)),
        (".", ()),
    ]
    assert "".join(piece.text for piece in texts("Then", figure)) == "Then 1,4 %"
    assert text(None) == text("") == ()


@given(
    st.lists(
        st.lists(st.tuples(st.integers(2000, 2030), st.floats(0, 1e6)), min_size=1, max_size=5),
        min_size=1,
        max_size=3,
    ),
    st.none() | st.floats(0, 1e6),
)
def test_a_trend_is_a_picture_whatever_the_figures(
    stretches: list[list[tuple[int, float]]], asked: float | None
) -> None:
    root = ElementTree.fromstring(trend(stretches, asked, "A < B & C"))
    assert root[0].text == "A < B & C"
    assert "nan" not in trend(stretches, asked, "")


def test_kvarter_without_the_site_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import kvarter.cli.site
    from kvarter.cli import main

    monkeypatch.setattr(kvarter.cli.site, "find_spec", lambda name: None)
    monkeypatch.setattr("sys.argv", ["kvarter", "serve"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 4
    assert "pip install 'kvarter[site]'" in capsys.readouterr().err


def test_the_command_line_loads_no_django() -> None:
    code = "import sys, kvarter.cli.site; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_style_of_the_design_system_names_only_files_that_are_there() -> None:
    """As `make look` takes it out of its package: nothing is fetched from elsewhere."""
    from kvarter.web.ui.vendor import HOME

    style = (HOME / "dkfds.css").read_text(encoding="utf-8")
    named = set(re.findall(r"url\(([^)]*)\)", style))
    assert named
    assert {name for name in named if not (HOME / name).is_file()} == set()
    there = {path.name for path in HOME.iterdir()} - {"dkfds.css", "LICENSE.md"}
    assert there == named


def test_what_draws_is_as_it_was_taken_out_of_its_package() -> None:
    """`make look` takes it out; nobody changes it by hand."""
    from kvarter.web.ui.vendor import STATIC

    digests = {
        name: hashlib.sha256((STATIC / "vega" / name).read_bytes()).hexdigest()[:16]
        for name in ("vega.min.js", "interpreter.js")
    }
    assert digests == {"vega.min.js": "8f6a3587cf8d4f42", "interpreter.js": "69ab452d9f7baf34"}
