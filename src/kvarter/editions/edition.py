"""An edition as everybody may see it: what documents, exports and a site are made of.

It holds no hidden number, no row of an extract, no address and no pseudonym. What stays in the
house is in `kvarter.editions.internal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from kvarter.editions.geography import Geography
from kvarter.judgement import Observation
from kvarter.judgement.breaks import NOT_STATED, Systems
from kvarter.notes import Note
from kvarter.policy.model import EditionDefinition, Policy
from kvarter.statement import Statement


@dataclass(frozen=True)
class Edition:
    """One edition of a policy's status.

    policy: the policy as the edition could know it.
    definition: what the policy says of this edition: its id, title, data year and area set.
    statement: what people write of it: comments, next steps, who signs.
    tables: every table by its name, as docs/tables.md describes it; hidden figures are null. Those
        of an edition that is opened from its folder are read when they are first asked for.
    observations: what the report says of a verdict besides its checks.
    notes: what a reader must know of the data; without numbers of rows or people.
    geography: the areas on the map, and what is said of their borders.
    rows_by_hand: how many rows were located by hand; None where so few are not shown.

    >>> import kvarter
    >>> edition = kvarter.open_edition("status/2024")
    >>> edition.verdicts.select("goal", "reading", "verdict", "change")
    """

    policy: Policy
    definition: EditionDefinition
    statement: Statement
    tables: Mapping[str, pl.DataFrame] = field(repr=False)
    observations: tuple[Observation, ...] = field(default=(), repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)
    geography: Geography = field(default_factory=Geography, repr=False)
    rows_by_hand: int | None = 0

    @property
    def results(self) -> pl.DataFrame:
        """One row for each indicator, year and group; `value` and its intervals are fractions."""
        return self.tables["results"]

    @property
    def verdicts(self) -> pl.DataFrame:
        """One row for each goal, target and reading."""
        return self.tables["verdicts"]

    @property
    def gaps(self) -> pl.DataFrame:
        """The areas against the city and its rest, for each indicator."""
        return self.tables["gaps"]

    @property
    def trends(self) -> pl.DataFrame:
        """The slope of each stretch of years without a break."""
        return self.tables["trends"]

    @property
    def bridges(self) -> pl.DataFrame:
        """The factor between two case systems that were in use at the same time."""
        return self.tables["bridges"]

    @property
    def totals(self) -> pl.DataFrame:
        """Counts against independent totals that others published."""
        return self.tables["totals"]

    @property
    def missing(self) -> pl.DataFrame:
        """What share of cases was located, by year, source, sender and kind."""
        return self.tables["missing"]

    @property
    def sensitivity(self) -> pl.DataFrame:
        """Each verdict by how much is assumed of the cases that were not located."""
        return self.tables["sensitivity"]

    @property
    def interventions(self) -> pl.DataFrame:
        """What happened where an intervention was, against where it was not."""
        return self.tables["interventions"]

    @property
    def distance(self) -> pl.DataFrame:
        """The distance of each designation criterion; no rows where the policy has no ambition."""
        return self.tables.get("distance", pl.DataFrame())

    @property
    def distance_overall(self) -> pl.DataFrame:
        """The distance of all criteria together; no rows where the policy has no ambition."""
        return self.tables.get("distance_overall", pl.DataFrame())

    @property
    def row_outcomes(self) -> pl.DataFrame:
        """Rows of each source by what became of them; `rows` is null where it is hidden."""
        return self.tables["row_outcomes"]

    @property
    def not_placed(self) -> pl.DataFrame:
        """Cases of a kind and year without a place in the municipality; null where hidden."""
        return self.tables["not_placed"]

    @property
    def sources(self) -> pl.DataFrame:
        """How the file of each source was found to be written."""
        return self.tables["sources"]

    @property
    def case_systems(self) -> Systems:
        """The case systems that the cases of an indicator and a year come from.

        None of a year where a source does not say its system.
        """
        found: dict[tuple[str, int], set[str]] = {}
        for indicator, year, system in self.tables["case_systems"].iter_rows():
            found.setdefault((indicator, year), set()).update({system} - {NOT_STATED})
        return {key: frozenset(systems) for key, systems in found.items()}
