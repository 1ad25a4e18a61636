"""Review by hand: the texts that are uncertain go out, and what an analyst decided wins.

    cases --list_uncertain--> texts to review, in a file that an analyst fills in
    cases and decisions (see `kvarter.review.decisions`) --decide--> cases

A decision finds its text by `text_id`, so the order of rows is free.
"""

from __future__ import annotations

import polars as pl

NONE, OUTSIDE = "none", "outside"
"""What can be decided in a word: there is no such place; it is outside the municipality."""

CANDIDATES = [f"candidate_{number}" for number in range(1, 6)]
TO_FILL_IN = ["decision", "decided_by", "decided_on", "note"]
REVIEW = [
    *("text_id", "text", "rows", "sources", "first_row", "category", "level", "reasons"),
    *CANDIDATES,
]
"""The columns of a review: one row for each distinct text that is uncertain."""

_LONGEST_SHOWN = 500


def list_uncertain(cases: pl.DataFrame) -> pl.DataFrame:
    """The texts of `cases` that are located by nobody, in the columns of REVIEW, most rows first.

    Rows without any text are left out: they have nothing in common that could be decided. A text
    that was answered differently on different days is given by its surest answer.
    """
    uncertain = cases.filter(
        pl.col("access_address_id").is_null()
        & pl.col("decided_as").is_null()
        & (pl.col("address") != "")
    ).sort("category", "reasons", "candidates", "source", "row", nulls_last=True)
    by_source = (
        uncertain.group_by("text_id", "source")
        .len()
        .sort("text_id", "source")
        .group_by("text_id", maintain_order=True)
        .agg(sources=pl.format("{}: {}", "source", "len").str.join("; "))
    )
    shown = pl.col("text").str.replace_all(r"[\s\p{C}]+", " ").str.slice(0, _LONGEST_SHOWN)
    candidate = pl.col("candidates")
    return (
        uncertain.group_by("text_id", maintain_order=True)
        .agg(
            pl.len().alias("rows"),
            pl.col("address").first().alias("text"),
            pl.format("{}:{}", "source", "row").sort_by("source", "row").first().alias("first_row"),
            pl.col("category", "level", "reasons", "candidates").first(),
        )
        .join(by_source, on="text_id", maintain_order="left")
        .with_columns(
            shown.alias("text"),
            pl.col("category").fill_null(""),
            pl.col("reasons").list.join("; ").fill_null(""),
            *(
                candidate.list.get(place, null_on_oob=True).fill_null("").alias(name)
                for place, name in enumerate(CANDIDATES)
            ),
        )
        .sort(pl.col("rows"), "text", "text_id", descending=[True, False, False])
        .select(REVIEW)
    )


def decide(cases: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """`cases` with the answer of the match, and in its place the decision where there is one.

    Adds `decided_as`, `decided_by`, `decided_on` and `decision_note`, and `matched_as`: the
    answer that the decision took the place of. All are null where nothing was decided.
    """
    given = decisions.select(
        "text_id",
        "decided_as",
        "decided_by",
        "decided_on",
        "decision_note",
        pl.col("level", "address_id", "access_address_id", "street_name", "postcode").name.prefix(
            "hand_"
        ),
    )
    # With all that matches an address, which nobody needs for a list of texts.
    from kvarter.addresses.reasons import Category, Level, Reason

    joined = cases.join(given, on="text_id", how="left", maintain_order="left")
    by_hand = pl.col("decided_as").is_not_null()
    located = pl.col("hand_access_address_id").is_not_null()
    # A street or postcode that is known still says where a place that does not exist could be.
    far = pl.col("level").is_in([Level.STREET.value, Level.POSTCODE.value])
    there_is_none = pl.col("decided_as") == NONE
    decided: dict[str, pl.Expr] = {
        "category": pl.when(located).then(pl.lit(Category.CERTAIN.value)),
        "level": pl.when(there_is_none & far).then("level").otherwise("hand_level"),
        "address_id": pl.col("hand_address_id"),
        "access_address_id": pl.col("hand_access_address_id"),
        "reasons": pl.concat_list(pl.lit(Reason.DECIDED_BY_HAND.value)),
        "candidates": pl.when(located).then(pl.concat_list("decided_as")).otherwise([]),
        "candidate_ids": pl.lit([], dtype=pl.List(pl.String)),
        "candidates_hold": located.cast(pl.Float64),
        "street_name": pl.when(there_is_none).then("street_name").otherwise("hand_street_name"),
        "postcode": pl.when(there_is_none).then("postcode").otherwise("hand_postcode"),
    }
    answer = pl.col("category").fill_null("no answer")
    said = pl.format("{}: {}", answer, pl.col("reasons").list.join("; "))
    return joined.with_columns(
        *(pl.when(by_hand).then(end).otherwise(name).alias(name) for name, end in decided.items()),
        pl.when(by_hand).then(said).alias("matched_as"),
    ).drop(pl.selectors.starts_with("hand_"))


def by_hand(cases: pl.DataFrame, decisions: pl.DataFrame) -> dict[str, int]:
    """How many texts were decided, in how many of the decided `cases`, and how many occur not."""
    decided = cases.filter(pl.col("decided_as").is_not_null())
    used = decided["text_id"].n_unique()
    return {
        "given": decisions.height,
        "used": used,
        "rows": decided.height,
        "unused": decisions.height - used,
    }


def place_outside(cases: pl.DataFrame) -> pl.DataFrame:
    """The placed `cases`, with those outside the municipality that were decided to be OUTSIDE."""
    outside = pl.col("decided_as").fill_null("") == OUTSIDE
    known = {"in_municipality": False, "could_lie_in_areas": False, "chance_in_areas": 0.0}
    return cases.with_columns(
        pl.when(outside).then(value).otherwise(name).alias(name) for name, value in known.items()
    ).with_columns(pl.when(~outside).then("area_chances").alias("area_chances"))
