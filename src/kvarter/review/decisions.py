"""The decisions of an analyst: read from the review file, and looked up in the register.

the file --read_decisions--> decisions --look_up--> addresses of the register
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kvarter.addresses.index import AddressIndex
from kvarter.addresses.match import match
from kvarter.addresses.reasons import Category, Level
from kvarter.engine import Engine
from kvarter.errors import InputError, Problem
from kvarter.files import Table, read_table
from kvarter.files.dates import read_dates
from kvarter.files.inert import as_it_was
from kvarter.privacy import without_person_numbers
from kvarter.register.forms import ids
from kvarter.review.uncertain import CANDIDATES, NONE, OUTSIDE

if TYPE_CHECKING:
    import ibis

WORDS = {"ingen": NONE, "none": NONE, "udenfor": OUTSIDE, "uden for": OUTSIDE, "outside": OUTSIDE}

_NEEDED = ["text_id", "decision", "decided_by", "decided_on"]
_DECISION = {
    "text_id": pl.String,
    "decision": pl.String,
    "chosen": pl.String,
    "decided_by": pl.String,
    "decided_on": pl.Date,
    "decision_note": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "field": pl.String,
}
"""`decision` as it was written; `chosen`: the candidate meant by a number, or the same."""

_FOUND = {
    "decided_as": pl.String,
    "level": pl.String,
    "address_id": pl.String,
    "access_address_id": pl.String,
    "street_name": pl.String,
    "postcode": pl.String,
}
"""What a decision points to. `decided_as`: an official designation, or NONE or OUTSIDE."""


def read_decisions(files: Iterable[Path]) -> pl.DataFrame:
    """The decisions in `files`, in the order of their lines; rows without one are undecided.

    Raises InputError, with every problem found, where a file or column is missing, or where a
    decision does not say whose text it is about, who decided and when, or names no candidate.
    """
    problems: list[Problem] = []
    rows: list[dict[str, object]] = []
    for path in files:
        table = read_table(path, {name: name for name in _NEEDED})
        for number, reason in table.set_aside.select("row", "reason").iter_rows():
            what = f"this line cannot be read as a row: {reason}"
            problems.append(Problem(what, "Mend it, or remove it.", *table.places.of(number)))
        for row in _records(table):
            if row["decision"]:
                decision, wrong = _read_one(row, *table.places.of(int(row["row"])))
                rows.append(decision)
                problems += wrong
    if problems:
        raise InputError(problems)
    return pl.DataFrame(rows, schema=_DECISION, orient="row")


def _records(table: Table) -> Iterator[dict[str, str]]:
    """The rows with the columns a review has; one that the file lacks is blank. `day`: ISO."""
    day = read_dates(table.stored("decided_on")).days
    columns = {"row": table.rows["row"].cast(pl.String), "day": day.cast(pl.String).fill_null("")}
    for name in (*_NEEDED, "note", *CANDIDATES):
        try:
            columns[name] = as_it_was(table.column(name)).str.strip_chars()
        except KeyError:
            columns[name] = pl.repeat("", table.rows.height, dtype=pl.String, eager=True)
    yield from pl.DataFrame(columns).iter_rows(named=True)


def _read_one(row: dict[str, str], file: str, line: int) -> tuple[dict[str, object], list[Problem]]:
    """A decision, and what is wrong with how it is written."""
    decision, field = row["decision"], "decision"
    day, chosen = dt.date.fromisoformat(row["day"]) if row["day"] else None, decision
    problems = []

    def wrong(field: str, what: str, remedy: str) -> None:
        problems.append(Problem(what, remedy, file, line, field))

    if not row["text_id"]:
        remedy = "Copy it from the review file, or from `kvarter trace`."
        wrong("text_id", "the decision does not say which text it is about", remedy)
    if not row["decided_by"]:
        wrong("decided_by", "the decision does not say who made it", "Write a name or initials.")
    if day is None:
        what = "is not a date" if row["decided_on"] else "is missing: the day of the decision"
        wrong("decided_on", f"{row['decided_on']} {what}".strip(), "Write it as 2024-12-31.")
    number = decision.removesuffix(".0")
    if number in {str(place) for place in range(1, len(CANDIDATES) + 1)}:
        field = CANDIDATES[int(number) - 1]
        chosen = row[field]
        if not chosen:
            remedy = "Choose a number that stands in this row, or write the address itself."
            wrong("decision", f"there is no candidate {number} in this row", remedy)
    return {
        "text_id": row["text_id"],
        "decision": without_person_numbers(decision),
        "chosen": chosen,
        "decided_by": without_person_numbers(row["decided_by"]),
        "decided_on": day,
        "decision_note": without_person_numbers(row["note"]),
        "file": file,
        "line": line,
        "field": field,
    }, problems


def look_up(
    decisions: pl.DataFrame, index: AddressIndex, engine: Engine, register: ibis.Table
) -> pl.DataFrame:
    """`decisions`, one for each text, with the columns of what each points to.

    Raises InputError where one is neither a word, an official designation of today nor an id, and
    where a text is decided twice and differently.
    """
    if decisions.is_empty():  # as in most runs, which need not wait for it
        return decisions.with_columns(pl.lit(None, kind).alias(n) for n, kind in _FOUND.items())
    # An id in other letters, or text in another Unicode form, is what it stands for.
    chosen = ids(pl.col("chosen").str.normalize("NFC").str.strip_chars())
    decisions = decisions.with_columns(chosen=chosen)
    words = pl.DataFrame(
        [(name, word, Level.NONE.value) for name in decisions["chosen"] if (word := _word(name))],
        schema={"chosen": pl.String, "decided_as": pl.String, "level": pl.String},
        orient="row",
    ).unique()
    known = pl.concat(
        [
            words.select("chosen", *_blank_but("decided_as", "level")),
            _by_id(decisions["chosen"], engine, register),
            _by_designation(decisions["chosen"], index),
        ]
    ).unique("chosen", keep="first", maintain_order=True)
    found = decisions.join(known, on="chosen", how="left", maintain_order="left")
    problems = [*_not_found(found, index), *_in_conflict(found)]
    if problems:
        raise InputError(problems)
    return found.unique("text_id", keep="first", maintain_order=True)


def _word(text: str) -> str | None:
    return WORDS.get(text.casefold())


def _blank_but(*given: str) -> list[pl.Expr]:
    return [
        pl.col(name) if name in given else pl.lit(None, dtype).alias(name)
        for name, dtype in _FOUND.items()
    ]


def _by_designation(texts: pl.Series, index: AddressIndex) -> pl.DataFrame:
    """Those of `texts` that are, word for word, how the register writes an address of today."""
    exact = match(texts, index).filter(pl.col("category") == Category.EXACT.value)
    official = pl.col("candidates").str.split(" | ").list.first()
    return exact.with_columns(decided_as=official).select(pl.col("text").alias("chosen"), *_FOUND)


def _by_id(texts: pl.Series, engine: Engine, register: ibis.Table) -> pl.DataFrame:
    """Those of `texts` that are ids of addresses, also former ones, or of entrances."""
    fetch, asked = engine.fetch, pl.DataFrame({"chosen": texts.unique()})
    ids = engine.table(asked)
    units = fetch(register.semi_join(ids, register.address_id == ids.chosen)).select(
        pl.col("address_id").alias("chosen"),
        pl.coalesce(
            pl.when(pl.col("replaced_by") != "").then("replaced_by"), "address_id"
        ).alias("today"),
    )  # fmt: skip
    today = register.filter(register.replaced_by == "")
    ids = engine.table(units.select("today").unique())
    units = units.join(
        fetch(today.semi_join(ids, today.address_id == ids.today)),
        left_on="today",
        right_on="address_id",
    ).with_columns(level=pl.lit(Level.UNIT.value), address_id="today")
    ids = engine.table(asked)
    entrances = (
        fetch(today.semi_join(ids, today.access_address_id == ids.chosen))
        .sort("address_id")
        .unique("access_address_id", keep="first", maintain_order=True)
        .with_columns(
            chosen="access_address_id",
            level=pl.lit(Level.ACCESS.value),
            address_id=pl.lit(None, pl.String),
            floor=pl.lit(""),
            door=pl.lit(""),
        )
    )
    both = [part.with_columns(_designation()) for part in (units, entrances)]
    return pl.concat([part.select("chosen", *_FOUND) for part in both])


def _designation() -> pl.Expr:
    floor = pl.when(pl.col("floor") != "").then(pl.concat_str("floor", pl.lit(".")))
    unit = pl.concat_str(
        floor, pl.when(pl.col("door") != "").then("door"), separator=" ", ignore_nulls=True
    )
    return pl.concat_str(
        pl.concat_str("street_name", "house_number", separator=" "),
        pl.when(unit != "").then(unit),
        pl.when(pl.col("supplementary_town") != "").then("supplementary_town"),
        pl.concat_str("postcode", "post_district", separator=" "),
        separator=", ",
        ignore_nulls=True,
    ).alias("decided_as")


def _not_found(found: pl.DataFrame, index: AddressIndex) -> list[Problem]:
    """A problem for each decision that points to nothing, with the address it may mean."""
    lost = found.filter(pl.col("decided_as").is_null())
    near = dict(match(lost["chosen"], index).select("text", "candidates").iter_rows())
    problems = []
    for row in lost.iter_rows(named=True):
        meant = near[row["chosen"]]
        remedy = (
            f"Did you mean: {meant}? Write it just so."
            if meant
            else "Write the number of a candidate, an address as the register writes it, its id, "
            "or one of the words ingen (none) and udenfor (outside)."
        )
        what = f"{row['chosen']!r} is not how the register writes an address, nor an id of it"
        problems.append(Problem(what, remedy, row["file"], row["line"], row["field"]))
    return problems


def _in_conflict(found: pl.DataFrame) -> list[Problem]:
    """A problem for each decision that differs from an earlier one on the same text."""
    first: dict[str, dict[str, str]] = {}
    problems = []
    for row in found.filter(pl.col("decided_as").is_not_null()).iter_rows(named=True):
        other = first.setdefault(row["text_id"], row)
        ends = ("access_address_id", "address_id")
        same = all(row[end] == other[end] for end in ends)
        if not same or (
            row["access_address_id"] is None and row["decided_as"] != other["decided_as"]
        ):
            what = (
                f"the text is decided as {row['decided_as']!r} here, and as "
                f"{other['decided_as']!r} in {other['file']}:{other['line']}"
            )
            remedy = "Keep one of the two."
            problems.append(Problem(what, remedy, row["file"], row["line"], "decision"))
    return problems
