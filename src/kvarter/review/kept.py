"""What is decided one by one, as on a site: kept in a file of decisions that the policy can name.

It holds `text_id`, who decided and when, and never the text itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import polars as pl

from kvarter.errors import InputError
from kvarter.files.inert import as_it_was, write_csv
from kvarter.files.outputs import write_whole
from kvarter.review.decisions import read_decisions
from kvarter.review.uncertain import CANDIDATES

FILE = "decisions-site.csv"
"""Beside the policy file, which names it under `decisions`."""


@dataclass(frozen=True)
class Decided:
    """A decision on a text. `decision`: an address as the register writes it, an id, or a word."""

    text_id: str
    decision: str
    decided_by: str
    decided_on: dt.date
    note: str = ""


def read_kept(path: Path) -> dict[str, Decided]:
    """The decisions in the file by text; none where it is not there yet.

    Raises InputError where it cannot be read.
    """
    if not path.exists():
        return {}
    rows = read_decisions([path]).select(
        "text_id", "chosen", "decided_by", "decided_on", "decision_note"
    )
    return {row[0]: Decided(*row) for row in rows.iter_rows()}


def write_kept(path: Path, decisions: Mapping[str, Decided]) -> None:
    """Write the decisions, in the order of their texts, in place of those in the file."""
    names = [field.name for field in fields(Decided)]
    schema = {name: pl.Date if name == "decided_on" else pl.String for name in names}
    rows = [asdict(decisions[text]) for text in sorted(decisions)]
    table = pl.DataFrame(rows, schema=schema, orient="row")
    with write_whole(path) as unfinished:
        write_csv(table, unfinished, for_excel=True)
        unfinished.chmod(0o600)


def as_read(chosen: str) -> pl.DataFrame:
    """One decision as `read_decisions` gives it, to see whether a run could use it."""
    known = {"text_id": "-", "decision": chosen, "chosen": chosen, "field": "decision"}
    blank = {"decided_by": "", "decided_on": None, "decision_note": "", "file": "", "line": None}
    return pl.DataFrame([known | blank])


@dataclass(frozen=True)
class Uncertain:
    """A text that nobody has located: how often it stands where, why, and what it may mean.

    category: blank where no address was found. reasons: codes. candidates: as the register writes
    them.
    """

    text_id: str
    text: str
    rows: int
    sources: str
    category: str
    reasons: tuple[str, ...]
    candidates: tuple[str, ...]


def read_uncertain(review: Path) -> list[Uncertain]:
    """The texts of a `review.csv` that a run wrote, most rows first.

    Raises InputError where it is missing or damaged.
    """
    try:
        table = pl.read_csv(review, separator=";", infer_schema=False)
        columns = {name: as_it_was(table[name].fill_null("")) for name in table.columns}
        found = pl.DataFrame(columns)
        return [_uncertain(row) for row in found.iter_rows(named=True)]
    except (OSError, KeyError, ValueError, pl.exceptions.PolarsError) as error:
        what = "the list of uncertain addresses is missing or damaged"
        raise InputError.of(what, "Run the edition again.", review) from error


def _uncertain(row: Mapping[str, str]) -> Uncertain:
    return Uncertain(
        text_id=row["text_id"],
        text=row["text"],
        rows=int(row["rows"]),
        sources=row["sources"],
        category=row["category"],
        reasons=tuple(code for code in row["reasons"].split("; ") if code),
        candidates=tuple(row[name] for name in CANDIDATES if row[name]),
    )
