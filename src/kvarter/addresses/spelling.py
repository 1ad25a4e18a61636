"""Misspelt street names: which names of the register are near, and when nearness is no proof.

A name that is one letter from a street of the register can be that street misspelt, or another
street rightly spelt that the register does not have. What tells them apart is whether the name as
written is made of words that street names are made of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
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


_FAR = 255
_MOST_NEAR = 6
_AT_ONCE = 1000
"""Misspelt names that are compared with all others at once: a bound on memory."""


class Near(NamedTuple):
    """A street that a misspelt name can be. In doubt where another, or none, may be meant."""

    street_id: int
    errors: int
    nearest: bool
    in_doubt: bool


class Spelling:
    """The names of a register, ready to be compared with misspelt ones."""

    def __init__(self, ids_of: Mapping[str, Collection[int]], postcodes: Sequence[str]) -> None:
        """`ids_of`: loose key -> ids of the streets with it; `postcodes`: of each street id."""
        self._ids_of = ids_of
        self._postcodes = postcodes
        self._keys_in: dict[str, set[str]] = defaultdict(set)
        for key, ids in ids_of.items():
            for street_id in ids:
                self._keys_in[postcodes[street_id]].add(key)
        self._keys = sorted(ids_of)
        self._stems: dict[str, int] = defaultdict(int)
        for key in self._keys:
            for stem in _stems(key):
                self._stems[stem] += 1

    def near(self, written: list[str], scope: frozenset[str] | None) -> list[list[Near]]:
        """For each loose key the streets in `scope` that it can be, the nearest first.

        `scope`: postcodes, or None for the whole register, where fewer errors are allowed.
        """
        if scope is None:
            choices = self._keys
        else:
            choices = sorted(set().union(*(self._keys_in[postcode] for postcode in scope)))
        allowed = np.array([_most_errors(len(choice)) - (scope is None) for choice in choices])
        found: dict[str, list[Near]] = {}
        distinct = sorted(set(written))
        for start in range(0, len(distinct), _AT_ONCE):
            some = distinct[start : start + _AT_ONCE]
            distances = _distances(some, choices, int(allowed.max(initial=0)))
            distances[distances > allowed] = _FAR
            rows, places = np.nonzero(distances != _FAR)
            errors = distances[rows, places]
            order = np.lexsort((places, errors, rows))
            names: dict[int, list[tuple[str, int]]] = {}
            for row, place, count in zip(
                rows[order].tolist(), places[order].tolist(), errors[order].tolist(), strict=True
            ):
                names.setdefault(row, []).append((choices[place], count))
            for row, key in enumerate(some):
                found[key] = self._streets(key, names.get(row, [])[:_MOST_NEAR], scope)
        return [found[key] for key in written]

    def _streets(
        self, written: str, names: list[tuple[str, int]], scope: frozenset[str] | None
    ) -> list[Near]:
        """The streets in `scope` of the names near to `written`, given with their errors."""
        if not names:
            return []
        fewest = names[0][1]
        own = self._is_a_name_of_its_own(written, [n for n, errors in names if errors == fewest])
        return [
            Near(street_id, errors, errors == fewest, own or errors > fewest)
            for name, errors in names
            for street_id in sorted(self._ids_of[name])
            if scope is None or self._postcodes[street_id] in scope
        ]

    def _is_a_name_of_its_own(self, written: str, near: list[str]) -> bool:
        """Whether `written` is a stem and an ending that streets have, but not the near ones."""
        known = {stem for stem in _stems(written) if self._stems.get(stem)}
        if not known:
            return False
        same = {stem for name in near for stem in _stems(name)} & known
        return not same or written not in near


def _stems(key: str) -> list[str]:
    """A loose key without its ending, for each ending it has: `rosen` of `rosenvej`."""
    return [key[:-length] for length in _LENGTHS if key[-length:] in ENDINGS and key[2:-length]]


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
