"""Preliminary statutory hearings of minors: who was heard, when, and where they said they live."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from numpy.random import Generator

from .directory import Address
from .figures import AREA_MINORS, CITY_MINORS
from .nowhere import Nowhere, elsewhere, vague
from .people import FIRST_DAY_WITHOUT_CONTROL, People, Person, pick
from .places import Homes
from .scribe import write

REMARKS = ("", "", "", "Tolk", "Fremstillet i grundlovsforhør", "Surrogat", "Løsladt")
WRONG_AGES = {2016: (14, 18), 2020: (14, 18), 2023: (18,)}
"""Persons noted by mistake. In 2023 a person of 14 would have a number without control."""

NOT_FROM_THE_CITY = 4
HEARD_AGAIN = 0.28


@dataclass(frozen=True, slots=True)
class Hearing:
    person: str
    day: dt.date
    number: str
    name: str
    text: str
    note: str
    address_id: str = ""
    access_address_id: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives who is heard, under what key, and how old they are by mistake."""

    key: str
    address: Address
    age: int | None


def hearings(year: int, homes: Homes, people: People, rng: Generator) -> list[Hearing]:
    """The hearings of a year by day, with as many minors as the published figures say."""
    stands = homes.standing(year)
    from_areas = homes.draw(stands & homes.in_areas, AREA_MINORS[year], rng)
    wrong = WRONG_AGES.get(year, ())
    others = CITY_MINORS[year] - AREA_MINORS[year] + len(wrong)
    from_rest = homes.draw(stands & ~homes.in_areas, others, rng)
    ages: list[int | None] = [None] * (len(from_areas) + others - len(wrong)) + list(wrong)
    rows: list[Hearing] = []
    for i, (home, age) in enumerate(zip(from_areas + from_rest, ages, strict=True), start=1):
        heard = Home(f"{year}-m{i:03d}", homes.addresses[home], age)
        rows += _heard(heard, year, homes, people, rng)
    for i, place in enumerate(elsewhere(homes, NOT_FROM_THE_CITY, rng), start=len(ages) + 1):
        day = _day(year, rng)
        person = people.person(*_born(day, int(rng.integers(15, 18))))
        rows.append(_from_elsewhere(f"{year}-m{i:03d}", day, person, place))
    return sorted(rows, key=lambda row: (row.day, row.number))


def _heard(
    home: Home, year: int, homes: Homes, people: People, rng: Generator
) -> Iterator[Hearing]:
    """The hearings of one person; the first says where they live, a later one may not."""
    key, address, age = home.key, home.address, home.age
    day = _day(year, rng)
    person = people.person(*_born(day, int(rng.integers(15, 18)) if age is None else age))
    kind = "first" if age is None else f"age_{age}"
    days = [day]
    if age is None and rng.random() < HEARD_AGAIN:
        grown_up = person.born.replace(year=person.born.year + 18, day=min(person.born.day, 28))
        latest = min(dt.date(year, 12, 31), grown_up - dt.timedelta(1))
        days += [day + dt.timedelta(int(rng.integers(5, 60))) for _ in range(rng.integers(1, 3))]
        days = [day, *(later for later in sorted(days[1:]) if later <= latest)]
    for turn, heard in enumerate(days):
        tie = "same_person" if turn else kind
        remark = pick(rng, REMARKS)
        if turn and rng.random() < 0.3:
            place = vague(homes, address, rng)
            text = ", ".join(filter(None, (place.line, place.post)))
            note = f"{tie}: {place.kind}"
            yield Hearing(key, heard, person.number, person.name, text, note, remark=remark)
        else:
            written, ways = write(address, homes.directory, rng, heard)
            yield Hearing(
                key,
                heard,
                person.number,
                person.name,
                written.text,
                f"{tie}: {ways}",
                address.address_id,
                address.access_address_id,
                remark,
            )


def _from_elsewhere(key: str, day: dt.date, person: Person, place: Nowhere) -> Hearing:
    text = ", ".join(filter(None, (place.line, place.post)))
    where = "outside_city" if place.address else "unlocatable"
    ids = (place.address.address_id, place.address.access_address_id) if place.address else ("", "")
    return Hearing(key, day, person.number, person.name, text, f"{where}: {place.kind}", *ids)


def _day(year: int, rng: Generator) -> dt.date:
    return dt.date(year, 1, 1) + dt.timedelta(int(rng.integers(365)))


def _born(day: dt.date, age: int) -> tuple[dt.date, dt.date]:
    """The first and last birth date of someone who is `age` on `day` and has a safe number."""
    # The 29 of February of a leap year has no counterpart; the 28 is close enough.
    day = day.replace(day=min(day.day, 28))
    last_safe = FIRST_DAY_WITHOUT_CONTROL - dt.timedelta(1)
    # Who is too young to have a safe number is made a year older, until there is one.
    while True:
        earliest = day.replace(year=day.year - age - 1) + dt.timedelta(4)
        latest = min(day.replace(year=day.year - age), last_safe)
        if earliest <= latest:
            return earliest, latest
        age += 1
