"""The rules of runs: states and leases, sealed files, and what an upload may be."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kvarter.errors import InputError
from kvarter.files.kinds import Kind
from kvarter.web.runs import sealed
from kvarter.web.runs.looked_over import look_over
from kvarter.web.runs.sealed import Sealer, key_of, unseal
from kvarter.web.runs.states import (
    ACTIVE,
    LEASE,
    MOST_ATTEMPTS,
    NEXT,
    State,
    after_asking_to_stop,
    after_breaking_off,
    check_change,
    may_be_tried,
)

NOW = dt.datetime(2026, 10, 25, 0, 59, 59, tzinfo=dt.UTC)  # a second before clocks are put back
KEY = key_of("a secret")


def test_a_run_that_has_ended_stays_as_it_ended() -> None:
    assert set(State) - ACTIVE == {State.DONE, State.FAILED, State.CANCELLED}
    for state in State:
        for other in State:
            if other in NEXT[state]:
                check_change(state, other)
            else:
                with pytest.raises(ValueError, match="cannot become"):
                    check_change(state, other)


@given(st.sampled_from(sorted(ACTIVE)), st.integers(1, 10))
def test_what_breaks_off_is_begun_again_a_few_times_and_never_after_it_was_to_stop(
    state: State, attempts: int
) -> None:
    after = after_breaking_off(state, attempts)
    if state == State.CANCELLING:
        assert after == State.CANCELLED
    else:
        assert after == (State.QUEUED if attempts < MOST_ATTEMPTS else State.FAILED)


def test_asking_to_stop_ends_what_waits_and_tells_what_runs() -> None:
    assert after_asking_to_stop(State.QUEUED) == State.CANCELLED
    assert after_asking_to_stop(State.RUNNING) == State.CANCELLING
    assert after_asking_to_stop(State.CANCELLING) == State.CANCELLING
    for state in set(State) - ACTIVE:
        with pytest.raises(ValueError, match="cannot become"):
            after_asking_to_stop(state)


@given(st.timedeltas(-dt.timedelta(days=400), dt.timedelta(days=400)))
def test_a_lease_holds_for_its_time_whatever_the_clock_does(moved: dt.timedelta) -> None:
    """Far behind or far ahead it is no lease that a clock of now has given."""
    holds = dt.timedelta(0) <= moved <= LEASE
    for state in (State.RUNNING, State.CANCELLING):
        assert may_be_tried(state, NOW + moved, NOW) is not holds
        assert may_be_tried(state, None, NOW)
    assert may_be_tried(State.QUEUED, NOW + moved, NOW)
    assert not may_be_tried(State.DONE, NOW + moved, NOW)


def seal(content: bytes, path: Path, name: str = "x", pieces: int = 1) -> Path:
    with path.open("wb") as file:
        sealer = Sealer(file, KEY, name)
        size = max(1, len(content) // pieces)
        for start in range(0, len(content), size):
            sealer.write(content[start : start + size])
        sealer.close()
    return path


@pytest.mark.parametrize("size", [0, 1, 99, 100, 101, 200, 999])
def test_what_is_sealed_is_opened_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sealed, "_PIECE", 100)
    content = b"0101901233;" * size
    content = content[:size]
    for pieces in (1, 7, 1000):
        path = seal(content, tmp_path / "x", pieces=pieces)
        assert b"".join(unseal(path, KEY, "x")) == content
        assert size < 12 or content[:11] not in path.read_bytes()


def test_a_sealed_file_that_is_changed_cut_or_anothers_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "_PIECE", 100)
    whole = seal(bytes(range(250)), tmp_path / "whole").read_bytes()
    first = 4 + 7
    piece = 100 + 16
    swapped = (
        whole[:first] + whole[first + piece : first + 2 * piece] + whole[first : first + piece]
    ) + whole[first + 2 * piece :]
    wrong = {
        "no mark": b"XXXX" + whole[4:],
        "empty": b"",
        "a bit": whole[:200] + bytes([whole[200] ^ 1]) + whole[201:],
        "cut at a piece": whole[: first + piece],
        "cut": whole[:-1],
        "longer": whole + b"x",
        "swapped": swapped,
        "head alone": whole[:first],
    }
    for what, content in wrong.items():
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(InputError, match="missing or damaged"):
            print(what, list(unseal(tmp_path / "x", KEY, "x")))
    (tmp_path / "x").write_bytes(whole)
    for key, name in ((KEY, "y"), (key_of("another"), "x")):
        with pytest.raises(InputError):
            list(unseal(tmp_path / "x", key, name))
    with pytest.raises(InputError):
        list(unseal(tmp_path / "nowhere", KEY, "x"))


def workbook(*more: str) -> bytes:
    """An .xlsx with a cell, and parts besides."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write_string(0, 0, "Dato")
    with zipfile.ZipFile(content, "a") as archive:
        for name in more:
            archive.writestr(name, "x")
    return content.getvalue()


def bomb() -> bytes:
    """A few hundred kB that unpack to a gigabyte."""
    content = io.BytesIO(workbook())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", bytes(300 << 20))
    return content.getvalue()


def test_tables_are_known_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    for content, kind in (
        (b"Sagsnr;Dato\n1;2023-01-01\n", Kind.TEXT),
        ("Sagsnr;Gade\n1;Ærøgade\n".encode("cp1252"), Kind.TEXT),
        ("Sagsnr;Gade\n1;Ærøgade\n".encode("utf-16"), Kind.TEXT),
        (workbook(), Kind.WORKBOOK),
    ):
        path.write_bytes(content)
        assert look_over(path) == kind


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "old form of Excel"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(100), "neither CSV nor an Excel"),
        (b"MZ\x90\0" + bytes(100), "neither CSV nor an Excel"),
        (b"%PDF-1.7\n\x01\x02\x03", "neither CSV nor an Excel"),
        (b"PAR1" + bytes(50), "neither CSV nor an Excel"),
        (b"<html><body><table>", "neither CSV nor an Excel"),
        (workbook("xl/vbaProject.bin"), "macros"),
        (workbook("xl/macrosheets/sheet1.xml"), "macros"),
        (workbook("xl/embeddings/oleObject1.bin"), "macros"),
        (workbook()[:-200], "damaged"),
        (bomb(), "unpacks to"),
    ],
    ids=(
        "blank",
        "old Excel",
        "PNG",
        "program",
        "PDF",
        "Parquet",
        "HTML",
        "macros",
        "old macros",
        "embedded",
        "cut off",
        "bomb",
    ),
)
def test_anything_else_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, says: str
) -> None:
    for name in ("extract.csv", "extract.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(InputError) as refused:
            look_over(path)
        (problem,) = refused.value.problems
        assert problem.remedy
        assert says in problem.what, name
