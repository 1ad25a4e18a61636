"""Make the yearly lists of a policy file of lists: `kvarter lists`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kvarter.files import read_table
from kvarter.files.numbers import Marks, read_numbers, read_years
from kvarter.files.outputs import note_outputs, refuse_to_replace, write_aside
from kvarter.lists.rules import make_lists
from kvarter.notes import Note
from kvarter.policy.lists import ListPolicy
from kvarter.policy.load import load_lists
from kvarter.tables import table as specified

_RECORD = "made.json"
"""Says what Kvarter wrote to the folder of the lists, so that a later run may replace it."""


@dataclass(frozen=True)
class Designated:
    """The policy, every list it makes, and `notes` on how the key figures were read."""

    policy: ListPolicy
    lists: pl.DataFrame
    notes: tuple[Note, ...]


def designate(policy_file: Path, out: Path) -> Designated:
    """Make every list and write `lists` and `criteria` to the folder `out`.

    As CSV, Parquet and JSON. Raises PolicyError or InputError, and writes nothing, where the policy
    or the key figures cannot be used.
    """
    policy = load_lists(policy_file)
    refuse_to_replace(out, _RECORD)
    figures, notes = read_key_figures(policy, policy_file.parent)
    lists, criteria = make_lists(figures, policy)
    with write_aside(out, _RECORD) as folder:
        for name, frame in (("lists", lists), ("criteria", criteria)):
            specified(name).write(frame, folder)
        note_outputs(folder, _RECORD)
    return Designated(policy, lists, notes)


def read_key_figures(policy: ListPolicy, folder: Path) -> tuple[pl.DataFrame, tuple[Note, ...]]:
    """`place, year, region`, and the columns that the criteria use as numbers, null where blank.

    And notes on how they were read. Raises InputError as `read_numbers` does.
    """
    key = policy.key_figures
    named = {criterion.column for regime in policy.regimes for criterion in regime.criteria}
    columns = sorted(named | {key.residents})
    wanted = {f"key_figures.{field}": getattr(key, field) for field in ("place", "year", "region")}
    wanted |= {f"key_figures[{name}]": name for name in columns}
    table = read_table(folder / key.file, wanted)
    marks = Marks(decimal=key.decimal, beside=[table.stored(name) for name in columns])
    years = read_years(table.stored(key.year), f"key_figures.{key.year}")
    numbers = {
        name: read_numbers(table.stored(name), marks, field=f"key_figures.{name}")
        for name in columns
    }
    notes = [*table.notes, *years.notes]
    for name, read in {key.year: years, **numbers}.items():
        notes += read.notes if name != key.year else ()
        if unreadable := int(read.unreadable.sum()):
            notes.append(
                Note(
                    "{statistic}: {rows} {rows:value of {column} is no number, and "
                    "counts|values of {column} are no numbers, and count} as blank.",
                    {"statistic": key.file, "rows": unreadable, "column": name},
                )
            )
    frame = pl.DataFrame(
        {
            "place": table.column(key.place),
            "year": years.values,
            "region": table.column(key.region),
        }
        | {name: read.values for name, read in numbers.items()}
    )
    filled = pl.when(pl.col("region") != "").then(pl.col("region"))
    dated = frame.with_columns(filled.alias("region")).filter(pl.col("year").is_not_null())
    return dated, tuple(notes)
