"""A register made ready for matching: streets, entrances, floors and units, each a small table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from kvarter.addresses.districts import Districts
from kvarter.addresses.lookup import Lookup
from kvarter.addresses.streets import Streets, numbered
from kvarter.files import parquet_at

if TYPE_CHECKING:
    import ibis

    from kvarter.addresses.explain import Step
    from kvarter.addresses.keys import StreetKeys
    from kvarter.addresses.plain import PlainTexts
    from kvarter.addresses.suggest import Suggester, Suggestion
    from kvarter.engine import Engine

_FRAMES = ("names", "numbers", "places")
_KEYS = {
    "entrances": ("street_id", "number_id"),
    "units": ("entrance", "place"),
    "floors": ("entrance", "place"),
}
"""What the rows of each table are found by."""


class AddressIndex:
    """Build it once of a register, and ask it many times.

    `numbers`: the house numbers that are written, each with its `number_id`.
    `entrances`, by street and house number: an entrance as it is written, today or formerly
    (`former`), with the `access_address_id` it has today and how that is written officially
    (`line`, `post`); `valid_from` and `valid_to` say when it was written so.
    `places`: the floors and doors that are written, numbered; `door_alone` is that of the same
    word as a door without a floor.
    `units`, by entrance and place: `address_id`, and the official `unit` of today.
    `floors`, likewise: how many `units` there are on it, and the `only` one where there is one.
    """

    def __init__(self, engine: Engine, register: ibis.Table) -> None:
        """`register`: a table in the register's format (see `kvarter.register.COLUMNS`)."""
        # Loads slowly, and is not needed to open a saved index.
        from kvarter.addresses.build import tables_of

        frames, tables = tables_of(engine, register)
        self.names, self.numbers, self.places = frames
        self.entrances, self.units, self.floors = (
            Lookup(table, *key) for table, key in zip(tables, _KEYS.values(), strict=True)
        )

    @cached_property
    def streets(self) -> Streets:
        """The streets, ready to be found. Made when they are first asked for."""
        places = self.names.select("postcode", "post_district", "supplementary_town")
        return Streets(numbered(self.names), Districts(places.rows()))

    def match_one(self, text: str, date: str = "") -> dict[str, Any]:
        """The answer to one text, in the columns of ANSWER: the same as `match_dated` gives it.

        `date` as there. Made for a form: a text that is plainly an address takes less than a
        millisecond. The first call takes longer.
        """
        from kvarter.addresses.match import match_dated

        if (plain := self._plain.answer(text, date)) is not None:
            return {"text": text} | plain
        asked = pl.DataFrame({"text": [text], "date": [date]})
        return match_dated(asked, self).drop("date").row(0, named=True)

    def suggest(self, text: str, near: str | None = None, limit: int = 10) -> list[Suggestion]:
        """What can be meant by what is typed so far: streets, then house numbers, then units.

        The likeliest first, at most `limit`. `near`: a postcode whose streets come before others
        that are spelt as well. The first call takes longer.
        """
        return self._suggester.suggest(text, near, limit)

    @cached_property
    def street_keys(self) -> StreetKeys:
        """The streets by how they are spelt, for one text at once."""
        from kvarter.addresses.keys import StreetKeys

        return StreetKeys(self.names)

    @cached_property
    def _suggester(self) -> Suggester:
        from kvarter.addresses.suggest import Suggester

        return Suggester(self)

    @cached_property
    def _plain(self) -> PlainTexts:
        from kvarter.addresses.plain import PlainTexts

        return PlainTexts(self)

    def save(self, folder: Path) -> None:
        """Write the index into `folder`, for `load`. Raises OSError where it cannot be written."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _FRAMES:
            getattr(self, name).write_parquet(folder / f"{name}.parquet")
        for name in _KEYS:
            getattr(self, name).write(folder / name)
            (folder / f"{name}.parquet").unlink(missing_ok=True)  # as it was written before

    @classmethod
    def open(cls, register: str | Path) -> AddressIndex:
        """The index of the register in a file: the one that is saved beside it, else a new one.

        A new one is made in some seconds for a city; `kvarter register build` saves it. Raises
        InputError where the file is no register.
        """
        from kvarter.addresses.match_file import open_index

        with open_index(Path(register)) as (index, _notes):
            return index

    def match(self, texts: Iterable[str]) -> pl.DataFrame:
        """The answer to each distinct text: a row for each, in the columns of ANSWER."""
        from kvarter.addresses.match import match

        return match(texts, self)

    def explain(self, text: str, date: str = "") -> list[Step]:
        """How one text is read, step by step, for a person to follow."""
        from kvarter.addresses.explain import explain

        return explain(text, self, date)

    @classmethod
    def load(cls, folder: Path) -> AddressIndex:
        """The index that was saved in `folder`: answers as the one it was saved from."""
        index = cls.__new__(cls)
        for name in _FRAMES:
            setattr(index, name, parquet_at(folder / f"{name}.parquet"))
        for name in _KEYS:
            setattr(index, name, Lookup.open(folder / name))
        return index
