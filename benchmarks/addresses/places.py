"""A register as the generators need it: addresses to draw, and what else the register holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

import numpy as np
import polars as pl

from kvarter.addresses.fold import exact_key, fold

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """One unit address of the register; floor and door are empty where there are no units."""

    address_id: str
    access_address_id: str
    street: str
    postal_street: str
    number: str
    floor: str
    door: str
    town: str
    postcode: str
    district: str

    @property
    def unit(self) -> str:
        floor = f"{self.floor}." if self.floor.isdigit() else self.floor
        return f"{floor} {self.door}".strip()

    @property
    def official(self) -> str:
        return ", ".join(
            part
            for part in (
                f"{self.street} {self.number}",
                self.unit,
                self.town,
                f"{self.postcode} {self.district}",
            )
            if part
        )


COLUMNS = {
    "address_id": "address_id",
    "access_address_id": "access_address_id",
    "street": "street_name",
    "postal_street": "postal_street_name",
    "number": "house_number",
    "floor": "floor",
    "door": "door",
    "town": "supplementary_town",
    "postcode": "postcode",
    "district": "post_district",
}


@cache
def key(street: str) -> str:
    return exact_key(fold(street))


@dataclass
class Places:
    """The current addresses of a register, drawn at random with `draw`."""

    register: pl.DataFrame
    rng: np.random.Generator
    numbers: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    units: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    on_floor: Counter[tuple[str, str]] = field(default_factory=Counter)
    postcodes_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    district_of: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        current = self.register.filter(pl.col("replaced_by") == "").sort("address_id")
        frame = current.select(**{new: pl.col(old) for new, old in COLUMNS.items()})
        self.addresses = [Address(*row) for row in frame.iter_rows()]
        for a in self.addresses:
            self.numbers[key(a.street), a.postcode].add(a.number)
            self.units[a.access_address_id].add((a.floor, a.door))
            self.on_floor[a.access_address_id, a.floor] += 1
            self.postcodes_of[key(a.street)].add(a.postcode)
            self.district_of[a.postcode] = a.district
        by_id = {a.address_id: a for a in self.addresses}
        former = self.register.filter(pl.col("replaced_by") != "").sort("address_id")
        old = former.select(**{new: pl.col(name) for new, name in COLUMNS.items()})
        self.former = [
            (Address(*row), by_id[today])
            for row, today in zip(old.iter_rows(), former["replaced_by"], strict=True)
            if today in by_id and key(row[2]) != key(by_id[today].street)
        ]

    def draw(self) -> Address:
        return self.addresses[int(self.rng.integers(len(self.addresses)))]

    def pick(self, of: Sequence[T]) -> T:
        return of[int(self.rng.integers(len(of)))]

    def only_here(self, street: str) -> bool:
        """Whether a street of this name is in one postcode only."""
        return len(self.postcodes_of[key(street)]) == 1
