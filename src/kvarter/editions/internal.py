"""An edition as it stays in the house: rows, exact figures, what was hidden and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from kvarter.editions.edition import Edition
from kvarter.notes import Note
from kvarter.policy.model import EditionDefinition, Policy


@dataclass(frozen=True)
class InternalEdition:
    """Everything a run found out. It holds personal data, and no renderer gets it.

    public: the same edition as everybody may see it.
    tables: `ledger` and `rows`; `decisions` made by hand; `disclosure`, `alternatives` and `audit`
        of what was hidden; `exact_results` and `exact_verdicts`, where nothing is; and
        `rows_told`, which a release puts on record.
    rows_by_outcome: rows of each source by final outcome, all named, and `read`, their sum.
    by_hand: how many texts were decided, in how many rows, and how many decisions are not used.
    notes: what must be known of the data, with all numbers.
    record: how the edition was made; nothing before it is written.

    >>> import kvarter
    >>> internal = kvarter.open_internal("status/2024")
    >>> internal.results.filter(pl.col("numerator") < 5)
    """

    public: Edition
    tables: Mapping[str, pl.DataFrame] = field(repr=False)
    rows_by_outcome: Mapping[str, Mapping[str, int]]
    by_hand: Mapping[str, int]
    notes: tuple[Note, ...] = field(default=(), repr=False)
    record: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def policy(self) -> Policy:
        """The policy as the edition could know it."""
        return self.public.policy

    @property
    def definition(self) -> EditionDefinition:
        """What the policy says of this edition."""
        return self.public.definition

    @property
    def results(self) -> pl.DataFrame:
        """The results with every figure, also those that are hidden."""
        return self.tables["exact_results"]

    @property
    def verdicts(self) -> pl.DataFrame:
        """The verdicts by every figure, also those that are hidden."""
        return self.tables["exact_verdicts"]

    @property
    def ledger(self) -> pl.DataFrame:
        """What each stage did with each row."""
        return self.tables["ledger"]

    @property
    def rows(self) -> pl.DataFrame:
        """The rows that were kept when they were read, with addresses and pseudonyms."""
        return self.tables["rows"]

    @property
    def decisions(self) -> pl.DataFrame:
        """What was decided by hand, one row for each text."""
        return self.tables["decisions"]
