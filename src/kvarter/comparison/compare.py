"""`kvarter compare`: what changed between two editions, and why a figure is another now.

Only what may be shown is read: the public tables of each status, its record, and its copy of the
policy. Whether a hidden figure is another one cannot be told, and is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isclose
from pathlib import Path
from typing import Any

import polars as pl

from kvarter.comparison.compared import Cause, Comparison, Difference, Pair, Part, Side, VerdictPair
from kvarter.comparison.differences import area_sets, definitions, files, versions
from kvarter.comparison.document import comparison_document
from kvarter.comparison.reasons import reasons
from kvarter.comparison.rows import comparison_rows
from kvarter.documents.docx import write_docx
from kvarter.documents.html import write_html
from kvarter.documents.pdf import write_pdf
from kvarter.editions.folder import (
    POLICY_COPY,
    open_edition,
    policy_in,
    read_record,
    table_in,
    tables_in,
)
from kvarter.editions.record import sha256
from kvarter.errors import InputError, KvarterError
from kvarter.files.inert import write_csv
from kvarter.files.outputs import write_file
from kvarter.i18n import Locale, in_language
from kvarter.policy import Policy
from kvarter.policy.model import Language
from kvarter.tables import Table, public_tables, table

FORMS = (".html", ".docx", ".pdf", ".csv")
_PARTS: dict[str, tuple[Part, str]] = {
    "results": ("figure", "indicator"),
    "distance_overall": ("overall", "overall"),
    "distance": ("distance", "criterion"),
}
"""The tables of figures: what a figure of each is called, and the column that says of what."""

_AS_GOOD_AS_EQUAL = 1e-9
"""Relative; what the last digits of a sum can differ by."""


def compare(then: str | Path, now: str | Path) -> Comparison:
    """Compare the editions in two folders of a status, the old one first.

    Raises InputError where one is no status, a table is missing or damaged, both are the same
    folder, or they are of two municipalities.
    """
    then, now = Path(then), Path(now)
    sides, notes = [], []
    for folder in (then, now):
        side, unknown = _read_side(folder)
        sides.append(side)
        notes += unknown
    if then.samefile(now):
        raise InputError.of(
            "this is the same folder twice", "Give two editions, the old first.", now
        )
    old, new = sides
    _same_city(old, new, now)
    changed = files(old, new)
    pairs = [
        *(pair for name in _PARTS for pair in _figures(table(name), old, new)),
    ]
    known = old.policy and new.policy
    return Comparison(
        *(old, new),
        pairs=tuple(replace(p, reasons=tuple(reasons(p, old, new, changed))) for p in pairs),
        verdicts=tuple(_verdicts(old, new)),
        definitions=definitions(old.policy, new.policy) if old.policy and new.policy else None,
        areas=area_sets(old, new, old.area_set, new.area_set)
        if known and old.area_set and new.area_set
        else None,
        files=changed,
        made=versions(old, new),
        notes=tuple(notes),
    )


def check_form(path: Path) -> str:
    """The ending of `path`, in which form it is to be written. Raises InputError for another."""
    form = path.suffix.lower()
    if form not in FORMS:
        raise InputError.of(
            "a comparison is not written in this form",
            f"Give a name that ends in {', '.join(FORMS)}.",
            path,
            field="--out",
        )
    return form


def write_comparison(comparison: Comparison, path: Path, language: Language) -> None:
    """Write it to `path` in the form of its ending: `.html`, `.docx`, `.pdf` or `.csv` (rows).

    Raises InputError for another ending, and where it cannot be written.
    """
    form = check_form(path)
    with write_file(path) as unfinished:
        if form == ".csv":
            with in_language(Locale(language)):
                write_csv(comparison_rows(comparison), unfinished)
        else:
            write = {".html": write_html, ".docx": write_docx, ".pdf": write_pdf}[form]
            write(comparison_document(comparison, language), unfinished)


def _read_side(folder: Path) -> tuple[Side, list[Cause]]:
    """An edition, and what of it cannot be compared."""
    record = read_record(folder)
    edition, made = record["edition"], record.get("outputs", {})
    notes = [
        Cause("tampered", path.name, edition)
        for about in public_tables().values()
        if about.compared("main") and (path := table_in(folder, about.name)).is_file()
        if (was := made.get(path.relative_to(folder).as_posix())) and sha256(path) != was
    ]
    policy, why_not = _read_policy(folder, record)
    if why_not:
        notes.append(Cause(why_not, policy_in(folder).relative_to(folder).as_posix(), edition))
    return Side(folder, record, tables_in(folder), policy), notes


def _read_policy(folder: Path, record: dict[str, Any]) -> tuple[Policy | None, str]:
    """The policy as it was; or why it is not known."""
    file = policy_in(folder)
    if not file.is_file():
        return None, "no_policy"
    known = record.get("outputs", {})
    if file == folder / POLICY_COPY:
        known = {POLICY_COPY: record.get("policy", {}).get("sha256", "")}
    was = known.get(file.relative_to(folder).as_posix())
    if was is not None and sha256(file) != was:  # a record of before outputs were noted has none
        return None, "other_policy"
    try:
        return open_edition(folder).policy, ""
    except (KvarterError, ValueError, KeyError):  # of a version whose policies were otherwise
        return None, "unread_policy"


def _same_city(then: Side, now: Side, folder: Path) -> None:
    if then.policy is None or now.policy is None:
        return
    was, is_now = (side.policy.municipality for side in (then, now) if side.policy)
    if was.code != is_now.code:
        raise InputError.of(
            f"this is a status of {is_now.name} ({is_now.code}), the other of {was.name} "
            f"({was.code})",
            "Give two editions of the same municipality.",
            folder,
        )


def _read(side: Side, about: Table) -> pl.DataFrame:
    """A public table of an edition, with the columns that its version wrote."""
    try:
        found = side.tables[about.name]
        asked = {*about.compared("key", "main"), *about.years, "shown"}
        found.select(asked & set(about.columns))
    except (KeyError, pl.exceptions.PolarsError) as error:
        path = table_in(side.folder, about.name)
        what = "this table is damaged" if path.exists() else "this table of the status is missing"
        raise InputError.of(
            what,
            f"Bring it back from a backup, or make it again: kvarter rebuild {side.folder}",
            path,
        ) from error
    return found


def _figures(about: Table, then: Side, now: Side) -> Iterator[Pair]:
    """Each figure of either edition, in the order of the new one, those that are gone last.

    None of a table of the distance where neither edition has it.
    """
    needed = about.name == "results"
    there = [each for each in (then, now) if needed or about.name in each.tables]
    if not there:
        return
    some = _read(there[-1], about)
    old, new = (_read(each, about) if each in there else some.clear() for each in (then, now))
    part, measure = _PARTS[about.name]
    keys = about.compared("key")
    way = [name for name in keys if name not in (measure, "period", "group")]
    was, are = _rows(old, keys), _rows(new, keys)
    for key in [*are, *(key for key in was if key not in are)]:
        one, other = was.get(key), are.get(key)
        difference, fields = _difference(about, one, other)
        of = dict(zip(keys, key, strict=True))
        by = " ".join(str(of[name]) for name in way)
        place = (of[measure], of["period"], of["group"])
        yield Pair(part, *place, by, difference, one, other, fields, key=of)


def _rows(frame: pl.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by their keys; of one that is not shown nothing but that."""
    found = {}
    for row in frame.iter_rows(named=True):
        key = tuple(row.pop(name) for name in keys)
        found[key] = row if row["shown"] else {**dict.fromkeys(row), "shown": False}
    return found


def _difference(
    about: Table, then: dict[str, Any] | None, now: dict[str, Any] | None
) -> tuple[Difference, tuple[str, ...]]:
    if then is None:
        return "only_now", ()
    if now is None:
        return "only_then", ()
    if not (then["shown"] and now["shown"]):
        hidden: Difference = "hidden_then" if now["shown"] else "hidden_now"
        return ("hidden" if not (then["shown"] or now["shown"]) else hidden), ()
    # A version may have had fewer columns.
    both = [name for name in about.compared("main", "around") if name in then and name in now]
    fields = tuple(name for name in both if not _equal(then[name], now[name]))
    if not fields:
        return "same", ()
    return ("differs" if set(fields) & set(about.compared("main")) else "around"), fields


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=_AS_GOOD_AS_EQUAL, abs_tol=1e-12)
    return bool(one == other)


def _verdicts(then: Side, now: Side) -> Iterator[VerdictPair]:
    about = table("verdicts")
    old, new = (_read(side, about) for side in (then, now))
    was, are = (
        {tuple(row[k] for k in about.key): row for row in t.iter_rows(named=True)}
        for t in (old, new)
    )
    for key in [*are, *(key for key in was if key not in are)]:
        goal, target, reading = key
        yield VerdictPair(goal, target, reading, was.get(key), are.get(key))
