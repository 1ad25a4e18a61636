"""Extracts -> valid cases (`read`), and duplicates -> households and persons (`unite`)."""

from kvarter.cases.ledger import FINAL, STAGES, Ledger, Outcome, rows_by_outcome
from kvarter.cases.persons import Pseudonyms
from kvarter.cases.read import read_source, read_sources
from kvarter.cases.unite import unite, unite_all

__all__ = [
    "FINAL",
    "STAGES",
    "Ledger",
    "Outcome",
    "Pseudonyms",
    "read_source",
    "read_sources",
    "rows_by_outcome",
    "unite",
    "unite_all",
]
