"""Stage read: one extract -> valid cases, and what was set aside with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kvarter.cases.ledger import Ledger, Outcome
from kvarter.cases.persons import NOBODYS, UNREADABLE, Pseudonyms, age_on, masked, person_numbers
from kvarter.errors import Problem, SetAsideError
from kvarter.files import Profile, Table, read_table
from kvarter.files.dates import read_dates
from kvarter.files.once import once
from kvarter.files.short_years import Span
from kvarter.files.values import in_one_form, joined
from kvarter.notes import Note
from kvarter.policy.model import AgeSpan, CaseKind, Policy, Source
from kvarter.tables import table as specified


@dataclass(frozen=True)
class ReadSource:
    """What one extract gave: `cases` as the table of that name.

    `entries`: the ledger's entries for every row of the file. `notes`: what a reader must know of
    how it was read.
    """

    cases: pl.DataFrame
    entries: pl.DataFrame
    profile: Profile
    notes: tuple[Note, ...] = ()

    def set_aside(self, file: str) -> list[Problem]:
        """The invalid rows as problems, for `--strict`."""
        invalid = self.entries.filter(pl.col("outcome") == Outcome.INVALID)
        stands = pl.coalesce("sheet_row", "row")
        return [
            Problem(
                f"row set aside: {reason}",
                "Mend the row in the extract.",
                f"{file} [{sheet}]" if sheet else file,
                line,
            )
            for sheet, line, reason in invalid.select("sheet", stands, "reason").iter_rows()
        ]


@once
def read_source(source: Source, kind: CaseKind, folder: Path, pseudonyms: Pseudonyms) -> ReadSource:
    """Read the extract of `source`, whose path is relative to `folder`.

    Raises InputError where the file or a column is missing. A bad value never stops the reading:
    it sets its row aside.
    """
    table = read_table(
        folder / source.file,
        _wanted(source),
        encoding=source.encoding,
        delimiter=source.delimiter,
        sheet=source.sheet,
    )
    rows, notes = _typed(table, source, kind.age, pseudonyms)
    rows = rows.with_columns(
        *_outcome(source, kind.age),
        pl.lit(source.id).alias("source"),
        pl.lit(source.cases).alias("cases"),
        pl.lit(source.case_system, pl.String).alias("case_system"),
        pl.col("event_date").dt.year().alias("year"),
        _bridging(source, kind),
    )
    entries = pl.concat(
        [
            rows.select("row", "outcome", "reason"),
            table.set_aside.select("row", pl.lit(Outcome.INVALID.value).alias("outcome"), "reason"),
        ]
    ).with_columns(pl.lit(source.id).alias("source"), *table.places.sheet_and_row())
    cases = rows.filter(pl.col("outcome") == Outcome.KEPT).select(
        pl.col(name).cast(dtype) for name, dtype in specified("cases").schema.items()
    )
    notes = (*table.notes, *notes, *_notes_on_keys(rows, source))
    return ReadSource(cases, entries, table.profile, notes)


def _wanted(source: Source) -> dict[str, str]:
    """The columns the extract must have, by the field of the policy that names them."""
    wanted: dict[str, str] = {}
    for role, column in source.columns.model_dump(exclude_none=True).items():
        parts = column if isinstance(column, list) else [column]
        wanted |= {
            f"sources[{source.id}].columns.{role}" + (f"[{at}]" if len(parts) > 1 else ""): part
            for at, part in enumerate(parts, start=1)
        }
    return wanted


def _typed(
    table: Table, source: Source, age: AgeSpan | None, pseudonyms: Pseudonyms
) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """The columns of the extract as values; a date that cannot be read leaves its reason."""
    texts = _columns_of(table, source)

    columns, last = source.columns, source.last_day
    events = read_dates(
        table.stored(columns.event_date),
        earliest=source.first_day,
        latest=last,
        field=f"{source.id}.{columns.event_date}",
    )
    notes = events.notes
    numbers = person_numbers(texts["person_number"])
    born = numbers["born"]
    if columns.birth_date:
        births = read_dates(
            table.stored(columns.birth_date),
            latest=events.days.fill_null(last),
            likely=_births(source, age),
            field=f"{source.id}.{columns.birth_date}",
        )
        born, notes = births.days, (*notes, *births.notes)
    names = pseudonyms.of_names(texts["name"])
    court_cases = pseudonyms.of_court_cases(texts["court_case"])
    addresses = masked(texts["address"])
    typed = pl.DataFrame(
        {
            "row": table.rows["row"],
            "event_date": events.days,
            "date_reason": events.reasons,
            "date_alone": _date_alone(table, source, texts) & events.days.is_not_null(),
            "born": born,
            "born_by_number": numbers["born"],
            "person": pseudonyms.of_numbers(numbers["digits"]),
            "person_lost": numbers["lost"],
            "name": names["key"],
            "name_lost": names["lost"],
            "court_case": court_cases["key"],
            "court_case_lost": court_cases["lost"],
            "sender": masked(in_one_form(texts["sender"])),
            "kind": masked(in_one_form(texts["kind"])),
            "address": addresses,
            "text_id": pseudonyms.of_texts(texts["address"], addresses),
        }
    )
    # Nobody is born after the event: such a number is not the person's.
    unborn = pl.col("born_by_number") > pl.col("event_date")
    typed = typed.with_columns(
        pl.when(unborn).then(None).otherwise("person").alias("person"),
        pl.when(unborn).then(pl.lit(UNREADABLE)).otherwise("person_lost").alias("person_lost"),
        age_on(pl.col("event_date"), pl.col("born")).alias("age"),
    )
    return typed, notes


def _births(source: Source, age: AgeSpan | None) -> Span:
    """The days that most of the people of `source` are born between; few are older than 90."""
    lowest, highest = (age.lowest, min(age.highest, 90)) if age else (0, 90)
    year = dt.timedelta(days=365.25)
    return source.first_day - (highest + 1) * year, source.last_day - lowest * year


def _date_alone(table: Table, source: Source, texts: dict[str, pl.Series]) -> pl.Series:
    """Whether nothing but a date stands in a row, as at the foot of a printed page.

    A column that is not used may have words, but no value of the form that it has in other rows.
    """
    frame = pl.DataFrame([text.alias(role) for role, text in texts.items() if role != "event_date"])
    alone = frame.select(pl.all_horizontal(pl.all() == "")).to_series()
    used = {table.column(name).name for name in _wanted(source).values()}
    for name in table.columns if alone.any() else []:
        if name in used:
            continue
        form = table.rows[name].str.replace_all(r"\d+", "9").str.replace_all(r"\pL+", "a")
        alone = alone & ((form == "") | ~form.is_in(form.filter(~alone).unique().implode()))
    return alone


def _columns_of(table: Table, source: Source) -> dict[str, pl.Series]:
    """The text of each role's column; blanks where the policy names none."""
    blank = pl.Series([""] * table.rows.height, dtype=pl.String)
    texts: dict[str, pl.Series] = {}
    for role in type(source.columns).model_fields:
        named = getattr(source.columns, role)
        parts = [named] if isinstance(named, str) else named or []
        texts[role] = joined([table.column(part) for part in parts]) if parts else blank
    return texts


def _outcome(source: Source, age: AgeSpan | None) -> list[pl.Expr]:
    """Outcome and reason of a row: the first rule it breaks, else kept."""
    day = pl.col("event_date")
    rules: list[tuple[pl.Expr, Outcome, pl.Expr]] = [
        (pl.col("date_alone"), Outcome.INVALID, pl.lit("date_alone")),
        (day.is_null(), Outcome.INVALID, pl.col("date_reason")),
        (day < source.first_day, Outcome.OUTSIDE_PERIOD, pl.lit("before_the_period")),
        (day > source.last_day, Outcome.OUTSIDE_PERIOD, pl.lit("after_the_period")),
    ]
    if age is not None:
        years = pl.col("age")
        lost = pl.lit("person_number_") + pl.col("person_lost")
        rules += [
            (
                years.is_null(),
                Outcome.INVALID,
                pl.coalesce(lost, pl.lit("person_number_missing")),
            ),
            (years < 0, Outcome.INVALID, pl.lit("born_after_the_event")),
            (years < age.lowest, Outcome.INVALID, pl.lit("under_the_age")),
            (years > age.highest, Outcome.INVALID, pl.lit("over_the_age")),
        ]
    outcome: pl.Expr = pl.lit(Outcome.KEPT.value)
    reason = _keys_lost()
    for broken, result, why in reversed(rules):
        outcome = pl.when(broken).then(pl.lit(result.value)).otherwise(outcome)
        reason = pl.when(broken).then(why).otherwise(reason)
    return [outcome.alias("outcome"), reason.alias("reason")]


_KEYS = {"person": "person_number", "name": "name", "court_case": "court_case"}
"""The column of a case that is a key, and the column of an extract that it comes from."""


def _keys_lost() -> pl.Expr:
    """Why each key is not there though something stands in its place; null where none is lost."""
    reasons = [pl.lit(f"{column}_") + pl.col(f"{key}_lost") for key, column in _KEYS.items()]
    joined = pl.concat_str(reasons, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined)


_LOST = {
    ("person", UNREADABLE): Note(
        "{source}: {rows} of {given} person numbers cannot be read as one, and "
        "{rows:unites|unite} no rows.",
        {},
    ),
    ("person", NOBODYS): Note(
        "{source}: {rows} of {given} person numbers {rows:is|are} no person's (one digit again "
        "and again, 0000 at the end, or words), and {rows:unites|unite} no rows.",
        {},
    ),
    ("name", NOBODYS): Note(
        "{source}: {rows} of {given} names only {rows:says|say} that there is none, or what "
        "somebody is (ukendt, N.N., lejer, dødsbo), and {rows:unites|unite} no rows.",
        {},
    ),
    ("court_case", NOBODYS): Note(
        "{source}: {rows} of {given} court case numbers {rows:is|are} no number of a case "
        "(words, zero, a year alone), and {rows:unites|unite} no rows.",
        {},
    ),
}


def _notes_on_keys(rows: pl.DataFrame, source: Source) -> Iterator[Note]:
    """How many rows have something in the place of a key that cannot be used as one."""
    for (key, why), note in _LOST.items():
        lost = int((rows[f"{key}_lost"] == why).sum())
        if lost:
            given = rows.filter(pl.col(key).is_not_null() | pl.col(f"{key}_lost").is_not_null())
            values: dict[str, str | int] = {"source": source.id, "rows": lost}
            yield replace(note, values=values | {"given": given.height})


def _bridging(source: Source, kind: CaseKind) -> pl.Expr:
    """Whether another case system than that of `source` counts on the day of a row."""
    day, system = pl.col("event_date"), source.case_system
    other = [day >= change.on for change in kind.system_changes if change.before == system]
    other += [day < change.on for change in kind.system_changes if change.after == system]
    return pl.any_horizontal(pl.lit(False), *other).alias("bridging")


@dataclass(frozen=True)
class ReadSources:
    """All valid `cases`; the `profiles` of the files by source; `notes` on how they were read."""

    cases: pl.DataFrame
    profiles: dict[str, Profile]
    notes: tuple[Note, ...]


def read_sources(
    policy: Policy, folder: Path, pseudonyms: Pseudonyms, ledger: Ledger, *, strict: bool = False
) -> ReadSources:
    """Read every source of `policy`.

    Enters every row in `ledger`. Raises SetAsideError, naming the rows, if `strict` and a row is
    invalid.
    """
    kinds = {kind.id: kind for kind in policy.case_kinds}
    cases: list[pl.DataFrame] = [specified("cases").empty()]
    profiles: dict[str, Profile] = {}
    problems: list[Problem] = []
    notes: list[Note] = []
    for source in policy.sources:
        read = read_source(source, kinds[source.cases], folder, pseudonyms)
        ledger.opened(source.id, read.entries.height)
        ledger.note("read", read.entries)
        problems += read.set_aside(str(folder / source.file))
        profiles[source.id] = read.profile
        notes += read.notes
        cases.append(read.cases)
    if strict and problems:
        raise SetAsideError(problems)
    return ReadSources(pl.concat(cases), profiles, tuple(notes))
