"""Yearly lists of places by criteria, as in the Danish Act on social housing, §§ 61 a and 61 b.

What the law has decided is declared, dated and sourced: regimes, each with its criteria, thresholds
and lists. `kvarter.lists.rules` applies them to a table of key figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, model_validator

from kvarter.policy.model import Id, Model, Text, Year
from kvarter.policy.written import Number, Whole

COMPARISONS = ("more_than", "at_least", "less_than", "at_most")
"""Whether the threshold itself is enough differs from line to line of the law."""


class KeyFigures(Model):
    """A table of key figures: a row for each place and year, also of those it is compared with."""

    file: str
    place: str = Field(description="The column with the place's name")
    year: str = Field(description="The column with the year of the list")
    region: str = Field(description="The column with the region a place lies in")
    residents: str = Field(description="The column with the number of residents")
    nation: str = Field(description="The name in the place column of the whole country")
    decimals: Whole | None = Field(None, ge=0, le=6, description="Of the figures, where rounded")
    decimal: Literal[",", "."] | None = Field(
        None, description="The decimal mark, where 1,000 or 1.000 stands alone"
    )


class ListCriterion(Model):
    """A figure against a threshold, itself or relative to that of the country or the region."""

    id: Id
    title: Text
    column: str
    more_than: Number | None = None
    at_least: Number | None = None
    less_than: Number | None = None
    at_most: Number | None = None
    of: Literal["itself", "nation", "region"] = Field(
        "itself", description="`nation`: times its figure; `region`: percent of its figure"
    )
    average_of_years: Whole = Field(1, ge=1, le=10, description="The mean of so many years")

    @model_validator(mode="after")
    def _one_threshold(self) -> ListCriterion:
        if len([name for name in COMPARISONS if getattr(self, name) is not None]) != 1:
            raise ValueError(f"a criterion has one of {', '.join(COMPARISONS)}")
        return self

    def threshold(self) -> tuple[str, float]:
        """How it is compared, and with what."""
        return next(
            (name, value) for name in COMPARISONS if (value := getattr(self, name)) is not None
        )


class YearsRunning(Model):
    listed_as: Id = Field(alias="list")
    years: Whole = Field(ge=2)


class ListRule(Model):
    """Who is on a list: enough criteria, all of `also`, and what it asks of other lists."""

    id: Id
    title: Text
    at_least_criteria: Whole = Field(ge=0, description="How many of the regime's common criteria")
    also: list[Id] = Field([], description="Criteria that must hold besides")
    criteria: list[Id] | None = Field(None, description="Count these and not the common ones")
    on_list: Id | None = Field(None, description="Must be on this list of the same year too")
    years_running: YearsRunning | None = None


class Regime(Model):
    """The rules of a span of years, with their source."""

    id: Id
    title: Text
    first_year: Year = Field(alias="from")
    last_year: Year | None = Field(None, alias="to")
    source: str
    residents_at_least: Whole = Field(1_000, ge=0)
    criteria: list[ListCriterion] = Field(min_length=1)
    common: list[Id] = Field(description="The criteria that lists count")
    lists: list[ListRule] = Field(min_length=1)


class ListPolicy(Model):
    """A whole file of lists."""

    title: Text
    key_figures: KeyFigures
    regimes: list[Regime] = Field(min_length=1)

    def regime(self, year: int) -> Regime | None:
        """The rules in force for the list of a year."""
        return next(
            (r for r in self.regimes if r.first_year <= year <= (r.last_year or year)), None
        )


def lists_disagree(policy: ListPolicy) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Where the file does not agree with itself: place, what is wrong, remedy."""
    for at, regime in enumerate(policy.regimes):
        here: tuple[str | int, ...] = ("regimes", at)
        known = [criterion.id for criterion in regime.criteria]
        for name in regime.common:
            if name not in known:
                yield (*here, "common"), f"there is no criterion called {name!r}", _known(known)
        earlier: list[str] = []
        for index, rule in enumerate(regime.lists):
            place: tuple[str | int, ...] = (*here, "lists", index)
            for name in [*rule.also, *(rule.criteria or [])]:
                if name not in known:
                    yield place, f"there is no criterion called {name!r}", _known(known)
            if rule.on_list and rule.on_list not in earlier:
                yield (
                    (*place, "on_list"),
                    f"no list called {rule.on_list!r} stands above this one",
                    _known(earlier),
                )
            counted = regime.common if rule.criteria is None else rule.criteria
            if rule.at_least_criteria > len(counted):
                yield (
                    (*place, "at_least_criteria"),
                    f"only {len(counted)} criteria are counted",
                    "Ask for fewer, or name more.",
                )
            earlier.append(rule.id)
        for other in policy.regimes[:at]:
            if regime.first_year <= (other.last_year or regime.first_year) and other.first_year <= (
                regime.last_year or other.first_year
            ):
                yield (
                    (*here, "from"),
                    f"{regime.id!r} and {other.id!r} are in force in the same year",
                    "End the one before the other begins.",
                )


def _known(names: list[str]) -> str:
    return f"Known: {', '.join(names)}." if names else "There is none yet."
