"""Stage match: address texts -> addresses of the register, with category, level and reasons.

    text --read--> parts --find street--> candidates --look up--> entrances, units --judge--> answer

A text that can be read in several ways is answered by the first of them that leads to an entrance.
Only distinct texts are worked on; the caller joins the answers back to its rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from kvarter.addresses.answers import how_far, in_words, judge
from kvarter.addresses.fold import contain
from kvarter.addresses.index import AddressIndex
from kvarter.addresses.read import read_freely, read_texts
from kvarter.addresses.reasons import Category, Reason, bits, flag

_ASKED = ["text", "date"]
_SAYS_NONE = bits(Reason.NO_TEXT, Reason.NO_FIXED_ADDRESS, Reason.PO_BOX, Reason.ABROAD)
_LOST_FLAT = bits(Reason.UNIT_NOT_IN_REGISTER, Reason.DOOR_MISSING)
_CORES = os.cpu_count() or 1
_FEWEST, _MOST = 10_000, 125_000
"""Texts that a core works on at once: fewer are not worth a thread, and more are memory."""


def match(texts: Iterable[str], index: AddressIndex) -> pl.DataFrame:
    """The answer to each distinct text: one row each, in the columns of ANSWER, sorted by text.

    Category A and B are located: `access_address_id` is set, and `address_id` too at level
    `unit`. Category C is a best guess, named in `candidates` only. Raises nothing for any text.
    """
    ordered = pl.Series("text", texts, dtype=pl.String).sort()
    distinct = ordered.filter(ordered.ne_missing(ordered.shift()))
    return _match_distinct(distinct.to_frame().with_columns(date=pl.lit("")), index).drop("date")


def match_dated(asked: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """As `match`, for each distinct `text, date` of `asked`, and with both in the answer.

    A dated text is matched to the register as it was on that day, where the register has history:
    `date` is as 2023-05-17, or blank where the day is not known.
    """
    return _match_distinct(asked.select(_ASKED).unique().sort(_ASKED), index)


def _match_distinct(distinct: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """As `match_dated`, for pairs that are in order and different already."""
    shares = _shares(distinct.with_row_index("of"))
    if len(shares) == 1:
        answers = _answer(shares[0], index)
    else:
        with ThreadPoolExecutor(_CORES) as cores:
            answers = pl.concat(cores.map(lambda share: _answer(share, index), shares))
    return in_words(pl.concat([distinct, answers.sort("of").drop("of")], how="horizontal"), index)


LISTS = {"reasons": "; ", "candidates": " | ", "candidate_ids": " "}
"""The columns of ANSWER that hold several texts, and what stands between them."""


def match_cases(cases: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """`cases` (with an `address` text and an `event_date`) and the columns of ANSWER to each.

    What ANSWER has several of in a text (`LISTS`) is a list here.
    """
    asked = cases.with_columns(
        text=pl.col("address").fill_null(""),
        date=pl.col("event_date").dt.strftime("%Y-%m-%d").fill_null(""),
    )
    answers = match_dated(asked, index).with_columns(
        pl.when(pl.col(name) == "").then([]).otherwise(pl.col(name).str.split(mark)).alias(name)
        for name, mark in LISTS.items()
    )
    return asked.join(answers, on=_ASKED, how="left", maintain_order="left").drop(_ASKED)


def _answer(asked: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """The answer to each of `asked`: `of, text, date`."""
    first = _answer_parts(_read(asked, index), index)
    return _with_second(first, asked, index)


def _answer_parts(parts: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """The answer to each text of `parts`, the readings of each in a row."""
    readings, candidates = _find_streets(parts, index)
    found = _rank(_find_units(_find_entrances(readings, candidates, index), index))
    located = judge(found)
    rest = readings.join(located, on="row", how="anti")
    answers = pl.concat([located, how_far(rest, candidates, index)]) if rest.height else located
    says_flat = (pl.col("floor") != "") | (pl.col("door") != "")
    of = readings.select("row", "of", "slip", says_flat=says_flat)
    return _best_reading(answers.join(of, on="row"))


def _with_second(first: pl.DataFrame, asked: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """The answers, and to the texts that led nowhere or lost their flat those read freely.

    Such an answer counts where there was none, or where it names a flat of the same house or of
    another one of a range.
    """
    mask, left_out = pl.col("mask"), bits(Reason.UNIT_MISSING, Reason.NOTE_IGNORED)
    nowhere = pl.col("category").is_null() & (mask & _SAYS_NONE == 0)
    lost = (mask & _LOST_FLAT != 0) | (mask & left_out == left_out)
    lost &= pl.col("category") == Category.CERTAIN.value
    has_street = mask & bits(Reason.NO_SUCH_STREET) == 0
    texts = first.filter(nowhere | lost)
    if texts.is_empty():
        return first
    texts = texts.select("of", house="access_address_id", has_street=has_street)
    texts = asked.join(texts, on="of", maintain_order="left")
    parts = read_freely(texts["text"], texts["has_street"], index.streets.known)
    if parts.is_empty():
        return first
    of = texts.select("of", "date", "house").with_row_index("at")
    parts = parts.rename({"of": "at"}).join(of, on="at", maintain_order="left")
    parts = parts.with_row_index("row")
    second = _answer_parts(parts.drop("at", "house"), index).join(of.select("of", "house"), on="of")
    is_range = mask & bits(Reason.HOUSE_NUMBER_RANGE) != 0
    has_flat = pl.col("address_id").is_not_null()
    same_house = (pl.col("access_address_id") == pl.col("house")) | is_range
    better = pl.col("house").is_null() & pl.col("category").is_not_null()
    second = second.filter(better | (has_flat & same_house)).select(first.columns)
    return pl.concat([first.join(second, on="of", how="anti"), second])


def _shares(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """`rows` in as many shares as there are cores, or more where those are large; one at least."""
    size = min(_MOST, max(_FEWEST, -(-rows.height // _CORES)))
    return [rows.slice(start, size) for start in range(0, max(1, rows.height), size)]


def _read(asked: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """The readings of each text of `asked`, each with a `row` of its own, and the date.

    A text on several days stands together, and is read once.
    """
    first = asked["text"].ne_missing(asked["text"].shift())
    texts = asked.select("of", "date", text=first.cast(pl.UInt32).cum_sum() - 1)
    parts = read_texts(asked["text"].filter(first), index.streets.known).rename({"of": "text"})
    return texts.join(parts, on="text", maintain_order="right").drop("text").with_row_index("row")


def _find_streets(parts: pl.DataFrame, index: AddressIndex) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The parts with what their heads say, and the candidate streets of each `asked`."""
    by = ["head", "postcode", "district"]
    read, candidates = index.streets.find(parts.select(by).unique(maintain_order=True))
    parts = parts.join(read, on=by, how="left", maintain_order="left")
    no_unit = (pl.col("floor") == "") & (pl.col("door") == "")
    return parts.with_columns(
        floor=pl.when(no_unit).then("head_floor").otherwise("floor"),
        door=pl.when(no_unit).then("head_door").otherwise("door"),
        reasons=pl.col("reasons") | pl.col("head_reasons"),
    ), candidates


def _best_reading(answers: pl.DataFrame) -> pl.DataFrame:
    """The answer to the first reading of each text that leads to the flat that it names.

    Where none does: the first that leads to an entrance, or the first.
    """
    several = answers["of"].is_duplicated()
    if not several.any():
        return answers.drop("row", "slip", "says_flat")
    nowhere = pl.col("access_address_id").is_null()
    has_flat = pl.col("says_flat") & pl.col("address_id").is_not_null()
    order = ["of", nowhere, ~has_flat, pl.col("row")]
    best = answers.filter(several).sort(order).unique("of", keep="first")
    slipped = pl.col("slip") != 0
    slipped &= pl.col("access_address_id").is_not_null()
    best = best.with_columns(
        category=pl.when(slipped).then(pl.lit(Category.CERTAIN.value)).otherwise("category"),
        mask=pl.col("mask") | pl.col("slip"),
    )
    return pl.concat([answers.filter(~several), best]).drop("row", "slip", "says_flat")


def _find_entrances(
    parts: pl.DataFrame, candidates: pl.DataFrame, index: AddressIndex
) -> pl.DataFrame:
    """The entrances with the house number on the candidate streets; the lowest `rank` is best."""
    sought = (
        parts.select("row", "date", "asked", "number", "floor", "door", "between", "reasons")
        .join(index.numbers, on="number")
        .join(candidates, on="asked")
        .drop("asked", "number")
    )
    found = index.entrances.all_of(sought, "street_id", "number_id")
    # Of entrances written alike: the one in the town that the text names, then one that was
    # written so on the day, then today's.
    in_town = (pl.col("town") == pl.col("between")) & (pl.col("between") != "")
    then = (pl.col("valid_from") <= pl.col("date")) & (
        (pl.col("valid_to") == "") | (pl.col("date") <= pl.col("valid_to"))
    )
    found = found.with_columns(valid=then | (pl.col("date") == ""))
    rank = (
        pl.when(in_town).then(0).otherwise(4)
        + pl.when("valid").then(0).otherwise(2)
        + pl.col("former").cast(pl.Int32)
    )
    return found.with_columns(rank=rank)


def _find_units(entrances: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """`entrances` and the unit there that the text means: the one with its floor and door.

    Where no door is written, `units` says how many there are on the floor. A lone number can be a
    floor, or the door of a unit without one.
    """
    placed = entrances.join(index.places, on=["floor", "door"], how="left", maintain_order="left")
    entrance, place = placed["entrance"], placed["place"]
    units = index.units.one_of(entrance, place)
    floors = index.floors.one_of(entrance, place.set(placed["door"] != "", None))
    nothing = units["address_id"].is_null() & floors["units"].is_null()
    alone = index.units.one_of(entrance, placed["door_alone"].set(~nothing, None))
    either = [units[name].fill_null(alone[name]) for name in ("address_id", "unit")]
    found = placed.drop("place", "door_alone").with_columns(either)
    found = _houses(found, index)
    return pl.concat([found, floors], how="horizontal")


def _houses(found: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """`found`, with the house itself where numbers stand apart that name no flat of it.

    It has no flats: `ravnevej 4, 2400 koebenhavn nv, 1/4` tells of no other dwelling.
    """
    apart = (found["reasons"] & bits(Reason.REORDERED) != 0) & found["address_id"].is_null()
    apart &= contain(found["floor"] + found["door"], "^(?:kl[0-9]+|[0-9]*)$")
    whole = index.places.filter((pl.col("floor") == "") & (pl.col("door") == ""))["place"]
    if not apart.any() or whole.is_empty():
        return found
    places = pl.Series([whole[0]] * found.height, dtype=whole.dtype)
    alone = index.units.count(found["entrance"].to_numpy()) == 1
    house = index.units.one_of(found["entrance"], places.set(~apart | ~pl.Series(alone), None))
    is_house = house["address_id"].is_not_null()
    return found.with_columns(
        pl.col("address_id").fill_null(house["address_id"]),
        pl.col("unit").fill_null(house["unit"]),
        floor=pl.when(is_house).then(pl.lit("")).otherwise("floor"),
        door=pl.when(is_house).then(pl.lit("")).otherwise("door"),
        reasons=pl.col("reasons") | flag(pl.lit(is_house), Reason.NOTE_IGNORED),
    )


def _rank(found: pl.DataFrame) -> pl.DataFrame:
    """The entrances of each text, the best first; `best` are those that nothing tells apart.

    Where an entrance was written alike before, the one with the unit is meant.
    """
    several = found["row"].is_duplicated()
    if not several.any():
        return found.with_columns(best=pl.lit(True))
    alone, found = found.filter(~several), found.filter(several)
    has_unit = pl.col("address_id").is_not_null()
    same = ("row", "tier", "access_address_id")
    found = found.filter(has_unit | ~has_unit.any().over(same))
    found = found.sort("row", "tier", "rank", "line", "post", "entrance")
    standing = pl.struct("tier", "rank")
    found = found.with_columns(best=standing == standing.first().over("row"))
    return pl.concat([alone.with_columns(best=pl.lit(True)), found])
