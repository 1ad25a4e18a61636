"""Whatever the counts and the years, all is judged without an error, and no figure is infinite."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from kvarter.cases.tally import Tally
from kvarter.judgement import Judge, Judgement, interventions, judge_all, with_intervals
from kvarter.policy.model import Policy
from test_judgement import policy_with

READINGS: list[dict[str, object]] = [
    {"kind": "relative_change", "change": -25},
    {"kind": "relative_change", "of": "numerator", "change": -25},
    {"kind": "point_change", "change": 1.5},
    {"kind": "level", "level": 0.5},
    {"kind": "level", "level": 100, "of": "numerator", "better": "higher"},
    {"kind": "gap_absolute", "change": -50, "versus": "rest"},
    {"kind": "gap_relative", "change": -50},
]
YEARS = st.lists(st.integers(2014, 2023), min_size=1, max_size=8, unique=True)
COUNTS = st.lists(st.sampled_from([0, 0, 0, 1, 3, 9, 40, 700]), min_size=4, max_size=4)
TOTALS = st.lists(st.sampled_from([0, 1, 100, 9_000]), min_size=4, max_size=4)
"""Columns that cases have once they are placed and united."""
NAMES = ["indicator", "period", "group", "numerator", "denominator", "value", "unlocated"]


def _year(kind: str, year: int, counts: list[int], totals: list[int]) -> list[tuple[object, ...]]:
    """Three areas and the rest; a share is of all cases."""
    whole = sum(counts)
    below = [whole] * 4 if kind == "share" else totals
    groups = {
        "areas": (sum(counts[:3]), below[0] if kind == "share" else sum(below[:3])),
        "rest": (counts[3], below[3]),
        "city": (whole, whole if kind == "share" else sum(below)),
    }
    if kind == "rate":
        groups |= {f"a{at}": (counts[at], below[at]) for at in range(3)}
    return [
        ("i", year, group, float(count), float(total), count / total if total else None, 1)
        for group, (count, total) in groups.items()
    ]


def _finite(judgement: Judgement, effects: pl.DataFrame, measures: pl.DataFrame) -> None:
    tables = [getattr(judgement, name) for name in ("verdicts", "gaps", "trends", "sensitivity")]
    for each in (*tables, effects, measures):
        for name, kind in each.schema.items():
            if kind == pl.Float64:
                assert each[name].drop_nulls().is_finite().all(), name


def _policy(kind: str) -> Policy:
    policy = policy_with(*READINGS, kind=kind)
    [goal] = policy.goals
    [indicator] = goal.indicators
    counted = indicator.model_copy(update={"by_area": kind == "rate"})
    return policy.model_copy(update={"goals": [goal.model_copy(update={"indicators": [counted]})]})


@settings(max_examples=30, deadline=None)
@given(st.data(), st.sampled_from(["rate", "share"]), YEARS)
def test_any_counts_are_judged(data: st.DataObject, kind: str, years: list[int]) -> None:
    rows = [
        row
        for year in sorted(years)
        for row in _year(kind, year, data.draw(COUNTS), data.draw(TOTALS))
    ]
    schema = {
        name: pl.String if name in ("indicator", "group") else pl.Float64 for name in NAMES
    } | {"period": pl.Int64, "unlocated": pl.Int64}
    policy = _policy(kind)
    measures = with_intervals(pl.DataFrame(rows, schema=schema, orient="row"), policy)
    edition = policy.edition("s")
    judged = judge_all(measures, policy, Tally.empty(), Judge(edition, {}))
    _finite(judged, interventions(measures, policy, edition), measures)
