"""Register -> the tables of its index."""

from __future__ import annotations

import ibis
import polars as pl

from kvarter.addresses.fold import exact_key, fold_all
from kvarter.addresses.streets import numbered
from kvarter.engine import Engine

_NAMES = [
    "street_name", "postal_street_name", "supplementary_town", "postcode", "post_district"
]  # fmt: skip

Frames = tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]


def tables_of(engine: Engine, register: ibis.Table) -> tuple[Frames, Frames]:
    """What an AddressIndex has: names, numbers and places; and entrances, units and floors."""
    spelt = register.union(_in_bulk_postcodes(register))
    names = engine.fetch(spelt.select(_NAMES).distinct()).sort(_NAMES)
    streets = engine.table(numbered(names))
    written = engine.keep(_written(register, streets, _town_keys(engine, names)))
    entrances = engine.keep(_entrances(written))
    numbers = engine.fetch(entrances.select("number").distinct()).sort("number")
    numbers = numbers.with_row_index("number_id")
    places = _places(engine.fetch(written.select("floor", "door").distinct()))
    doors = engine.table(places.select("floor", "door", "place"))
    units = engine.keep(_units(written, entrances, doors))
    engine.drop(written)
    floors = engine.fetch(_floors(units, doors)).sort("entrance", "place")
    at_doors = _taken(engine, entrances).join(numbers, on="number").drop("number")
    tables = at_doors.sort("entrance"), _taken(engine, units).sort("entrance", "place"), floors
    return (names, numbers, places), tables


def _taken(engine: Engine, kept: ibis.Table) -> pl.DataFrame:
    """What the engine kept, which it then forgets: both at once are much memory."""
    frame = engine.fetch(kept)
    engine.drop(kept)
    return frame


def _town_keys(engine: Engine, names: pl.DataFrame) -> ibis.Table:
    towns = names["supplementary_town"].unique().sort()
    keys = pl.Series([exact_key(town) for town in fold_all(towns)], dtype=pl.String)
    return engine.table(pl.DataFrame({"supplementary_town": towns, "town": keys}))


def _in_bulk_postcodes(register: ibis.Table) -> ibis.Table:
    """Today's addresses of bulk receivers of mail, each with the receiver's own postcode."""
    bulk = register.filter((register.replaced_by == "") & (register.bulk_postcode != ""))
    return bulk.mutate(postcode=bulk.bulk_postcode, post_district=bulk.bulk_district)


def _written(register: ibis.Table, streets: ibis.Table, towns: ibis.Table) -> ibis.Table:
    """Each address as it is or was written, with what it is today."""
    today = _today(register)
    old = register.filter(register.replaced_by != "").select(
        *_DESIGNATION, "valid_from", "valid_to", address_id=register.replaced_by
    )
    led_on = old.join(
        today.select("address_id", "access_address_id", "line", "unit", "post"), "address_id"
    ).mutate(former=ibis.literal(True), bulk_postcode=ibis.literal(""))
    streets = streets.select("street_id", "street_name", "postcode").distinct()
    bulk = today.filter(today.bulk_postcode != "")
    bulk = bulk.mutate(postcode=bulk.bulk_postcode)
    rows = today.union(led_on.select(*today.columns), bulk)
    return rows.join(streets, ["street_name", "postcode"]).join(towns, "supplementary_town").select(
        "street_id",
        "town",
        "floor",
        "door",
        "address_id",
        "access_address_id",
        "former",
        "valid_from",
        "valid_to",
        "line",
        "unit",
        "post",
        number=rows.house_number,
    )  # fmt: skip


def _today(register: ibis.Table) -> ibis.Table:
    current = register.filter(register.replaced_by == "")
    place = (current.supplementary_town == "").ifelse("", current.supplementary_town + ", ")
    stop = (current.floor == "").ifelse("", ". ")
    return current.select(
        *_DESIGNATION,
        "address_id",
        "access_address_id",
        "bulk_postcode",
        former=ibis.literal(False),
        valid_from=current.valid_from,
        valid_to=current.valid_to,
        line=current.street_name + " " + current.house_number,
        unit=(current.floor + stop + current.door).strip(),
        post=place + current.postcode + " " + current.post_district,
    )


_DESIGNATION = ["street_name", "postcode", "supplementary_town", "house_number", "floor", "door"]
_ENTRANCE = ["street_id", "number", "access_address_id", "former"]


def _entrances(written: ibis.Table) -> ibis.Table:
    grouped = written.group_by(_ENTRANCE).aggregate(
        town=written.town.max(),
        line=written.line.max(),
        post=written.post.max(),
        valid_from=written.valid_from.min(),
        # Blank, which is still valid, for the whole where it is blank for one.
        valid_to=(written.valid_to == "").any().ifelse("", written.valid_to.max()),
    )
    order = [grouped[name] for name in _ENTRANCE]
    return grouped.mutate(entrance=ibis.row_number().over(ibis.window(order_by=order)))


def _places(doors: pl.DataFrame) -> pl.DataFrame:
    """`floor, door, place, door_alone`: a number for each place, and for each floor without one."""
    without_floor = doors.filter(pl.col("floor") == "").select(floor="door", door=pl.lit(""))
    floors = doors.select("floor", door=pl.lit(""))
    places = pl.concat([doors, floors, without_floor]).unique().sort("floor", "door")
    places = places.with_row_index("place")
    alone = places.filter((pl.col("floor") == "") & (pl.col("door") != ""))
    alone = alone.select(floor="door", door=pl.lit(""), door_alone="place")
    return places.join(alone, on=["floor", "door"], how="left", maintain_order="left")


def _units(written: ibis.Table, entrances: ibis.Table, doors: ibis.Table) -> ibis.Table:
    units = written.join(entrances.select("entrance", *_ENTRANCE), _ENTRANCE)
    units = units.join(doors, ["floor", "door"])
    return units.group_by("entrance", "place").aggregate(
        address_id=units.address_id.max(), unit=units.unit.max()
    )


def _floors(units: ibis.Table, doors: ibis.Table) -> ibis.Table:
    """By the place of the floor without a door."""
    floors = doors.filter(doors.door == "").select("floor", at="place")
    on_floors = units.join(doors.filter(doors.floor != "").select("place", "floor"), "place")
    on_floors = on_floors.join(floors, "floor")
    return on_floors.group_by("entrance", place="at").aggregate(
        units=on_floors.count(), only=on_floors.address_id.max(), only_unit=on_floors.unit.max()
    )
