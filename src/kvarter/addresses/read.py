"""Texts -> parts: what stands before the house number, the number, the unit, the postcode.

All texts are cut at once, at their house number and their postcode. The pieces are few and come
again and again, so only the distinct ones are then read with care.

    text --fold--> folded --cut--> head | number | unit text | postcode | district --read--> parts
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from kvarter.addresses.fold import fold_all, mend_mojibake
from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.units import NOTE, read_unit
from kvarter.errors import MASK

LONGEST = 200
"""Characters of a text that are read; no address is longer, and what follows is a note."""

_SHARE = 10_000

_NO_ADDRESS = (
    r"uden fast|ingen fast|\bu\.? ?fast|\bufb\b|hjemloes|ukendt|uoplyst|ikke oplyst|hemmelig"
    r"|beskyttet|adressebeskyt|herberg\b"
)
_PO_BOX = r"\b(?:post)?bo(?:ks|x) ?\.?\d|\bpostbo(?:ks|x)"
_CARE_OF = r"^(?:c/o|co/|att[.:]|v/|hos )[^,]*,\s*"
_NUMBER_OF_A_PERSON = r"(?:\bcpr(?:[ -]?nr)?[.: ]*)?(?:\(\[cpr\]\)?|\[cpr\])"
_CARE_OF_A_NUMBER = rf"^(?:c/o|co/|att[.:]|v/|hos )[^,\d]*?{_NUMBER_OF_A_PERSON}[ ,.:]*([a-z])"
_SCANNED_ONE = r" [li](?P<digit>\d{1,2}\b)"
_NUMBER = (
    r"^(?P<head>.*?[a-z]['.]?)[ .]*(?P<digits>\d{1,3})(?: ?(?P<letter>[a-z]))?"
    r"(?P<range> ?[-/] ?(?:\d{1,3} ?[a-z]?|[a-z]))?(?P<tail>(?:[ ,.;:(/-].*)?)$"
)
_NO_NUMBER = r"^(?P<head>[^\d,;]*[a-z][^\d,;]*)"
_POSTCODE = (
    r"^(?:(?P<unit_text>.*)[ ,.;:-])?(?:dk ?-? ?)?(?P<postcode>\d{4})(?:[ ,.;:-](?P<district>.*))?$"
)
_A_UNIT_FOLLOWS = r"^(?:[. ]*(?:sal|tv|th|mf|t[. ]|m[. ]|etage|etg|doer)\b|\. ?\w)"

PARTS = {
    "text": pl.String,
    "head": pl.String,
    "number": pl.String,
    "floor": pl.String,
    "door": pl.String,
    "rest": pl.String,
    "postcode": pl.String,
    "district": pl.String,
    "reasons": pl.Int64,
}
"""The parts of a text, folded. `rest` is the key of what stood between unit and postcode."""


def read_texts(texts: pl.Series) -> pl.DataFrame:
    """The parts of each of the distinct `texts`, in the columns of PARTS.

    A part that is not there is blank. `head` is all that stands before the house number, or before
    the postcode where there is no number; it is blank in a text that can be no address.
    """
    # The work on a whole column leaves Python's lock, so each core takes its share of the rows.
    size = max(_SHARE, -(-len(texts) // (os.cpu_count() or 1)))
    shares = [texts.slice(start, size) for start in range(0, max(1, len(texts)), size)]
    with ThreadPoolExecutor() as threads:
        cut = pl.concat(threads.map(lambda some: _cut(_fold(some)), shares))
    return _read_units(cut).select(*PARTS)


def _fold(texts: pl.Series) -> pl.DataFrame:
    """`text`, `folded`, and the reasons that show before the text is cut."""
    start = texts.str.slice(0, LONGEST)
    garbled = {text: mend_mojibake(text) for text in start.filter(start.str.contains("[ÃÂ]"))}
    mended = start.replace(garbled) if garbled else start
    frame = pl.DataFrame(
        {
            "text": texts,
            "folded": fold_all(mended.str.replace_all('"', " ", literal=True)),
            "mended": mended != start,
        }
    )
    folded = pl.col("folded")
    numbered = folded.str.contains(MASK, literal=True)
    frame = frame.with_columns(
        pl.when(numbered).then(_without_mask(folded)).otherwise(folded).alias("folded"),
        numbered=numbered,
    )
    scanned = folded.str.contains(_SCANNED_ONE)
    frame = frame.with_columns(folded.str.replace(_SCANNED_ONE, " 1$digit"), scanned=scanned)
    return frame.select(
        "text",
        folded.str.replace(_CARE_OF, ""),
        reasons=_flag("mended", Reason.MOJIBAKE_MENDED)
        | _flag("scanned", Reason.HOUSE_NUMBER_SPELLING)
        | _flag("numbered", Reason.NOTE_IGNORED)
        | _flag(pl.col("text").str.len_chars() > LONGEST, Reason.NOTE_IGNORED)
        | _flag(folded.str.contains(_CARE_OF), Reason.NOTE_IGNORED)
        | _flag(~folded.str.contains("[a-z]"), Reason.NO_TEXT)
        | _flag(folded.str.contains(_NO_ADDRESS), Reason.NO_FIXED_ADDRESS)
        | _flag(folded.str.contains(_PO_BOX), Reason.PO_BOX),
    )


def _without_mask(folded: pl.Expr) -> pl.Expr:
    """Without masked person numbers, and without the name that one in front belongs to."""
    without_person = folded.str.replace(_CARE_OF_A_NUMBER, "$1")
    without = without_person.str.replace_all(rf"[ ,]*{_NUMBER_OF_A_PERSON}", " ")
    return without.str.replace_all(r" +([ ,])", "$1").str.strip_chars(" ,.:;-")


def _flag(where: pl.Expr | str, reason: Reason) -> pl.Expr:
    where = pl.col(where) if isinstance(where, str) else where
    return pl.when(where).then(pl.lit(bits(reason), pl.Int64)).otherwise(0)


_HOPELESS = bits(Reason.NO_TEXT, Reason.NO_FIXED_ADDRESS, Reason.PO_BOX)


def _cut(frame: pl.DataFrame) -> pl.DataFrame:
    """Cut each folded text at its house number and its postcode."""
    hopeless = (pl.col("reasons") & _HOPELESS) != 0
    folded = pl.when(hopeless).then(pl.lit("")).otherwise("folded")
    frame = frame.with_columns(folded.str.extract_groups(_NUMBER).alias("cut")).unnest("cut")
    letter, tail = pl.col("letter").fill_null(""), pl.col("tail").fill_null("")
    # `4 v/ mor`, `4 k. th`: a letter with a dot or stroke after it is not of the house number.
    frame = frame.with_columns(
        letter=pl.when(tail.str.contains(r"^[./]")).then(pl.lit("")).otherwise(letter),
        tail=pl.when(tail.str.contains(r"^[./]")).then(letter + tail).otherwise(tail),
    )
    # `4 - 2. tv` is no range of houses but house 4 and a unit.
    other = pl.col("range").str.extract(r"(\d+)").cast(pl.Int64, strict=False)
    unit = other.le(pl.col("digits").cast(pl.Int64)) | tail.str.contains(_A_UNIT_FOLLOWS)
    is_unit = pl.col("range").is_not_null() & unit.fill_null(False)
    frame = frame.with_columns(
        tail=pl.when(is_unit).then(pl.col("range") + pl.col("tail")).otherwise("tail"),
        range=pl.when(is_unit).then(None).otherwise("range"),
    )
    frame = frame.with_columns(no_number=pl.col("head").is_null())
    without = pl.col("no_number")
    frame = frame.with_columns(
        pl.col("tail").str.extract_groups(_POSTCODE).alias("cut"),
        head=pl.coalesce("head", folded.str.extract(_NO_NUMBER), pl.lit("")).str.strip_chars(" ,"),
        number=pl.col("digits").str.strip_chars_start("0").fill_null("")
        + pl.col("letter").str.to_uppercase(),
        code=pl.when(without).then(folded.str.extract(r"(?:^|[ ,.;-])(\d{4})(?:[ ,.;-]|$)")),
        place=pl.when(without).then(folded.str.extract(r"(?:^|[ ,.;-])\d{4}[ ,.;-](.*)$")),
    ).unnest("cut")  # fmt: skip
    no_number = without & (pl.col("head") != "")
    district = pl.coalesce("district", "place").fill_null("")
    return frame.select(
        "text",
        "head",
        "number",
        pl.when(pl.col("postcode").is_null()).then("tail").otherwise("unit_text").fill_null("").alias("unit_text"),
        postcode=pl.coalesce("postcode", "code").fill_null(""),
        district=district.str.replace(NOTE.pattern, "").str.strip_chars(" .,;-"),
        reasons=pl.col("reasons")
        | _flag(pl.col("range").is_not_null(), Reason.HOUSE_NUMBER_RANGE)
        | _flag(no_number, Reason.NO_HOUSE_NUMBER)
        | _flag(district.str.contains(NOTE.pattern), Reason.NOTE_IGNORED),
    )  # fmt: skip


def _read_units(frame: pl.DataFrame) -> pl.DataFrame:
    """Read each distinct unit text; without a postcode, what follows the unit is the district."""
    distinct = frame["unit_text"].unique()
    units = pl.DataFrame(
        [read_unit(text) for text in distinct],
        schema={"floor": pl.String, "door": pl.String, "rest": pl.String, "note": pl.Boolean},
        orient="row",
    ).with_columns(distinct.alias("unit_text"))
    frame = frame.join(units, on="unit_text", how="left", maintain_order="left")
    as_district = (pl.col("postcode") == "") & (pl.col("rest") != "")
    return frame.with_columns(
        district=pl.when(as_district).then("rest").otherwise("district"),
        rest=pl.when(as_district).then(pl.lit("")).otherwise("rest"),
        reasons=pl.col("reasons") | _flag("note", Reason.NOTE_IGNORED),
    )
