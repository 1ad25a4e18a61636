"""When two rows are one household or person: the rules of stage deduplicate, one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvarter.cases import Ledger, deduplicate_all
from kvarter.cases.deduplicate import deduplicate
from kvarter.policy.model import CaseKind

SCHEMA = {
    "source": pl.String,
    "row": pl.Int64,
    "cases": pl.String,
    "year": pl.Int64,
    "event_date": pl.Date,
    "address_id": pl.String,
    "access_address_id": pl.String,
    "text_id": pl.String,
    "person": pl.String,
    "name": pl.String,
    "court_case": pl.String,
    "in_municipality": pl.Boolean,
    "reasons": pl.List(pl.String),
    "bridging": pl.Boolean,
}
KEYS = [["unit"], ["person"], ["entrance", "name"], ["court_case"]]


def kind(*keys: list[str], id: str = "notice") -> CaseKind:
    return CaseKind.model_validate(
        {"id": id, "title": "T", "unite_as": "household", "same_when": list(keys) or KEYS}
    )


def row(number: int, **known: Any) -> dict[str, Any]:
    """A row located at an entrance of its own, with nothing else known unless said."""
    at = {
        "source": "s",
        "row": number,
        "cases": "notice",
        "access_address_id": f"entrance {number}",
    }
    day = {"event_date": dt.date(known.get("year", 2023), 1, 1 + number % 28)}
    return (
        dict.fromkeys(SCHEMA)
        | at
        | {"year": 2023, "in_municipality": True, "bridging": False}
        | day
        | known
    )


def lost(number: int, **known: Any) -> dict[str, Any]:
    """A row that could not be located."""
    nowhere = {"access_address_id": None, "in_municipality": None}
    return row(number, **nowhere, reasons=["postcode_missing", "no_such_street"], **known)


def outcomes(rows: list[dict[str, Any]], of: CaseKind | None = None) -> dict[int, tuple[str, str]]:
    """Row -> its outcome and the row its case is known by."""
    united = deduplicate(pl.DataFrame(rows, schema=SCHEMA), of or kind())
    return {
        number: (outcome, case_id.removeprefix("s:"))
        for number, outcome, case_id in united.select("row", "outcome", "case_id").iter_rows()
    }


def reasons(rows: list[dict[str, Any]], of: CaseKind | None = None) -> dict[int, str | None]:
    united = deduplicate(pl.DataFrame(rows, schema=SCHEMA), of or kind())
    return dict(united.select("row", "reason").iter_rows())


@pytest.mark.parametrize(
    ("key", "same"),
    [
        ("unit", {"address_id": "U", "access_address_id": "E"}),
        ("person", {"person": "P"}),
        ("entrance_and_name", {"access_address_id": "E", "name": "N"}),
        ("court_case", {"court_case": "C"}),
    ],
)
def test_rows_that_agree_on_a_key_are_one_case(key: str, same: dict[str, str]) -> None:
    rows = [row(1, **same), row(2, **same)]
    assert outcomes(rows) == {1: ("counted", "1"), 2: ("duplicate", "1")}
    assert reasons(rows) == {1: None, 2: f"same_{key}"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"address_id": "U"}, {"address_id": "V"}),
        ({"person": "P"}, {"person": "Q"}),
        ({"court_case": "C"}, {"court_case": "D"}),
        ({"name": "N"}, {"name": "N"}),  # of two entrances
        ({"access_address_id": "E"}, {"access_address_id": "E"}),  # without a name
        ({"access_address_id": "E", "name": "N"}, {"access_address_id": "E", "name": "M"}),
        ({}, {}),  # what is not known is not the same
    ],
)
def test_rows_that_agree_on_no_whole_key_are_two(
    one: dict[str, str], other: dict[str, str]
) -> None:
    assert outcomes([row(1, **one), row(2, **other)]) == {1: ("counted", "1"), 2: ("counted", "2")}


def test_only_the_keys_of_the_policy_count() -> None:
    rows = [row(1, person="P", address_id="U"), row(2, person="P", address_id="V")]
    assert outcomes(rows, kind(["unit"]))[2] == ("counted", "2")
    assert outcomes(rows, kind(["person"]))[2] == ("duplicate", "1")
    assert outcomes(rows, kind(["person", "unit"]))[2] == ("counted", "2")


def test_the_first_key_of_the_policy_is_the_reason() -> None:
    rows = [row(1, person="P", court_case="C"), row(2, person="P", court_case="C")]
    assert reasons(rows, kind(["person"], ["court_case"]))[2] == "same_person"
    assert reasons(rows, kind(["court_case"], ["person"]))[2] == "same_court_case"


def test_sameness_carries_on() -> None:
    """1 is 2 by the unit, 2 is 3 by the person, 3 is 4 by the court case: all are one."""
    rows = [
        row(1, address_id="U"),
        row(2, address_id="U", person="P"),
        row(3, person="P", court_case="C"),
        row(4, court_case="C"),
        row(5, court_case="D"),
    ]
    assert outcomes(rows) == {
        **{1: ("counted", "1"), 2: ("duplicate", "1"), 3: ("duplicate", "1")},
        **{4: ("duplicate", "1"), 5: ("counted", "5")},
    }


def test_a_case_is_counted_anew_each_year() -> None:
    rows = [row(1, person="P", year=2022), row(2, person="P", year=2023)]
    assert outcomes(rows) == {1: ("counted", "1"), 2: ("counted", "2")}


def test_a_chain_does_not_reach_into_the_next_year() -> None:
    rows = [
        row(1, person="P", year=2022),
        row(2, person="P", year=2023),
        row(3, person="P", year=2023),
    ]
    assert outcomes(rows)[3] == ("duplicate", "2")


def test_kinds_of_cases_are_kept_apart() -> None:
    cases = pl.DataFrame(
        [row(1, person="P"), row(2, person="P", cases="hearing"), row(3, person="P")], schema=SCHEMA
    )
    ledger = Ledger()
    ledger.opened("s", 3)
    united = deduplicate_all(cases, [kind(), kind(["person"], id="hearing")], ledger).cases
    assert dict(united.select("row", "outcome").iter_rows()) == {
        **{1: "counted", 2: "counted", 3: "duplicate"}
    }
    assert ledger.settle()["rows"].sum() == 3


def test_the_earliest_located_row_is_the_one_that_counts() -> None:
    rows = [
        row(1, person="P", event_date=dt.date(2023, 6, 1)),
        row(2, person="P", event_date=dt.date(2023, 3, 1)),
        lost(3, person="P", event_date=dt.date(2023, 1, 1)),
    ]
    assert outcomes(rows) == {**{1: ("duplicate", "2"), 2: ("counted", "2"), 3: ("duplicate", "2")}}


def test_a_case_that_one_row_locates_is_located() -> None:
    rows = [lost(1, person="P"), row(2, person="P"), lost(3, person="P")]
    assert outcomes(rows)[2] == ("counted", "2")
    assert reasons(rows) == {1: "same_person", 2: None, 3: "same_person"}


def test_a_row_outside_is_a_duplicate_of_one_inside() -> None:
    rows = [row(1, person="P", in_municipality=False), row(2, person="P")]
    assert outcomes(rows) == {1: ("duplicate", "2"), 2: ("counted", "2")}


def test_a_case_that_no_row_locates_keeps_each_rows_fate() -> None:
    rows = [lost(1, person="P"), lost(2, person="P"), row(3, person="P", in_municipality=False)]
    assert {number: outcome for number, (outcome, _) in outcomes(rows).items()} == {
        **{1: "unlocated", 2: "unlocated", 3: "outside_municipality"}
    }
    assert len({case for _, case in outcomes(rows).values()}) == 1
    assert reasons(rows) == {1: "no_such_street", 2: "no_such_street", 3: "other_municipality"}


def test_no_cases_are_no_cases() -> None:
    united = deduplicate(pl.DataFrame(schema=SCHEMA), kind())
    assert united.is_empty()
    assert {"case_id", "outcome", "reason"} <= set(united.columns)


def some(values: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(values)


any_rows = st.lists(
    st.fixed_dictionaries(
        {
            "address_id": some("UVW"),
            "access_address_id": some("EFG"),
            "person": some("PQR"),
            "name": some("NM"),
            "court_case": some("CD"),
            "year": st.sampled_from([2022, 2023]),
            "in_municipality": st.sampled_from([True, False, None]),
        }
    ),
    max_size=12,
)


def naive_cases(rows: list[dict[str, Any]]) -> set[frozenset[int]]:
    """What the rules say, written as slowly and as plainly as can be: join until nothing joins."""
    keys = [["address_id"], ["person"], ["access_address_id", "name"], ["court_case"]]

    def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
        return one["year"] == other["year"] and any(
            all(one[k] is not None and one[k] == other[k] for k in each) for each in keys
        )

    groups = [{number} for number in range(len(rows))]
    joined = True
    while joined:
        joined = False
        for one in groups:
            for other in groups:
                if one is not other and any(same(rows[a], rows[b]) for a in one for b in other):
                    one |= other
                    groups.remove(other)
                    joined = True
                    break
            if joined:
                break
    return {frozenset(group) for group in groups}


@given(rows=any_rows)
def test_the_cases_are_those_of_the_plain_rules(rows: list[dict[str, Any]]) -> None:
    given_rows = [row(number, **known) for number, known in enumerate(rows)]
    by_case: dict[str, set[int]] = {}
    for number, (_, case) in outcomes(given_rows).items():
        by_case.setdefault(case, set()).add(number)
    assert {frozenset(group) for group in by_case.values()} == naive_cases(rows)


@given(rows=any_rows)
def test_every_case_with_a_located_row_is_counted_once(rows: list[dict[str, Any]]) -> None:
    found = outcomes([row(number, **known) for number, known in enumerate(rows)])
    for group in naive_cases(rows):
        counted = [number for number in group if found[number][0] == "counted"]
        located = [number for number in group if rows[number]["in_municipality"]]
        assert len(counted) == bool(located)
        assert set(counted) <= set(located)


@given(rows=any_rows, random=st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows: list[dict[str, Any]], random: Any) -> None:
    numbered = [row(number, **known) for number, known in enumerate(rows)]
    shuffled = random.sample(numbered, len(numbered))
    assert outcomes(shuffled) == outcomes(numbered)
    assert reasons(shuffled) == reasons(numbered)
