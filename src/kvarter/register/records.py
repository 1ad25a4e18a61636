"""Records of addresses, whatever they came from -> the register, and those set aside.

    records --normalise--> in one form --checked--> good and bad --settled--> one point an entrance

A record has all of COLUMNS as text. `normalise` gives each value the one form the register has
(`kvarter.register.forms`); `checked` gives every record that cannot be used its reason; `settled`
sees that an entrance has one point. Nothing is dropped, and what could have been read otherwise is
noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from kvarter.files.column import Column, Places
from kvarter.files.dates import MISSING, read_dates
from kvarter.files.values import by_distinct
from kvarter.notes import Note
from kvarter.register import forms
from kvarter.register.columns import COLUMNS

_UTM32_DENMARK = {"x": (400_000, 900_000), "y": (6_000_000, 6_450_000)}
_DEGREES_DENMARK = {"x": (7, 16), "y": (54, 58.5)}
_OPEN_END = "2100"
"""A last day after this, such as 9999-12-31, says that there is none."""

_NO_DAY = r"^(?:0000|0001|1753)-?(?:00-?00|01-?01)(?:[ T].*)?$|^99(?:99|-99-|99-99-)9999$"
"""What systems write that have to write a day: all zeros or nines, or the first day they know."""

_FAR_AHEAD = r"^((?:2[1-9]|[3-9]\d)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\d{6})?$"  # 99991231

_FAR = 60_000
"""Metres from the middle of its postcode that no address has: the largest postcodes reach 40 km."""

_KVHX = r"^([\d_ ]{4})([\d_ ]{4})([\w ]{4})(?:([\w ]{3})([\w /-]{4}))?$"
_IN_KVHX = {"municipality_code": 1, "street_code": 2, "house_number": 3, "floor": 4, "door": 5}
_IDS = ("address_id", "access_address_id", "replaced_by")
_UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
"""Soft hyphens, blanks without width, marks of direction and of byte order."""

_DESIGNATION = [
    *("municipality_code", "street_name", "house_number", "floor", "door"),
    *("supplementary_town", "postcode"),
]

Noted = tuple[pl.DataFrame, list[Note]]


def normalise(records: pl.DataFrame, register: str) -> Noted:
    """`records` in the register's forms: house number `12B`, floor `2`, door `tv`, codes of four.

    A column `kvhx` fills the parts of the address that are blank. Points in degrees (WGS84) are
    told by their values, and converted to EPSG:25832. A value that makes a record useless gives it
    a `reason`, unless it has one. The notes are on the file called `register`.
    """
    frame = _with_points(_from_kvhx(_trimmed(records)))
    frame, of_units = _units(frame, register)
    houses = frame["house_number"]
    house = by_distinct(houses, forms.house_number_of, pl.String())
    of_house = by_distinct(houses, forms.house_number_fault, pl.String())
    days, of_days, notes_on_days = _days(frame)
    frame = frame.with_columns(
        *(forms.codes(pl.col(name)).alias(name) for name in ("municipality_code", "postcode")),
        *(forms.ids(pl.col(name)).alias(name) for name in _IDS),
        *days,
        house_number=house.fill_null(houses),
        street_code=forms.codes(pl.col("street_code")).replace("0000", ""),
        bulk_postcode=forms.codes(pl.col("bulk_postcode")).replace("0000", ""),
        post_district=_district(),
        postal_street_name=pl.when(pl.col("postal_street_name") == "")
        .then("street_name")
        .otherwise("postal_street_name"),
        reason=pl.coalesce(
            pl.col("reason") if "reason" in frame.columns else pl.lit(None, pl.String),
            of_house,
            of_days,
        ),
    )
    return frame, [*of_units, *notes_on_days]


def _trimmed(records: pl.DataFrame) -> pl.DataFrame:
    """The columns a register has as text in one Unicode form, and the others as they are.

    Blanks around a text go, and so does NULL and the like: it says that there is none.
    """
    have = [name for name in (*COLUMNS, "kvhx") if name in records.columns]
    texts = [
        _plain(pl.col(name).cast(pl.String).fill_null(""))
        for name in have
        if name not in ("x", "y") or not records.schema[name].is_numeric()
    ]
    blank = [pl.lit("", dtype=pl.String).alias(name) for name in COLUMNS if name not in have]
    frame = records.with_columns(*texts, *blank)
    nothing = (
        pl.col(pl.String).exclude("reason").str.contains(r"(?i)^(?:null|\(null\)|<null>|\\n)$")
    )
    return frame.with_columns(
        pl.when(nothing).then(pl.lit("")).otherwise(pl.col(pl.String).exclude("reason")).name.keep()
    )


def _plain(texts: pl.Expr) -> pl.Expr:
    """The texts in one Unicode form, without marks nobody sees and what a spreadsheet puts around.

    That is blanks, the apostrophe of a number stored as text, and `="..."`.
    """
    plain = texts.str.normalize("NFC").str.replace_all(_UNSEEN, "").str.strip_chars()
    return plain.str.replace(r'^="(.*)"$', "${1}").str.strip_chars_start("'")


def _district() -> pl.Expr:
    """The district, or what stands behind the postcode: `2100 København Ø`."""
    behind = pl.col("postcode").str.extract(r"^(?:DK[- ])?\d{3,4}[ ,]+(\D.*)$", 1)
    district = pl.col("post_district")
    return pl.when(district == "").then(behind.fill_null("")).otherwise(district)


def _from_kvhx(frame: pl.DataFrame) -> pl.DataFrame:
    """Parts of the address that are blank, from a KVHX of 19 characters or a KVH of 12."""
    if "kvhx" not in frame.columns:
        return frame
    key = pl.col("kvhx")
    # Every municipality's code begins with a zero, which a spreadsheet takes away.
    lost = key.str.len_chars().is_in([11, 18])
    key = pl.when(lost).then("0" + key).otherwise(key)
    parts = {
        name: key.str.extract(_KVHX, group).fill_null("").str.strip_chars("_ ")
        for name, group in _IN_KVHX.items()
    }
    # What is filled up with zeros to its end is blank: a ground floor is `_st` there.
    for name in ("floor", "door"):
        parts[name] = parts[name].str.strip_chars_start("0_")
    return frame.with_columns(
        pl.when(pl.col(name) == "").then(part).otherwise(name).alias(name)
        for name, part in parts.items()
    ).drop("kvhx")


def _units(frame: pl.DataFrame, register: str) -> Noted:
    """`frame` with floors and doors in one form, and notes on those that have none."""
    given = frame.select("floor", "door").unique()
    letters = set(given["door"].str.to_lowercase().str.strip_chars(" .")) & set(
        "abcdefghijklmnopqrstuvwxyz"
    )
    sides = bool(letters) and letters <= set(forms.SIDES)
    rows = []
    for floor, door in given.iter_rows():
        side = forms.SIDES.get(door.lower().strip(" .")) if sides else None
        read = forms.unit_of(floor, side or door)
        rows.append((floor, door, *read, side is not None))
    read_as = pl.DataFrame(
        rows,
        schema={
            **{"floor": pl.String, "door": pl.String, "as_floor": pl.String, "as_door": pl.String},
            **{"floor_known": pl.Boolean, "door_known": pl.Boolean, "side": pl.Boolean},
        },
        orient="row",
    )
    both = frame.join(read_as, on=["floor", "door"], how="left", maintain_order="left")
    ground = both.filter((pl.col("as_floor") == "st") & pl.col("floor").str.contains(r"^[0.,]+$"))
    odd_floors = both.filter(~pl.col("floor_known"))["floor"]
    odd_doors = both.filter(~pl.col("door_known"))["door"]
    notes = []
    if odd_floors.len():
        notes.append(
            Note(
                "{register}: the floor of {rows} {rows:address|addresses} is in no known form "
                "and stays as it is, such as {such}.",
                {"register": register, "rows": odd_floors.len(), "such": _such(odd_floors)},
            )
        )
    if odd_doors.len():
        notes.append(
            Note(
                "{register}: the door of {rows} {rows:address|addresses} is in no known form "
                "and stays as it is, such as {such}.",
                {"register": register, "rows": odd_doors.len(), "such": _such(odd_doors)},
            )
        )
    if ground.height:
        notes.append(
            Note(
                "{register}: the floor of {rows} {rows:address|addresses} is written 0, and is "
                "read as the ground floor (st).",
                {"register": register, "rows": ground.height},
            )
        )
    if sides:
        notes.append(
            Note(
                "{register}: the door of {rows} {rows:address|addresses} is a single v, h or m, "
                "and is read as left (tv), right (th) or middle (mf): no door there has another "
                "letter.",
                {"register": register, "rows": int(both["side"].sum())},
            )
        )
    frame = both.with_columns(floor=pl.col("as_floor"), door=pl.col("as_door"))
    return frame.drop(read_as.columns[2:]), notes


def _such(values: pl.Series) -> str:
    """The commonest of `values`, to tell what they are like."""
    common = values.value_counts(sort=True).sort("count", values.name, descending=[True, False])
    return ", ".join(repr(value) for value in common[values.name].head(4))


def _days(frame: pl.DataFrame) -> tuple[list[pl.Series], pl.Series, list[Note]]:
    """`valid_from` and `valid_to` as 2015-08-04; why a record's days cannot be used; notes."""
    reason = pl.repeat(None, frame.height, dtype=pl.String, eager=True)
    places = Places("", pl.Series(range(1, frame.height + 1), dtype=pl.Int64))
    days: list[pl.Series] = []
    notes: list[Note] = []
    for name in ("valid_from", "valid_to"):
        if (frame[name] == "").all():
            days.append(frame[name])
            continue
        texts = frame[name].str.replace(_NO_DAY, "").str.replace(_FAR_AHEAD, "$1-$2-$3")
        read = read_dates(Column(name, texts, places), field=name)
        wrong = (read.reasons.is_not_null() & (read.reasons != MISSING)).arg_true()
        why = f"{name}_" + read.reasons.gather(wrong).str.strip_prefix("date_")
        reason = reason.scatter(wrong, why)
        days.append(read.days.dt.strftime("%Y-%m-%d").fill_null("").alias(name))
        notes += read.notes
    first, last = days
    backwards = (first != "") & (last != "") & (first > last) & reason.is_null()
    return days, reason.scatter(backwards.arg_true(), "valid_to_before_valid_from"), notes


def _with_points(frame: pl.DataFrame) -> pl.DataFrame:
    """`x` and `y` as numbers in EPSG:25832."""
    frame = frame.with_columns(_coordinate(frame[axis]) for axis in ("x", "y"))
    degrees = frame.select(_within(_DEGREES_DENMARK)).to_series()
    if not degrees.any():
        return frame
    from pyproj import Transformer  # most registers are in metres

    to_metres = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
    there = frame.filter(degrees)
    x, y = to_metres.transform(there["x"].to_numpy(), there["y"].to_numpy())
    at = degrees.arg_true()
    return frame.with_columns(
        frame["x"].scatter(at, pl.Series(x).round(2)), frame["y"].scatter(at, pl.Series(y).round(2))
    )


def _coordinate(values: pl.Series) -> pl.Series:
    """The numbers of an axis, null where there is none.

    Of the two ways in which `720.010` can be read, one is a place in Denmark.
    """
    if values.dtype.is_numeric():
        numbers = values.cast(pl.Float64)
    else:
        plain = values.str.replace_all(r"[\s\u00a0\u202f']", "")
        with_point = plain.str.replace_all(",", "", literal=True)
        with_comma = plain.str.replace_all(".", "", literal=True).str.replace(
            ",", ".", literal=True
        )
        both = pl.DataFrame({"point": with_point, "comma": with_comma}).with_columns(
            pl.col("point", "comma").cast(pl.Float64, strict=False)
        )
        ranges = [box[axis] for box in (_UTM32_DENMARK, _DEGREES_DENMARK) for axis in ("x", "y")]
        here = {
            mark: pl.any_horizontal(pl.col(mark).is_between(*each) for each in ranges)
            for mark in ("point", "comma")
        }
        numbers = both.select(
            pl.when(here["point"])
            .then("point")
            .when(here["comma"])
            .then("comma")
            .otherwise(pl.coalesce("point", "comma"))
        ).to_series()
    return numbers.set(~numbers.is_finite().fill_null(False), None).alias(values.name)


def _within(box: Mapping[str, tuple[float, float]]) -> pl.Expr:
    sides = [pl.col(axis).is_between(low, high) for axis, (low, high) in box.items()]
    return pl.all_horizontal(sides).fill_null(False)


def _swapped() -> pl.Expr:
    """Whether `x` is what `y` should be, and the other way round."""
    boxes = [{"x": box["y"], "y": box["x"]} for box in (_UTM32_DENMARK, _DEGREES_DENMARK)]
    return pl.any_horizontal(_within(box) for box in boxes)


def checked(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register in COLUMNS' form, sorted by id; and the bad records with `reason`.

    Of several records with the same id the first good one is kept. A former address whose
    `replaced_by` is none of today's good records leads nowhere, and is bad. A `reason` that a
    record already has stays.
    """
    given = pl.col("reason") if "reason" in records.columns else pl.lit(None, pl.String)
    frame = records.with_columns(reason=pl.coalesce(given, _reason()))
    again = ~pl.col("address_id").is_first_distinct()
    frame = _add_reason(frame, again, "address_id_seen_before")
    today = frame.filter(pl.col("reason").is_null() & (pl.col("replaced_by") == ""))["address_id"]
    leads_nowhere = (pl.col("replaced_by") != "") & ~pl.col("replaced_by").is_in(today.implode())
    frame = _add_reason(frame, leads_nowhere, "replaced_by_no_address_of_today")
    good = frame.filter(pl.col("reason").is_null()).select(*COLUMNS).sort("address_id")
    return good, frame.filter(pl.col("reason").is_not_null()).select(*COLUMNS, "reason")


def _add_reason(frame: pl.DataFrame, broken: pl.Expr, why: str) -> pl.DataFrame:
    """`frame` with `why` for those of its good records that are `broken` among the good."""
    bad = frame.with_row_index("at").filter(pl.col("reason").is_null()).filter(broken)["at"]
    if bad.is_empty():
        return frame
    return frame.with_columns(frame["reason"].scatter(bad, why))


def _is_code(name: str) -> pl.Expr:
    return pl.col(name).str.contains(r"^\d{4}$") & (pl.col(name) != "0000")


def _reason() -> pl.Expr:
    """Why a record cannot be used; null where it can. The last that holds is the one given."""
    reason = pl.lit(None, dtype=pl.String)
    for broken, why in [
        (~_within(_UTM32_DENMARK), "point_outside_denmark_in_epsg_25832"),
        (_swapped(), "x_and_y_are_swapped"),
        (pl.col("x").is_null() | pl.col("y").is_null(), "no_point"),
        (~_is_code("municipality_code"), "no_municipality"),
        (~_is_code("postcode"), "no_postcode"),
        (pl.col("house_number") == "", "no_house_number"),
        (pl.col("street_name") == "", "no_street_name"),
        (pl.col("access_address_id") == "", "no_access_address_id"),
        (pl.col("address_id") == "", "no_address_id"),
    ]:
        reason = pl.when(broken).then(pl.lit(why)).otherwise(reason)
    return reason


def settled(good: pl.DataFrame, register: str) -> Noted:
    """`good` with one point for each entrance, and notes on what its records say of each other.

    The point is that of most of an entrance's addresses of today; the southernmost, and of those
    the westernmost, where as many have another.
    """
    entrance = "access_address_id"
    units = (pl.col("replaced_by") == "").sum()
    points = good.group_by(entrance, "x", "y").agg(units=units.cast(pl.Int64))
    odd = points.filter(pl.col(entrance).is_duplicated())
    notes = list(_remarks(good, register))
    if odd.is_empty():
        return good, notes
    chosen = odd.sort(entrance, pl.col("units") * -1, "y", "x").unique(
        entrance, keep="first", maintain_order=True
    )
    chosen = chosen.select(entrance, to_x="x", to_y="y")
    frame = good.join(chosen, on=entrance, how="left", maintain_order="left")
    apart = ((pl.col("x") - pl.col("to_x")) ** 2 + (pl.col("y") - pl.col("to_y")) ** 2).sqrt()
    moved = frame.select(apart=apart).filter(pl.col("apart") > 0)["apart"]
    largest = moved.max()
    assert isinstance(largest, float)
    notes.append(
        Note(
            "{register}: the addresses of {entrances} {entrances:entrance|entrances} have "
            "several points. The point of most of them is used; {rows} {rows:address|addresses} "
            "had another, up to {metres} {metres:metre|metres} away.",
            {
                "register": register,
                "entrances": chosen.height,
                "rows": moved.len(),
                "metres": round(largest),
            },
        )
    )
    frame = frame.with_columns(x=pl.coalesce("to_x", "x"), y=pl.coalesce("to_y", "y"))
    return frame.drop("to_x", "to_y"), notes


def _remarks(good: pl.DataFrame, register: str) -> Iterable[Note]:
    """What is odd about good records beside each other."""
    today = good.filter(pl.col("replaced_by") == "")
    alike = today.group_by(_DESIGNATION).agg(rows=pl.len()).filter(pl.col("rows") > 1)
    if alike.height:
        rows = int(alike["rows"].sum()) - alike.height
        first = alike.sort("rows", *_DESIGNATION, descending=[True] + [False] * len(_DESIGNATION))
        parts = first.row(0, named=True)
        such = " ".join(
            parts[name]
            for name in ("street_name", "house_number", "floor", "door", "postcode")
            if parts[name]
        )
        yield Note(
            "{register}: {rows} {rows:address is|addresses are} written as another one with "
            "another id, such as {such}. Is a part missing, such as the floor, the door or a "
            "letter?",
            {"register": register, "rows": rows, "such": such},
        )
    ended = today.filter(pl.col("valid_to").is_between(pl.lit("0001"), pl.lit(_OPEN_END)))
    if ended.height:
        yield Note(
            "{register}: {rows} {rows:address has a last day and leads to no other address; it "
            "counts as an address|addresses have a last day and lead to no other address; they "
            "count as addresses} of today.",
            {"register": register, "rows": ended.height},
        )
    of_entrance = today.group_by("access_address_id").agg(
        pl.struct("municipality_code", "street_name", "house_number", "postcode")
        .n_unique()
        .alias("n")
    )
    several = int((of_entrance["n"] > 1).sum())
    if several:
        yield Note(
            "{register}: {entrances} {entrances:entrance has|entrances have} addresses of "
            "different streets, numbers, postcodes or municipalities. Is the column of their "
            "ids the right one?",
            {"register": register, "entrances": several},
        )
    middle = [pl.col(axis).median().over("municipality_code", "postcode") for axis in ("x", "y")]
    far = today.filter(
        ((pl.col("x") - middle[0]) ** 2 + (pl.col("y") - middle[1]) ** 2).sqrt() > _FAR
    )
    if far.height:
        yield Note(
            "{register}: the points of {rows} {rows:address|addresses} lie more than "
            "{kilometres} kilometres from the middle of their postcode.",
            {"register": register, "rows": far.height, "kilometres": _FAR // 1000},
        )
