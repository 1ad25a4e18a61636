"""Out of what: case kinds and their extracts, decisions by hand, statistics, the register."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from kvarter.policy.fields import AgeSpan, Id, Model, Text, by_presence_of
from kvarter.policy.written import Day


class Register(Model):
    file: str


SameKey = Literal["unit", "entrance", "person", "name", "court_case"]


class SystemChange(Model):
    """The day from which a new case system counts; where both have rows, the other one bridges."""

    before: str = Field(alias="from", description="The case system that counted until then")
    after: str = Field(alias="to", description="The case system that counts from that day")
    on: Day


class CaseKind(Model):
    """A kind of event, and when two notes of it are one household or person in a year."""

    id: Id
    title: Text
    unite_as: Literal["household", "person"]
    same_when: list[Annotated[list[SameKey], Field(min_length=1)]] = Field(
        min_length=1,
        description="Rows that agree on every key of any one of these lists are the same case",
    )
    trusted_keys: list[SameKey] = Field(
        [],
        description="Keys that unite also where one value stands for far more cases than chance "
        "allows",
    )
    part_of: Id | None = Field(
        None,
        description="The kind that every case of this one is among, such as all notices where this "
        "is those for arrears: the two are protected together, so that their difference is no "
        "small number",
    )
    age: AgeSpan | None = None
    system_changes: list[SystemChange] = Field([])


class Columns(Model):
    """The columns of an extract, by what they hold. A list is read as one text, joined."""

    event_date: str
    address: str | Annotated[list[str], Field(min_length=1)]
    person_number: str | None = None
    birth_date: str | None = None
    name: str | None = None
    court_case: str | None = None
    sender: str | None = None
    kind: str | None = Field(None, description="What it is about, such as arrears or house rules")


class Source(Model):
    """One extract from a case system, and the days it was drawn for."""

    id: Id
    file: str
    cases: Id
    case_system: str | None = Field(
        None,
        description="The system it was drawn from; left out where nobody told, and then a change "
        "of it between two years is not judged",
    )
    first_day: Day = Field(alias="from")
    last_day: Day = Field(alias="to")
    columns: Columns
    sheet: str | list[str] | None = Field(
        None, description="Excel: the sheet, or a list; all that have the columns when left out"
    )
    encoding: str | None = Field(None, description="Detected and reported when left out")
    delimiter: str | None = Field(None, min_length=1, max_length=1)


class Decisions(Model):
    """What an analyst decided by hand about addresses that the match was not sure of."""

    file: str | Annotated[list[str], Field(min_length=1)] = Field(
        description="A review file that was filled in (a copy of internal/review.xlsx or .csv of "
        "a status), or a list of several. Its decisions win over the match"
    )

    def files(self) -> list[str]:
        """The files, also where there is only one."""
        return [self.file] if isinstance(self.file, str) else self.file


class AtEntrance(Model):
    """Rows of a statistic that belong to an entrance (access address) of the register."""

    entrance: str = Field(description="The column with the access address id")


class InUnit(Model):
    """Rows of a statistic that belong to a polygon of a layer, such as a rode."""

    unit: str = Field(description="The column with the unit's name, as in the layer")
    layer: Id


class Statistic(Model):
    """A table of counts by year and place, such as the dwelling stock."""

    id: Id
    file: str
    year: str = Field(description="The column with the year")
    located_by: Annotated[
        Annotated[AtEntrance, Tag("AtEntrance")] | Annotated[InUnit, Tag("InUnit")],
        by_presence_of("entrance", "AtEntrance", "InUnit"),
    ]
    sheet: str | list[str] | None = Field(None, description="As for a source")
    encoding: str | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    decimal: Literal[",", "."] | None = Field(
        None, description="The decimal mark, where 1,000 or 1.000 stands alone"
    )
