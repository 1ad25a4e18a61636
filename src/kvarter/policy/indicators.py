"""What is counted, and over what: an indicator, and what of it may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    Tag,
    field_serializer,
    model_validator,
)

from kvarter.policy.fields import CITY, Group, Id, Model, Text, Year, by_presence_of
from kvarter.policy.written import Number, Whole


class CaseCount(Model):
    """Counts the united cases of a kind."""

    cases: Id


class StatisticSum(Model):
    """Sums a column of a statistic; a percentage is first multiplied by the column it is of."""

    statistic: Id
    column: str
    percent_of: str | None = None


Quantity = Annotated[
    Annotated[CaseCount, Tag("CaseCount")] | Annotated[StatisticSum, Tag("StatisticSum")],
    by_presence_of("cases", "CaseCount", "StatisticSum"),
]


class Published(Model):
    """A figure from an earlier publication. Shown as published, never mixed with computed ones.

    Without counts it is known only to its last digit: 1.4 percent is anything from 1.35 to 1.45,
    and 1.40 from 1.395 to 1.405.
    """

    year: Year
    group: Group
    percent: Number
    numerator: Whole | None = Field(None, ge=0)
    denominator: Whole | None = Field(None, ge=0)

    _decimals: int | None = PrivateAttr(None)

    @model_validator(mode="wrap")
    @classmethod
    def _as_written(cls, value: object, make: ModelWrapValidatorHandler[Self]) -> Self:
        """Keeps how many decimals are written; of a number that is no text nobody knows."""
        made = make(value)
        written = value.get("percent") if isinstance(value, Mapping) else None
        if isinstance(written, str) and re.fullmatch(r"[-+]?\d*(\.\d+)?", written.strip()):
            made._decimals = len(written.strip().partition(".")[2])
        return made

    @field_serializer("percent", when_used="json")
    def _percent_as_written(self, percent: float) -> float | str:
        return percent if self._decimals is None else f"{percent:.{self._decimals}f}"

    def decimals(self) -> int:
        """Of the percentage as it is written; as few as it can have where that is not known."""
        if self._decimals is not None:
            return self._decimals
        return len(f"{self.percent:.10f}".rstrip("0").partition(".")[2])

    def has_counts(self) -> bool:
        """Whether the counts behind the percentage were published as well."""
        return self.numerator is not None and bool(self.denominator)

    def agrees_with_counts(self) -> bool:
        """Whether the percentage is that of the counts beside it, rounded to its last decimal."""
        if self.numerator is None or not self.denominator:
            return True
        half = Fraction(1, 2 * 10 ** self.decimals())
        off = Fraction(str(self.percent)) * self.denominator - 100 * self.numerator
        return abs(off) <= half * self.denominator


class PublishedUnlocated(Model):
    """How many cases of a year were published as not located; they may lie anywhere."""

    year: Year
    count: Whole = Field(ge=0)


class IndependentTotal(Model):
    """A count that someone else published, to compare an indicator's count with."""

    year: Year
    title: Text = Field(description="Whose count it is, and where it was published")
    count: Whole = Field(ge=1)
    counts: Literal["household", "person", "case"]
    group: Group = CITY
    at_least: Number = Field(86, description="Percent of it that the indicator must count")
    at_most: Number = Field(114, description="Percent of it that the indicator may count")


class Disclosure(Model):
    """What may be shown. An indicator can have its own; what it leaves out is the policy's."""

    threshold: Whole = Field(5, ge=1, description="Smaller counts of people are not shown")
    smallest_group: Whole = Field(
        20, ge=1, description="In a smaller group of people, none or all of them is not shown"
    )
    dominance: Number | None = Field(
        None, gt=0, lt=100, description="Amounts: percent by which the largest could be guessed"
    )
    rounding: Whole | None = Field(
        None, ge=2, description="Instead of hiding: counts are rounded to a multiple of this"
    )
    coarser: dict[Id, list[Id]] = Field(
        {}, description="Instead of hiding: areas told together, by a name of their own"
    )

    def stricter(self, other: Disclosure) -> Disclosure:
        """These rules where they are stricter, else those of `other`; `coarser` stays its own."""
        both = self, other
        dominance = [each.dominance for each in both if each.dominance is not None]
        rounding = [each.rounding for each in both if each.rounding is not None]
        return self.model_copy(
            update={
                "threshold": max(each.threshold for each in both),
                "smallest_group": max(each.smallest_group for each in both),
                "dominance": max(dominance, default=None),
                "rounding": max(rounding, default=None),
            }
        )


class Indicator(Model):
    """`rate`: numerator over denominator in each group. `share`: each group's part of the city."""

    id: Id
    title: Text
    measured: Text = Field(description="How it is measured, in a sentence or two")
    kind: Literal["rate", "share"]
    numerator: Quantity
    denominator: Quantity | None = None
    decimals: Whole = Field(1, ge=0, le=4, description="Decimals of the percentage in the report")
    by_area: bool = Field(False, description="Also a row per area (never for offences)")
    data_years: dict[str, Year] = Field({}, description="Edition id: data year, where it differs")
    published: list[Published] = Field([])
    published_unlocated: list[PublishedUnlocated] = Field(
        [], description="How many cases could not be located, of years with published figures"
    )
    per: Text | None = Field(
        None, description="What the denominator counts, in the plural, such as dwellings"
    )
    chosen_by: bool | None = Field(
        None, description="Whether the areas were chosen for being worst by this very figure"
    )
    independent_totals: list[IndependentTotal] = Field([])
    offences: bool | None = Field(
        None,
        description="Its people are suspects: never shown by area; say false where they are not",
    )
    disclosure: Disclosure | None = None

    def is_part_of_whole(self) -> bool:
        """Whether what is counted is part of what it is a percentage of, so that it is no more."""
        above = self.numerator
        return self.kind == "share" or (
            isinstance(above, StatisticSum) and above.percent_of is not None
        )

    def decimals_in(self, year: int, group: str, *, counted: bool) -> int:
        """Decimals that the percentage of a year and group is known to.

        `counted`: the counts behind it are known, so that it has as many as are shown.
        """
        own = [f for f in self.published if (f.year, f.group) == (year, group)]
        if not counted and own:
            return own[0].decimals()
        return max([self.decimals, *(figure.decimals() for figure in own)])

    def unlocated_in(self, year: int) -> int | None:
        """How many cases of a year were published as not located; None where nobody said."""
        return next((each.count for each in self.published_unlocated if each.year == year), None)

    def of_people(self) -> Quantity:
        """Whose number may be too small to publish: its cases, or those a percentage is of."""
        if self.denominator is None or isinstance(self.numerator, CaseCount):
            return self.numerator
        return self.denominator

    def counts_people_of(self) -> list[Quantity]:
        """All whose number may be too small to publish; of residents those concerned as well."""
        people = self.of_people()
        return [people] if people == self.numerator else [people, self.numerator]
