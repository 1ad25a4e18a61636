"""Stage match: address texts -> addresses of the register, with category, level and reasons.

    text --read--> parts --find street--> candidates --join--> entrances --join--> units --judge--> answer

Only distinct texts are worked on; the caller joins the answers back to its rows.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kvarter.addresses.again import read_again
from kvarter.addresses.index import AddressIndex
from kvarter.addresses.read import read_texts
from kvarter.addresses.reasons import DOUBT, Level, Reason, bits, names

ANSWER = {
    "text": pl.String,
    "category": pl.String,
    "level": pl.String,
    "address_id": pl.String,
    "access_address_id": pl.String,
    "reasons": pl.String,
    "candidates": pl.String,
    "street_name": pl.String,
    "postcode": pl.String,
}
"""The columns of an answer. `reasons` and `candidates` are joined by `; ` and ` | `.

`street_name` and `postcode` say how far an answer without an address reached.
"""

_MOST_CANDIDATES = 5


def match(texts: Iterable[str], index: AddressIndex) -> pl.DataFrame:
    """The answer to each distinct text: one row each, in the columns of ANSWER, sorted by text.

    Category A and B are located: `access_address_id` is set, and `address_id` too at level
    `unit`. Category C is a best guess, named in `candidates` only. Raises nothing for any text.
    """
    distinct = pl.Series("text", texts, dtype=pl.String).unique().sort()
    answers = _match(distinct, index)
    again = read_again(answers.filter(pl.col("access_address_id").is_null())["text"])
    if again.height:
        answers = _with_second_readings(answers, again, index)
    return _in_words(answers, index)


def _match(texts: pl.Series, index: AddressIndex) -> pl.DataFrame:
    """As `match`, with `mask`, the reasons as bits, in place of `reasons`."""
    parts, candidates = _find_streets(read_texts(texts), index)
    entrances = _find_entrances(parts, candidates, index)
    located = _judge(_find_units(entrances, index))
    rest = parts.join(located, on="text", how="anti", maintain_order="left")
    return pl.concat([located, _how_far(rest, candidates, index)]).sort("text")


def _find_streets(parts: pl.DataFrame, index: AddressIndex) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts with what their heads say, and the candidate streets of each `asked`."""
    by = ["head", "postcode", "district"]
    asked = parts.select(by).unique(maintain_order=True)
    read, candidates = index.streets.find(asked)
    parts = parts.join(read, on=by, how="left", maintain_order="left").with_columns(
        floor=pl.when(pl.col("floor") == "").then("head_floor").otherwise("floor"),
        door=pl.when(pl.col("floor") == "").then("head_door").otherwise("door"),
        reasons=pl.col("reasons") | pl.col("head_reasons"),
    )
    return parts, candidates


def _find_entrances(
    parts: pl.DataFrame, candidates: pl.DataFrame, index: AddressIndex
) -> pl.DataFrame:
    """For each text the entrances with its house number on the best street that has it."""
    sought = parts.filter(pl.col("number") != "").select(
        "text", "asked", "number", "floor", "door", "rest", "reasons"
    )
    sought = sought.join(candidates, on="asked").drop("asked")
    numbers = index.engine.table(sought.select("street_id", "number").unique())
    known = index.engine.fetch(index.entrances.semi_join(numbers, ["street_id", "number"]))
    found = sought.join(known, on=["street_id", "number"])
    best = found.filter(pl.col("tier") == pl.col("tier").min().over("text"))
    # Of two entrances written alike, the one in the town that the text names; today's first.
    in_town = (pl.col("town") == pl.col("rest")) & (pl.col("rest") != "")
    rank = pl.when(in_town).then(0).otherwise(2) + pl.col("former").cast(pl.Int32)
    return best.filter(rank == rank.min().over("text")).sort("text", "street_id", "entrance")


def _find_units(entrances: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """`entrances` and the unit there that the text means: the one with its floor and door."""
    door, floor = ["entrance", "floor", "door"], ["entrance", "floor"]
    sought = index.engine.table(entrances.select(door).unique())
    units = index.engine.fetch(index.units.semi_join(sought, door))
    floors = index.engine.fetch(index.floors.semi_join(sought.select(floor), floor))
    return entrances.join(units, on=door, how="left", maintain_order="left").join(
        floors, on=floor, how="left", maintain_order="left"
    )


def _judge(found: pl.DataFrame) -> pl.DataFrame:
    """One answer for each text with an entrance."""
    says_unit = (pl.col("floor") != "") | (pl.col("door") != "")
    no_door = says_unit & (pl.col("door") == "") & pl.col("units").is_not_null()
    only = no_door & (pl.col("units") == 1) & pl.col("address_id").is_null()
    found = found.with_columns(
        address_id=pl.when(only).then("only").otherwise("address_id"),
        unit=pl.when(only).then("only_unit").otherwise("unit").fill_null(""),
        mask=pl.col("reasons")
        | pl.col("why")
        | _flag((pl.col("rest") != "") & (pl.col("rest") != pl.col("town")), Reason.NOTE_IGNORED)
        | _flag(pl.col("former"), Reason.FORMER_ADDRESS)
        | pl.when(pl.col("address_id").is_null())
        .then(
            _flag(~says_unit, Reason.UNIT_MISSING)
            | _flag(no_door, Reason.DOOR_MISSING)
            | _flag(says_unit & ~no_door, Reason.UNIT_NOT_IN_REGISTER)
        )
        .otherwise(0),
    )
    comma = (
        pl.when(pl.col("unit") == "")
        .then(pl.lit(", "))
        .otherwise(pl.lit(", ") + pl.col("unit") + ", ")
    )
    found = found.with_columns(official=pl.col("line") + comma + pl.col("post"))
    answers = found.group_by("text", maintain_order=True).agg(
        pl.col("mask", "address_id", "access_address_id", "street_id").first(),
        entrances=pl.col("access_address_id").n_unique(),
        candidates=pl.col("official").unique(maintain_order=True).head(_MOST_CANDIDATES).sort(),
    )
    several = (pl.col("entrances") > 1) & (pl.col("mask") & DOUBT == 0)
    misspelt = _all_of(Reason.STREET_SPELLING)
    mask = (
        pl.col("mask")
        | _flag(several & misspelt, Reason.SEVERAL_STREETS)
        | _flag(several & ~misspelt, Reason.SEVERAL_POSTCODES)
        | _flag(
            _all_of(Reason.STREET_SPELLING, Reason.UNIT_NOT_IN_REGISTER), Reason.STREET_IN_DOUBT
        )
    )
    answers = answers.with_columns(mask)
    guess = pl.col("mask") & DOUBT != 0
    exact = pl.col("mask") & ~bits(Reason.UNIT_MISSING) == 0
    category = pl.when(guess).then(pl.lit("C")).when(exact).then(pl.lit("A")).otherwise(pl.lit("B"))
    return answers.select(
        "text",
        category.alias("category"),
        pl.when(pl.col("address_id").is_null())
        .then(pl.lit("access"))
        .otherwise(pl.lit("unit"))
        .alias("level"),
        pl.when(~guess).then("address_id").alias("address_id"),
        pl.when(~guess).then("access_address_id").alias("access_address_id"),
        "mask",
        pl.col("candidates").list.join(" | "),
        "street_id",
        pl.lit("").alias("postcode"),
    )


def _flag(where: pl.Expr, reason: Reason) -> pl.Expr:
    return pl.when(where).then(pl.lit(bits(reason), pl.Int64)).otherwise(0)


def _all_of(*reasons: Reason) -> pl.Expr:
    return pl.col("mask") & bits(*reasons) == bits(*reasons)


def _how_far(parts: pl.DataFrame, candidates: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """Answers for the texts without an entrance: how far each led, and what stood in the way."""
    near = (
        candidates.filter(pl.col("why") & DOUBT == 0)
        .sort("asked", "tier", "street_id")
        .unique("asked", keep="first", maintain_order=True)
    )
    parts = parts.join(near, on="asked", how="left", maintain_order="left")
    has_street, has_number = pl.col("street_id").is_not_null(), pl.col("number") != ""
    written = pl.col("street_postcode").fill_null("")
    has_postcode = written.is_in(list(index.streets.districts.of))
    none_named = (pl.col("street").fill_null("") != "") & ~has_street
    mask = (
        pl.col("reasons")
        | pl.col("why").fill_null(0)
        | _flag(has_street & has_number, Reason.NO_SUCH_HOUSE_NUMBER)
        | _flag(none_named & (has_postcode | (has_number & (written == ""))), Reason.NO_SUCH_STREET)
        | _flag(~has_street & ~has_postcode & (written != ""), Reason.POSTCODE_NOT_IN_REGISTER)
    )
    return parts.select(
        "text",
        pl.lit(None, pl.String).alias("category"),
        pl.when(has_street)
        .then(pl.lit(Level.STREET.value))
        .when(has_postcode)
        .then(pl.lit(Level.POSTCODE.value))
        .otherwise(pl.lit(Level.NONE.value))
        .alias("level"),
        pl.lit(None, pl.String).alias("address_id"),
        pl.lit(None, pl.String).alias("access_address_id"),
        mask.alias("mask"),
        pl.lit("").alias("candidates"),
        "street_id",
        pl.when(has_postcode).then(written).otherwise(pl.lit("")).alias("postcode"),
    )


def _with_second_readings(
    answers: pl.DataFrame, again: pl.DataFrame, index: AddressIndex
) -> pl.DataFrame:
    """The answers, with those of a second reading where the first led nowhere and it does."""
    better = (
        again.join(_match(again["again"].unique(), index), left_on="again", right_on="text")
        .filter(pl.col("access_address_id").is_not_null())
        .unique("text", keep="first", maintain_order=True)
        .with_columns(category=pl.lit("B"), mask=pl.col("mask") | pl.col("reason"))
    )
    kept = answers.join(better, on="text", how="anti")
    return pl.concat([kept, better.select(answers.columns)]).sort("text")


def _in_words(answers: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """The answers in the columns of ANSWER."""
    masks = answers["mask"].unique()
    words = {mask: names(mask) for mask in masks}
    streets = index.streets.names
    named = pl.DataFrame(
        [(at, *streets[at]) for at in answers["street_id"].drop_nulls().unique()],
        schema={"street_id": pl.UInt32, "street_name": pl.String, "street_postcode": pl.String},
        orient="row",
    )
    answers = answers.join(named, on="street_id", how="left", maintain_order="left")
    return answers.select(
        *("text", "category", "level", "address_id", "access_address_id"),
        pl.col("mask").replace_strict(words, return_dtype=pl.String).alias("reasons"),
        "candidates",
        "street_name",
        pl.coalesce("street_postcode", pl.when(pl.col("postcode") != "").then("postcode")).alias(
            "postcode"
        ),
    )


def match_cases(cases: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """`cases` (with an `address` text) and the columns of ANSWER to each."""
    texts = cases.with_columns(pl.col("address").fill_null(""))
    answers = match(texts["address"], index)
    return texts.join(answers, left_on="address", right_on="text", how="left")
