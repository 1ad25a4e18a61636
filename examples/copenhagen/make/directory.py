"""What a careful reader of addresses can look up: which streets there are, and what is on them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .names import fold


@dataclass(frozen=True, slots=True)
class Address:
    """A current unit address of the register, and the old name of its street if it had one."""

    address_id: str
    access_address_id: str
    street_name: str
    postal_street_name: str
    house_number: str
    floor: str
    door: str
    postcode: str
    post_district: str
    municipality_code: str
    old_street: str
    """The former street name; empty where there is none."""
    old_until: str
    """The last day of the former street name, as yyyy-mm-dd."""

    @property
    def has_unit(self) -> bool:
        return bool(self.floor)


class Directory:
    """Street names by postcode and house numbers by street, from a register."""

    def __init__(self, register: pl.DataFrame) -> None:
        entrances = register.unique("access_address_id", keep="first", maintain_order=True)
        self._in_postcode: dict[str, list[str]] = defaultdict(list)
        self._streets_named: dict[str, list[str]] = defaultdict(list)
        self._numbers: dict[str, set[str]] = defaultdict(set)
        streets = entrances.select(
            "street_name", "postcode", code=pl.col("municipality_code") + pl.col("street_code")
        )
        for name, postcode, code in streets.unique(maintain_order=True).rows():
            self._in_postcode[postcode].append(name.lower())
            if code not in self._streets_named[fold(name)]:
                self._streets_named[fold(name)].append(code)
        self._all = [name.lower() for name in streets["street_name"].unique(maintain_order=True)]
        for name, number in entrances.select("street_name", "house_number").rows():
            self._numbers[name].add(number)
        postal = register.select("postal_street_name", "street_name").unique(maintain_order=True)
        self._postal: dict[str, int] = defaultdict(int)
        for short, _ in postal.rows():
            self._postal[fold(short)] += 1

    def one_street(self, name: str) -> bool:
        """Whether exactly one street of the register, old names included, is called `name`."""
        return len(self._streets_named.get(fold(name), ())) == 1

    def one_postal(self, short: str) -> bool:
        """Whether the short name belongs to one street name only."""
        return self._postal[fold(short)] == 1

    def is_name(self, text: str) -> bool:
        """Whether `text` is the name of a street, however å and case are written."""
        return fold(text) in self._streets_named

    def numbers_on(self, name: str) -> set[str]:
        """The house numbers on every street called `name`."""
        return self._numbers[name]

    def recognisable(self, written: str, name: str, postcode: str) -> bool:
        """Whether `written` can only be a slip of the pen for the street `name`.

        It must be one edit from the name (two for nine letters and more), further from any other
        name in the postcode, and no street's name itself.
        """
        text, true = written.lower(), name.lower()
        distance = OSA.distance(text, true)
        if not 0 < distance <= (1 if len(name) < 9 else 2) or self.is_name(written):
            return False
        others = [other for other in self._in_postcode[postcode] if other != true]
        return self._nearest(text, others) > distance

    def far_from_all(self, name: str) -> bool:
        """Whether `name` resembles no street: five edits away, and another first word."""
        first = name.lower().split()[0]
        if any(other.split()[0] == first for other in self._all):
            return False
        return self._nearest(name.lower(), self._all) >= 5

    @staticmethod
    def _nearest(text: str, names: list[str]) -> int:
        distances: Any = process.cdist([text], names, scorer=OSA.distance)
        return int(distances.min())


def read_addresses(register: pl.DataFrame) -> list[Address]:
    """The current addresses in `register`, in its order."""
    old = register.filter(pl.col("replaced_by") != "").select(
        address_id="replaced_by", old_street="street_name", old_until="valid_to"
    )
    columns = list(Address.__dataclass_fields__)
    current = register.filter(pl.col("valid_to") == "").join(
        old, on="address_id", how="left", maintain_order="left"
    )
    return [Address(*row) for row in current.select(columns).fill_null("").rows()]
