"""Texts -> parts: what stands before the house number, the number, the unit, the postcode.

All texts are cut at once, at their house number. What follows it comes again and again, so only
what is distinct of it is then read with care.

    text --fold--> readings --cut--> head | number | rest --read--> unit | postcode | district
"""

from __future__ import annotations

import re
from functools import cache, reduce
from operator import or_
from typing import NamedTuple

import polars as pl

from kvarter.addresses.clauses import (
    CLAUSE_HINTS,
    NUMBERED,
    Arranged,
    Known,
    arrange,
    arrange_numbered,
)
from kvarter.addresses.fold import (
    CODED,
    IN_OTHER_CODE,
    change_where,
    contain,
    fold_all,
    mend_lost_words,
    mend_mojibake,
    mend_other_code,
    read_codes,
)
from kvarter.addresses.freely import (
    IS_REGULAR,
    IS_SHORT,
    LOOKS_LIKE_NUMBER,
    MAY_BE_NUMBER,
    NUMBER_IN_WORDS,
    read_in_other_words,
)
from kvarter.addresses.places import names_abroad
from kvarter.addresses.reasons import Reason, flag
from kvarter.addresses.reparse import HINTS, reparsed
from kvarter.addresses.units import NOTE, read_unit
from kvarter.privacy import MASK

_LAST_TURN = 2**32 - 1

LONGEST = 200
"""Characters of a text that are read; no address is longer, and what follows is a note."""

BREAKS = r"[\r\n\t]+ *|\.\.+|[»«¤]"
"""What stands between parts of an address as a comma does."""

_LONG_LABEL = (
    r"\b(?:(?:vej|gade)(?:navn)?|adr(?:esse)?|street)"
    r"(?:\.? ?(?:og|/|\+|&|,) ?(?:hus)?(?:nr|nummer|no)\.?|(?:linje|linie|line)?\.? ?[0-9]) ?[:=] ?"
)
"""`vej og nr.: ravnevej 4`, `adresselinje 1: ravnevej 4`"""
_ODD_POSTCODE = (
    r"\b[1-9][0-9]{3}[a-z]{3}|[ ,](?:[1-9][ .][0-9]{3}|[1-9][0-9] [0-9]{2}) [a-z]{4}"
    r"|\b[0-9]{4}[ -]+[0-9]{4} [a-z]|, ?0[1-9][0-9]{3}\b"
)
"""A postcode that may be glued to its district, split, written twice or filled up."""
_GLUED_POSTCODE = re.compile(r"\b([1-9]\d{3})(?=[a-z]{3})")
_SPLIT_POSTCODE = re.compile(r"(\d.*[ ,])(?:([1-9])[ .](\d{3})|([1-9]\d) (\d{2}))(?= [a-z]{4})")
_TWICE = re.compile(r"\b(\d{4})[ -]+\1(?= [a-z])")
_FILLED_UP = re.compile(r"(?<=,)( ?)0([1-9]\d{3})\b")
_NO_HOME = (
    r"uden fast|ingen fast|intet fast|\bu[./]? ?fast|\bufb\b|\bu\.f\.b\b|hjemloes"
    r"|adresseloes|husvild|\bboligloes|gadesover|sofasurf|bor paa gaden"
    r"|\b(?:uden|ingen) (?:kendt |nogen )?(?:adresse|bopael|bolig)\b"
)
_HAD_NO_HOME = r"(?:\btidl(?:\.|igere)|\bikke|\bikke laengere|\bfoer) hjemloes"
_NO_ADDRESS = rf"{_NO_HOME}|ukendt|uoplyst|ikke oplyst|hemmelig|beskyttet|adressebeskyt|herberg\b"
_PO_BOX = r"\b(?:post)?bo(?:ks|x) ?\.?[0-9]|\bpostbo(?:ks|x)"
_PROTECTED = (
    r"[ ,;(/-]*\b(?:navne-? ?(?:og|/) ?)?(?:adr(?:esse)?n?[ -]?(?:er )?)?(?:beskyt\w*|hemmelig\w*)"
    r"(?: adr(?:esse)?| navn)*[ .)!]*"
)
"""That an address may not be told: it is one nevertheless."""
_CARE_OF = r"^(?:c/o|co/|att[.:]|v/|hos )[^,]*,\s*"
_NUMBER_OF_A_PERSON = r"(?:\bcpr(?:[ -]?nr)?[.: ]*)?(?:\(\[cpr\]\)?|\[cpr\])"
_CARE_OF_A_NUMBER = rf"^(?:c/o|co/|att[.:]|v/|hos )[^,0-9]*?{_NUMBER_OF_A_PERSON}[ ,.:]*([a-z])"
_SCANNED = r" [lio0-9]{0,2}[lio][lio0-9]{0,1}[0-9]\b"
_DIGITS = str.maketrans("lio", "110")
_MASKED = re.escape(MASK)
_UNUSUAL = "|".join([*HINTS, _NO_ADDRESS, _PO_BOX, _MASKED, _SCANNED, _CARE_OF])
_LETTER_AND_RANGE = (
    r"(?: ?(?P<letter>[a-z]))?(?P<range> ?[-/] ?(?:[0-9]{1,3} ?[a-z]?|[a-z]))?"
    r"(?P<tail>(?:[ ,.;:(/-].*)?)$"
)
_NUMBER = rf"[a-z]['.?]?[ .]*[0-9]{{1,3}}{_LETTER_AND_RANGE}"
_NO_NUMBER = r"^(?P<head>[^0-9,;]*[a-z][^0-9,;]*)"
_POSTCODE = (
    r"^(?:(?P<unit_text>.*)[ ,.;:-])?(?:dk ?-? ?)?(?P<postcode>[0-9]{4})"
    r"(?:[ ,.;:-](?P<district>.*))?$"
)
_DISTRICT_AND_UNIT = (
    r"^(?P<place>[^,0-9]+), ?(?P<unit>(?:st|stuen?|kld?|[0-9]{1,2})(?:[. ]+sal)?[. ]*"
    r"(?:t[. ]?[vh]|mf|[0-9]{1,3})?\.?)$"
)
"""A flat behind the district, where none stands before it."""
_FLOOR_NOT_NUMBER = (
    r"^(?:[. ]*(?:sal|etage|etg)\b|\. ?(?:tv|th|mf)\b|\.[0-9]{3}\b"
    r"| ?-?(?:m2|kvm|kr|aar|aarig|aarige|pers|personer|dage|uger|mdr|maaneder|vaer|vaerelser)\b)"
)
_FLOOR_BEHIND_ITS_WORD = r"^ +(?:sal|etage|etg)[.: ]*(?:[0-9]|st\b|kl\b)"
_CARE_OF_FOLLOWS = r"^ ?c/o\b"
_A_UNIT_APART = (
    r"^ ?[,;] ?(?:(?:st|kl|[0-9]{1,2})[. ]+(?:sal )?(?:t[vh]\b|mf\b|[tm]\.|[0-9]{1,3}(?:[ ,]|$))"
    r"|stu|[0-9]{1,2}\.(?:[ ,]|$))"
)
_DOT_AND_UNIT = r"^\.(?:[,;]| ?(?:[0-9]{1,2}[. ]|st\b|kl\b|stue))"
_LETTERS_OF_UNITS = "hvmtksn"
_A_UNIT_FOLLOWS = r"^(?:[. ]*(?:sal|tv|th|mf|t[. ]|m[. ]|etage|etg|doer)\b|\. ?\w)"

PARTS = {
    "of": pl.UInt32,
    "slip": pl.Int64,
    "head": pl.String,
    "number": pl.String,
    "floor": pl.String,
    "door": pl.String,
    "between": pl.String,
    "postcode": pl.String,
    "district": pl.String,
    "reasons": pl.Int64,
}
"""The parts of a reading of a text, folded.

`of` is the place of the text. `slip` is the reason that another reading rests on, 0 for the text
as it stands. `between` is the key of what stood between unit and postcode.
"""


class Names(NamedTuple):
    """What the register knows of names: whether one is a street, or a district, as folded.

    `numbered`: the folded names of its streets that have a number.
    """

    is_street: Known
    is_district: Known
    numbered: list[str]


def read_texts(texts: pl.Series, names: Names) -> pl.DataFrame:
    """The parts of each of the distinct `texts`, in the columns of PARTS.

    Each text as it stands, in order, and before or after it other ways to read it. A part that is
    not there is blank. `head` is all that stands before the house number, or before the postcode
    where there is no number; it is blank in a text that can be no address.
    """
    folded = _fold(texts)
    arranged = _arrange(folded, names)
    cut = _cut(_readings(folded.join(arranged.filter("only"), on="of", how="anti")))
    with_number = pl.col("digits").is_not_null()
    parts = [_with_number(cut.filter(with_number)), _without_number(cut.filter(~with_number))]
    plain = pl.concat(part.select("turn", *PARTS) for part in parts)
    return pl.concat([plain, arranged.select("turn", *PARTS)]).sort("of", "turn").drop("turn")


def read_freely(texts: pl.Series, has_street: pl.Series, names: Names) -> pl.DataFrame:
    """As `read_texts`, in the ways of `freely`; a text without any has no row.

    `has_street`: whether each was found to name a street of the register.
    """
    folded = _fold(texts)
    text = folded["folded"]
    regular = contain(text, IS_REGULAR) & (has_street | contain(text, IS_SHORT))
    regular &= ~contain(text, LOOKS_LIKE_NUMBER)
    may_be = contain(text, MAY_BE_NUMBER) & ~regular
    folded = folded.filter(may_be | contain(text, NUMBER_IN_WORDS))
    rows = [
        (of, *_parts_of(made, reasons))
        for of, text, reasons in folded.select("of", "folded", "reasons").iter_rows()
        for made in read_in_other_words(text, names.is_street, names.is_district)
    ]
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def _parts_of(made: Arranged, reasons: int) -> tuple[int | str, ...]:
    """What was arranged, in the columns of PARTS but for the first."""
    unit = made.unit.floor, made.unit.door, made.between or made.unit.rest
    place = made.postcode, made.district, reasons | made.reasons
    return 0, made.head, made.number, *unit, *place


def _fold(texts: pl.Series) -> pl.DataFrame:
    """Each text `folded`: `of`, `slip`, and the reasons that show so far."""
    start = change_where(texts.str.slice(0, LONGEST), BREAKS, _as_commas)
    letters = change_where(start, CODED, read_codes)
    once = change_where(letters, "[ÃÂ]", mend_mojibake)
    mended = change_where(once, "[ÃÂ]", mend_mojibake)  # some are garbled twice
    mended = change_where(mended, IN_OTHER_CODE, mend_other_code)
    folded = change_where(fold_all(mended), _ODD_POSTCODE, _with_plain_postcodes)
    folded = change_where(folded, r"\?", mend_lost_words)
    folded = change_where(folded, _LONG_LABEL, _with_short_labels)
    frame = pl.DataFrame({"text": texts, "start": start, "letters": letters, "mended": mended})
    return frame.with_row_index("of").select(
        "of",
        slip=pl.lit(0, pl.Int64),
        folded=folded,
        reasons=flag(pl.col("mended") != pl.col("letters"), Reason.MOJIBAKE_MENDED)
        | flag(pl.col("letters") != pl.col("start"), Reason.HTML_READ)
        | flag(pl.col("text").str.len_chars() > LONGEST, Reason.NOTE_IGNORED),
    )


def _with_plain_postcodes(folded: pl.Series) -> pl.Series:
    """`2400valby`, `24 00 valby`, `2400 2400 valby`, `02400` as `2400 valby`, `2400`."""
    plain = []
    for text in folded.to_list():
        text = _TWICE.sub(r"\1", _FILLED_UP.sub(r"\1\2", _GLUED_POSTCODE.sub(r"\1 ", text)))
        if not re.search(r"\d{4}", text):
            text = _SPLIT_POSTCODE.sub(r"\1\2\3\4\5", text)
        plain.append(text)
    return pl.Series(plain, dtype=pl.String)


def _with_short_labels(folded: pl.Series) -> pl.Series:
    return folded.str.replace(_LONG_LABEL, "adresse: ")


def _as_commas(texts: pl.Series) -> pl.Series:
    return texts.str.replace_all(BREAKS, ", ").str.strip_chars(" ,")


def _arrange(frame: pl.DataFrame, names: Names) -> pl.DataFrame:
    """The texts that are read clause by clause: PARTS, their `turn`, and whether it is the `only`.

    See `clauses.arrange`.
    """
    folded = frame["folded"]
    odd = reduce(or_, [contain(folded, hint) for hint in CLAUSE_HINTS])
    odd |= contain(folded, abroad_at_an_end())
    odd &= ~(contain(folded, _NO_HOME) & ~contain(folded, _HAD_NO_HOME))
    if names.numbered:
        odd |= folded.str.contains_any(names.numbered) | contain(folded, NUMBERED)
    rows: list[tuple[object, ...]] = []
    for of, text, reasons in frame.filter(odd).select("of", "folded", "reasons").iter_rows():
        made = arrange(text, names.is_street, names.is_district)
        others = [made] if made is not None else []
        if names.numbered and (made is None or not made.first):
            others += arrange_numbered(text, names.is_street, names.is_district)
        for each in others:
            turn = 0 if each.first else _LAST_TURN
            rows.append((turn, each.only, of, *_parts_of(each, reasons)))
    schema = {"turn": pl.UInt32, "only": pl.Boolean, **PARTS}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def abroad_at_an_end() -> str:
    """A place in another country as the first clause or word, or the last: `sverige, vej 4`."""
    names = "|".join(sorted(names_abroad()))
    more = r"(?:,? (?:[a-z]{1,2}|[a-z]{0,2}[0-9][0-9a-z]*|kommune?|laen|city)){0,2}"
    return rf"^(?:(?:[a-z]+ )?(?:i|til) )?(?:{names})(?:[ ,;:-]|$)|[ ,(-](?:{names}){more}[ ).,]*$"


def _readings(frame: pl.DataFrame) -> pl.DataFrame:
    """Each text as it stands and in other ways, with the `turn` in which they are tried."""
    folded = frame["folded"]
    few = contain(folded, _UNUSUAL) | ~contain(folded, "[a-z]")
    usual, unusual = frame.filter(~few), frame.filter(few)
    again = reparsed(unusual).join(unusual.select("of", "reasons"), on="of", maintain_order="left")
    readings = pl.concat([usual, _own(pl.concat([unusual, again.select(frame.columns)]))])
    return readings.with_row_index("turn", 1)


def _own(readings: pl.DataFrame) -> pl.DataFrame:
    """`readings` without what is no part of an address; blank where they can be none."""
    frame = readings.with_columns(unmasked=_without_mask(pl.col("folded")))
    frame = frame.with_columns(
        unscanned=change_where(frame["unmasked"], _SCANNED, _letters_as_digits)
    )
    told = change_where(frame["unscanned"], "beskyt|hemmelig", _without_protection)
    frame = frame.with_columns(told=told, own=told.str.replace(_CARE_OF, ""))
    unmasked, unscanned = pl.col("unmasked"), pl.col("unscanned")
    shorter = (unmasked != pl.col("folded")) | (pl.col("own") != unscanned)
    frame = frame.with_columns(
        hopeless=flag(~unscanned.str.contains("[a-z]"), Reason.NO_TEXT)
        | flag(
            pl.col("told").str.contains(_NO_ADDRESS) & ~unscanned.str.contains(_HAD_NO_HOME),
            Reason.NO_FIXED_ADDRESS,
        )
        | flag(unscanned.str.contains(_PO_BOX), Reason.PO_BOX),
        left_out=flag(unscanned != unmasked, Reason.HOUSE_NUMBER_SPELLING)
        | flag(shorter, Reason.NOTE_IGNORED),
    )
    return frame.select(
        "of",
        "slip",
        folded=pl.when(pl.col("hopeless") != 0).then(pl.lit("")).otherwise("own"),
        reasons=pl.col("reasons") | pl.col("left_out") | pl.col("hopeless"),
    )


def _without_protection(folded: pl.Series) -> pl.Series:
    """`ravnevej 4 (adressebeskyttet)` has an address; `beskyttet adresse` alone tells of none."""
    told = folded.str.replace_all(_PROTECTED, ", ").str.strip_chars(" ,")
    return told.zip_with(told.str.contains(r"[a-z]{3}.* \d"), folded)


def _letters_as_digits(folded: pl.Series) -> pl.Series:
    """`istedgade l2` and `istedgade 1o1`: letters before a digit, as a scanner reads digits."""

    def as_digits(found: re.Match[str]) -> str:
        return found[0].translate(_DIGITS) if re.search(r"[0-9]", found[0]) else found[0]

    read = [re.sub(_SCANNED, as_digits, text) for text in folded.to_list()]
    return pl.Series(read, dtype=pl.String)


def _without_mask(folded: pl.Expr) -> pl.Expr:
    """Without masked person numbers, and without the name that one in front belongs to."""
    without_person = folded.str.replace(_CARE_OF_A_NUMBER, "$1")
    without = without_person.str.replace_all(rf"[ ,]*{_NUMBER_OF_A_PERSON}", " ")
    tidy = without.str.replace_all(r" +([ ,])", "$1").str.strip_chars(" ,.:;-")
    return pl.when(folded.str.contains(_MASKED)).then(tidy).otherwise(folded)


def _cut(frame: pl.DataFrame) -> pl.DataFrame:
    """Cut each folded text at its house number: `head`, `digits`, and the `rest` behind them.

    The last two are null where there is no house number.
    """
    folded, last, found = pl.col("folded").cast(pl.Binary), pl.col("last"), pl.col("found")
    # `find` tells of bytes. It finds the last letter before the number.
    frame = frame.with_columns(last=pl.col("folded").str.find(_NUMBER))
    frame = frame.with_columns(found=folded.bin.slice(last + 1).cast(pl.String))
    dotted = found.str.contains(r"^['.?]")
    frame = frame.with_columns(
        head=folded.bin.slice(0, last + 1 + dotted).cast(pl.String).str.strip_chars(" ,"),
        found=found.str.strip_chars_start(" .'?"),
    )
    rest = found.str.strip_chars_start("0123456789")
    digits = found.str.head(found.str.len_bytes() - rest.str.len_bytes())
    # `stormgade 3. sal` has a floor, and no house number.
    a_number = ~rest.str.contains(_FLOOR_NOT_NUMBER) | rest.str.contains(_FLOOR_BEHIND_ITS_WORD)
    return frame.with_columns(digits=pl.when(a_number).then(digits), rest=rest).drop(
        "last", "found"
    )


def _with_number(cut: pl.DataFrame) -> pl.DataFrame:
    """The parts of texts with a house number. Each different rest is read once."""
    has_range = pl.col("rest").str.contains("[-/]")
    cut = cut.with_columns(first=pl.when(has_range).then("digits").otherwise(pl.lit("")))
    by = ["first", "rest"]
    read = _read_rests(cut.select(by).unique(maintain_order=True))
    parts = cut.join(read, on=by, suffix="_of_rest")
    return parts.with_columns(
        number=pl.col("digits").str.strip_chars_start("0") + pl.col("letter"),
        reasons=pl.col("reasons") | pl.col("reasons_of_rest"),
    )


def _read_rests(rests: pl.DataFrame) -> pl.DataFrame:
    """What follows the digits of a house number, `rest`, in its parts."""
    frame = rests.with_columns(
        pl.col("rest").str.extract_groups(f"^{_LETTER_AND_RANGE}").alias("cut")
    ).unnest("cut")
    # `15/b`: the letter of the house, and no range.
    joined = pl.col("range").str.extract("^ ?[-/] ?([a-z])$")
    frame = frame.with_columns(
        letter=pl.coalesce("letter", joined),
        range=pl.when(pl.col("letter").is_not_null() | joined.is_null()).then("range"),
    )
    letter, tail = pl.col("letter").fill_null(""), pl.col("tail").fill_null("")
    # `4 v/ mor`, `4 k. th`: a letter with a dot or stroke after it is not of the house number.
    care_of = pl.col("rest").str.contains(_CARE_OF_FOLLOWS)
    # But `4 b. 2. tv` has one: the unit stands behind it.
    of_the_house = tail.str.contains(_DOT_AND_UNIT) & ~letter.is_in(list(_LETTERS_OF_UNITS))
    dotted = tail.str.contains(r"^[./]") & ~of_the_house & pl.col("range").is_null()
    frame = frame.with_columns(
        letter=pl.when(care_of | dotted).then(pl.lit("")).otherwise(letter),
        range=pl.when(~care_of).then("range"),
        tail=pl.when(care_of).then("rest").when(dotted).then(letter + tail).otherwise(tail),
    )
    # `4 - 2. tv` is no range of houses but house 4 and a unit.
    # `8-4, 2. tv` and `4a-4b` are.
    other = pl.col("range").str.extract(r"([0-9]+)").cast(pl.Int64)
    first = pl.col("first").cast(pl.Int64, strict=False)
    same = (other == first) & ((letter != "") | pl.col("range").str.contains("[a-z]"))
    lower = other.le(first) & ~same & ~tail.str.contains(_A_UNIT_APART)
    unit = lower | tail.str.contains(_A_UNIT_FOLLOWS)
    is_unit = pl.col("range").is_not_null() & unit.fill_null(False)
    frame = frame.with_columns(
        tail=pl.when(is_unit).then(pl.col("range") + pl.col("tail")).otherwise("tail"),
        range=pl.when(is_unit).then(None).otherwise("range"),
    )
    frame = frame.with_columns(pl.col("tail").str.extract_groups(_POSTCODE).alias("cut")).unnest(
        "cut"
    )
    has_postcode = pl.col("postcode").is_not_null()
    unit_text = pl.when(has_postcode).then("unit_text").otherwise("tail").fill_null("")
    district, noted = _without_note(pl.col("district").fill_null(""))
    cut = district.str.extract_groups(_DISTRICT_AND_UNIT)
    behind = pl.when(unit_text == "").then(cut.struct.field("unit")).otherwise(None)
    return _read_units(
        frame.select(
            "first",
            "rest",
            pl.col("letter").str.to_uppercase(),
            unit_text=pl.coalesce(behind, unit_text),
            district=pl.when(behind.is_null()).then(district).otherwise(cut.struct.field("place")),
            postcode=pl.col("postcode").fill_null(""),
            reasons=noted
            | flag(behind.is_not_null(), Reason.REORDERED)
            | flag(pl.col("range").is_not_null(), Reason.HOUSE_NUMBER_RANGE),
        )
    )


def _read_units(frame: pl.DataFrame) -> pl.DataFrame:
    """Read each distinct unit text; without a postcode, what follows the unit is the district."""
    distinct = frame["unit_text"].unique()
    units = pl.DataFrame(
        [read_unit(text) for text in distinct],
        schema={"floor": pl.String, "door": pl.String, "between": pl.String, "note": pl.Boolean},
        orient="row",
    ).with_columns(distinct.alias("unit_text"))
    frame = frame.join(units, on="unit_text")
    as_district = (pl.col("postcode") == "") & (pl.col("between") != "")
    return frame.with_columns(
        district=pl.when(as_district).then("between").otherwise("district"),
        between=pl.when(as_district).then(pl.lit("")).otherwise("between"),
        reasons=pl.col("reasons") | flag("note", Reason.NOTE_IGNORED),
    )


def _without_number(cut: pl.DataFrame) -> pl.DataFrame:
    """The parts of texts in which no house number was found."""
    folded = pl.col("folded")
    head = folded.str.extract(_NO_NUMBER).fill_null("").str.strip_chars(" ,")
    code = folded.str.extract(r"(?:^|[ ,.;-])([0-9]{4})(?:[ ,.;-]|$)")
    place = folded.str.extract(r"(?:^|[ ,.;-])[0-9]{4}[ ,.;-](.*)$")
    district, noted = _without_note(place.fill_null(""))
    no_number = flag(head != "", Reason.NO_HOUSE_NUMBER)
    return cut.with_columns(
        head=head,
        postcode=code.fill_null(""),
        district=district,
        reasons=pl.col("reasons") | no_number | noted,
        **dict.fromkeys(("number", "floor", "door", "between"), pl.lit("")),
    )


def _without_note(district: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """`district` without a note in it, and the reason that it had one."""
    without = district.str.replace(NOTE.pattern, "")
    return without.str.strip_chars(" .,;-"), flag(without != district, Reason.NOTE_IGNORED)
