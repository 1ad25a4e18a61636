"""What areas are designated by, and the ambition for them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from kvarter.policy.fields import Id, Model, Text, Year
from kvarter.policy.indicators import Quantity
from kvarter.policy.written import Number, Whole


class Populations(Model):
    """Of whom the figures of a criterion are; where the three differ, the report says so."""

    numerator: Text
    denominator: Text
    reference: Text


class Criterion(Model):
    """What areas are designated by: a numerator over a denominator, and which way is better."""

    id: Id
    title: Text
    numerator: Quantity
    denominator: Quantity
    better: Literal["less", "more"] = "less"
    unit: Text = Field("percent", description="`percent`, or the unit of an average, such as m²")
    decimals: Whole = Field(1, ge=0, le=4, description="Decimals of the figures in the report")
    population: Text | Populations = Field(
        description="Of whom the figures are; one text where all are of the same people"
    )
    first_year: Year | None = Field(
        None,
        alias="from",
        description="The first year that can be compared, where earlier ones are counted otherwise",
    )
    spread: Number | None = Field(
        None, gt=0, description="Averages only: standard deviation between residents, in the unit"
    )
    percent_decimals: Whole | None = Field(
        None, ge=0, le=6, description="Decimals of the percentages in the table, for their rounding"
    )

    def populations(self) -> Populations:
        """Of whom each part is, also where one text says it of all."""
        if isinstance(self.population, Populations):
            return self.population
        one = self.population
        return Populations(numerator=one, denominator=one, reference=one)


class AmbitionReading(Model):
    """One way to read the ambition; all ways are computed, a reading gives one of them a name."""

    title: Text
    reference: Literal["city", "rest"]
    overall: Literal["criteria", "mean"]
    areas: Literal["fixed", "designated"]
    decides: bool = False


class Ambition(Model):
    """How much of the areas' lag on the criteria is to be closed since the baseline, and when."""

    title: Text
    closed: Number = Field(0.5, gt=0, le=1, description="Share of the lag at baseline to be closed")
    year: Year = Field(description="The year by which it is to be closed")
    share_of_criteria: Number = Field(
        0.5, gt=0, le=1, description="`criteria`: on how large a part of the criteria"
    )
    least_lag: Number = Field(
        0.05,
        ge=0,
        lt=1,
        description="A lag at baseline below this share of the reference's level is too small",
    )
    data_years: dict[str, Year] = Field({}, description="Edition id: data year, where it differs")
    readings: list[AmbitionReading] = Field(min_length=1)

    def deciding(self) -> AmbitionReading:
        """The reading that decides: the one marked so, or the only one."""
        return next((each for each in self.readings if each.decides), self.readings[0])
