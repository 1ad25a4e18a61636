"""An address as it is written: pieces that the ways of writing in `noise` change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from numpy.random import Generator

from .directory import Address, Directory


@dataclass(frozen=True, slots=True)
class Written:
    """An address in pieces, in the order they are written."""

    street: str
    number: str
    unit: str
    postcode: str
    district: str
    before: str = ""
    after: str = ""
    comma: str = ", "
    post_first: bool = False

    @property
    def line(self) -> str:
        """Street, number and unit, with what stands round them."""
        place = self.comma.join(filter(None, [f"{self.street} {self.number}".strip(), self.unit]))
        return f"{self.before}{place}{self.after}"

    @property
    def post(self) -> str:
        """Postcode and district."""
        return " ".join(filter(None, [self.postcode, self.district]))

    @property
    def text(self) -> str:
        """All of it in one field."""
        parts = [self.post, self.line] if self.post_first else [self.line, self.post]
        return self.comma.join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Context:
    address: Address
    directory: Directory
    rng: Generator


Way = Callable[[Written, Context], Written | None]


def official(address: Address) -> Written:
    """`Ravnevej 4, 2. tv, 2400 København NV`."""
    floor = address.floor if address.floor in ("", "st", "kl") else f"{address.floor}."
    unit = f"{floor} {address.door}".strip()
    return Written(
        address.street_name, address.house_number, unit, address.postcode, address.post_district
    )
