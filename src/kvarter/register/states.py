"""States of addresses, current and former -> records of a register.

A state is how a unit address, or an entrance, was written from one day to another. Each of today's
units becomes a record, and so does an entrance of today without units. A former state with another
designation becomes a record that leads to today's address by `replaced_by`; its own id is
`ID@valid_from`. An address that was closed leads to the one that is written so today, if any is.
States that add no spelling are counted by the reason they are left out, and not kept.

Columns of a state: those of a record, with `address_id` the id of the unit or entrance itself, and
`level` (UNIT or ENTRANCE), `state` (see IN_FORCE and the others), `current`, `began` and `ended`
(points of time, null where open), and `reason` where it is known to be bad. `row` numbers them.
"""

from __future__ import annotations

import polars as pl

UNIT, ENTRANCE = "unit", "entrance"
IN_FORCE, CLOSED = "in_force", "closed"
DAR_STATUS = {"2": "preliminary", "3": IN_FORCE, "4": CLOSED, "5": "given_up"}
"""The codes of status in Denmark's address register."""

GIVEN_UP, PRELIMINARY, NOT_YET = "given_up", "preliminary", "not_yet_in_force"

_AT_ENTRANCE = ["street_name", "house_number", "supplementary_town", "postcode"]
_WRITTEN = [*_AT_ENTRANCE, "floor", "door"]
"""What a designation is made of. The district is not in it: it goes with the postcode."""

_OF_RECORDS = ["valid_from", "valid_to", "replaced_by"]


def records_of(states: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Records of normalised `states`, with `row`; and how many states were left out, by reason.

    A point or code that a state lacks is taken from another state of its entrance. Every state
    becomes a record (one of an entrance can become several), or is counted as left out.
    """
    states = _filled_from_the_entrance(states.drop(_OF_RECORDS, strict=False))
    bad = states.filter(pl.col("reason").is_not_null())
    states = states.filter(pl.col("reason").is_null())
    in_force = states.filter(pl.col("state") == IN_FORCE)
    today = _today(in_force)
    former = in_force.filter(~pl.col("current"))
    led = pl.concat(
        [_by_id(former, states, today), _by_entrance(former, in_force, today)], how="diagonal"
    )
    other = _distinct(led, today)
    records = pl.concat([bad, today, _numbered(other)], how="diagonal")
    left_out = states.select("row", _left_out_for(today, led)).join(records, on="row", how="anti")
    return _dated(records), dict(sorted(left_out["left_out_for"].value_counts().iter_rows()))


def _left_out_for(today: pl.DataFrame, led: pl.DataFrame) -> pl.Expr:
    """Why a state that became no record did not."""
    with_units = today.filter(pl.col("level") == UNIT)["access_address_id"].unique()
    of_units = pl.col("access_address_id").is_in(with_units.implode())
    return (
        pl.when(pl.col("state") != IN_FORCE)
        .then("state")
        .when(pl.col("row").is_in(led["row"].unique().implode()))
        .then(pl.lit("same_designation"))
        .when((pl.col("level") == ENTRANCE) & of_units)
        .then(pl.lit("entrance_of_units"))
        .otherwise(pl.lit("closed_without_successor"))
        .alias("left_out_for")
    )


def _filled_from_the_entrance(states: pl.DataFrame) -> pl.DataFrame:
    """`states` with the municipality and street code, or the point, of another state there."""
    newest = ["access_address_id", "current", "began", "row"]
    ordered = states.sort(newest, descending=[False, True, True, False])
    for missing, names in [
        (pl.col("municipality_code") == "0000", ["municipality_code", "street_code"]),
        (pl.col("x").is_null() | pl.col("y").is_null(), ["x", "y"]),
    ]:
        known = ordered.filter(~missing).unique("access_address_id", maintain_order=True)
        found = known.select("access_address_id", pl.col(names).name.suffix("_there"))
        states = (
            states.join(found, on="access_address_id", how="left", maintain_order="left")
            .with_columns(
                pl.when(missing)
                .then(pl.coalesce(f"{name}_there", name))
                .otherwise(name)
                .alias(name)
                for name in names
            )
            .drop(f"{name}_there" for name in names)
        )
    return states


def _today(in_force: pl.DataFrame) -> pl.DataFrame:
    """Today's units, and today's entrances without any."""
    current = in_force.filter("current").with_columns(replaced_by=pl.lit(""))
    units = current.filter(pl.col("level") == UNIT)
    bare = current.filter(pl.col("level") == ENTRANCE).join(
        units, on="access_address_id", how="anti"
    )
    return pl.concat([units, bare])


def _by_id(former: pl.DataFrame, states: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """Former states, `replaced_by` what has their id today, or else is written as it was last."""
    ids = today.select("address_id", replaced_by="address_id").unique("address_id")
    designation = ["municipality_code", *_WRITTEN]
    written = today.select(*designation, replaced_by="address_id").unique(designation, keep="none")
    last = (
        states.filter(pl.col("state").is_in([IN_FORCE, CLOSED]))
        .filter(~pl.col("current").any().over("address_id"))
        .sort("address_id", "began", "row")
        .unique("address_id", keep="last", maintain_order=True)
    )
    closed = last.join(written, on=designation).select("address_id", "replaced_by")
    return former.join(pl.concat([ids, closed]), on="address_id", maintain_order="left")


def _by_entrance(former: pl.DataFrame, in_force: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """Former states of entrances with units, once for each unit that was there at the time.

    Where none of today's units was there, once for each of today's. A unit that has a state of its
    own that is written so needs no other.
    """
    units = in_force.filter(pl.col("level") == UNIT)
    since = units.group_by("address_id").agg(since=pl.col("began").min())
    there = (
        today.filter(pl.col("level") == UNIT)
        .join(since, on="address_id")
        .select("access_address_id", "address_id", "floor", "door", "since")
    )
    own = units.select("address_id", *_AT_ENTRANCE).unique().with_columns(own=pl.lit(True))
    was_there = pl.col("since") < pl.col("ended")
    has_own = pl.col("own").fill_null(False)
    return (
        former.filter(pl.col("level") == ENTRANCE)
        .drop("address_id", "floor", "door")
        .join(there, on="access_address_id", maintain_order="left")
        .join(own, on=["address_id", *_AT_ENTRANCE], how="left", maintain_order="left")
        .filter(~has_own & (was_there | ~(has_own | was_there).any().over("row")))
        .drop("since", "own")
        .with_columns(replaced_by="address_id")
    )


def _distinct(led: pl.DataFrame, today: pl.DataFrame) -> pl.DataFrame:
    """One state for each designation that led to an address of today and is not its own."""
    own = today.select(*_WRITTEN, replaced_by="address_id")
    by = ["replaced_by", *_WRITTEN]
    return (
        led.join(own, on=by, how="anti", maintain_order="left")
        .sort(pl.col("level") == ENTRANCE, "began", "address_id", "row", maintain_order=True)
        .with_columns(pl.col("began").min().over(by), pl.col("ended").max().over(by))
        .unique(by, keep="first", maintain_order=True)
    )


def _numbered(former: pl.DataFrame) -> pl.DataFrame:
    """Former states with ids of their own: `ID@2000-02-05`, and `ID@2000-02-05.2` if need be."""
    day = _day("began").replace("", "unknown")
    ordered = former.sort("address_id", "began", *_WRITTEN)
    ids = ordered.with_columns(address_id=pl.concat_str("address_id", day, separator="@"))
    at = pl.int_range(pl.len()).over("address_id") + 1
    number = pl.when(at > 1).then(pl.format(".{}", at)).otherwise(pl.lit(""))
    return ids.with_columns(address_id=pl.col("address_id") + number)


def _dated(records: pl.DataFrame) -> pl.DataFrame:
    """The first and the last day of each record. A day belongs to what holds at its end."""
    first, ended = _local_day("began"), _local_day("ended")
    last = pl.max_horizontal(first, ended.dt.offset_by("-1d"))
    return records.with_columns(
        valid_from=_day("began"),
        valid_to=pl.when(ended.is_not_null())
        .then(last.dt.strftime("%Y-%m-%d"))
        .otherwise(pl.lit("")),
    )


def _local_day(name: str) -> pl.Expr:
    return pl.col(name).dt.convert_time_zone("Europe/Copenhagen").dt.date()


def _day(name: str) -> pl.Expr:
    """The day in Denmark; blank where open."""
    return _local_day(name).dt.strftime("%Y-%m-%d").fill_null("")
