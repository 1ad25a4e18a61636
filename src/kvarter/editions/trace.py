"""`kvarter trace`: one row's whole story, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.editions.folder import internal_tables_in
from kvarter.errors import InputError


@dataclass(frozen=True)
class Step:
    """What one stage did with the row: its outcome, its reason, and the facts behind it."""

    stage: str
    outcome: str
    reason: str
    facts: dict[str, str]


_FACTS = {
    "read": ["event_date", "case_system", "sender", "kind", "age", "address", "text_id"],
    "match": [
        *("category", "level", "reasons", "candidates", "street_name", "postcode"),
        *("decided_as", "decided_by", "decided_on", "decision_note", "matched_as"),
    ],
    "place": ["in_municipality", "areas", "could_lie_in_areas", "area_chances"],
    "deduplicate": ["case_id"],
    "unite": ["case_id"],  # of editions made before the stage was called so
}


def trace(status: Path, source: str, row: int, sheet: str | None = None) -> list[Step]:
    """The steps of line `row` of `source` in the status folder `status`.

    `sheet`: `row` is a row of that sheet, where several of a workbook were read. Raises InputError
    where the source is not in the status or the line is no row of it.
    """
    tables = internal_tables_in(status)
    ledger = tables["ledger"]
    of_source = ledger.filter(pl.col("source") == source)
    if of_source.is_empty():
        known = ", ".join(ledger["source"].unique().sort())
        raise InputError.of(f"there is no source called {source!r}", f"It has: {known}.", status)
    if sheet is not None:
        row = _row_of_sheet(of_source, sheet, row, str(status))
    entries = of_source.filter(pl.col("row") == row)
    if entries.is_empty():
        lines = of_source["row"].sort()
        raise InputError.of(
            f"line {row} is no row of {source!r}",
            f"Its rows are on lines {lines[0]} to {lines[-1]}; headers and blanks are none.",
            status,
        )
    rows = tables["rows"]
    found = rows.filter((pl.col("source") == source) & (pl.col("row") == row)).to_dicts()
    facts = found[0] if found else {}
    steps = []
    for entry in entries.iter_rows(named=True):
        names = _FACTS[entry["stage"]]
        shown = {
            name: _in_words(facts[name]) for name in names if facts.get(name) not in (None, "", [])
        }
        # A ledger of before sheets were noted has no such column.
        shown |= {name: str(entry[name]) for name in ("sheet", "sheet_row") if entry.get(name)}
        steps.append(Step(entry["stage"], entry["outcome"], entry["reason"] or "", shown))
    if found and found[0]["case_id"]:
        others = rows.filter(
            (pl.col("case_id") == found[0]["case_id"])
            & ~((pl.col("source") == source) & (pl.col("row") == row))
        )
        same = [f"{other[0]}:{other[1]}" for other in others.select("source", "row").iter_rows()]
        if same:
            steps[-1].facts["other rows of the case"] = ", ".join(sorted(same))
    return steps


def _in_words(fact: object) -> str:
    """A fact of a row; those of a list one after another."""
    return "; ".join(map(str, fact)) if isinstance(fact, list) else str(fact)


def _row_of_sheet(entries: pl.DataFrame, sheet: str, row: int, status: str) -> int:
    """The row of the source that is row `row` of its sheet called `sheet`."""
    of_sheets = entries.drop_nulls("sheet")
    found = of_sheets.filter((pl.col("sheet") == sheet) & (pl.col("sheet_row") == row))
    if found.is_empty():
        sheets = ", ".join(of_sheets["sheet"].unique(maintain_order=True))
        remedy = f"Its sheets are: {sheets}." if sheets else "Leave --sheet out: it has one sheet."
        what = f"row {row} of the sheet {sheet!r} is no row of this source"
        raise InputError.of(what, remedy, status)
    return int(found["row"][0])
