"""The release ledger: what was ever published, so that nothing later gives away what was hidden.

`releases.jsonl` lies beside the editions. Each line is a release: who published which edition
where, on which day, every figure that was shown, and the hash of every file. A line holds the hash
of the lines before it, so that what was published cannot be forgotten unnoticed. A status that was
only written is a draft.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from kvarter.editions.edition import Edition
from kvarter.editions.folder import INTERNAL, RECORD, open_internal
from kvarter.errors import InputError
from kvarter.files.outputs import is_file, write_whole
from kvarter.notes import Note
from kvarter.privacy import without_person_numbers
from kvarter.tables import table

LEDGER = "releases.jsonl"
_CRITERION = "criterion"


@dataclass(frozen=True)
class Released:
    """All that was published before: tables `released` and `rows_told`."""

    figures: pl.DataFrame = field(default_factory=lambda: table("released").empty())
    rows: pl.DataFrame = field(default_factory=lambda: table("rows_told").empty())


def parted(released: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The released figures of indicators; and those of criteria, as table `levels`."""
    of_criterion = pl.col("origin") == _CRITERION
    levels = released.filter(of_criterion).rename({"indicator": "criterion"})
    return released.filter(~of_criterion), levels.select(list(table("levels").columns))


def read_releases(out: Path, known: str | None = None) -> Released:
    """All that was released from `out`; releases of before rows were put on record have none.

    `known`: the hash of the ledger as it was (`ledger_hash`); what was released later is left out.
    Raises InputError where the ledger was changed, cannot be read, or never was as `known` says.
    """
    releases = _lines(out / LEDGER)
    if known is not None:
        until = _releases_until(out / LEDGER, known)
        if until is None:
            raise InputError.of(
                "the release ledger never was as the run of that time knew it",
                "Bring the ledger of these editions back from a backup, and try again.",
                out / LEDGER,
            )
        releases = releases[:until]
    figures = [row for release in releases for row in release["figures"]]
    rows = [row for release in releases for row in release.get("rows", [])]
    return Released(
        table("released").frame(figures),
        table("rows_told").frame(rows),
    )


def was_held_against_all(folder: Path, known: str | None) -> bool:
    """Whether the status in `folder` was held against every other release, or they against it.

    It is so where no tables were released since it was made, when the ledger had the hash `known`;
    and where the next ones were its own: the runs of all others knew them.
    """
    path = folder.parent / LEDGER
    until = _releases_until(path, known)
    if until is None:
        return False
    released = [_tables(line["files"]) for line in _lines(path)]
    new = [tables for tables in released[until:] if tables not in released[:until]]
    return not new or new[0] == _tables(_files(folder))


def _files(folder: Path) -> dict[str, str]:
    """The hash of every file of a status that may be published."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != INTERNAL
    }


def _tables(files: dict[str, str]) -> dict[str, str]:
    """Those of the tables, in which all figures are; the others hold words besides."""
    return {name: digest for name, digest in files.items() if name.endswith(".parquet")}


def _releases_until(path: Path, known: str | None) -> int | None:
    """How many releases the ledger at `path` had when its hash was `known`; None: it never was."""
    lines = _content(path).splitlines(keepends=True)
    before = hashlib.sha256()
    for number in range(len(lines) + 1):
        if before.hexdigest() == known:
            return number
        before.update(b"".join(lines[number : number + 1]))
    return None


def release(folder: Path, by: str, where: str, on: dt.date) -> int:
    """Note that the status in `folder` was published; the number of figures it shows.

    The same files in the same place are noted once. Raises InputError where there is no status,
    where the ledger was changed, where the status was not held against what was released since, or
    where a person number is given.
    """
    for option, said in (("--by", by), ("--where", where)):
        if without_person_numbers(said) != said:
            what = "here stands what looks like a person number"
            raise InputError.of(what, "It is kept for good: take it out.", field=option)
    made = open_internal(folder)
    public, edition = made.public, made.definition
    columns = list(table("released").columns)
    shown = public.results.filter("shown").with_columns(area_set=pl.lit(edition.area_set))
    shown = pl.concat([shown.select(columns), _levels(public)])
    figures = [list(row) for row in shown.iter_rows()]
    path = folder.parent / LEDGER
    rows = [list(row) for row in made.tables["rows_told"].iter_rows()]
    files = _files(folder)
    same = {"edition": edition.id, "where": where, "files": files}
    if any(same.items() <= line.items() for line in _lines(path)):
        return len(figures)
    with write_whole(path) as aside:
        before = _content(path)
        if not was_held_against_all(folder, made.record.get("releases_sha256")):
            raise InputError.of(
                "something was released since this status was made, so they were never held "
                "against each other",
                f"Run edition {edition.id} again, and release what it gives.",
                folder,
            )
        line = {
            "edition": edition.id,
            "on": on.isoformat(),
            "by": by,
            "where": where,
            "before_sha256": hashlib.sha256(before).hexdigest(),
            "files": files,
            "figures": figures,
            "rows": rows,
        }
        aside.write_bytes(before + json.dumps(line, ensure_ascii=False).encode() + b"\n")
    return len(figures)


def _levels(edition: Edition) -> pl.DataFrame:
    """Every level that the distance tables of an edition tell, as table `released`."""
    from kvarter.disclosure.levels import published_levels  # with all that hides and attacks

    if edition.distance.is_empty():
        return table("released").empty()
    levels = published_levels(edition.distance).rename({"criterion": "indicator"})
    named = {"edition": pl.lit(edition.definition.id), "origin": pl.lit(_CRITERION)}
    return levels.with_columns(**named).select(list(table("released").columns))


def drafts_beside(out: Path, edition: str) -> list[Note]:
    """A note on the other statuses in `out` that were never released, where there are any.

    Only what was released is known to a run: two drafts could tell by their difference what each of
    them hides, if both were published as they are.
    """
    released = {release["edition"] for release in _lines(out / LEDGER)}
    drafts = sorted(
        folder.name
        for folder in (out.iterdir() if out.is_dir() else ())
        if folder.name not in {edition, *released} and (folder / RECORD).is_file()
    )
    if not drafts:
        return []
    return [
        Note(
            "The drafts {editions} in the same folder were not held against this status: a small "
            "number could be the difference of two. Publish one, note it with `kvarter release`, "
            "and run the others again before they are published.",
            {"editions": ", ".join(drafts)},
        )
    ]


def ledger_hash(out: Path) -> str:
    """The SHA-256 of the ledger in `out`; of nothing where there is none."""
    return hashlib.sha256(_content(out / LEDGER)).hexdigest()


def _content(path: Path) -> bytes:
    """What the ledger holds; nothing where there is none. Raises InputError for no file."""
    if not os.path.lexists(path):
        return b""
    if not is_file(path):
        what = "the release ledger is kept under this name, and something else has it"
        raise InputError.of(what, "Move it elsewhere, or rename it.", path)
    return path.read_bytes()


def _lines(path: Path) -> list[dict[str, Any]]:
    """The releases of a ledger, each checked against the hash of what stands before it."""
    found, before = [], b""
    for number, line in enumerate(_content(path).splitlines(keepends=True), start=1):
        try:
            one = json.loads(line)
            sound = one["before_sha256"] == hashlib.sha256(before).hexdigest()
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise InputError.of(
                "the release ledger was changed here or before",
                "Bring the file back from a backup: it says what was published, and nothing "
                "may be taken out of it.",
                path,
                number,
            )
        found.append(one)
        before += line
    return found
