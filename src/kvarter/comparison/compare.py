"""`kvarter compare`: what changed between two editions, and why a figure is another now.

Only what may be shown is read: the public tables of each status, its record, and its copy of the
policy. Whether a hidden figure is another one cannot be told, and is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from math import isclose
from pathlib import Path
from typing import Any

import polars as pl

from kvarter.comparison.compared import Comparison, Fate, Judged, Pair, Part, Reason, Side
from kvarter.comparison.differences import area_sets, definitions, files, versions
from kvarter.comparison.document import comparison_document
from kvarter.comparison.reasons import reasons
from kvarter.comparison.rows import comparison_rows
from kvarter.documents.docx import write_docx
from kvarter.documents.html import write_html
from kvarter.documents.pdf import write_pdf
from kvarter.editions.record import POLICY_COPY, sha256
from kvarter.errors import InputError, KvarterError, Problem
from kvarter.files import parquet_at
from kvarter.files.inert import write_csv
from kvarter.files.outputs import RECORD, write_file
from kvarter.i18n.language import Tongue
from kvarter.policy import load_policy
from kvarter.policy.model import Language

FORMS = (".html", ".docx", ".pdf", ".csv")
_RESULT_KEYS = ["indicator", "period", "group"]
_RESULT_MAIN = ["value", "numerator", "denominator", "origin"]
_RESULT_AROUND = ["low", "high", "bound_low", "bound_high"]
_WAY = ["areas", "area_set", "reference", "baseline_period"]
_DISTANCE_KEYS = ["criterion", "period", "group", *_WAY]
_DISTANCE_MAIN = ["level", "numerator", "denominator"]
_OVERALL_KEYS = ["overall", "period", "group", *_WAY]
_OVERALL_MAIN = ["distance_covered", "criteria_reached", "verdict"]
_NO_FIGURE = {"edition", "goal", "reason", "shown"}
_VERDICT_KEYS = ["goal", "target", "reading"]
_VERDICT = ["verdict", "decides", "kind", "of", "change", "required", "baseline_period", "period"]
_AS_GOOD_AS_EQUAL = 1e-9
"""Relative; what the last digits of a sum can differ by."""


def compare(then: Path, now: Path) -> Comparison:
    """Compare the editions in two folders of a status, the old one first.

    Raises InputError where one is no status, a table is missing or damaged, both are the same
    folder, or they are of two municipalities.
    """
    sides, notes = [], []
    for folder in (then, now):
        side, unknown = _read_side(folder)
        sides.append(side)
        notes += unknown
    if then.samefile(now):
        raise InputError(
            Problem("this is the same folder twice", "Give two editions, the old first.", str(now))
        )
    old, new = sides
    _same_city(old, new, now)
    changed = files(old, new)
    pairs = [
        *_results(then, now),
        *_distance(then, now, "overall", "distance_overall.parquet", _OVERALL_KEYS, _OVERALL_MAIN),
        *_distance(then, now, "distance", "distance.parquet", _DISTANCE_KEYS, _DISTANCE_MAIN),
    ]
    known = old.policy and new.policy
    return Comparison(
        *(old, new),
        pairs=tuple(replace(p, reasons=tuple(reasons(p, old, new, changed))) for p in pairs),
        verdicts=tuple(_verdicts(then, now)),
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
        raise InputError(
            Problem(
                "a comparison is not written in this form",
                f"Give a name that ends in {', '.join(FORMS)}.",
                str(path),
                field="--out",
            )
        )
    return form


def write_comparison(comparison: Comparison, path: Path, language: Language) -> None:
    """Write it to `path` in the form of its ending: `.html`, `.docx`, `.pdf` or `.csv` (rows).

    Raises InputError for another ending, and where it cannot be written.
    """
    form = check_form(path)
    tongue = Tongue(language)
    with write_file(path) as unfinished:
        if form == ".csv":
            write_csv(comparison_rows(comparison, tongue), unfinished)
        else:
            write = {".html": write_html, ".docx": write_docx, ".pdf": write_pdf}[form]
            write(comparison_document(comparison, tongue), unfinished)


def _read_side(folder: Path) -> tuple[Side, list[Reason]]:
    """An edition, and what of it cannot be compared."""
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        edition = record["edition"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            Problem(
                "there is no record of a status in this folder",
                "Give the folder of an edition, such as status/2021.",
                str(path),
            )
        ) from error
    made = record.get("outputs", {})
    notes = [
        Reason("tampered", name, edition)
        for name in (
            "results.parquet",
            "verdicts.parquet",
            "distance.parquet",
            "distance_overall.parquet",
        )
        if name in made and (folder / name).is_file() and sha256(folder / name) != made[name]
    ]
    copy = folder / POLICY_COPY
    if not copy.is_file():
        return Side(record, None), [*notes, Reason("no_policy", POLICY_COPY, edition)]
    if sha256(copy) != record.get("policy", {}).get("sha256"):
        return Side(record, None), [*notes, Reason("other_policy", POLICY_COPY, edition)]
    try:
        policy = load_policy(copy)
        return Side(record, policy.as_of(policy.edition(edition))), notes
    except (KvarterError, KeyError):  # of a version whose policy files were otherwise
        return Side(record, None), [*notes, Reason("unread_policy", POLICY_COPY, edition)]


def _same_city(then: Side, now: Side, folder: Path) -> None:
    if then.policy is None or now.policy is None:
        return
    was, is_now = (side.policy.municipality for side in (then, now) if side.policy)
    if was.code != is_now.code:
        raise InputError(
            Problem(
                f"this is a status of {is_now.name} ({is_now.code}), the other of {was.name} "
                f"({was.code})",
                "Give two editions of the same municipality.",
                str(folder),
            )
        )


def _read(folder: Path, name: str, columns: list[str]) -> pl.DataFrame:
    """A public table of a status that has these `columns`, and maybe more."""
    path = folder / name
    try:
        table = parquet_at(path)
        table.select(columns)
    except (OSError, pl.exceptions.PolarsError) as error:
        what = "this table is damaged" if path.exists() else "this table of the status is missing"
        raise InputError(
            Problem(
                what,
                f"Bring it back from a backup, or make it again: kvarter rebuild {folder}",
                str(path),
            )
        ) from error
    return table


def _results(then: Path, now: Path) -> Iterator[Pair]:
    columns = [*_RESULT_KEYS, *_RESULT_MAIN, *_RESULT_AROUND, "shown"]
    old, new = (_read(folder, "results.parquet", columns) for folder in (then, now))
    yield from _pairs("figure", old, new, _RESULT_KEYS, _RESULT_MAIN)


def _distance(
    then: Path, now: Path, part: Part, name: str, keys: list[str], main: list[str]
) -> Iterator[Pair]:
    """Of a table of the distance measure; none where neither edition has one."""
    there = [folder for folder in (then, now) if (folder / name).exists()]
    if not there:
        return
    columns = [*keys, *main, "shown"]
    some = _read(there[-1], name, columns)
    old, new = (
        _read(folder, name, columns) if folder in there else some.clear() for folder in (then, now)
    )
    yield from _pairs(part, old, new, keys, main)


def _pairs(
    part: Part, then: pl.DataFrame, now: pl.DataFrame, keys: list[str], main: list[str]
) -> Iterator[Pair]:
    """Each figure of either edition, in the order of the new one, those that are gone last."""
    was, are = _rows(then, keys), _rows(now, keys)
    for key in [*are, *(key for key in was if key not in are)]:
        old, new = was.get(key), are.get(key)
        fate, fields = _fate(old, new, main)
        measure, period, group = (key[keys.index(name)] for name in (keys[0], "period", "group"))
        way = " ".join(str(key[keys.index(name)]) for name in _WAY if name in keys)
        yield Pair(part, measure, period, group, way, fate, old, new, fields)


def _rows(table: pl.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Rows by their keys; of one that is not shown nothing but that."""
    found = {}
    for row in table.iter_rows(named=True):
        key = tuple(row.pop(name) for name in keys)
        found[key] = row if row["shown"] else {**dict.fromkeys(row), "shown": False}
    return found


def _fate(
    then: dict[str, Any] | None, now: dict[str, Any] | None, main: list[str]
) -> tuple[Fate, tuple[str, ...]]:
    if then is None:
        return "only_now", ()
    if now is None:
        return "only_then", ()
    if not (then["shown"] and now["shown"]):
        hidden: Fate = "hidden_then" if now["shown"] else "hidden_now"
        return ("hidden" if not (then["shown"] or now["shown"]) else hidden), ()
    # A version may have had fewer columns.
    both = [name for name in now if name in then and name not in _NO_FIGURE]
    fields = tuple(name for name in both if not _equal(then[name], now[name]))
    if not fields:
        return "same", ()
    return ("differs" if set(fields) & set(main) else "around"), fields


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=_AS_GOOD_AS_EQUAL, abs_tol=1e-12)
    return bool(one == other)


def _verdicts(then: Path, now: Path) -> Iterator[Judged]:
    columns = [*_VERDICT_KEYS, *_VERDICT]
    old, new = (_read(folder, "verdicts.parquet", columns) for folder in (then, now))
    was, are = (
        {tuple(row[k] for k in _VERDICT_KEYS): row for row in t.iter_rows(named=True)}
        for t in (old, new)
    )
    for key in [*are, *(key for key in was if key not in are)]:
        goal, target, reading = key
        yield Judged(goal, target, reading, was.get(key), are.get(key))
