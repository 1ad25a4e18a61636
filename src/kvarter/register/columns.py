"""The columns of a register, and what is noted of it, as its Parquet file keeps them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from kvarter.notes import Note

_TEXTS = [
    *("address_id", "access_address_id", "street_name", "postal_street_name", "house_number"),
    *("floor", "door", "supplementary_town", "postcode", "post_district"),
    *("municipality_code", "street_code"),
]
COLUMNS: Mapping[str, type[pl.DataType]] = (
    dict.fromkeys(_TEXTS, pl.String)
    | dict.fromkeys(("x", "y"), pl.Float64)
    | dict.fromkeys(("valid_from", "valid_to", "replaced_by"), pl.String)
    | dict.fromkeys(("bulk_postcode", "bulk_district"), pl.String)
)
"""The columns of a register. One row a unit address; `x`, `y` in EPSG:25832, in metres.

`valid_from`, `valid_to`: the first and the last day, such as 2015-08-04. `replaced_by`: today's
address of a former one. `bulk_postcode`, `bulk_district`: the post office box or firm's own
postcode (stormodtager) that is an official spelling too; a register made before Kvarter knew of
them lacks the two.
"""

OPTIONAL = ("bulk_postcode", "bulk_district")

_KEY, _FORM = "kvarter_register", 1
_PLAIN_PLACES = re.compile(r"[^{}]*(?:\{\w+(?::[^{}|]*\|[^{}|]*)?\}[^{}]*)*")


def write_register(register: pl.DataFrame, notes: Iterable[Note], path: Path) -> None:
    """Write a register in the form of COLUMNS, marked as such, with notes on how it was made."""
    kept = {"form": _FORM, "notes": [[note.message, note.values] for note in notes]}
    with path.open("wb") as file:
        register.write_parquet(file, metadata={_KEY: json.dumps(kept, ensure_ascii=False)})


def notes_in(path: Path) -> tuple[Note, ...] | None:
    """The notes that the register at `path` was written with; None where Kvarter did not write it.

    A note is data: what would look up more than a value in it is no note.
    """
    with path.open("rb") as file:
        text = pl.read_parquet_metadata(file).get(_KEY)
    try:
        kept = json.loads(text or "null")
        if kept["form"] != _FORM:
            return None
        notes = [Note(str(message), dict(values)) for message, values in kept["notes"]]
        return tuple(note for note in notes if _PLAIN_PLACES.fullmatch(note.message) and str(note))
    except (ValueError, TypeError, KeyError):
        return None
