"""A whole policy file as typed models; its parts are in the modules beside this one.

The models say what a field is and which values it takes; `docs/policy-file.md` says the same with
examples. What depends on two places at once (an indicator naming a source) is in `agree.py`. All
names of the parts can be had from here.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from kvarter.policy.areas import Area, AreaSet, Layer
from kvarter.policy.criteria import Ambition, AmbitionReading, Criterion, Populations
from kvarter.policy.fields import (
    AREAS,
    CITY,
    EVERY_SOURCE,
    REST,
    AgeSpan,
    Bilingual,
    Group,
    Id,
    Language,
    Model,
    Place,
    Text,
    Year,
    YearSpan,
    say,
)
from kvarter.policy.goals import Comparison, Goal, Intervention, Reading, Target, Wording
from kvarter.policy.indicators import (
    CaseCount,
    Disclosure,
    IndependentTotal,
    Indicator,
    Published,
    Quantity,
    StatisticSum,
)
from kvarter.policy.publication import Publication
from kvarter.policy.sources import (
    AtEntrance,
    CaseKind,
    Columns,
    Decisions,
    InUnit,
    Register,
    SameKey,
    Source,
    Statistic,
    SystemChange,
)
from kvarter.policy.written import Number

__all__ = [
    "AREAS",
    "CITY",
    "EVERY_SOURCE",
    "REST",
    "AgeSpan",
    "Ambition",
    "AmbitionReading",
    "Area",
    "AreaSet",
    "AtEntrance",
    "Bilingual",
    "CaseCount",
    "CaseKind",
    "Columns",
    "Comparison",
    "Criterion",
    "Decisions",
    "Disclosure",
    "EditionDefinition",
    "Goal",
    "Group",
    "Id",
    "InUnit",
    "IndependentTotal",
    "Indicator",
    "Intervention",
    "Language",
    "Layer",
    "Model",
    "Municipality",
    "Place",
    "Policy",
    "Populations",
    "Publication",
    "Published",
    "Quantity",
    "Reading",
    "Register",
    "SameKey",
    "Source",
    "Statistic",
    "StatisticSum",
    "SystemChange",
    "Target",
    "Text",
    "Wording",
    "Year",
    "YearSpan",
    "data_year",
    "say",
]


class Municipality(Model):
    code: str = Field(pattern=r"^\d{4}$", description="Four digits, such as 0101 for Copenhagen")
    name: str
    called: Place = Field(
        "city", description="What texts call it: the city, or the municipality where it is none"
    )


class EditionDefinition(Model):
    """One published status. It is filed under `id`; its figures are of `data_year`."""

    id: Id
    title: Text
    data_year: Year
    area_set: Id
    baseline: bool = False
    documents: dict[str, str] = Field({})


class Policy(Model):
    """A whole policy file."""

    title: Text
    municipality: Municipality
    period: YearSpan
    documents: dict[str, str] = Field({})
    publication: Publication | None = None
    word_template: str | None = None
    confidence: Number = Field(0.95, gt=0.5, lt=1)
    largest_share_lost: Number = Field(
        20,
        ge=0,
        le=100,
        description="Percent of the rows of a year that may be invalid or unlocated; above it "
        "nothing is judged by the year",
    )
    disclosure: Disclosure = Disclosure()
    editions: list[EditionDefinition] = Field(min_length=1)
    area_sets: list[AreaSet] = Field(min_length=1)
    layers: dict[str, Layer] = Field({})
    register_: Register | None = Field(None, alias="register")
    case_kinds: list[CaseKind] = Field([])
    sources: list[Source] = Field([])
    decisions: Decisions | None = None
    statistics: list[Statistic] = Field([])
    criteria: list[Criterion] = Field([])
    ambition: Ambition | None = None
    goals: list[Goal] = Field(min_length=1)

    @classmethod
    def load(cls, path: str | Path) -> Policy:
        """The policy in a file. Raises PolicyError, with every problem that is found in it."""
        from kvarter.policy.load import load_policy

        return load_policy(Path(path))

    def edition(self, edition_id: str) -> EditionDefinition:
        """The edition of that id. Raises KeyError."""
        return {edition.id: edition for edition in self.editions}[edition_id]

    def as_of(self, edition: EditionDefinition) -> Policy:
        """The policy with the sources that an edition can know: none that begins later."""
        latest = max([edition.data_year, *(data_year(i, edition) for _, i in self.indicators())])
        known = [source for source in self.sources if source.first_day.year <= latest]
        return self.model_copy(update={"sources": known})

    def area_set(self, area_set_id: str) -> AreaSet:
        """The area set of that id. Raises KeyError, as for the id of any other part."""
        return {area_set.id: area_set for area_set in self.area_sets}[area_set_id]

    def case_kind(self, kind_id: str) -> CaseKind:
        return {kind.id: kind for kind in self.case_kinds}[kind_id]

    def statistic(self, statistic_id: str) -> Statistic:
        return {statistic.id: statistic for statistic in self.statistics}[statistic_id]

    def goal(self, number: int) -> Goal:
        return {goal.number: goal for goal in self.goals}[number]

    def indicator(self, indicator_id: str) -> Indicator:
        return {indicator.id: indicator for _, indicator in self.indicators()}[indicator_id]

    def indicators(self) -> list[tuple[Goal, Indicator]]:
        """Every indicator with the goal it belongs to, in the order of the file."""
        return [(goal, indicator) for goal in self.goals for indicator in goal.indicators]

    def disclosure_of(self, *indicators: Indicator) -> Disclosure:
        """The rules of an indicator: its own where it says so, else those of the policy.

        Of `indicators` together, and of those that count the same people, the strictest hold for
        all; of none, those of the policy. This is where every rule of what may be shown is looked
        up.
        """
        if not indicators:
            return self.disclosure
        first, *more = indicators
        rules = self._own_rules(first)
        whom = [people for each in indicators for people in self._people_of(each)]
        for _, other in self.indicators():
            if other in more or any(each in whom for each in self._people_of(other)):
                rules = rules.stricter(self._own_rules(other))
        return rules

    def disclosure_of_quantity(self, *quantities: Quantity) -> Disclosure:
        """The rules of people that an indicator or a criterion counts: the strictest there are."""
        rules, whom = self.disclosure, [self._with_the_whole(each) for each in quantities]
        for _, other in self.indicators():
            if any(each in whom for each in self._people_of(other)):
                rules = rules.stricter(self.disclosure_of(other))
        return rules

    def disclosure_of_rows(self) -> Disclosure:
        """The rules of numbers of rows of all kinds of case: the strictest of any kind."""
        return self.disclosure_of_quantity(*(CaseCount(cases=kind.id) for kind in self.case_kinds))

    def kinds_around(self, kind: str) -> list[str]:
        """The kinds that all cases of a kind are among, by `part_of`: the nearest first."""
        part_of = {each.id: each.part_of for each in self.case_kinds}
        found: list[str] = []
        while (around := part_of.get(found[-1] if found else kind)) and around not in found:
            found.append(around)
        return found

    def with_parts(self, part_of: dict[str, str]) -> Policy:
        """The policy in which these kinds, and no others, are `part_of` others."""
        kinds = [
            kind.model_copy(update={"part_of": part_of.get(kind.id)}) for kind in self.case_kinds
        ]
        return self.model_copy(update={"case_kinds": kinds})

    def _people_of(self, indicator: Indicator) -> list[Quantity]:
        return [self._with_the_whole(each) for each in indicator.counts_people_of()]

    def _with_the_whole(self, quantity: Quantity) -> Quantity:
        """A kind that is part of another counts some of the same people: the rules are those."""
        if not isinstance(quantity, CaseCount):
            return quantity
        return CaseCount(cases=[quantity.cases, *self.kinds_around(quantity.cases)][-1])

    def _own_rules(self, indicator: Indicator) -> Disclosure:
        own = indicator.disclosure.model_dump(exclude_unset=True) if indicator.disclosure else {}
        if not isinstance(indicator.numerator, CaseCount):
            own["rounding"] = None  # a statistic is no count of cases
        return self.disclosure.model_copy(update=own)

    def decision_files(self) -> list[str]:
        return self.decisions.files() if self.decisions else []

    def baseline(self) -> EditionDefinition | None:
        return next((edition for edition in self.editions if edition.baseline), None)


def data_year(indicator: Indicator, edition: EditionDefinition) -> int:
    """The year the indicator's figures are of in an edition: its own, else the edition's."""
    return indicator.data_years.get(edition.id, edition.data_year)
