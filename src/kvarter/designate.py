"""Make the yearly lists of a policy file of lists: `kvarter lists`."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from kvarter.files import read_table
from kvarter.files.numbers import read_numbers, read_years
from kvarter.judgement.lists import make_lists
from kvarter.policy.lists import ListPolicy
from kvarter.policy.load import load_lists
from kvarter.store import note_outputs, refuse_to_replace, write_aside

_RECORD = "made.json"
"""Says what Kvarter wrote to the folder of the lists, so that a later run may replace it."""


def designate(policy_file: Path, out: Path) -> tuple[ListPolicy, pl.DataFrame]:
    """Make every list and write `lists` and `criteria` to the folder `out`; policy and lists.

    As CSV, Parquet and JSON. Raises PolicyError or InputError, and writes nothing, where the policy
    or the key figures cannot be used.
    """
    policy = load_lists(policy_file)
    refuse_to_replace(out, _RECORD)
    lists, criteria = make_lists(read_key_figures(policy, policy_file.parent), policy)
    with write_aside(out, _RECORD) as folder:
        for name, table in (("lists", lists), ("criteria", criteria)):
            table.write_csv(folder / f"{name}.csv")
            table.write_parquet(folder / f"{name}.parquet")
            rows = json.dumps(table.to_dicts(), ensure_ascii=False, indent=1)
            (folder / f"{name}.json").write_text(rows + "\n", encoding="utf-8")
        note_outputs(folder, _RECORD)
    return policy, lists


def read_key_figures(policy: ListPolicy, folder: Path) -> pl.DataFrame:
    """`place, year, region`, and the columns that the criteria use as numbers, null where blank."""
    key = policy.key_figures
    named = {criterion.column for regime in policy.regimes for criterion in regime.criteria}
    columns = sorted(named | {key.residents})
    wanted = {f"key_figures.{field}": getattr(key, field) for field in ("place", "year", "region")}
    wanted |= {f"key_figures[{name}]": name for name in columns}
    table = read_table(folder / key.file, wanted)
    beside = [table.stored(name) for name in columns]
    frame = pl.DataFrame(
        {
            "place": table.column(key.place),
            "year": read_years(table.stored(key.year), "key_figures.year").values,
            "region": table.column(key.region),
        }
        | {
            name: read_numbers(
                table.stored(name), beside=beside, field=f"key_figures[{name}]"
            ).values
            for name in columns
        }
    )
    filled = pl.when(pl.col("region") != "").then(pl.col("region"))
    return frame.with_columns(filled.alias("region")).filter(pl.col("year").is_not_null())
