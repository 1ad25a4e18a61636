"""All that is published, against an attacker who works it out again."""

from __future__ import annotations

import itertools
from collections.abc import Hashable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import kvarter.pipeline.stages
from conftest import status_of
from hamlet import build, policy
from kvarter.disclosure import FigureAttackers, audit, words_held_back
from kvarter.disclosure.alternative_tables import Judge
from kvarter.disclosure.judged import protect_judgement
from kvarter.disclosure.protocol import Choice, Sensitive
from kvarter.disclosure.rows import UNPLACED
from kvarter.errors import DisclosureError
from kvarter.judgement import Judgement, Observation, judge_all
from kvarter.policy.model import AREAS
from middle import WithMiddle

UNITS = [(floor, door) for floor in ("st", "1", "2") for door in ("tv", "th")]
MANY = [(2022, "Strandvejen", 2), (2022, "Strandvejen", 4), (2022, "Kirkevej", 2)]
MANY += [(2023, "Kirkevej", 2), (2023, "Kirkevej", 4), (2023, "Strandvejen", 8)]


def few_now(earlier: int = 0) -> list[str]:
    """Notices: 12 households in the areas in 2022 and 3 in 2023; 6 and 18 in the rest.

    As in 2022 in each of the `earlier` years.
    """
    where = [*((*place, *unit) for place, unit in itertools.product(MANY, UNITS))]
    where += [(2023, "Strandvejen", 2, *unit) for unit in UNITS[:3]]
    as_then = [place for year, *place in where if year == 2022]
    where += [(2022 - n, *place) for n in range(1, earlier + 1) for place in as_then]
    return [
        f"{n};0{1 + n % 9}-0{1 + n % 8}-{year};;{chr(65 + n % 26)}{chr(97 + n // 26)} Berg{n};"
        f"{street} {house}, {floor}. {door}, 2100 København Ø;Fogedretten"
        for n, (year, street, house, floor, door) in enumerate(where)
    ]


def rules_for_few() -> dict[str, Any]:
    """What the hamlet's policy says besides: fewer than five are hidden; a court counted too."""
    goals = policy()["goals"]
    goals[0]["indicators"][0]["independent_totals"] = [
        {"year": 2023, "title": "Retten", "count": 25, "counts": "household", "group": "areas"}
    ]
    return {"disclosure": {"threshold": 5}, "goals": goals}


@dataclass(frozen=True)
class Made:
    """A status, and what the stage that protects it was given."""

    status: WithMiddle
    measures: pl.DataFrame
    sensitive: list[Sensitive]
    attackers: FigureAttackers
    judge: Judge
    judged: Judgement

    def attacked(self, judgement: Judgement) -> Judgement:
        """The judgement as the last look leaves it, were it told so."""
        attackers = replace(self.attackers, judgement=judgement)
        audit(self.sensitive, attackers)
        return words_held_back(self.measures, judgement, self.sensitive, attackers, self.judge)

    def truth(self) -> Judgement:
        """All that is judged, with nothing hidden."""
        return self.judged


def make(policy_file: Path) -> Made:
    given: list[Any] = []
    judged: list[Judgement] = []

    def kept(*given_all: Any) -> Judgement:
        judged.append(judge_all(*given_all))
        return judged[0]

    def noted(measures: Any, judgement: Any, *rest: Any) -> Judgement:
        given.extend([measures, *rest])
        return words_held_back(measures, judgement, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kvarter.pipeline.stages, "words_held_back", noted)
        patch.setattr(kvarter.pipeline.stages, "judge_all", kept)
        status = status_of(policy_file)
    return Made(status, *given, judged[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The hamlet with few cases in the areas in the year it is judged on."""
    return make(build(tmp_path_factory.mktemp("few"), few_now(), rules_for_few()))


@pytest.fixture(scope="module")
def over_years(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same with two years before, and the target read of the number too."""
    rules = rules_for_few()
    [target] = rules["goals"][0]["targets"]
    target["readings"][0] |= {"decides": True}
    number = {"id": "number", "title": "antallet", "of": "numerator"}
    target["readings"].append({**target["readings"][0], "decides": False, **number})
    rules["sources"] = [policy()["sources"][0] | {"from": "2020-01-01"}]
    file = build(tmp_path_factory.mktemp("years"), few_now(earlier=2), rules)
    dwellings = file.parent / "dwellings.csv"
    lines = dwellings.read_text(encoding="utf-8").splitlines()
    then = [line[4:] for line in lines if line.startswith("2022")]
    lines += [f"{year}{line}" for year in (2020, 2021) for line in then]
    dwellings.write_text("\n".join(lines), encoding="utf-8")
    return make(file)


def test_the_few_are_hidden_and_what_is_told_leaves_them_open(made: Made) -> None:
    now = made.status.public.results.filter(period=2023)
    assert set(now.filter(~pl.col("shown"))["group"]) >= {AREAS, "rest"}
    assert now.filter(group="city")["shown"].all()
    assert made.status.tables["audit"].height > 0
    made.attacked(made.status.judgement)


def test_what_was_attacked_is_in_an_order_of_its_own(made: Made) -> None:
    """Not in that of a set, which is another in each process."""
    audit_table = made.status.tables["audit"]
    assert audit_table.height > 2
    assert audit_table.equals(audit_table.sort("indicator", "period", "cell"))


KEYS = {
    "verdicts": ["goal", "target", "reading"],
    "gaps": ["goal", "indicator", "versus"],
    "trends": ["goal", "indicator", "of", "group", "first_period"],
    "totals": ["goal", "indicator", "period", "group", "title_da"],
    "sensitivity": ["goal", "target", "reading", "step"],
}
"""What tells the rows of each table apart."""


def planted(told: pl.DataFrame, truth: pl.DataFrame, keys: list[str], column: str) -> pl.DataFrame:
    """`told` with a column as it truly is; rows that were left out are put back with it alone."""
    blank = truth.with_columns(
        pl.lit(None, dtype=truth.schema[name]).alias(name)
        for name in truth.columns
        if name not in {*keys, column}
    )
    kept = told.join(truth.select(*keys, true=column), on=keys, how="left", nulls_equal=True)
    kept = kept.with_columns(pl.coalesce("true", column).alias(column)).select(told.columns)
    return pl.concat([kept, blank.join(told, on=keys, how="anti", nulls_equal=True)])


TELLING = [
    *(("verdicts", name) for name in ("change", "change_low", "change_high", "change_p")),
    *(("verdicts", name) for name in ("tipping_point", "gap", "ratio")),
    *(("verdicts", f"rounded_{end}") for end in ("low", "high")),
    *(
        ("gaps", name)
        for name in ("areas_change", "other_change", "gap", "gap_low", "gap_high", "ratio")
    ),
    *(("gaps", name) for name in ("ratio_low", "ratio_high", "beyond_points", "beyond_times")),
    *(("gaps", f"beyond_{of}_{end}") for of in ("points", "times") for end in ("low", "high")),
    *(("totals", name) for name in ("counted", "percent_of_total")),
    *(("verdicts", name) for name in ("city_change", "gap_baseline", "ratio_baseline")),
    ("verdicts", "unlocated_cases"),
    *(("gaps", f"{of}_baseline{end}") for of in ("gap", "ratio") for end in ("", "_low", "_high")),
]
"""The columns of a row that rests on the number of the few."""


@pytest.mark.parametrize(("table", "column"), TELLING)
def test_a_figure_that_gives_the_few_away_is_found(made: Made, table: str, column: str) -> None:
    """Each column of what is judged, told by mistake."""
    told, truth = (getattr(j, table) for j in (made.status.judgement, made.truth()))
    leak = planted(told, truth, KEYS[table], column)
    assert leak[column].null_count() < leak.height
    with pytest.raises(DisclosureError, match="can be worked out"):
        made.attacked(replace(made.status.judgement, **{table: leak}))


@pytest.mark.parametrize("of", ["value", "numerator"])
@pytest.mark.parametrize("column", ["p_value", "per_year", "per_year_low"])
def test_a_trend_that_gives_the_few_away_is_found(over_years: Made, of: str, column: str) -> None:
    """A trend over a hidden year is blank, of the number as of the rate; told, it is found."""
    told, truth = over_years.status.public.trends, over_years.truth().trends
    own = told.filter(of=of)
    assert set(own["group"]) == {"areas", "rest", "city"}
    assert own[column].null_count() == own.height
    leak = planted(told, truth.filter(of=of), KEYS["trends"], column)
    assert leak[column].null_count() < leak.height
    with pytest.raises(DisclosureError, match="can be worked out"):
        over_years.attacked(replace(over_years.status.judgement, trends=leak))


def test_a_ladder_that_gives_the_few_away_is_taken_out(made: Made) -> None:
    leak = planted(
        made.status.public.sensitivity, made.truth().sensitivity, KEYS["sensitivity"], "change_low"
    )
    assert leak["change_low"].null_count() < leak.height
    assert made.attacked(replace(made.status.judgement, sensitivity=leak)).sensitivity.is_empty()


def test_every_column_of_the_few_is_on_that_list_or_tells_nothing(made: Made) -> None:
    """So that a new figure cannot be forgotten."""
    truth, found = made.truth(), []
    for table, keys in KEYS.items():
        told, true = getattr(made.status.judgement, table), getattr(truth, table)
        for column, kind in true.schema.items():
            if table == "sensitivity" or column in keys or not kind.is_numeric():
                continue
            leak = planted(told, true, keys, column)
            try:
                made.attacked(replace(made.status.judgement, **{table: leak}))
            except DisclosureError:
                found.append((table, column))
    print(sorted(set(found) - set(TELLING)), set(TELLING) - set(found))
    assert sorted(found) == sorted(TELLING)


# Words: told where they are the same whatever the small number is.


def asked(change: float) -> dict[str, Any]:
    rules = rules_for_few()
    rules["goals"][0]["targets"][0]["readings"][0]["change"] = change
    return rules


@pytest.mark.parametrize(
    ("change", "word"), [(-25, "met"), (-66, "met"), (-70, "cannot_tell"), (-95, "not_met")]
)
def test_a_verdict_is_told_where_any_small_number_gives_it(
    tmp_path: Path, change: float, word: str
) -> None:
    """12 before and 3 now: a fall of 25 % is met by 1 to 4, one of 70 % by 1 to 3 alone."""
    status = status_of(build(tmp_path, few_now(), asked(change)))
    assert status.public.verdicts["verdict"].to_list() == [word]
    assert status.public.verdicts["change"].to_list() == [None]


UNPLACED_CASES = [
    f"{n};03-02-2023;;Navn {chr(65 + n)}x Lund;uden fast bopæl;Fogedretten" for n in range(4)
]


@pytest.mark.parametrize("lost", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("asked_for", "word"), [(-30, "na"), (-24, "holds"), (-55, "turns"), (-60, "holds")]
)
def test_words_on_few_unlocated_cases_tell_no_number(
    tmp_path: Path, lost: int, asked_for: float, word: str
) -> None:
    """12 before and 5 now: a fall of 58 %; with one to four more, of 50 to 25 %."""
    here = [(2023, "Strandvejen", 2, *unit) for unit in UNITS[3:5]]
    more = [
        f"{90 + n};04-05-{year};;Ny{chr(65 + n)} Berg;{street} {house}, {floor}. {door}, "
        "2100 København Ø;Fogedretten"
        for n, (year, street, house, floor, door) in enumerate(here)
    ]
    rules = asked(asked_for)
    status = status_of(build(tmp_path, few_now() + more + UNPLACED_CASES[:lost], rules))
    [row] = status.public.verdicts.iter_rows(named=True)
    assert row["change"] == pytest.approx(100 * (5 / 12 - 1))
    assert (row["unlocated_cases"], row["unlocated"]) == (None, word)
    assert not any("cases" in each.values for each in status.public.observations)


@pytest.mark.parametrize("asked_for", [-30, -55])
def test_a_verdict_is_the_same_to_the_last_digit_whatever_the_small_number(
    tmp_path: Path, asked_for: float
) -> None:
    """One or four that were not located: nobody can see which from the verdict."""
    here = [(2023, "Strandvejen", 2, *unit) for unit in UNITS[3:5]]
    more = [
        f"{90 + n};04-05-{year};;Ny{chr(65 + n)} Berg;{street} {house}, {floor}. {door}, "
        "2100 København Ø;Fogedretten"
        for n, (year, street, house, floor, door) in enumerate(here)
    ]
    first, second = (
        status_of(
            build(tmp_path / str(lost), few_now() + more + UNPLACED_CASES[:lost], asked(asked_for))
        )
        for lost in (1, 4)
    )
    assert first.public.verdicts.equals(second.public.verdicts)
    assert first.judgement.sensitivity.equals(second.judgement.sensitivity)
    assert first.judgement.observations == second.judgement.observations


# Indicators that count the same people.


def with_share(rules: dict[str, Any] | None = None) -> dict[str, Any]:
    """The hamlet's goal with the share of the same households beside the rate."""
    goals = policy()["goals"]
    share = {
        "id": "share-in-areas",
        "title": "Andel",
        "measured": "Husstande i områderne af alle.",
        "kind": "share",
        "numerator": {"cases": "notice"},
        "disclosure": rules,
    }
    goals[0]["indicators"].append(share)
    return {"disclosure": {"threshold": 1}, "goals": goals}


def test_a_share_does_not_give_away_what_the_rate_of_the_same_people_hides(tmp_path: Path) -> None:
    """The share alone asks for five: the rate of the same households follows it."""
    status = status_of(build(tmp_path, few_now(), with_share({"threshold": 5})))
    now = status.public.results.filter((pl.col("period") == 2023) & (pl.col("group") == AREAS))
    assert dict(now.select("indicator", "shown").iter_rows()) == {
        "notices-per-dwelling": False,
        "share-in-areas": False,
    }
    assert "notices-per-dwelling+share-in-areas" in status.tables["audit"]["indicator"]


@pytest.mark.parametrize(
    ("cases", "missing", "told"),
    [
        (74, 110, {"cases", "missing"}),
        (3, 110, set()),
        (107, 110, {"cases"}),
        (9, 9, {"cases", "missing"}),
    ],
)
def test_few_unlocated_cases_are_told_in_no_remark(
    made: Made, cases: int, missing: int, told: set[str]
) -> None:
    """Neither those that can lie in the areas nor those that cannot; nor more than the note."""
    remark = Observation("met_whatever", 1, "fewer", {"cases": cases, "missing": missing})
    status, note = made.status, (UNPLACED, "2023")
    judgement = replace(status.judgement, observations=[remark])
    shown = status.public.results.with_columns(shown=pl.lit(True), unlocated=pl.lit(cases))
    verdicts = status.public.verdicts.with_columns(
        change=pl.lit(-0.5), unlocated_cases=pl.lit(cases)
    )
    judgement = replace(judgement, verdicts=verdicts)
    row_counts = status.row_counts["notice"]
    problem = replace(row_counts.choice.problem, counts={note: missing})
    for hidden in (frozenset[Hashable](), frozenset[Hashable]({note})):
        own = {
            "notice": replace(row_counts, choice=Choice(row_counts.choice.whom, problem, hidden))
        }
        [left] = protect_judgement(
            judgement, shown, status.with_parts, status.definition, own
        ).observations
        assert set(left.values) == told - ({"missing"} if hidden else set())


@pytest.mark.parametrize("wording", [{}, {"speaks_of": "number"}])
def test_a_verdict_on_the_number_beside_figures_that_are_a_rate_is_said(
    tmp_path: Path, wording: dict[str, str]
) -> None:
    """Without a `wording`; where the words speak of the number, they say it themselves."""
    goals = policy()["goals"]
    [target] = goals[0]["targets"]
    target["readings"][0]["of"] = "numerator"
    target["wording"] = wording
    status = status_of(build(tmp_path, changed={"goals": goals}))
    codes = [each.code for each in status.public.observations]
    assert ("judged_number_shown_rate" in codes) == (not wording)


def test_without_rules_of_its_own_nothing_is_hidden(tmp_path: Path) -> None:
    """The control."""
    status = status_of(build(tmp_path, few_now(), with_share()))
    assert status.public.results["shown"].all()


def test_a_count_told_by_another_indicator_is_found(made: Made) -> None:
    """The control: had the two been protected one by one, the attacker would see it."""
    told = made.attackers.published
    secret = made.measures.filter(period=2023, group=AREAS)["numerator"][0]
    here = (pl.col("period") == 2023) & (pl.col("group") == AREAS)
    leak = told.with_columns(
        pl.when(here).then(pl.lit(secret)).otherwise(pl.col("numerator")).alias("numerator")
    )
    with pytest.raises(DisclosureError, match="can be worked out"):
        audit(made.sensitive, replace(made.attackers, published=leak))
