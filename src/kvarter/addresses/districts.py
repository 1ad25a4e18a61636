"""Post districts: which postcode a district can mean, and how well what is written fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import compress

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kvarter.addresses.fold import exact_key, fold_all
from kvarter.addresses.places import places
from kvarter.addresses.reasons import Reason, bits

_CITY = "koebenhavn"
_GREATER_COPENHAGEN = "12"
"""Postcodes from 1000 to 2999: who writes `København` can mean any of their districts."""

_LONGEST_QUARTER = 2
"""Letters of `C` in `Odense C`, `SV` in `Aalborg SV`."""

_CITY_FORMS = ("kobenhavn", "koebenh", "koebhvn", "kbhvn", "khvn", "kbhv", "kbh", "kbn", "cph")


def district_key(written: str) -> str:
    """The exact key of a folded district, with the city's name in full."""
    key = exact_key(written.removeprefix("pr. ").removeprefix("pr "))
    if key.startswith(_CITY):
        return key
    for form in _CITY_FORMS:
        if key.startswith(form):
            return _CITY + key.removeprefix(form)
    return key


class Districts:
    """The post districts of a register, and the supplementary towns in them."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """`rows`: distinct `postcode, post_district, supplementary_town`."""
        import polars as pl

        listed = sorted(set(rows))
        folded = fold_all(pl.Series([row[1] for row in listed], dtype=pl.String))
        towns = fold_all(pl.Series([row[2] for row in listed], dtype=pl.String))
        self.of: dict[str, str] = {}
        self.postcodes: dict[str, frozenset[str]] = {}
        self._quarters: dict[str, str] = {}
        self._towns: dict[str, set[str]] = defaultdict(set)
        by_name: dict[str, set[str]] = defaultdict(set)
        for (postcode, _, _), district, town in zip(listed, folded, towns, strict=True):
            key = exact_key(district)
            self.of.setdefault(postcode, key)
            last = district.rpartition(" ")[2]
            if len(last) <= _LONGEST_QUARTER and last != district:
                self._quarters[key] = last
            for name in {key, exact_key(town)} - {""}:
                by_name[name].add(postcode)
            if postcode[:1] in _GREATER_COPENHAGEN:
                by_name[_CITY].add(postcode)
            if town:
                self._towns[postcode].add(exact_key(town))
        self.postcodes = {name: frozenset(codes) for name, codes in by_name.items()}
        self._long = tuple(name for name in self.postcodes if len(name) > 3)
        self._reach = np.array([_most_slips(name) + _LONGEST_QUARTER for name in self._long])
        self.fit = lru_cache(maxsize=100_000)(self._fit)
        self.meant = lru_cache(maxsize=100_000)(self._meant)

    def _meant(self, written: str) -> frozenset[str]:
        """The postcodes that a folded district can mean; none for a name not in the register."""
        key = district_key(written)
        if not key:
            return frozenset()
        if key in self.postcodes:
            return self.postcodes[key]
        distances = process.cdist([key], self._long, scorer=OSA.distance, dtype=np.int32)[0]
        within_reach = compress(self._long, distances <= self._reach)
        near = [name for name in within_reach if self._is_near(key, name)]
        if not near and (known := places().get(key)) is not None and known.city:
            near = [name for name in self.postcodes if name.startswith(known.city)]
        if not near and (key.startswith(self._long) or key.endswith(self._long)):
            near = [name for name in self._long if key.startswith(name) or key.endswith(name)]
            near = [max(near, key=len)] if near else []
        return frozenset().union(*(self.postcodes[name] for name in near))

    def _fit(self, written: str, postcode: str) -> int:
        """The reasons that a folded district beside `postcode` adds to an answer; 0 for none."""
        raw, official = exact_key(written), self.of.get(postcode, "")
        if not raw or raw == official:
            return 0
        key = district_key(written)
        if key == official or (key == _CITY and postcode[:1] in _GREATER_COPENHAGEN):
            return bits(Reason.DISTRICT_SPELLING)
        if len(official) > 3 and (key.startswith(official) or key.endswith(official)):
            return bits(Reason.NOTE_IGNORED)
        known = places().get(key)
        is_quarter = known is not None and known.city != "" and official.startswith(known.city)
        if is_quarter or self._is_near(key, official) or key in self._towns.get(postcode, ()):
            return bits(Reason.DISTRICT_SPELLING)
        return bits(Reason.DISTRICT_DIFFERS)

    def _is_near(self, key: str, name: str) -> bool:
        """Whether `key` is `name` but for a slip; never where it can be another quarter's letter.

        The name of a town alone fits its quarters: `Odense` for `Odense C`, and not `Odense M`.
        """
        if key.startswith(_CITY) and name.startswith(_CITY):
            return False
        quarter = self._quarters.get(name, "")
        town = name.removesuffix(quarter)
        if quarter and key.endswith(quarter):
            key = key.removesuffix(quarter)
        elif quarter and len(key) > len(town):
            return False
        most = _most_slips(town)
        return len(town) > 3 and OSA.distance(key, town, score_cutoff=most) <= most


def _most_slips(town: str) -> int:
    return max(1, len(town) // 4)
