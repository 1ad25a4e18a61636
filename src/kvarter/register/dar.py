"""The entity files of Denmark's address register (DAR) -> states of addresses.

    Adresse --> Husnummer --> NavngivenVej --> NavngivenVejKommunedel (municipality, street code)
                    |-------> Adressepunkt, Postnummer, SupplerendeBynavn

A unit address is written in as many ways as its own versions, its house number's and its street's
overlap to. Names of postcodes and towns, points and codes are taken as they are today: the records
that refer to them change when an address gets another. Status: 2 preliminary, 3 in force,
4 closed, 5 given up. `kvarter.register.versions` says which fields are read.

A house number's municipality: its `kommuneinddeling` where that is a code; else it is an id of
DAGI, and means the code that DARKommuneinddeling says, or else the one that most house numbers with
this id have which lie on a street of a single municipality. Assumed, as the files do not say it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import polars as pl
from ibis import _

from kvarter.engine import Engine
from kvarter.register.entities import find_entities
from kvarter.register.states import DAR_STATUS, ENTRANCE, IN_FORCE, NOT_YET, UNIT
from kvarter.register.versions import ALWAYS, NEVER, newest, read_versions, without_gaps

Tables = dict[str, ibis.Table]


def read_dar(
    path: Path, tell: Callable[[str], None], now: dt.datetime | None = None
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The states (see `kvarter.register.states`) of the folder or zip `path`.

    `now`: the time at which addresses are today's; the present if left out. The counts are of
    versions left out here: written as another of the same address, or an entrance of units. A line
    that is no record is a state with the entity for its id, and a reason. Raises InputError as
    `find_entities` and `read_versions` do.
    """
    moment = int((now or dt.datetime.now(dt.UTC)).timestamp())
    with TemporaryDirectory(prefix="kvarter-dar-") as folder:
        unpacked, engine = Path(folder), Engine(Path(folder) / "room")
        try:
            files = find_entities(path, unpacked)
            tell(f"reading the entities {', '.join(sorted(files))}")
            tables = {name: read_versions(engine, name, found) for name, found in files.items()}
            tell("joining addresses to house numbers and streets")
            states, left_out = _states(engine, tables, moment)
            unreadable = [
                name
                for name, table in sorted(tables.items())
                for _row in range(_number(engine, table.filter(table.id.isnull())))
            ]
        finally:
            engine.close()
    bad = pl.DataFrame({"address_id": unreadable}, schema={"address_id": pl.String})
    bad = bad.with_columns(reason=pl.lit("record_unreadable"))
    timed = pl.concat([_in_time(states, moment), bad], how="diagonal")
    return timed.with_row_index("row"), left_out


def _number(engine: Engine, table: ibis.Table) -> int:
    return int(engine.fetch(table.count().name("n").as_table()).item())


def _states(engine: Engine, tables: Tables, now: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """All states of units and entrances, but for those that are counted as left out."""
    entrances, streets = tables["Husnummer"], without_gaps(tables["NavngivenVej"])
    units = _units(tables["Adresse"], without_gaps(entrances))
    written = units.union(_entrances(entrances))
    written = engine.keep(written.filter(written.address_id.notnull()))
    versions = engine.keep(_on_streets(written, streets))
    engine.drop(written)
    merged = engine.keep(_merged(versions))
    placed = engine.keep(_without_entrances_of_units(merged, now))
    several, distinct, kept = (_number(engine, table) for table in (versions, merged, placed))
    left_out = {"same_designation": several - distinct, "entrance_of_units": distinct - kept}
    engine.drop(versions)
    engine.drop(merged)
    return engine.fetch(_with_names(engine, placed, tables)), left_out


def _with_names(engine: Engine, placed: ibis.Table, tables: Tables) -> ibis.Table:
    """The states with points, and the names and codes of today."""
    points, posts = newest(tables["Adressepunkt"]), newest(tables["Postnummer"])
    placed = _with_post_of_street(placed, tables)
    codes = engine.keep(_codes(engine, tables))
    with_point = placed.left_join(points, placed.point == points.id).select(
        placed, points.position.name("position")
    )
    with_post = with_point.left_join(posts, with_point.post == posts.id).select(
        with_point, posts.postcode, posts.post_district
    )
    towns = newest(tables["SupplerendeBynavn"]) if "SupplerendeBynavn" in tables else None
    if towns is None:
        with_town = with_post.mutate(supplementary_town=ibis.literal(""))
    else:
        with_town = with_post.left_join(towns, with_post.town == towns.id).select(
            with_post, towns.supplementary_town
        )
    same = [
        with_town.street == codes.street,
        with_town.district.fill_null("") == codes.district,
    ]
    whole = with_town.left_join(codes, same).select(
        with_town, codes.municipality_code, codes.street_code
    )
    wkt = r"\(\s*(-?[\d.]+)[ ,]+(-?[\d.]+)"
    return whole.mutate(
        x=whole.position.re_extract(wkt, 1), y=whole.position.re_extract(wkt, 2)
    ).drop("position", "street", "district", "post", "point", "town")


def _merged(states: ibis.Table) -> ibis.Table:
    """The versions that differ in nothing but time, as one."""
    alike = [name for name in states.columns if name not in ("began", "ended")]
    return states.group_by(alike).aggregate(began=states.began.min(), ended=states.ended.max())


def _without_entrances_of_units(states: ibis.Table, now: int) -> ibis.Table:
    """`states` but for entrances of today with units of today, which are most."""
    today = (states.status == "3") & (states.began <= now) & (states.ended > now)
    marked = states.mutate(today=today.fill_null(False))
    units = marked.filter(marked.today & (marked.level == UNIT) & ~marked.no_entrance)
    units = units.select(entrance=units.access_address_id).distinct()
    both = marked.left_join(units, marked.access_address_id == units.entrance)
    of_units = both.today & (both.level == ENTRANCE) & both.entrance.notnull() & ~both.no_street
    return both.filter(~of_units).drop("today", "entrance")


def _units(units: ibis.Table, entrances: ibis.Table) -> ibis.Table:
    """Each version of a unit, once for each version of its house number at the time."""
    at_the_time = [
        units.entrance == entrances.id,
        units.began < entrances.until,
        entrances.since < units.ended,
    ]
    both = units.left_join(entrances, at_the_time)
    return both.select(
        level=ibis.literal(UNIT),
        address_id=units.id,
        access_address_id=units.entrance,
        status=units.status,
        floor=units.floor,
        door=units.door,
        began=ibis.greatest(units.began, entrances.since.fill_null(ALWAYS)),
        ended=ibis.least(units.ended, entrances.until.fill_null(NEVER)),
        **_of_entrance(entrances),
        entrance_status=entrances.status,
        no_entrance=entrances.id.isnull(),
    )


def _entrances(entrances: ibis.Table) -> ibis.Table:
    return entrances.select(
        level=ibis.literal(ENTRANCE),
        address_id=entrances.id,
        access_address_id=entrances.id,
        status=entrances.status,
        floor=ibis.literal(""),
        door=ibis.literal(""),
        began=entrances.began,
        ended=entrances.ended,
        **_of_entrance(entrances),
        entrance_status=entrances.status,
        no_entrance=ibis.literal(False),
    )


def _of_entrance(entrances: ibis.Table) -> dict[str, ibis.Value]:
    names = ["house_number", "street", "point", "post", "town", "district"]
    return {name: entrances[name] for name in names}


def _on_streets(placed: ibis.Table, streets: ibis.Table) -> ibis.Table:
    """Each state, once for each version of its street at the time."""
    at_the_time = [
        placed.street == streets.id,
        placed.began < streets.until,
        streets.since < placed.ended,
    ]
    both = placed.left_join(streets, at_the_time)
    kept = [name for name in placed.columns if name not in ("began", "ended")]
    return both.select(
        *(placed[name] for name in kept),
        began=ibis.greatest(placed.began, streets.since.fill_null(ALWAYS)),
        ended=ibis.least(placed.ended, streets.until.fill_null(NEVER)),
        street_name=streets.street_name,
        postal_street_name=streets.postal_street_name,
        no_street=streets.id.isnull(),
    )


def _with_post_of_street(placed: ibis.Table, tables: Tables) -> ibis.Table:
    """`placed`, with the postcode of the street where a house number has none of its own."""
    if "NavngivenVejPostnummerRelation" not in tables:
        return placed
    pairs = newest(tables["NavngivenVejPostnummerRelation"]).group_by("street")
    only = pairs.aggregate(only=_.post.min(), posts=_.post.nunique()).filter(_.posts == 1)
    both = placed.left_join(only, placed.street == only.street)
    return both.select(
        *(placed[name] for name in placed.columns if name != "post"),
        post=ibis.coalesce(placed.post, only.only),
    )


def _codes(engine: Engine, tables: Tables) -> ibis.Table:
    """`street, district -> municipality_code, street_code`, for all that house numbers have."""
    pairs = (
        tables["Husnummer"]
        .filter(_.street.notnull())
        .select("street", district=_.district.fill_null(""))
    )
    if "NavngivenVejKommunedel" not in tables:
        blank = ibis.literal("")
        is_code = pairs.district.length() <= 4
        return pairs.distinct().mutate(
            municipality_code=is_code.ifelse(pairs.district, blank), street_code=blank
        )
    parts = newest(tables["NavngivenVejKommunedel"])
    parts = (
        parts.mutate(rank=(parts.status == "3").ifelse(0, 1))
        .group_by("street", municipality=parts.municipality_code.lpad(4, "0"))
        .aggregate(code=_.street_code.argmin(_["rank"]))
    )
    single = parts.group_by("street").aggregate(
        only=_.municipality.min(), parts=_.municipality.nunique()
    )
    single = single.filter(single.parts == 1).drop("parts")
    found = pairs.left_join(single, pairs.street == single.street).select(pairs, single.only)
    votes = found.filter(found.only.notnull()).group_by("district", "only").aggregate(n=_.count())
    order = ibis.window(group_by=votes.district, order_by=[votes.n.desc(), votes.only])
    learned = votes.mutate(at=ibis.row_number().over(order)).filter(_["at"] == 0)
    named = _named_districts(tables)
    distinct = found.distinct()
    attributed = distinct.left_join(learned, distinct.district == learned.district).select(
        distinct, learned.only.name("learned")
    )
    if named is not None:
        attributed = attributed.left_join(named, attributed.district == named.key).select(
            attributed, named.code.name("named")
        )
    else:
        attributed = attributed.mutate(named=ibis.null("string"))
    as_code = ((attributed.district != "") & (attributed.district.length() <= 4)).ifelse(
        attributed.district.lpad(4, "0"), ibis.null("string")
    )
    unsure = (attributed.district == "").ifelse(ibis.null("string"), attributed.learned)
    attributed = attributed.mutate(
        municipality=ibis.coalesce(as_code, attributed.named, attributed.only, unsure)
    )
    same = [attributed.street == parts.street, attributed.municipality == parts.municipality]
    return attributed.left_join(parts, same).select(
        street=attributed.street,
        district=attributed.district,
        municipality_code=attributed.municipality,
        street_code=parts.code,
    )


def _named_districts(tables: Tables) -> ibis.Table | None:
    """Municipality codes by the ids they can be referred to with: the record's, and DAGI's."""
    if "DARKommuneinddeling" not in tables:
        return None
    rows = newest(tables["DARKommuneinddeling"])
    code = rows.code.lpad(4, "0")
    both = rows.select(key=rows.id, code=code).union(rows.select(key=rows.district, code=code))
    return both.filter(both.key.notnull()).group_by("key").aggregate(code=both.code.min())


def _in_time(states: pl.DataFrame, now: int) -> pl.DataFrame:
    """The states as `kvarter.register.states` wants them."""
    began, ended = pl.col("began"), pl.col("ended")
    state = pl.col("status").fill_null("").replace(DAR_STATUS)
    in_force = state == IN_FORCE
    closed_entrance = in_force & pl.col("entrance_status").is_in(["4", "5"])
    reason = (
        pl.when(~pl.col("status").fill_null("").is_in(list(DAR_STATUS))).then(pl.lit("status_unknown"))
        .when("no_entrance").then(pl.lit("house_number_not_in_files"))
        .when("no_street").then(pl.lit("street_not_in_files"))
        .when(closed_entrance & (ended > now)).then(pl.lit("entrance_not_in_force"))
    )  # fmt: skip
    timed = states.with_columns(
        state=pl.when(in_force & (began > now)).then(pl.lit(NOT_YET)).otherwise(state),
        current=in_force & (began <= now) & (ended > now),
        reason=reason,
        began=_time(began, ALWAYS),
        ended=_time(ended, NEVER),
    ).drop("status", "entrance_status", "no_entrance", "no_street")
    return timed.sort("level", "address_id", "began", "street_name", "house_number")


def _time(seconds: pl.Expr, open_end: int) -> pl.Expr:
    known = pl.when(seconds != open_end).then(seconds)
    return pl.from_epoch(known, time_unit="s").dt.cast_time_unit("us").dt.replace_time_zone("UTC")
