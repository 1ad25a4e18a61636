"""What stands before the house number: usually the street, at times more or in another order."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import polars as pl
from rapidfuzz.distance import OSA

from kvarter.addresses.fold import change_where, exact_key, exact_keys, loose_key, loose_keys
from kvarter.addresses.reasons import Reason, bits, flag
from kvarter.addresses.units import NOTE, read_unit


class Head(NamedTuple):
    """A head in its parts, folded; what is not there is blank."""

    street: str
    said_postcode: str = ""
    said_district: str = ""
    head_floor: str = ""
    head_door: str = ""
    head_reasons: int = 0


SAID = dict.fromkeys(Head._fields, pl.String) | {"head_reasons": pl.Int64}
"""The columns of a Head."""
_NOTHING_SAID = pl.DataFrame(schema={"head": pl.String, **SAID})

_POSTCODE = re.compile(r"(?:^|[ ,.])(?:dk ?-? ?)?(\d{4})(?:[ ,.-]|$)")
_LEAD_AND_STREET = r"^(?:(?P<lead>.*),)?(?P<last>[^,]*)$"
_ANY_STREET = "_"
_NUMBER_WORD = (
    r"(?:[ ,.]+(?:i[ .]+)?(?:nr|no|num|husnr|husnummer|hus|nummer|opgang|opg|indgang)\.?)+$"
)
_LEAD_WORDS = (
    r"^(?:adr(?:esse)?n?|bopael|(?:folkereg\.?|ophold\w*|bopaels?|post|folkeregister)-?adr(?:esse)?"
    r"|(?:bor )?(?:nu|stadig|fortsat)(?: paa| i)?|bor(?: paa)?"
    r"|[a-z]\)|p\.?t|address|boende|re|gade|rekvisitus|skyldner|debitor|lejer|borger|hr|fru|fr|frk|bolig(?:en)?|lejlighed(?:en)?|lejl|dk|danmark|denmark|nuvaerende"
    r"|vedr(?:oerende)?|ang(?:aaende)?|lejemaal(?:et)?|ejd|ejendom(?:men)?|er|sted"
    r"|beboer(?:en)? paa|c/o|att|v/|hos)(?:[.: ]+|$)"
)
_NAME_WORDS = """
    gammel gamle store lille noerre nordre soender soendre oester oestre vester vestre oevre nedre
    indre ydre sankt kong dronning prins prinsesse doktor professor
""".split()
_PART_OF_A_NAME = re.compile(r"gl|gml|nye?|st|ll|nr|ndr|sdr|skt|sct|grev|dr|prof|[a-z]|.*s")


class HeadReader:
    """Finds the street in folded heads."""

    def __init__(
        self, exact: frozenset[str], loose: frozenset[str], is_district: Callable[[str], bool]
    ) -> None:
        """`exact`, `loose`: the keys of all streets. `is_district`: does the register have it?"""
        self._exact, self._loose, self._is_district = exact, loose, is_district

    def read(self, heads: pl.Series) -> pl.DataFrame:
        """`head`, and SAID, of those of the distinct `heads` that are more than a street.

        Null where nothing is said.
        """
        odd = heads.filter(~heads.str.contains(r"^\p{L}*$"))
        odd = odd.filter(~self._are_streets(odd))
        if odd.is_empty():
            return _NOTHING_SAID
        frame = pl.DataFrame({"head": odd, "words": odd.str.replace(_NUMBER_WORD, "")})
        parted = pl.col("words").str.contains(r"[\d,]")
        said = [self._read_words(frame.filter(~parted)), self._read_parted(frame.filter(parted))]
        return pl.concat(said, how="diagonal").select("head", *SAID)

    def is_street(self, written: str) -> bool:
        """Whether a street somewhere in the register is written so, or abbreviated so."""
        return exact_key(written) in self._exact or loose_key(written) in self._loose

    def _are_streets(self, written: pl.Series) -> pl.Series:
        """`is_street` of each."""
        keys = zip(exact_keys(written).to_list(), loose_keys(written).to_list(), strict=True)
        known = [exact in self._exact or loose in self._loose for exact, loose in keys]
        return pl.Series(known, dtype=pl.Boolean)

    def _read_words(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What heads say whose `words` have neither commas nor digits."""
        streets = self._without_lead(frame["words"])
        unknown = streets.filter(~self._are_streets(streets)).unique()
        reordered = [
            (street, district, rest)
            for street in unknown
            for district, rest in [self._street_at_the_end(street)]
            if district and self._is_district(district)
        ]
        schema = dict.fromkeys(("street", "said_district", "rest"), pl.String)
        found = pl.DataFrame(reordered, schema=schema, orient="row")
        said = frame.with_columns(street=streets).join(found, on="street", how="left")
        return said.select(
            "head",
            "said_district",
            street=pl.coalesce("rest", "street"),
            head_reasons=flag(pl.col("street") != pl.col("words"), Reason.NOTE_IGNORED)
            | flag(pl.col("rest").is_not_null(), Reason.REORDERED),
        )

    def _read_parted(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What heads say with commas or digits in their `words`.

        The same stands before many streets, and is read once: `2. tv, _`.
        """
        if frame.is_empty():
            return _NOTHING_SAID
        cut = pl.col("words").str.extract_groups(_LEAD_AND_STREET)
        frame = frame.with_columns(cut.alias("cut")).unnest("cut")
        apart = pl.col("lead").is_not_null() & ~pl.col("last").str.contains(r"\d")
        frame = frame.with_columns(
            last=pl.when(apart).then("last"),
            text=pl.when(apart).then(pl.col("lead") + f", {_ANY_STREET}").otherwise("words"),
        )
        texts = frame["text"].unique()
        read = [self._read_parts(text) for text in texts]
        said = pl.DataFrame(list(zip(*read, strict=True)), schema=SAID, orient="col")
        said = frame.join(said.with_columns(text=texts), on="text")
        street = pl.coalesce("last", "street").str.strip_chars(" .").str.replace(_NUMBER_WORD, "")
        said = said.with_columns(street=street)
        shorter = self._without_lead(said["street"])
        return said.with_columns(
            street=shorter,
            head_reasons=pl.col("head_reasons")
            | flag(pl.col("street") != shorter, Reason.NOTE_IGNORED),
        ).select("head", *SAID)

    def _read_parts(self, text: str) -> Head:
        """Units, districts and notes, with commas between, and the street as it stands there."""
        postcode, district, floor, door, reasons = "", "", "", "", 0
        if (found := _POSTCODE.search(text)) is not None:
            postcode, reasons = found[1], bits(Reason.REORDERED)
            before, after = text[: found.start()].strip(" ,."), text[found.end() :].strip(" ,.")
            if before and not after:  # a text without a house number: the street stands first
                return Head(before, postcode)
            named, comma, rest = after.partition(",")
            if text[found.end(1) :].lstrip().startswith(","):
                pass  # `2400, ravnevej 4`: no district
            elif comma:
                district, after = named, rest.strip()
            else:
                district, after = self._split_district(after)
            text = ", ".join(part for part in (before, after) if part)
        *parts, street = [part.strip(" .") for part in text.split(",")]
        for part in parts:
            unit = read_unit(part)
            if floor and not (door or unit.rest) and (behind := unit.door or unit.floor):
                door = behind  # `2. sal, tv, ravnevej 4`
            elif unit.floor and not unit.rest:
                floor, door, reasons = unit.floor, unit.door, reasons | bits(Reason.REORDERED)
            elif not postcode and self._is_district(part):
                district, reasons = part, reasons | bits(Reason.REORDERED)
            elif part:
                reasons |= bits(Reason.NOTE_IGNORED)
        return Head(street, postcode, NOTE.sub("", district), floor, door, reasons)

    def _split_district(self, after: str) -> tuple[str, str]:
        """Cut `koebenhavn nv rentemestervej` where the street begins."""
        district, street = self._street_at_the_end(after)
        if district:
            return district, street
        words = after.split()
        for count in range(min(3, len(words) - 1), 0, -1):
            if self._is_district(" ".join(words[:count])):
                return " ".join(words[:count]), " ".join(words[count:])
        return "", after

    def _street_at_the_end(self, text: str) -> tuple[str, str]:
        """The first words, and a street after them; two blanks where no street stands there."""
        words = text.split()
        for count in range(1, min(6, len(words))):
            street = " ".join(words[count:])
            if self.is_street(street):
                return " ".join(words[:count]), street
        return "", ""

    def _without_lead(self, streets: pl.Series) -> pl.Series:
        """Take words that are never part of a name from their beginning: `adresse: ravnevej`."""
        return change_where(streets, _LEAD_WORDS, self._after_lead)

    def _after_lead(self, streets: pl.Series) -> pl.Series:
        after = streets.str.replace(_LEAD_WORDS, "")
        stays = (after == "") | self._are_streets(streets)
        return streets.zip_with(stays, self._without_lead(after))

    def after_unknown_words(self, street: str) -> str:
        """The street at the end of `c/o jensen ravnevej`; blank where there is none.

        A word that can be part of a name stays: where there is no `nordre ravnevej` it is not
        `ravnevej`.
        """
        words = street.split()
        for count in range(1, min(4, len(words))):
            if _can_be_part_of_a_name(words[count - 1].strip(".,:")):
                return ""
            rest = " ".join(words[count:])
            if len(rest) > 5 and self.is_street(rest):
                return rest
        return ""


@lru_cache(maxsize=100_000)
def _can_be_part_of_a_name(word: str) -> bool:
    return _PART_OF_A_NAME.fullmatch(word) is not None or any(
        OSA.distance(word, part) <= 1 + (len(part) > 5) for part in _NAME_WORDS
    )
