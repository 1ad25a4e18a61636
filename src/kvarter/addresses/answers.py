"""What was found -> an answer: its category, level, ids, reasons and candidates."""

from __future__ import annotations

import polars as pl

from kvarter.addresses.index import AddressIndex
from kvarter.addresses.reasons import DOUBT, NO_ANSWER, Category, Level, Reason, bits, codes, flag
from kvarter.addresses.streets import DOUBTFUL, FAR

ANSWER = {
    "text": pl.String,
    "category": pl.String,
    "level": pl.String,
    "address_id": pl.String,
    "access_address_id": pl.String,
    "reasons": pl.String,
    "candidates": pl.String,
    "candidate_ids": pl.String,
    "candidates_hold": pl.Float64,
    "street_name": pl.String,
    "postcode": pl.String,
}
"""The columns of an answer.

`reasons` are codes joined by `; `. `candidates` are official designations joined by ` | `, the
best first: of a located text the address itself, and the runner-up where there was one.
`candidate_ids`: the entrances that it can be, joined by blanks; `candidates_hold`: the chance that
it is one of them, 1 for a located text and 0 for one without candidates. `street_name` and
`postcode` say how far an answer without an address reached.
"""

_MOST_CANDIDATES = 5
_GUESSES_HOLD = {
    bits(Reason.ABROAD): 0.01,
    bits(Reason.NOT_THIS_ADDRESS): 0.1,
    bits(Reason.BESIDE_THE_HOUSE): 0.9,
    bits(Reason.SEVERAL_ADDRESSES): 0.5,
    bits(Reason.OTHER_POSTCODE): 0.4,
    bits(Reason.SEVERAL_PLACES): 0.99,
    bits(Reason.SEVERAL_STREETS, Reason.UNIT_NOT_IN_REGISTER): 0.9,
    bits(Reason.SEVERAL_STREETS): 0.99,
    bits(Reason.STREET_IN_DOUBT, Reason.UNIT_NOT_IN_REGISTER): 0.2,
    bits(Reason.STREET_IN_DOUBT): 0.3,
}
"""Shares of the guesses whose address is among the candidates, by their doubt; the first that fits.

Rounded from the texts kept aside in benchmarks/, and where the text says that the address is not
the one meant, set: near it lies nearly where the house lies, elsewhere it does not.
"""

_NO_ID = pl.lit(None, pl.String)


def judge(found: pl.DataFrame) -> pl.DataFrame:
    """One answer for each `row` with an entrance, its reasons as bits in `mask`.

    `found`: the entrances of each, the best first, with the unit there that the text means.
    """
    says_unit = (pl.col("floor") != "") | (pl.col("door") != "")
    no_door = says_unit & (pl.col("door") == "") & pl.col("units").is_not_null()
    only = no_door & (pl.col("units") == 1) & pl.col("address_id").is_null()
    # A range names several houses: which of them the household is in is not told.
    one_house = says_unit | (pl.col("reasons") & bits(Reason.HOUSE_NUMBER_RANGE) == 0)
    found = found.with_columns(
        address_id=pl.when(only).then("only").when(one_house).then("address_id"),
        unit=pl.when(only).then("only_unit").otherwise("unit").fill_null(""),
    )
    unit_found = pl.col("address_id").is_not_null()
    note = (pl.col("between") != "") & (pl.col("between") != pl.col("town"))
    found = found.with_columns(
        mask=pl.col("reasons")
        | pl.col("why")
        | flag(note, Reason.NOTE_IGNORED)
        | flag("former", Reason.FORMER_ADDRESS)
        | flag(~pl.col("valid") & ~pl.col("former"), Reason.NOT_VALID_THEN)
        | flag(~unit_found & ~says_unit, Reason.UNIT_MISSING)
        | flag(~unit_found & no_door, Reason.DOOR_MISSING)
        | flag(~unit_found & says_unit & ~no_door, Reason.UNIT_NOT_IN_REGISTER),
        official=pl.concat_str(
            "line", pl.when(pl.col("unit") != "").then("unit"), "post",
            separator=", ", ignore_nulls=True,
        ),
    )  # fmt: skip
    answers = _one_a_row(found)
    several = (pl.col("entrances") > 1) & (pl.col("mask") & DOUBT == 0)
    answers = answers.with_columns(mask=pl.col("mask") - _confirmed_doubt())
    misspelt = _all_of(Reason.STREET_SPELLING)
    answers = answers.with_columns(
        pl.col("mask")
        | flag(several & misspelt, Reason.SEVERAL_STREETS)
        | flag(several & ~misspelt, Reason.SEVERAL_PLACES)
        | flag(_all_of(Reason.STREET_SPELLING, Reason.UNIT_NOT_IN_REGISTER), Reason.STREET_IN_DOUBT)
    )
    guess = pl.col("mask") & DOUBT != 0
    exact = pl.col("mask") & ~bits(Reason.UNIT_MISSING) == 0
    return answers.select(
        "row",
        category=pl.when(guess)
        .then(pl.lit(Category.GUESS.value))
        .when(exact)
        .then(pl.lit(Category.EXACT.value))
        .otherwise(pl.lit(Category.CERTAIN.value)),
        level=pl.when(pl.col("address_id").is_null())
        .then(pl.lit(Level.ACCESS.value))
        .otherwise(pl.lit(Level.UNIT.value)),
        address_id=pl.when(~guess).then("address_id"),
        access_address_id=pl.when(~guess).then("access_address_id"),
        mask="mask",
        candidates="candidates",
        candidate_ids="candidate_ids",
        street_id="street_id",
        postcode=pl.lit(""),
    )


def _one_a_row(found: pl.DataFrame) -> pl.DataFrame:
    """What was found first for each row, with how many `entrances` are best, and the candidates."""
    first = ["mask", "address_id", "access_address_id", "street_id", "tier", "floor", "door"]
    several = found["row"].is_duplicated()
    # Most rows have one entrance, and need no grouping.
    alone = found.filter(~several).select(
        "row",
        *first,
        entrances=pl.lit(1, pl.UInt32),
        candidate_ids="access_address_id",
        candidates="official",
    )
    if not several.any():
        return alone
    best_ids = pl.col("access_address_id").filter("best").unique(maintain_order=True)
    official = pl.col("official").unique(maintain_order=True)
    grouped = found.filter(several).group_by("row", maintain_order=True)
    together = grouped.agg(
        pl.col(first).first(),
        entrances=best_ids.len(),
        candidate_ids=best_ids.head(_MOST_CANDIDATES),
        candidates=official.head(_MOST_CANDIDATES),
    )
    return pl.concat(
        [
            alone,
            together.with_columns(
                pl.col("candidate_ids").list.join(" "), pl.col("candidates").list.join(" | ")
            ),
        ]
    )


def _confirmed_doubt() -> pl.Expr:
    """The doubt in a far misspelt street where the register confirms it, as a bit; else 0.

    There is one such entrance in the postcode that is written, and it has the flat. The house
    number alone confirms nothing: near names often lie near each other.
    """
    tier, mask = pl.col("tier"), pl.col("mask")
    open_ = bits(
        *(Reason.POSTCODE_MISSING, Reason.POSTCODE_DIFFERS, Reason.DISTRICT_DIFFERS),
        *(Reason.UNIT_NOT_IN_REGISTER, Reason.DOOR_MISSING, Reason.HOUSE_NUMBER_SPELLING),
    )
    far = (tier >= FAR) & (tier < DOUBTFUL) & (pl.col("entrances") == 1)
    has_flat = pl.col("address_id").is_not_null() & (pl.col("floor") != "") & (pl.col("door") != "")
    confirmed = far & (mask & open_ == 0) & has_flat
    in_doubt = mask & bits(Reason.STREET_IN_DOUBT) != 0
    return flag(confirmed & in_doubt, Reason.STREET_IN_DOUBT)


def how_far(parts: pl.DataFrame, candidates: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
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
    unknown_street = (pl.col("street").fill_null("") != "") & ~has_street
    return parts.select(
        "row",
        category=_NO_ID,
        level=pl.when(has_street)
        .then(pl.lit(Level.STREET.value))
        .when(has_postcode)
        .then(pl.lit(Level.POSTCODE.value))
        .otherwise(pl.lit(Level.NONE.value)),
        address_id=_NO_ID,
        access_address_id=_NO_ID,
        mask=pl.col("reasons")
        | pl.col("why").fill_null(0)
        | flag(has_street & has_number, Reason.NO_SUCH_HOUSE_NUMBER)
        | flag(
            unknown_street & (has_postcode | (has_number & (written == ""))), Reason.NO_SUCH_STREET
        )
        | flag(~has_street & ~has_postcode & (written != ""), Reason.POSTCODE_NOT_IN_REGISTER),
        candidates=pl.lit(""),
        candidate_ids=pl.lit(""),
        street_id="street_id",
        postcode=pl.when(has_postcode).then(written).otherwise(pl.lit("")),
    ).with_columns(
        mask=pl.col("mask") | flag(pl.col("mask") & NO_ANSWER == 0, Reason.NOTHING_RECOGNISED)
    )


def in_words(answers: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """The answers in the columns of ANSWER, and `date`."""
    masks = answers["mask"].unique()
    reasons = {mask: codes(mask) for mask in {0, *masks}}  # of no answers too
    hold = {mask: _candidates_hold(mask) for mask in masks}
    named = pl.DataFrame(
        [(at, *index.streets.names[at]) for at in answers["street_id"].drop_nulls().unique()],
        schema={"street_id": pl.UInt32, "street_name": pl.String, "street_postcode": pl.String},
        orient="row",
    )
    postcode = pl.when(pl.col("postcode") != "").then("postcode")
    return (
        answers.join(named, on="street_id", how="left", maintain_order="left")
        .with_columns(
            reasons=pl.col("mask").replace_strict(reasons, return_dtype=pl.String),
            candidates_hold=pl.when(pl.col("candidate_ids") == "")
            .then(0.0)
            .otherwise(pl.col("mask").replace_strict(hold, return_dtype=pl.Float64)),
            postcode=pl.coalesce("street_postcode", postcode),
        )
        .select(*ANSWER, "date")
    )


def _candidates_hold(mask: int) -> float:
    """The chance that one of the candidates of an answer with these reasons is meant."""
    fits = (chance for needed, chance in _GUESSES_HOLD.items() if mask & needed == needed)
    return next(fits, 1.0)


def _all_of(*reasons: Reason) -> pl.Expr:
    return pl.col("mask") & bits(*reasons) == bits(*reasons)
