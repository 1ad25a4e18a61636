"""Splink, which links records by the odds that their fields agree (Fellegi and Sunter 1969).

It needs fields, and texts have none: it is given what Kvarter reads in each text, for nothing.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path

import duckdb
import polars as pl
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from addresses.matchers import ANSWER
from kvarter.addresses import AddressIndex
from kvarter.addresses.fold import fold_all, loose_keys
from kvarter.addresses.read import read_texts
from kvarter.engine import Engine
from kvarter.register import open_register

SURE = 0.001
"""The probability from which it answers: the best one at own noise."""

# Floor and door as one field, which serves it better than two.
_FIELDS = ["street", "number", "unit", "postcode"]
_BLOCKS = [
    block_on("street", "number", "postcode"),
    block_on("street", "number", "unit"),
    block_on("postcode", "number", "substr(street, 1, 3)"),
    block_on("postcode", "number", "unit", "substr(street, -4)"),
]
_TRAINING = [
    block_on("street", "number"),
    block_on("postcode", "unit", "substr(street, 1, 3)"),
]
_SETTINGS = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.DamerauLevenshteinAtThresholds("street", [1, 2, 3]),
        cl.LevenshteinAtThresholds("number", 1),
        cl.ExactMatch("unit"),
        cl.DamerauLevenshteinAtThresholds("postcode", 1),
    ],
    blocking_rules_to_generate_predictions=_BLOCKS,
    retain_matching_columns=False,
)


def splink_on_fields(register: Path, texts: pl.Series) -> tuple[pl.DataFrame, float, float]:
    """Each text with the most probable address of the register, if it is probable enough."""
    asked = _asked(register, texts)
    start = time.perf_counter()
    known = _known(register)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    database = DuckDBAPI(connection)
    tables = [
        database.register(frame.select("unique_id", *_FIELDS).to_arrow(), dataset_display_name=name)
        for name, frame in (("known", known), ("asked", asked))
    ]
    linker = Linker(tables, _SETTINGS, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match([block_on(*_FIELDS)], recall=0.5)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in _TRAINING:
        training.estimate_parameters_using_expectation_maximisation(rule)
    built = time.perf_counter()
    pairs = linker.inference.predict(threshold_match_probability=SURE)
    answers = _best(pl.DataFrame(pairs.as_pyarrow_table()), known, asked)
    done = time.perf_counter()
    return answers, built - start, done - built


def _asked(register: Path, texts: pl.Series) -> pl.DataFrame:
    """`unique_id`, the text, and the fields that Kvarter reads in it."""
    engine = Engine()
    index = AddressIndex(engine, open_register(engine, register))
    texts = texts.unique().sort()
    parts = read_texts(texts, index.streets.known).filter(pl.col("slip") == 0)
    parts = parts.unique("of", keep="first", maintain_order=True)
    parts = parts.with_columns(text=texts.gather(parts["of"]))
    by = ["head", "postcode", "district"]
    heads, _ = index.streets.find(parts.select(by).unique())
    engine.close()
    read = parts.join(heads, on=by)
    no_unit = (pl.col("floor") == "") & (pl.col("door") == "")
    return _fields(
        read.select(
            "text",
            "number",
            street=loose_keys(read["street"]),
            floor=pl.when(no_unit).then("head_floor").otherwise("floor"),
            door=pl.when(no_unit).then("head_door").otherwise("door"),
            postcode="street_postcode",
        )
    )


def _known(register: Path) -> pl.DataFrame:
    """Each unit of today, and each entrance as well, with the same fields."""
    rows = pl.read_parquet(register).filter(pl.col("replaced_by") == "")
    units = rows.select(
        "address_id",
        "access_address_id",
        "floor",
        "door",
        "postcode",
        street=loose_keys(fold_all(rows["street_name"])),
        number="house_number",
    )
    blank = pl.lit("")
    entrances = units.with_columns(address_id=blank, floor=blank, door=blank)
    flats = entrances.unique("access_address_id").join(
        units.filter((pl.col("floor") == "") & (pl.col("door") == "")),
        on="access_address_id", how="anti",
    )  # fmt: skip
    return _fields(pl.concat([units, flats.select(units.columns)]))


def _fields(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` numbered, with null in blank fields: those tell neither for nor against."""
    rows = rows.with_columns(unit=pl.concat_str("floor", "door", separator=" ").str.strip_chars())
    return rows.with_columns(pl.col(_FIELDS).replace("", None)).with_row_index("unique_id")


def _best(pairs: pl.DataFrame, known: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """The most probable address for each text; none where two entrances are equally so."""
    known_side = pl.col("source_dataset_l") == "known"
    sides = pairs.select(
        "match_weight",
        known=pl.when(known_side).then("unique_id_l").otherwise("unique_id_r"),
        asked=pl.when(known_side).then("unique_id_r").otherwise("unique_id_l"),
    )
    ids = known.select("address_id", "access_address_id", "unit", known="unique_id")
    best = sides.filter(pl.col("match_weight") == pl.col("match_weight").max().over("asked"))
    best = best.join(ids, on="known").sort("asked", pl.col("unit").is_not_null(), "known")
    one = best.group_by("asked", maintain_order=True).agg(
        pl.col("address_id").first(),
        pl.col("access_address_id").first(),
        entrances=pl.col("access_address_id").n_unique(),
    )
    found = asked.select("text", asked="unique_id").join(
        one.filter(pl.col("entrances") == 1), on="asked", how="left"
    )
    return found.select(
        "text",
        category=pl.when(pl.col("access_address_id").is_null())
        .then(pl.lit(""))
        .otherwise(pl.lit("A")),
        address_id=pl.col("address_id").fill_null(""),
        access_address_id=pl.col("access_address_id").fill_null(""),
    ).cast(ANSWER)  # type: ignore[arg-type]
