"""Real strings with known places, from the open data: nothing here is made up but the joining.

There are no columns of free typing in the open data today; what it holds are names and
addresses that different bodies wrote differently for the same place. Truth is an id of the
register, and for Copenhagen also the rode and the point of the entrance.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import polars as pl

from kept_aside import registers
from kept_aside.draft import Draft, decide
from kept_aside.known import Known, Unit, same
from kept_aside.names import DATA
from kept_aside.truth import TestText, Truth, never

METRES_PER_DEGREE = (62_800.0, 111_300.0)
"""East and north, at the latitude of Copenhagen."""


@dataclass(frozen=True)
class RealText(TestText):
    """A real string, the register that it is for, and where it lies."""

    register: str = ""
    rodes: frozenset[str] = frozenset()
    point: tuple[float, float] | None = None
    """EPSG:25832."""


def texts() -> Iterator[RealText]:
    """All real strings: for the register *dar* first, then for *copenhagen*."""
    yield from _dar_texts()
    yield from _copenhagen_texts()


def _read(path: str, separator: str = ",") -> pl.DataFrame:
    return pl.read_csv(DATA / path, separator=separator, infer_schema=False)


# The extract of the national register.


def _dar_texts() -> Iterator[RealText]:
    known = Known(registers.dar())
    states = [
        {k: v or "" for k, v in row.items()}
        for row in _read("dar/dar_extract.csv")
        .filter(pl.col("status") == "3")
        .iter_rows(named=True)
        if row["adgangsadresse_id"] in known.by_access
    ]
    today = _today(states)
    for text, truth in today.items():
        yield RealText("official", text, truth, register="dar")
    seen: set[str] = set()
    for row in states:
        text = row["betegnelse"]
        if row["is_current"] == "0" and text not in today and text not in seen:
            seen.add(text)
            yield RealText(
                "former",
                text,
                _former(row, states),
                "a former state of the address",
                register="dar",
            )
    yield from _postal(states)


def _today(states: list[dict[str, str]]) -> dict[str, Truth]:
    """What each official text of today names: a unit, or an entrance with flats."""
    units, accesses = defaultdict(set), defaultdict(set)
    for row in states:
        if row["is_current"] == "1":
            accesses[row["betegnelse"]].add(row["adgangsadresse_id"])
            if row["level"] == "adresse":
                units[row["betegnelse"]].add(row["id"])
    return {t: _named(units[t], a) for t, a in accesses.items()}


def _named(units: set[str], accesses: set[str]) -> Truth:
    if len(accesses) > 1:
        return never(accesses, units)
    if len(units) == 1:
        return Truth("unit", frozenset(units), frozenset(accesses))
    return Truth("access", frozenset(), frozenset(accesses))


def _former(row: dict[str, str], states: list[dict[str, str]]) -> Truth:
    """A former text may be led on to its address of today; all that ever had it are right."""
    same_text = [s for s in states if s["betegnelse"] == row["betegnelse"]]
    accesses = frozenset(s["adgangsadresse_id"] for s in same_text)
    units = frozenset(s["id"] for s in same_text if s["level"] == "adresse")
    return Truth("access", units, accesses, True, True)


def _postal(states: list[dict[str, str]]) -> Iterator[RealText]:
    """Addresses with the street as it is printed on letters, at most twenty letters."""
    seen: set[str] = set()
    for row in states:
        short = row["adresseringsvejnavn"]
        if row["level"] != "adresse" or row["is_current"] != "1" or short in ("", row["vejnavn"]):
            continue
        text = row["betegnelse"].replace(row["vejnavn"], short)
        if text in seen or text == row["betegnelse"]:
            continue
        seen.add(text)
        yield RealText(
            "postal street name",
            text,
            Truth("unit", frozenset({row["id"]}), frozenset({row["adgangsadresse_id"]})),
            register="dar",
        )


# Copenhagen's open layers.


def _copenhagen_texts() -> Iterator[RealText]:
    known = Known(registers.copenhagen())
    table = _read("copenhagen/access_addresses.csv")
    real = {
        (same(r["vejnavn"]), r["postnr"], r["husnr"]): r
        for r in table.iter_rows(named=True)
        if r["postnr"] in known.by_postcode
    }
    units = {(same(u.street), u.postcode, u.number): u for u in known.units}
    yield from _layers(known, units, real)
    yield from _spelt_by_others(known, units, real)
    yield from _lacking(known)
    yield from _bulk_receivers(known, units)


Key = tuple[str, str, str]


def _layers(
    known: Known, units: dict[Key, Unit], real: dict[Key, dict[str, str]]
) -> Iterator[RealText]:
    """The entrances that the layers name, with and without a postcode."""
    for key, row in real.items():
        unit = units[key]
        for place in (
            f", {row['postnr']} {unit.district}",
            f", {row['postnr']}",
            f", {unit.district}",
            "",
        ):
            draft = Draft(unit, known, Random(0), street=row["vejnavn"], number=row["husnr"])
            draft.postcode_says = "right" if row["postnr"] in place else "nothing"
            draft.district_says = "right" if unit.district in place else "nothing"
            kind = "layer" if draft.postcode_says == "right" else "layer, no postcode"
            yield _placed(kind, f"{draft.line}{place}", draft, row)


def _placed(kind: str, text: str, draft: Draft, row: dict[str, str] | None) -> RealText:
    truth, why = decide(draft)
    rodes = frozenset({row["rode_nr"]}) if row and row["rode_nr"] else frozenset()
    point = (float(row["x"]), float(row["y"])) if row else None
    return RealText(kind, text, truth, why, draft.stated(), "copenhagen", rodes, point)


def _points(known: Known) -> dict[str, tuple[float, float]]:
    """The mean point of each street of the register."""
    table = _read("copenhagen/access_addresses.csv").with_columns(
        pl.col("lon", "lat").cast(pl.Float64)
    )
    means = table.group_by("vejnavn", maintain_order=True).agg(pl.col("lon", "lat").mean())
    return {same(r["vejnavn"]): (r["lon"], r["lat"]) for r in means.iter_rows(named=True)}


def _metres(one: tuple[float, float], two: tuple[float, float]) -> float:
    east, north = METRES_PER_DEGREE
    return math.hypot((one[0] - two[0]) * east, (one[1] - two[1]) * north)


def variants(known: Known) -> dict[str, str]:
    """Names that another layer writes for a street: one letter apart, in the same place."""
    points = _points(known)
    found: dict[str, str] = {}
    for row in _streets():
        name, at = row["vejnavn"], (float(row["lon_mean"]), float(row["lat_mean"]))
        for distance, place in known.near(name, known.places, 1):
            reach = 250 if distance else 600
            if name != place.street and _metres(at, points[same(place.street)]) < reach:
                found[name] = place.street
    return found


def _streets() -> list[dict[str, str]]:
    """The streets of the other layers that have a place."""
    table = _read("copenhagen/streets.csv").drop_nulls(["lon_mean", "lat_mean"])
    return list(table.iter_rows(named=True))


def _spelt_by_others(
    known: Known, units: dict[Key, Unit], real: dict[Key, dict[str, str]]
) -> Iterator[RealText]:
    """The numbers that are known of a street, with the name that another layer gives it."""
    for written, street in sorted(variants(known).items()):
        keys = [k for k in real if k[0] == same(street)]
        for key in keys[:6]:
            for place in (f", {key[1]} {units[key].district}", ""):
                draft = Draft(
                    units[key], known, Random(0), street=written, number=key[2], street_as="slip"
                )
                draft.postcode_says = draft.district_says = "right" if place else "nothing"
                yield _placed("spelt by another layer", f"{draft.line}{place}", draft, real[key])


def _lacking(known: Known) -> Iterator[RealText]:
    """Real streets that the register lacks, with the postcode of the nearest that it has."""
    points, named = _points(known), variants(known)
    have = {same(p.street) for p in known.places}
    by_street = {same(p.street): p for p in known.places if same(p.street) in points}
    for row in _streets():
        name, at = row["vejnavn"], (float(row["lon_mean"]), float(row["lat_mean"]))
        if same(name) in have or name in named:
            continue
        beside = by_street[min(by_street, key=lambda p: _metres(at, points[p]))]
        alike = [p for _, p in known.near(name, known.places, 3)]
        for place in (beside, *alike[:2]):
            for number in known.numbers(place.street, place.postcode)[:3]:
                text = f"{name} {number}, {place.postcode} {place.district}"
                yield RealText(
                    "street that the register lacks",
                    text,
                    never(),
                    "a real street, not in the register",
                    register="copenhagen",
                )


def _bulk_receivers(known: Known, units: dict[Key, Unit]) -> Iterator[RealText]:
    """Firms with postcodes of their own: their address with the street's postcode, and theirs."""
    by_street = {(same(p.street), p.postcode) for p in known.places}
    for row in _read("dar/stormodtagere.csv", ";").iter_rows(named=True):
        street, _, number = row["Gadeadresse"].rpartition(" ")
        theirs = row["Firmapostnr"].zfill(4)
        unit = units.get((same(street), row["Postnr"], number))
        texts_ = [
            (f"{row['Firma']}, {row['Gadeadresse']}, {row['Postnr']} {row['Bynavn']}", "right"),
            (f"{row['Gadeadresse']}, {row['Postnr']} {row['Bynavn']}", "right"),
            (f"{row['Firma']}, {row['Gadeadresse']}, {theirs} {row['Bynavn']}", "own"),
        ]
        for text, says in texts_:
            truth, why = never(), "the register has no such address"
            if unit:
                draft = Draft(
                    unit, known, Random(0), street=street, number=number, postcode_says="right"
                )
                truth, why = decide(draft)
                if says == "own":
                    truth, why = (
                        Truth(truth.level, truth.units, truth.accesses, True, True),
                        "a postcode of a firm",
                    )
            elif (same(street), row["Postnr"]) in by_street:
                why = "the street has no such number"
            yield RealText(
                "bulk receiver", text, truth, why, frozenset({"postcode", "district"}), "copenhagen"
            )
