"""Key values that stand for far more cases than one household or person can have in a year.

A person's number stands at one address, or at a few: people move, and texts are misspelt. A number
that a clerk types where none is known stands at dozens. How many others a value goes with in a
year (addresses, where the key is a person, a name or a court case; people, where it is a place)
falls off by the same factor from one to the next where a Poisson rate differs between people as an
exponential does (a geometric distribution; Greenwood and Yule 1920). The factor is the share of
other values that go with more than one; 0.15 is expected, and counts as two values more (the rule
of succession, Laplace 1774) and as the least there is: about as many move in a year in Denmark
(Statistics Denmark). A value is too frequent where fewer than one extract in a thousand would hold
one like it. So an extract in which many move, or are misspelt, needs more before one stands out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import polars as pl

from kvarter.notes import Note
from kvarter.policy.model import CaseKind, SameKey

CHANCE = 0.001
"""Of an extract and year that holds one such value by chance."""

MOVE = 0.15
"""Of all people, in a year: the share of values that is expected to go with several others."""

NOT_USED = "too_frequent_"
"""Begins the reason, in the ledger, of a key that unites a row with none."""

_NOTES = {
    "places": Note(
        "{cases}, {year}: one and the same value of {keys} stands at more different addresses "
        "(up to {most}) than chance gives (at most {bound}). Such values ({rows} "
        "{rows:row|rows}) unite no rows. If they are right, name {keys} under `trusted_keys`.",
        {},
    ),
    "people": Note(
        "{cases}, {year}: one and the same value of {keys} stands for more different people (up "
        "to {most}) than chance gives (at most {bound}). Such values ({rows} {rows:row|rows}) "
        "unite no rows. If they are right, name {keys} under `trusted_keys`.",
        {},
    ),
}


@dataclass(frozen=True)
class Frequent:
    """Values of `keys` in a `year` that go with too many others.

    `rows`: which rows have one (a mask over all rows). `most`: how many others one of them goes
    with; `bound`: the most that chance gives. `others`: `places` or `people`.
    """

    keys: list[SameKey]
    year: int
    others: str
    most: int
    bound: int
    rows: pl.Series = field(repr=False)

    def note(self, kind: CaseKind) -> Note:
        """What a reader must know of them; the values themselves are nobody's to read."""
        return replace(
            _NOTES[self.others],
            values={
                "cases": kind.id,
                "year": str(self.year),
                "keys": " + ".join(f"`{key}`" for key in self.keys),
                "most": self.most,
                "bound": self.bound,
                "rows": int(self.rows.sum()),
            },
        )


def too_frequent(cases: pl.DataFrame, keys: list[SameKey], value: pl.Series) -> list[Frequent]:
    """The values of `keys` that go with more others in a year than chance allows.

    `value`: for each row of `cases` a number that rows of a year with the same value share; null
    where there is none. A value is held against the addresses it goes with, if its keys name no
    unit, and against the people, if they name no person.
    """
    others = {}
    if "unit" not in keys:
        places = ["address_id"] if "entrance" in keys else ["address_id", "access_address_id"]
        texts = [] if "entrance" in keys else ["text_id"]
        others["places"] = pl.coalesce(*places, *texts)
    if not {"person", "name", "court_case"} & set(keys):
        others["people"] = pl.coalesce("person", "name")
    found = []
    for what, other in others.items():
        known = cases.select("year", value.alias("value"), other.alias("other"))
        known = known.drop_nulls()
        repeated = known.filter(pl.col("value").is_duplicated())
        counts = repeated.group_by("year", "value").agg(pl.col("other").n_unique().alias("others"))
        values = dict(known.group_by("year").agg(pl.col("value").n_unique()).iter_rows())
        for (year,), of_year in (
            counts.filter(pl.col("others") > 1).sort("year").group_by("year", maintain_order=True)
        ):
            bound = most_by_chance(values[year], of_year.height)
            beyond = of_year.filter(pl.col("others") > bound)
            if beyond.is_empty():
                continue
            rows = (value.is_in(beyond["value"].implode()) & (cases["year"] == year)).fill_null(
                False
            )
            most = int(beyond["others"].max())  # type: ignore[arg-type]
            found.append(Frequent(keys, int(year), what, most, bound, rows))
    return found


def most_by_chance(values: int, with_more: int) -> int:
    """The most others that one of `values` goes with by chance, where `with_more` have several.

    >>> most_by_chance(1000, 50)
    8
    >>> most_by_chance(1000, 400)
    16
    """
    factor = max(MOVE, (with_more - 1 + 2 * MOVE) / (values + 1))
    return math.floor(1 + math.log(CHANCE / values) / math.log(factor))
