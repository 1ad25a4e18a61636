"""Misspelt street names: which names of the register are near, and when nearness is no proof.

A name that is one letter from a street of the register can be that street misspelt, or another
street rightly spelt that the register does not have. What tells them apart is whether the name as
written is made of words that street names are made of.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kvarter.addresses.fold import typing_key

ENDINGS = frozenset(
    """
    vej vejen gade gaden alle alleen plads pladsen straede straedet boulevard boulevarden vaenge
    vaenget toft toften park parken have haven lund lunden bakke bakken sti stien torv torvet kaj
    kajen bro broen gaard gaarden gaardene eng engen mark marken ager ageren krog krogen dal dalen
    holm holmen skov skoven vang vangen led leddet hegn hegnet kvarter kvarteret passage passagen
    gang gangen bugt bugten kilde kilden hoej hoejen hoeje bjerg bjerget minde lyst hus huse husene
    boligerne raekken linien linje ring ringen kanal kanalen havn havnen promenade esplanade slip
    """.split()
)
"""How Danish street names end."""

_LENGTHS = sorted({len(ending) for ending in ENDINGS})


_NEAR = {"loose": pl.String, "name": pl.String, "errors": pl.Int64}
_FAR = 255
_MOST_NEAR = 6
_AT_ONCE = 1000
"""Misspelt names that are compared with all others at once: a bound on memory."""


class Spelling:
    """The names of a register, ready to be compared with misspelt ones."""

    def __init__(self, names: pl.DataFrame) -> None:
        """`names`: distinct `loose` key, `postcode` and `street_id` of all streets."""
        self._ids = names.select(name="loose", at="postcode", street_id="street_id")
        self._stems_of = {key: _stems(key) for key in names["loose"].unique().sort()}
        self._stems = {stem for stems in self._stems_of.values() for stem in stems}

    def near(self, written: pl.Series, scope: frozenset[str] | None) -> pl.DataFrame:
        """The streets in `scope` that each loose key can be.

        `scope`: postcodes, or None for the whole register, where fewer errors are allowed. Returns
        `loose, street_id, at` (its postcode), `errors`, whether no other is nearer (`nearest`),
        and whether another, or none, may be meant (`in_doubt`).
        """
        there = self._ids if scope is None else self._ids.filter(pl.col("at").is_in(scope))
        choices = there["name"].unique().sort().to_list()
        allowed = np.array([_most_errors(len(choice)) - (scope is None) for choice in choices])
        keys = written.unique().sort()
        parts = [
            _nearest(keys.slice(start, _AT_ONCE), choices, allowed)
            for start in range(0, len(keys), _AT_ONCE)
        ]
        near = pl.concat(parts or [pl.DataFrame(schema=_NEAR)])
        fewest = pl.col("errors").min().over("loose")
        near = near.with_columns(nearest=pl.col("errors") == fewest)
        best = near.filter("nearest").group_by("loose", maintain_order=True).agg("name")
        own = [self._is_a_name_of_its_own(key, names) for key, names in best.iter_rows()]
        best = best.select("loose", pl.Series("own", own, dtype=pl.Boolean))
        return (
            near.join(best, on="loose", maintain_order="left")
            .join(there, on="name", maintain_order="left")
            .with_columns(in_doubt=pl.col("own") | ~pl.col("nearest"))
            .drop("name", "own")
        )

    def _is_a_name_of_its_own(self, written: str, near: list[str]) -> bool:
        """Whether `written` is a stem and an ending that streets have, but not the near ones."""
        known = self._stems.intersection(_stems(written))
        if not known:
            return False
        same = {stem for name in near for stem in self._stems_of[name]} & known
        return not same or written not in near


def _stems(key: str) -> list[str]:
    """A loose key without its ending, for each ending it has: `rosen` of `rosenvej`."""
    return [key[:-length] for length in _LENGTHS if key[-length:] in ENDINGS and key[2:-length]]


def _nearest(keys: pl.Series, choices: list[str], allowed: NDArray[np.int64]) -> pl.DataFrame:
    """`loose, name, errors`: for each key the nearest choices, as many errors as are `allowed`."""
    written = keys.to_list()
    distances = _distances(written, choices, int(allowed.max(initial=0)))
    distances[distances > allowed] = _FAR
    rows, places = np.nonzero(distances != _FAR)
    names = pl.Series(choices, dtype=pl.String).gather(places)
    found = pl.DataFrame(
        {"loose": keys.gather(rows), "name": names, "errors": distances[rows, places]}
    ).cast(_NEAR)  # type: ignore[arg-type]
    return (
        found.sort("loose", "errors", "name")
        .group_by("loose", maintain_order=True)
        .head(_MOST_NEAR)
    )


def _distances(keys: list[str], choices: list[str], most: int) -> NDArray[np.uint8]:
    """Typing errors between every key and every choice: optimal string alignment (OSA).

    Counted with `å` as one letter and as two, and the fewer taken: `Rngade` has lost one letter
    from Røngade, and `Tulipangae` one from Tulipangade. Above `most` the number is only higher.
    """
    as_two = process.cdist(
        keys, choices, scorer=OSA.distance, score_cutoff=most, workers=-1, dtype=np.uint8
    )
    as_one = process.cdist(
        [typing_key(key) for key in keys],
        [typing_key(choice) for choice in choices],
        scorer=OSA.distance,
        score_cutoff=most,
        workers=-1,
        dtype=np.uint8,
    )
    fewest: NDArray[np.uint8] = np.minimum(as_two, as_one)
    return fewest


def _most_errors(length: int) -> int:
    """How many typing errors a name of `length` letters can have and still be known."""
    return (length > 4) + (length > 8) + (length > 13)
