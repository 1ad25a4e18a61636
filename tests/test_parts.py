"""Of a kind of case that is part of another, no small difference to it can be worked out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import hamlet
from ground import SET, cube
from kvarter.disclosure import Protected, protect
from kvarter.disclosure.parts import find_parts
from kvarter.editions.releases import Released, parted
from kvarter.errors import PolicyError
from kvarter.indicators import Cube
from kvarter.policy import load_policy
from kvarter.policy.model import Policy

THRESHOLD, DWELLINGS, YEAR = 5, 200.0, 2023
AREAS = ["a", "b"]
PLACES = [*AREAS, "rest"]


def the_policy(part_of: str | None = "notice") -> Policy:
    """Notices, and those for arrears, both by area."""
    data: dict[str, Any] = hamlet.policy()
    [goal], [kind] = data["goals"], data["case_kinds"]
    [indicator] = goal["indicators"]
    arrears = kind | {"id": "arrears", "title": "Restance"}
    data["case_kinds"] = [arrears | ({"part_of": part_of} if part_of else {}), kind]
    data |= {"disclosure": {"threshold": THRESHOLD}, "sources": []}
    data["area_sets"][0]["areas"] = [{"id": name, "name": name} for name in AREAS]
    both = [
        indicator | {"id": name, "by_area": True, "numerator": {"cases": name}}
        for name in ("arrears", "notice")
    ]
    data["goals"] = [goal | {"indicators": both, "targets": []}]
    return Policy.model_validate(data)


def protected(arrears: list[int], others: list[int], part_of: str | None = "notice") -> Protected:
    """What is told of these numbers of arrears and of other notices in each of PLACES."""
    counts = {"arrears": arrears, "notice": [a + b for a, b in zip(arrears, others, strict=True)]}
    rows, pieces = [], []
    for name, own in counts.items():
        groups = dict(zip(PLACES, own, strict=True)) | {"areas": sum(own[:-1]), "city": sum(own)}
        rows += [(name, YEAR, group, float(count)) for group, count in groups.items()]
        cells = zip([[area] for area in AREAS], own, strict=False)
        pieces += [(name, YEAR, area, float(n), DWELLINGS) for area, n in cells]
        pieces.append((name, YEAR, [], float(own[-1]), DWELLINGS))
    keys: dict[str, Any] = {"indicator": pl.String, "period": pl.Int64}
    number = {"numerator": pl.Float64}
    results = pl.DataFrame(rows, schema=keys | {"group": pl.String} | number, orient="row")
    results = results.with_columns(
        denominator=pl.lit(DWELLINGS),
        value=pl.col("numerator") / DWELLINGS,
        **{each: pl.lit(None, pl.Float64) for each in ("low", "high", "bound_low", "bound_high")},
        unlocated=pl.lit(0, pl.Int64),
        origin=pl.lit("computed"),
        largest=pl.lit(None, pl.Float64),
        second=pl.lit(None, pl.Float64),
    )
    before, _ = parted(Released().figures)
    return protect(results, the_policy(part_of), cube(pieces), before, SET)


def told(made: Protected, name: str) -> dict[str, float]:
    own = made.results.filter((pl.col("indicator") == name) & pl.col("shown"))
    return dict(own.select("group", "numerator").iter_rows())


def test_two_notices_that_are_for_something_else_cannot_be_told() -> None:
    arrears, others = [10, 25, 120], [2, 6, 30]
    apart, together = (protected(arrears, others, each) for each in (None, "notice"))
    assert told(apart, "notice")["a"] - told(apart, "arrears")["a"] == 2
    assert told(together, "notice") == told(apart, "notice")
    assert set(told(apart, "arrears")) - set(told(together, "arrears")) == {"a", "b"}


MOST = 11


def worlds(made: Protected) -> np.ndarray:
    """All numbers of arrears and of others in PLACES, up to MOST, that agree with what is told."""
    counts = np.indices([MOST + 1] * 6).reshape(6, -1)
    of = {"arrears": counts[:3], "notice": counts[:3] + counts[3:]}
    agrees = np.ones(counts.shape[1], dtype=bool)
    for name, (a, b, rest) in of.items():
        groups = {"a": a, "b": b, "rest": rest, "areas": a + b, "city": a + b + rest}
        for group, count in told(made, name).items():
            agrees &= groups[group] == count
    return counts[:, agrees]


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.integers(0, 7), min_size=3, max_size=3),
    st.lists(st.integers(0, 7), min_size=3, max_size=3),
)
def test_no_small_number_is_told_by_two_tables(arrears: list[int], others: list[int]) -> None:
    made = protected(arrears, others)
    assume(not made.choices["unprotected"].sum())
    for count, seen in zip([*arrears, *others], worlds(made), strict=True):
        if 0 < count < THRESHOLD:
            assert len(set(seen)) > THRESHOLD - 2, (count, set(seen))


CASES = ["cases", "source", "row", "year", "person", "address_id", "outcome"]


def _cases(kind: str, persons: list[str]) -> list[tuple[object, ...]]:
    return [(kind, kind, at, YEAR, each, None, "counted") for at, each in enumerate(persons)]


def test_a_kind_whose_cases_are_found_among_anothers_is_part_of_it() -> None:
    everyone = [f"p{n}" for n in range(40)]
    fewer = cube([("arrears", YEAR, ["a"], 20.0, None), ("notice", YEAR, ["a"], 40.0, None)])
    more = cube([("arrears", YEAR, ["a"], 40.0, None), ("notice", YEAR, ["a"], 20.0, None)])

    def found(own: list[str], ground: Cube = fewer) -> tuple[dict[str, str], list[str]]:
        rows = [*_cases("arrears", own), *_cases("notice", everyone)]
        cases = pl.DataFrame(rows, schema=CASES, orient="row")
        parts, notes = find_parts(cases, ground, the_policy(None))
        return parts, [str(note) for note in notes]

    parts, [note] = found([*everyone[:19], "somebody else"])
    assert parts == {"arrears": "notice"}
    assert "`part_of: notice`" in note
    assert found([*everyone[:18], "one", "another"]) == ({}, [])
    assert found(everyone[:4]) == ({}, [])
    assert found(everyone[:20], more) == ({}, [])
    declared, [told] = find_parts(
        pl.DataFrame(schema=dict.fromkeys(CASES, pl.String)), more, the_policy()
    )
    assert declared == {}
    assert told.wrong
    assert "more of arrears" in str(told)


@pytest.mark.parametrize(
    ("part_of", "unite_as", "says"),
    [
        ({"arrears": "notices"}, "household", "notices"),
        ({"arrears": "notice", "notice": "arrears"}, "household", "part of itself"),
        ({"arrears": "notice"}, "person", "the one is no part of the other"),
    ],
)
def test_a_part_that_cannot_be_one_is_refused(
    tmp_path: Path, part_of: dict[str, str], unite_as: str, says: str
) -> None:
    [kind] = hamlet.policy()["case_kinds"]
    kinds = [kind, kind | {"id": "arrears", "unite_as": unite_as}]
    kinds = [each | ({"part_of": part_of.get(each["id"])}) for each in kinds]
    file = hamlet.build(tmp_path / "h", changed={"case_kinds": kinds})
    with pytest.raises(PolicyError, match=says):
        load_policy(file)
