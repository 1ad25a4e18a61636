"""Extracts -> valid cases (`read`); duplicates -> households and persons (`deduplicate`)."""

from kvarter.cases.deduplicate import deduplicate, deduplicate_all
from kvarter.cases.ledger import FINAL, STAGES, Ledger, Outcome, rows_by_outcome
from kvarter.cases.persons import Pseudonyms
from kvarter.cases.read import read_source, read_sources

__all__ = [
    "FINAL",
    "STAGES",
    "Ledger",
    "Outcome",
    "Pseudonyms",
    "deduplicate",
    "deduplicate_all",
    "read_source",
    "read_sources",
    "rows_by_outcome",
]
