"""What was decided to reach: goals, their targets and how these can be read, interventions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from kvarter.policy.fields import AREAS, AgeSpan, Group, Id, Model, Text, Year
from kvarter.policy.indicators import Indicator
from kvarter.policy.written import Number, Whole


class Reading(Model):
    """One way to read the words of a target. `change` is in percent, negative for a fall."""

    id: Id
    title: Text
    kind: Literal["relative_change", "point_change", "level", "gap_absolute", "gap_relative"]
    of: Literal["value", "numerator"] = "value"
    group: Group = AREAS
    change: Number | None = Field(None, description="Percent, or percentage points; down is < 0")
    level: Number | None = Field(None, description="For `level`: percent, or a count")
    better: Literal["lower", "higher"] = Field(
        "lower", description="For `level`: at most, or least"
    )
    versus: Literal["rest", "city"] = Field("city", description="For gaps: compared with whom")
    decides: bool = Field(False, description="True for the reading the published verdict uses")


class Comparison(Model):
    """Whom the areas are compared with, in the words of a document and in its table."""

    text: Literal["rest", "city"]
    table: Literal["rest", "city"]


class Wording(Model):
    """What the published words say, so that judging something else is said out loud."""

    speaks_of: Literal["number", "rate", "share"] | None = None
    unit: Literal["percent", "points"] | None = Field(None, description="Left out where unsaid")
    compared_with: Comparison | None = None


class Target(Model):
    id: Id
    text: Text
    indicator: Id
    wording: Wording = Wording()
    readings: list[Reading] = Field(min_length=1)


class Intervention(Model):
    title: Text
    first_year: Year = Field(alias="from")
    last_year: Year | None = Field(None, alias="to")
    areas: list[Id] = Field([], description="Ids of the areas; none means all")
    kind: Text | None = Field(None, description="What it is, such as advice or outreach")
    age: AgeSpan | None = Field(None, description="Whom it is for")
    text: Text | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Intervention:
        if self.last_year is not None and self.last_year < self.first_year:
            raise ValueError("`to` is before `from`")
        return self


class Goal(Model):
    """A goal of the policy. One without indicators says in `no_data` why it has none yet."""

    number: Whole = Field(ge=1)
    numbered_elsewhere: dict[str, Whole] = Field(
        {}, description="Document: the number it has there"
    )
    title: Text
    administration: str | None = None
    no_data: Text | None = None
    indicators: list[Indicator] = Field([])
    targets: list[Target] = Field([])
    interventions: list[Intervention] = Field([])
