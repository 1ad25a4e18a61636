"""What was decided, as typed models: the whole content of a `policy.yaml`.

The models say what a field is and which values it takes; `docs/policy-file.md` says the same with
examples. What depends on two places at once (an indicator naming a source) is in `agree.py`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=60)]
Year = Annotated[int, Field(ge=1900, le=2200)]
Language = Literal["da", "en"]
Group = Literal["areas", "rest", "city"]

AREAS: Group = "areas"
REST: Group = "rest"
CITY: Group = "city"


class Model(BaseModel):
    """Strict about names: an unknown field is a spelling mistake until shown otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Bilingual(Model):
    """A text in Danish and, where someone has written it, in English."""

    da: str
    en: str | None = None


Text = str | Bilingual


def say(text: Text | None, language: Language) -> str:
    """`text` in `language`; Danish where there is no English."""
    if text is None or isinstance(text, str):
        return text or ""
    return (text.en if language == "en" else None) or text.da


class YearSpan(Model):
    first: Year = Field(alias="from")
    last: Year = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> YearSpan:
        if self.last < self.first:
            raise ValueError("`to` is before `from`")
        return self


class AgeSpan(Model):
    """Whole years a person must have reached on the day of the event, both ends included."""

    lowest: int = Field(alias="from", ge=0, le=130)
    highest: int = Field(alias="to", ge=0, le=130)

    @model_validator(mode="after")
    def _in_order(self) -> AgeSpan:
        if self.highest < self.lowest:
            raise ValueError("`to` is below `from`")
        return self


class Municipality(Model):
    code: str = Field(pattern=r"^\d{4}$", description="Four digits, such as 0101 for Copenhagen")
    name: str


class Edition(Model):
    """One published status. It is filed under `id`; its figures are of `data_year`."""

    id: Id
    title: Text
    data_year: Year
    area_set: Id
    baseline: bool = False
    documents: dict[str, str] = {}
    next_steps: list[Text] = Field([], description="What is to happen now, for the cover memo")
    signed_by: list[str] = Field([], description="Who signs the cover memo: name or office")


class Layer(Model):
    """A file of polygons: GeoJSON, or CSV with a column of WKT."""

    file: str
    name_field: str = Field(description="The property or column that names a polygon")
    crs: str = Field("EPSG:4326", pattern=r"^EPSG:\d+$")
    geometry_field: str = Field("wkb_geometry", description="CSV only: the column with the WKT")


class Area(Model):
    """An area with an id of our own; the layer's row numbers change from copy to copy."""

    id: Id
    name: str
    layer_name: str | None = Field(None, description="Its name in the layer, where it differs")


class AreaSet(Layer):
    """The areas as designated once; polygons that share a name are parts of one area."""

    id: Id
    title: Text
    decided: dt.date | None = None
    areas: list[Area] = Field(min_length=1)


class Register(Model):
    file: str


SameKey = Literal["unit", "entrance", "person", "name", "court_case"]


class SystemChange(Model):
    """The day from which a new case system counts; where both have rows, the other one bridges."""

    before: str = Field(alias="from", description="The case system that counted until then")
    after: str = Field(alias="to", description="The case system that counts from that day")
    on: dt.date


class CaseKind(Model):
    """A kind of event, and when two notes of it are one household or person in a year."""

    id: Id
    title: Text
    unite_as: Literal["household", "person"]
    same_when: list[list[SameKey]] = Field(
        min_length=1,
        description="Rows that agree on every key of any one of these lists are the same case",
    )
    age: AgeSpan | None = None
    system_changes: list[SystemChange] = []


class Columns(Model):
    """The columns of an extract, by what they hold. A list is read as one text, joined."""

    event_date: str
    address: str | list[str]
    person_number: str | None = None
    birth_date: str | None = None
    name: str | None = None
    court_case: str | None = None
    sender: str | None = None


class Source(Model):
    """One extract from a case system, and the days it was drawn for."""

    id: Id
    file: str
    cases: Id
    case_system: str
    first_day: dt.date = Field(alias="from")
    last_day: dt.date = Field(alias="to")
    columns: Columns
    sheet: str | None = None
    encoding: str | None = Field(None, description="Detected and reported when left out")
    delimiter: str | None = Field(None, min_length=1, max_length=1)


class Decisions(Model):
    """What an analyst decided by hand about addresses that the match was not sure of."""

    file: str | list[str] = Field(
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
    located_by: AtEntrance | InUnit
    encoding: str | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=1)


class CaseCount(Model):
    """Counts the united cases of a kind."""

    cases: Id


class StatisticSum(Model):
    """Sums a column of a statistic; a percentage is first multiplied by the column it is of."""

    statistic: Id
    column: str
    percent_of: str | None = None


Quantity = CaseCount | StatisticSum


class Published(Model):
    """A figure from an earlier publication. Shown as published, never mixed with computed ones.

    Without counts it is known only to its last digit: 1.4 percent is anything from 1.35 to 1.45.
    """

    year: Year
    group: Group
    percent: float
    numerator: int | None = None
    denominator: int | None = None


class IndependentTotal(Model):
    """A count that someone else published, to compare an indicator's count with."""

    year: Year
    title: Text = Field(description="Whose count it is, and where it was published")
    count: int = Field(ge=1)
    counts: Literal["household", "person", "case"]
    group: Group = CITY
    at_least: float = Field(86, description="Percent of it that the indicator must count")
    at_most: float = Field(114, description="Percent of it that the indicator may count")


class Disclosure(Model):
    """What may be shown. An indicator can have its own; what it leaves out is the policy's."""

    threshold: int = Field(5, ge=1, description="Smaller counts of people are not shown")
    smallest_group: int = Field(
        20, ge=1, description="In a smaller group of people, none or all of them is not shown"
    )
    dominance: float | None = Field(
        None, gt=0, lt=100, description="Amounts: percent by which the largest could be guessed"
    )
    rounding: int | None = Field(
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
    decimals: int = Field(1, ge=0, le=4, description="Decimals of the percentage in the report")
    by_area: bool = Field(False, description="Also a row per area (never for offences)")
    data_years: dict[str, Year] = Field({}, description="Edition id: data year, where it differs")
    published: list[Published] = []
    independent_totals: list[IndependentTotal] = []
    offences: bool = Field(False, description="Its people are suspects: never shown by area")
    disclosure: Disclosure | None = None

    def of_people(self) -> Quantity:
        """Whose number may be too small to tell: its cases, or those a percentage is of."""
        if self.denominator is None or isinstance(self.numerator, CaseCount):
            return self.numerator
        return self.denominator


class Reading(Model):
    """One way to read the words of a target. `change` is in percent, negative for a fall."""

    id: Id
    title: Text
    kind: Literal["relative_change", "point_change", "level", "gap_absolute", "gap_relative"]
    of: Literal["value", "numerator"] = "value"
    group: Group = AREAS
    change: float | None = Field(None, description="Percent, or percentage points; down is < 0")
    level: float | None = Field(None, description="For `level`: percent, or a count")
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


class Accepted(Model):
    """A computed comment that somebody has read and takes as the administration's own."""

    accepted: str = Field(description="The code that stands beside the draft in the report")
    by: str
    on: dt.date


class Goal(Model):
    """A goal of the policy. One without indicators says in `no_data` why it has none yet."""

    number: int = Field(ge=1)
    numbered_elsewhere: dict[str, int] = Field({}, description="Document: the number it has there")
    title: Text
    administration: str | None = None
    no_data: Text | None = None
    indicators: list[Indicator] = []
    targets: list[Target] = []
    commentary: dict[str, Text | Accepted] = Field(
        {}, description="Edition id: the administration's words, or a computed draft accepted"
    )
    interventions: list[Intervention] = []


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
    decimals: int = Field(1, ge=0, le=4, description="Decimals of the figures in the report")
    population: Text | Populations = Field(
        description="Of whom the figures are; one text where all are of the same people"
    )
    first_year: Year | None = Field(
        None,
        alias="from",
        description="The first year that can be compared, where earlier ones are counted otherwise",
    )
    spread: float | None = Field(
        None, gt=0, description="Averages only: standard deviation between residents, in the unit"
    )
    percent_decimals: int | None = Field(
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
    closed: float = Field(0.5, gt=0, le=1, description="Share of the lag at baseline to be closed")
    year: Year = Field(description="The year by which it is to be closed")
    share_of_criteria: float = Field(
        0.5, gt=0, le=1, description="`criteria`: on how large a part of the criteria"
    )
    least_lag: float = Field(
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


class Policy(Model):
    """A whole policy file."""

    title: Text
    municipality: Municipality
    period: YearSpan
    documents: dict[str, str] = {}
    word_template: str | None = None
    confidence: float = Field(0.95, gt=0.5, lt=1)
    disclosure: Disclosure = Disclosure()
    editions: list[Edition] = Field(min_length=1)
    area_sets: list[AreaSet] = Field(min_length=1)
    layers: dict[str, Layer] = {}
    register_: Register | None = Field(None, alias="register")
    case_kinds: list[CaseKind] = []
    sources: list[Source] = []
    decisions: Decisions | None = None
    statistics: list[Statistic] = []
    criteria: list[Criterion] = []
    ambition: Ambition | None = None
    goals: list[Goal] = Field(min_length=1)

    def edition(self, edition_id: str) -> Edition:
        """The edition of that id. Raises KeyError."""
        return {edition.id: edition for edition in self.editions}[edition_id]

    def as_of(self, edition: Edition) -> Policy:
        """The policy with the sources that an edition can know: none that begins later."""
        latest = max([edition.data_year, *(data_year(i, edition) for _, i in self.indicators())])
        known = [source for source in self.sources if source.first_day.year <= latest]
        return self.model_copy(update={"sources": known})

    def area_set(self, area_set_id: str) -> AreaSet:
        return {area_set.id: area_set for area_set in self.area_sets}[area_set_id]

    def indicators(self) -> list[tuple[Goal, Indicator]]:
        """Every indicator with the goal it belongs to, in the order of the file."""
        return [(goal, indicator) for goal in self.goals for indicator in goal.indicators]

    def disclosure_of(self, indicator: Indicator) -> Disclosure:
        """The rules of an indicator: its own where it says so, else those of the policy.

        Of indicators that count the same people, the strictest rules hold for all.
        """
        rules = self._own_rules(indicator)
        for _, other in self.indicators():
            if other.of_people() == indicator.of_people():
                rules = rules.stricter(self._own_rules(other))
        return rules

    def _own_rules(self, indicator: Indicator) -> Disclosure:
        own = indicator.disclosure.model_dump(exclude_unset=True) if indicator.disclosure else {}
        if not isinstance(indicator.numerator, CaseCount):
            own["rounding"] = None  # a statistic is no count of cases
        return self.disclosure.model_copy(update=own)

    def decision_files(self) -> list[str]:
        return self.decisions.files() if self.decisions else []

    def baseline(self) -> Edition | None:
        return next((edition for edition in self.editions if edition.baseline), None)


def data_year(indicator: Indicator, edition: Edition) -> int:
    """The year the indicator's figures are of in an edition: its own, else the edition's."""
    return indicator.data_years.get(edition.id, edition.data_year)
