"""Eviction notices of a year: households with one row or several, and rows that lead nowhere.

The first row of a household always says where it lives, and carries every key that another row of
the household is tied to it by.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace

from numpy.random import Generator

from .directory import Address
from .figures import FIRST_DOMUS_YEAR, GARBAGE_NUMBERS, INVALID_DATES, OUTSIDE_YEAR, UNLOCATED
from .nowhere import Nowhere, elsewhere, vague
from .people import People, Person, pick
from .places import Homes
from .scribe import write

SENDERS = ("Fogedretten", "Boligorganisation", "Privat udlejer", "BIF")
SENDER_SHARES = (0.45, 0.34, 0.13, 0.08)
KNOWS_NUMBER = {"Fogedretten": 0.95, "Boligorganisation": 0.35, "Privat udlejer": 0.15, "BIF": 1.0}
MORE_ROWS = (0.72, 0.21, 0.07)
"""The share of households with no, one and two rows more."""

TIES = ("same_unit", "same_person", "same_name", "same_court_case")
KSS_TIES = (0.50, 0.30, 0.20, 0.0)
DOMUS_TIES = (0.40, 0.22, 0.16, 0.22)

GARBAGE = ("123", "999999-9999", "ukendt", "udl. statsborger", "000000-0000", "XX", "311299")
STRAY_QUOTES = {2020: 14}
GROUNDS = ("Restance", "Husorden")
REMARKS = ("", "", "", "", *GROUNDS, "Børn i hjemmet", "Frist 14 dage; rykket")


@dataclass(frozen=True, slots=True)
class Notice:
    """A row of an extract, before it is put into the extract's own format."""

    household: str
    day: dt.date
    line: str
    post: str
    text: str
    note: str
    address_id: str = ""
    access_address_id: str = ""
    number: str = ""
    name: str = ""
    sender: str = ""
    court_case: str = ""
    arrears: str = ""
    remark: str = ""
    day_text: str | None = None
    """What stands in place of the day where it is no date."""

    @property
    def ground(self) -> str:
        """Arrears or the house rules: as remarked, else by whether a sum is owed."""
        if self.remark in GROUNDS:
            return self.remark
        return GROUNDS[0] if self.arrears else GROUNDS[1]


class NoticeYear:
    """Writes the notices of one year; `rows` gives them in the order of the file."""

    def __init__(self, year: int, homes: Homes, people: People, rng: Generator) -> None:
        self._year, self._homes, self._people, self._rng = year, homes, people, rng
        self._domus = year >= FIRST_DOMUS_YEAR
        self._names: dict[str, set[str]] = defaultdict(set)
        self._households = 0
        self._cases = iter(rng.permutation(90_000).tolist())

    def rows(self) -> list[Notice]:
        """All rows of the year's file, by day."""
        inside = self._homes.draw_year(self._year, self._rng)
        others = self._homes.standing(self._year)
        others[inside] = False
        outside = self._homes.draw(others, OUTSIDE_YEAR[self._year], self._rng)
        rows = [row for home in inside for row in self._household(self._homes.addresses[home])]
        rows = self._spoil(rows)
        rows += [self._outside_year(self._homes.addresses[home]) for home in outside]
        found = elsewhere(self._homes, UNLOCATED[self._year], self._rng)
        rows += [self._nowhere(place) for place in found]
        rows = [rows[i] for i in self._rng.permutation(len(rows)).tolist()]
        return sorted(rows, key=lambda row: row.day)

    def _household(self, address: Address) -> list[Notice]:
        rng = self._rng
        person = self._person_at(address)
        extra = int(rng.choice(3, p=MORE_ROWS))
        ties = [
            str(tie) for tie in rng.choice(TIES, extra, p=DOMUS_TIES if self._domus else KSS_TIES)
        ]
        first = self._row(address, self._day(), self._next_household(), "first")
        first = self._sent(replace(first, name=person.name), person)
        if "same_person" in ties:
            first = replace(first, number=person.number)
        if "same_court_case" in ties and not first.court_case:
            first = replace(first, court_case=self._case_number())
        return [first, *(self._tied(tie, first, address, person) for tie in ties)]

    def _tied(self, tie: str, first: Notice, address: Address, person: Person) -> Notice:
        """Another row of the household of `first`, tied to it in the given way."""
        if tie == "same_name" and not address.has_unit:
            tie = "same_unit"
        last_day = dt.date(self._year, 12, 31)
        day = min(last_day, first.day + dt.timedelta(int(self._rng.integers(0, 60))))
        if tie == "same_unit":
            row = self._row(address, day, first.household, tie)
            partner = self._person_at(address, person.name.split()[-1])
            whose = pick(self._rng, (person, partner))
            row = self._sent(replace(row, name=whose.name), whose)
            # The court has one number for a case; a household has one case in a year.
            return replace(row, court_case=first.court_case or row.court_case)
        if tie == "same_name":
            row = self._row(address, day, first.household, tie, unit=False)
            return replace(row, name=person.name, sender=pick(self._rng, SENDERS[1:3]))
        if self._rng.random() < 0.45:
            row = self._lost(vague(self._homes, address, self._rng), day, first.household, tie)
        else:
            row = self._row(address, day, first.household, tie, self._rng.random() < 0.7)
        if tie == "same_person":
            return replace(row, name=person.name, number=person.number, sender="BIF")
        # Only the court case ties it: another tenant is named, and no person number.
        name = self._person_at(address).name
        sender = pick(self._rng, SENDERS[:3])
        return replace(row, name=name, court_case=first.court_case, sender=sender)

    def _outside_year(self, address: Address) -> Notice:
        """A notice of the month before the year or after it."""
        days = int(self._rng.integers(1, 31))
        before = dt.date(self._year, 1, 1) - dt.timedelta(days)
        day = pick(self._rng, (before, dt.date(self._year, 12, 31) + dt.timedelta(days)))
        person = self._person_at(address)
        row = self._row(address, day, self._next_household(), "outside_year")
        return self._sent(replace(row, name=person.name), person)

    def _nowhere(self, place: Nowhere) -> Notice:
        where = "outside_city" if place.address else "unlocatable"
        row = self._lost(place, self._day(), self._next_household(), where)
        person = self._people.adult(self._year)
        return self._sent(replace(row, name=person.name), person)

    def _row(
        self, address: Address, day: dt.date, household: str, tie: str, unit: bool = True
    ) -> Notice:
        written, ways = write(address, self._homes.directory, self._rng, day, unit)
        return Notice(
            household,
            day,
            written.text if written.post_first else written.line,
            "" if written.post_first else written.post,
            written.text,
            f"{tie}: {ways}",
            address.address_id if unit else "",
            address.access_address_id,
            **self._sums(),
        )

    def _lost(self, place: Nowhere, day: dt.date, household: str, tie: str) -> Notice:
        text = ", ".join(filter(None, (place.line, place.post)))
        note = f"{tie}: {place.kind}"
        row = Notice(household, day, place.line, place.post, text, note, **self._sums())
        if place.address is None:
            return row
        unit, access = place.address.address_id, place.address.access_address_id
        return replace(row, address_id=unit, access_address_id=access)

    def _sums(self) -> dict[str, str]:
        amount = f"{self._rng.integers(200_000, 9_000_000) / 100:,.2f}"
        arrears = amount.translate(str.maketrans(",.", ".,")) if self._rng.random() < 0.9 else ""
        return {"arrears": arrears, "remark": pick(self._rng, REMARKS)}

    def _sent(self, row: Notice, person: Person) -> Notice:
        """The row with a sender, and the person and court case as far as the sender knows them."""
        sender = SENDERS[int(self._rng.choice(4, p=SENDER_SHARES))]
        number = person.number if self._rng.random() < KNOWS_NUMBER[sender] else ""
        case = self._case_number() if self._domus and sender == "Fogedretten" else ""
        return replace(row, sender=sender, number=number, court_case=case)

    def _spoil(self, rows: list[Notice]) -> list[Notice]:
        """Make some rows that nothing depends on worse: no date, no person number, a quote."""
        spare = [i for i, row in enumerate(rows) if row.note.startswith("same_unit")]
        chosen = self._rng.choice(spare, INVALID_DATES + GARBAGE_NUMBERS, replace=False).tolist()
        undated = (f"31-02-{self._year}", str(self._year), "")
        for i, text in zip(chosen[:INVALID_DATES], undated, strict=True):
            rows[i] = replace(rows[i], day_text=text, note=f"invalid_date: {rows[i].note}")
        for i in chosen[INVALID_DATES:]:
            number = pick(self._rng, GARBAGE)
            rows[i] = replace(rows[i], number=number, note=f"{rows[i].note} + garbage_number")
        commas = [i for i, row in enumerate(rows) if ", " in row.text[3:]]
        for i in self._rng.choice(commas, STRAY_QUOTES.get(self._year, 0), replace=False).tolist():
            text = rows[i].text.replace(", ", '", ', 1)
            rows[i] = replace(rows[i], text=text, note=f"{rows[i].note} + stray_quote")
        return rows

    def _person_at(self, address: Address, last_name: str | None = None) -> Person:
        """An adult whose name nobody else at the entrance has."""
        while True:
            born = dt.date(self._year - 81, 1, 2), dt.date(self._year - 19, 12, 31)
            person = self._people.person(*born, last_name)
            if person.name not in self._names[address.access_address_id]:
                self._names[address.access_address_id].add(person.name)
                return person

    def _day(self) -> dt.date:
        return dt.date(self._year, 1, 1) + dt.timedelta(int(self._rng.integers(365)))

    def _next_household(self) -> str:
        self._households += 1
        return f"{self._year}-{self._households:05d}"

    def _case_number(self) -> str:
        number = next(self._cases) + 10_000
        return f"FS {number // 10_000 + 10}-{number % 10_000:04d}/{self._year}"
