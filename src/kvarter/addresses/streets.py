"""Street as written -> street names of the register, by exact key, loose key, then distance.

Works on distinct (street, postcode, district) only: cost follows the number of different
misspellings, not the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from kvarter.addresses.fold import exact_key, fold, loose_key, typing_key
from kvarter.addresses.parse import district_key
from kvarter.addresses.reasons import Reason


class Street(NamedTuple):
    """A street name in one postcode of the register."""

    name: str
    postcode: str


class Written(NamedTuple):
    """A street as somebody wrote it, with the postcode and district beside it (or blank)."""

    street: str
    postcode: str
    district: str


@dataclass(frozen=True)
class Candidate:
    """A street that `Written` can be; lower tiers are better, and rule out those above."""

    street: Street
    tier: int
    reasons: tuple[Reason, ...]


_EXACT, _LOOSE, _ELSEWHERE, _FUZZY, _DOUBTFUL = 0, 1, 2, 10, 100


class Streets:
    """The distinct street names of a register, ready to be found."""

    def __init__(self, register: pl.DataFrame) -> None:
        """`register`: distinct `street_name, postal_street_name, postcode, post_district`."""
        self._exact: dict[str, set[Street]] = defaultdict(set)
        self._loose: dict[str, set[Street]] = defaultdict(set)
        self._district: dict[str, str] = {}
        for name, postal_name, postcode, district in register.select(
            "street_name", "postal_street_name", "postcode", "post_district"
        ).iter_rows():
            street = Street(name, postcode)
            self._district[postcode] = district_key(district)
            for spelling in {name, postal_name} - {""}:
                folded = fold(spelling)
                self._exact[exact_key(folded)].add(street)
                self._loose[loose_key(folded)].add(street)
        self._keys_of: dict[str, list[str]] = defaultdict(list)
        for key, streets in sorted(self._loose.items()):
            for postcode in sorted({street.postcode for street in streets}):
                self._keys_of[postcode].append(key)

    @property
    def districts(self) -> frozenset[str]:
        return frozenset(self._district.values())

    @property
    def postcodes(self) -> frozenset[str]:
        return frozenset(self._district)

    def find(self, written: Iterable[Written]) -> dict[Written, list[Candidate]]:
        """The candidates for each distinct street as written; none where nothing is near."""
        found: dict[Written, list[Candidate]] = {}
        misspelt: dict[str, list[Written]] = defaultdict(list)
        for one in dict.fromkeys(written):
            found[one] = self._by_key(one) if one.street else []
            if one.street and not any(c.tier < _FUZZY for c in found[one]):
                scope = one.postcode if one.postcode in self._district else ""
                if scope or not one.postcode:
                    misspelt[scope].append(one)
        for scope, queries in sorted(misspelt.items()):
            near = self._by_distance(scope, queries)
            for one in queries:
                found[one] = near[one] or found[one]
        return found

    def _by_key(self, one: Written) -> list[Candidate]:
        exact = self._exact.get(exact_key(one.street), set())
        loose = self._loose.get(loose_key(one.street), set())
        here = [
            Candidate(street, tier, ())
            for tier, streets in ((_EXACT, exact), (_LOOSE, loose - exact))
            for street in streets
            if street.postcode == one.postcode
        ]
        if here:
            return [self._with_reasons(one, candidate) for candidate in here]
        elsewhere = [
            self._elsewhere(one, street, spelled_exactly=street in exact)
            for street in sorted(exact | loose)
        ]
        return [candidate for candidate in elsewhere if candidate is not None]

    def _elsewhere(
        self, one: Written, street: Street, *, spelled_exactly: bool
    ) -> Candidate | None:
        """A street of that name in another postcode than the one written, if any was.

        None where both postcode and district are of a place that the register does not cover.
        """
        spelling = () if spelled_exactly else (Reason.STREET_ABBREVIATED,)
        tier = _ELSEWHERE + (not spelled_exactly)
        district = district_key(one.district) if one.district else ""
        same_district = district != "" and self._district[street.postcode] == district
        if not one.postcode:
            tier += 0 if same_district or not district else 2
            return Candidate(street, tier, (*spelling, Reason.POSTCODE_MISSING))
        slip = OSA.distance(one.postcode, street.postcode) == 1
        if same_district or (slip and one.postcode not in self._district):
            return Candidate(street, tier, (*spelling, Reason.POSTCODE_DIFFERS))
        if district and one.postcode not in self._district:
            return None
        return Candidate(street, _DOUBTFUL, (*spelling, Reason.OTHER_POSTCODE))

    def _with_reasons(self, one: Written, candidate: Candidate) -> Candidate:
        reasons = candidate.reasons
        if candidate.tier == _LOOSE:
            reasons += (Reason.STREET_ABBREVIATED,)
        return Candidate(candidate.street, candidate.tier, reasons + self._of_district(one))

    def _of_district(self, one: Written) -> tuple[Reason, ...]:
        official = self._district.get(one.postcode, "")
        if not one.district or one.district == official:
            return ()
        written = district_key(one.district)
        if written == official or OSA.distance(written, official) <= max(1, len(official) // 4):
            return (Reason.DISTRICT_SPELLING,)
        return (Reason.DISTRICT_DIFFERS,)

    def _by_distance(self, postcode: str, queries: list[Written]) -> dict[Written, list[Candidate]]:
        """The nearest names in `postcode` (in the whole register if blank) by OSA distance."""
        choices = self._keys_of[postcode] if postcode else sorted(self._loose)
        keys = [loose_key(one.street) for one in queries]
        distances = _distances(keys, choices)
        near: dict[Written, list[Candidate]] = {}
        for one, key, row in zip(queries, keys, distances, strict=True):
            best = int(row.min()) if len(row) else 99
            if best > _most_errors(len(key)):
                near[one] = []
                continue
            streets = {
                street
                for at in (row == best).nonzero()[0]
                for street in self._loose[choices[int(at)]]
                if not postcode or street.postcode == postcode
            }
            names = {street.name for street in streets}
            reasons = (Reason.STREET_SPELLING,) + (
                self._of_district(one) if postcode else (Reason.POSTCODE_MISSING,)
            )
            reasons += (Reason.SEVERAL_STREETS,) if len(names) > 1 else ()
            near[one] = [Candidate(street, _FUZZY + best, reasons) for street in sorted(streets)]
        return near


def _distances(keys: list[str], choices: list[str]) -> NDArray[np.uint32]:
    """Typing errors between every key and every choice: optimal string alignment (OSA).

    Counted with `å` as one letter and as two, and the fewer taken: `Rngade` has lost one letter
    from Røngade, and `Tulipangae` one from Tulipangade.
    """
    as_two = process.cdist(keys, choices, scorer=OSA.distance, workers=-1, dtype=np.uint32)
    as_one = process.cdist(
        [typing_key(key) for key in keys],
        [typing_key(choice) for choice in choices],
        scorer=OSA.distance,
        workers=-1,
        dtype=np.uint32,
    )
    fewest: NDArray[np.uint32] = np.minimum(as_two, as_one)
    return fewest


def _most_errors(length: int) -> int:
    """How many typing errors a name of `length` letters can have and still be known."""
    return (length > 4) + (length > 8) + (length > 13)
