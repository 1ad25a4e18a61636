"""Street as written -> streets of the register, by exact key, loose key, then distance.

    heads --read--> streets as written --by key--> candidates
                      those without one --by distance--> candidates, in doubt or not

Works on distinct (head, postcode, district) only: cost follows the number of different
misspellings, not the number of rows. Only odd heads are taken one by one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property, lru_cache
from typing import NamedTuple

import polars as pl
from rapidfuzz.distance import OSA

from kvarter.addresses.districts import Districts
from kvarter.addresses.fold import contain, exact_key, exact_keys, fold_all, loose_key, loose_keys
from kvarter.addresses.places import place
from kvarter.addresses.read import Names
from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.spelling import ENDINGS, Scope, Spelling, has_ending, without_article
from kvarter.addresses.street_text import SAID, HeadReader


class Street(NamedTuple):
    """A street name in one postcode of the register; its place in the list is its id."""

    name: str
    postcode: str


EXACT, LOOSE, SHORT, ELSEWHERE, FUZZY, DOUBTFUL = 0, 1, 2, 3, 10, 100
"""Tiers of candidates: lower ones are better, and rule out those above."""
FAR = 50
"""Of names with one error more than is allowed."""
_ONE_MORE = 1

ASKED = ["head", "postcode", "district"]
READ = ["street", "street_postcode", "street_district", "head_floor", "head_door", "head_reasons"]
CANDIDATE = {"asked": pl.UInt32, "street_id": pl.UInt32, "tier": pl.Int64, "why": pl.Int64}

_WORD = re.compile(r"[a-z0-9]+")
_LOST = "?"
_MOST_LEFT_OUT = 2
"""Words at the beginning of a name that may be left out: a title, a first name."""
_LONGEST_ABBREVIATION = 4

_FEWEST_LETTERS, _LAST_LETTERS, _LAST_WORD = 5, 4, 9
"""Letters that a name cut short has at least, and how many can be missing at its end: of a word, or
a whole last one."""

_AND_A_SHORT_WORD = r"[a-z]{4} (?:ca|cirka|kl|ml|mlm|mod|nr|fra|til|ved|bag|om|i|en|to|d|den)\.?$"
_A_SHORT_WORD_FIRST = r"^(?:vej|hus|gade|re|til|lejl?|bor|fra)\.? [a-z]"
_FEWEST_OF_A_PIECE = 3
_VOWELS = re.compile(r"(?<!^)[aeiouy]")

_WRITTEN = ["asked", "street", "street_postcode", "street_district"]


class Streets:
    """The streets of a register, ready to be found."""

    def __init__(self, streets: pl.DataFrame, districts: Districts) -> None:
        """`streets`: `street_id, street_name, postal_street_name, postcode`, ids from 0 on.

        A street with several postal names has a row for each.
        """
        self.districts = districts
        listed = streets.sort("street_id").unique("street_id", keep="first", maintain_order=True)
        self.names = [Street(*row) for row in listed.select("street_name", "postcode").iter_rows()]
        of = streets.select(pl.col("street_id").cast(pl.UInt32), "postcode")
        spelt = pl.concat(
            of.with_columns(name=fold_all(streets[name]))
            for name in ("street_name", "postal_street_name")
        ).filter(pl.col("name") != "")
        spelt = spelt.with_columns(key=exact_keys(spelt["name"]), loose=loose_keys(spelt["name"]))
        ids = ["street_id", "postcode"]
        self._exact = spelt.select("key", *ids).unique(maintain_order=True)
        self._loose = spelt.select("loose", *ids).unique(maintain_order=True)
        self._spelling = Spelling(self._loose)
        bare = [without_article(key) for key in self._loose["loose"]]
        self._bare = self._loose.select(*ids, bare=pl.Series(bare, dtype=pl.String))
        self._bare = self._bare.filter(pl.col("bare") != "")
        self._in_order = sorted(self._loose.select("loose", *ids).iter_rows())
        keys = frozenset(self._exact["key"]), frozenset(self._loose["loose"])
        self._heads = HeadReader(*keys, lambda name: bool(districts.meant(name)))
        numbered = spelt.filter(pl.col("name").str.contains(r"\d"))["name"].unique().sort()
        self.known = Names(
            lru_cache(maxsize=100_000)(self._heads.is_street),
            lambda name: bool(districts.meant(name)) or place(name) is not None,
            numbered.to_list(),
        )
        self._by_initials: dict[str, set[tuple[tuple[str, ...], int]]] = defaultdict(set)
        for at, name in spelt.select("street_id", "name").iter_rows():
            words = tuple(_WORD.findall(name))
            for first in range(min(_MOST_LEFT_OUT + 1, len(words) - 1)):
                self._by_initials["".join(word[0] for word in words[first:])].add(
                    (words[first:], at)
                )

    def find(self, asked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What each head says, and the streets it can mean.

        `asked`: distinct rows in the columns of ASKED. Returns them with a number, `asked`, and the
        columns of READ; and the candidates in the columns of CANDIDATE.
        """
        asked = asked.with_row_index("asked")
        plain = self._rightly_spelt(asked)
        read = self._read(asked.join(plain, on="asked", how="anti", maintain_order="left"))
        written = _keyed(read.filter(pl.col("street") != "").select(_WRITTEN))
        spelt = self._by_key(written)
        known = spelt.filter(pl.col("tier") < FUZZY)
        unknown = written.join(known, on="asked", how="anti", maintain_order="left")
        sought, scopes = self._with_scope(unknown)
        near = self._near(sought, scopes)
        left = sought.join(near, on="asked", how="anti", maintain_order="left")
        near = pl.concat([near, self._near(left, scopes, _ONE_MORE)])
        noted = self._after_a_note(sought.join(near, on="asked", how="anti"))
        noted = noted.join(spelt, on=["asked", "street_id"], how="anti")
        said = asked.join(
            read.select("asked", *READ), on="asked", how="left", maintain_order="left"
        )
        return said.with_columns(
            pl.col("street").fill_null(pl.col("head")),
            pl.col("street_postcode").fill_null(pl.col("postcode")),
            pl.col("street_district").fill_null(pl.col("district")),
            pl.col("head_floor", "head_door").fill_null(""),
            pl.col("head_reasons").fill_null(0),
        ), pl.concat([plain, spelt, near, noted])

    def _rightly_spelt(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Candidates for the heads that are a street of their postcode as it is written."""
        keyed = asked.with_columns(key=exact_keys(asked["head"]))
        found = self._fits(keyed.join(self._exact, on=["key", "postcode"]), "district", "postcode")
        agree = pl.col("fit") & bits(Reason.DISTRICT_DIFFERS) == 0
        return _candidates(found.filter(agree), pl.lit(EXACT), pl.col("fit"))

    def _fits(self, rows: pl.DataFrame, district: str, postcode: str) -> pl.DataFrame:
        """`rows` with `fit`: the reasons that the district beside the postcode adds."""
        if rows.is_empty():
            return rows.with_columns(fit=pl.lit(0, pl.Int64))
        pairs = rows.select(district, postcode).unique()
        fits = [self.districts.fit(*pair) for pair in pairs.iter_rows()]
        pairs = pairs.with_columns(pl.Series("fit", fits, dtype=pl.Int64))
        return rows.join(pairs, on=[district, postcode], maintain_order="left")

    def _read(self, asked: pl.DataFrame) -> pl.DataFrame:
        """`asked` and READ. A postcode in the head counts where none stands behind the number."""
        heads = asked["head"].unique(maintain_order=True)
        both = asked.join(self._heads.read(heads), on="head", how="left", maintain_order="left")
        both = both.with_columns(pl.col(name).fill_null("") for name in list(SAID)[1:-1])
        own = (pl.col("said_postcode") != "") & (pl.col("postcode") == "")
        own_district = own | (pl.col("district") == "")
        return both.with_columns(
            pl.coalesce("street", "head").alias("street"),
            pl.col("head_reasons").fill_null(0),
            street_postcode=pl.when(own).then("said_postcode").otherwise("postcode"),
            street_district=pl.when(own_district).then("said_district").otherwise("district"),
        )

    def _by_key(self, written: pl.DataFrame) -> pl.DataFrame:
        """Candidates that are spelt, abbreviated or cut short like what is written.

        `written`: rows in the columns of _WRITTEN, with keys. Where its postcode has such a street
        and the district agrees, it is that one.
        """
        named = self._fits(self._spelt(written), "street_district", "street_postcode")
        here = pl.col("at") == pl.col("street_postcode")
        agrees = here & (pl.col("fit") & bits(Reason.DISTRICT_DIFFERS) == 0)
        named = named.with_columns(
            sure=agrees.any().over("asked"),
            best=pl.col("tier").filter(here).min().over("asked"),
        )
        found = _candidates(named.filter(here), pl.col("tier"), pl.col("how") | pl.col("fit"))
        away = self._elsewhere(named.filter(~here & ~pl.col("sure")))
        # Where postcode and district disagree, and both have the street, it can be either.
        either = pl.col("best").is_not_null()
        away = away.filter(~either | (pl.col("further") < FUZZY))
        tier = pl.when(either).then("best").otherwise("further")
        return pl.concat([found, _candidates(away, tier, pl.col("why"))])

    def _spelt(self, written: pl.DataFrame) -> pl.DataFrame:
        """`written` and the streets anywhere with such a name: `street_id, at, tier, how`."""
        exact = written.join(self._exact, on="key")
        loose = written.join(self._loose, on="loose")
        loose = loose.join(exact, on=["asked", "street_id"], how="anti")
        named = pl.concat([exact, loose], how="diagonal")
        unknown = written.join(named, on="asked", how="anti")
        here = pl.col("postcode") == pl.col("street_postcode")
        bare = written.join(named.filter(here), on="asked", how="anti")
        keys = pl.Series("bare", map(without_article, bare["loose"]), dtype=pl.String)
        bare = bare.with_columns(keys).join(self._bare, on="bare")
        bare = bare.filter(here | ~pl.col("asked").is_in(named["asked"].implode()))
        parts = self._by_parts(unknown)
        abbreviated, misspelt = bits(Reason.STREET_ABBREVIATED), bits(Reason.STREET_SPELLING)
        return pl.concat(
            part.select(
                *_WRITTEN, "street_id",
                at="postcode", tier=pl.lit(tier, pl.Int64), how=pl.lit(how, pl.Int64),
            )
            for part, tier, how in (
                (exact, EXACT, 0), (loose, LOOSE, abbreviated),
                (parts.filter("short"), SHORT, abbreviated),
                (parts.filter(~pl.col("short")), SHORT, misspelt), (bare, SHORT, misspelt),
            )
        )  # fmt: skip

    def _by_parts(self, unknown: pl.DataFrame) -> pl.DataFrame:
        """`unknown` and the streets of whose names parts are written.

        `short`: where they are abbreviated; others have lost letters. Names by their beginning or
        their pieces are taken where none is abbreviated so.
        """
        street, key = pl.col("street"), pl.col("loose")
        has_place = (pl.col("street_postcode") != "") | (pl.col("street_district") != "")
        written = unknown.select(street, key, placed=has_place).unique(maintain_order=True)
        rows: list[tuple[str, bool, int, str, bool]] = []
        for name, loose, placed in written.iter_rows():
            found = self._shortened(name)
            found = found or (self._by_pieces(name) if placed else [])
            found = found or self._cut_short(name, loose)
            rows += [(name, placed, *ids, True) for ids in dict.fromkeys(found)]
            rows += [(name, placed, *ids, False) for ids in self._with_lost_letters(name)]
        schema = {
            "street": pl.String, "placed": pl.Boolean,
            "street_id": pl.UInt32, "postcode": pl.String, "short": pl.Boolean,
        }  # fmt: skip
        named = pl.DataFrame(rows, schema=schema, orient="row")
        return unknown.with_columns(placed=has_place).join(named, on=["street", "placed"])

    def _shortened(self, street: str) -> list[tuple[int, str]]:
        """Names whose words begin as those written: `Thy. Holms Vej`, `Charl. Amm. Pl.`.

        The first words may be left out, such as a title, where two are left.
        """
        words = _WORD.findall(street)
        if len(words) < 2 or sum(map(len, words)) < _FEWEST_LETTERS:
            return []
        named = self._by_initials.get("".join(word[0] for word in words), ())
        return [
            (at, self.names[at].postcode)
            for own, at in sorted(named)
            if all(map(_shortens, words, own))
        ]

    def _by_pieces(self, street: str) -> list[tuple[int, str]]:
        """Names of which a beginning and the ending are written, or the consonants.

        `blegd.vej`, `fr.sunds.vej`, `msdlvej`.
        """
        first, *more = _WORD.findall(street) or [""]
        if more and "." in street and len(first) >= _FEWEST_OF_A_PIECE:
            *middle, last = more
            ending = loose_key(f"{first} {last}").removeprefix(first)
            like = re.compile(f"{first}.*{'.*'.join([*middle, ending])}")
            named = self._beginning_with(first) if ending in ENDINGS else []
            return [(at, postcode) for name, at, postcode in named if like.fullmatch(name)]
        if not more and len(_VOWELS.split(first)[0]) > _FEWEST_OF_A_PIECE:
            return self._skeletons.get(_skeleton(first), [])
        return []

    def _beginning_with(self, key: str) -> list[tuple[str, int, str]]:
        """The loose keys that begin so, each with its street and postcode."""
        start = bisect_left(self._in_order, (key,))
        end = bisect_left(self._in_order, (f"{key}\x7f",))
        return self._in_order[start:end]

    @cached_property
    def _skeletons(self) -> dict[str, list[tuple[int, str]]]:
        """The streets by the consonants of their loose keys."""
        found = defaultdict(list)
        for key, at, postcode in self._in_order:
            found[_skeleton(key)].append((at, postcode))
        return found

    def _with_lost_letters(self, street: str) -> list[tuple[int, str]]:
        """Names that are written so with other letters where a sign stands for a lost one."""
        parts = [exact_key(part) for part in street.split(_LOST)]
        if len(parts) == 1 or sum(map(len, parts)) < _FEWEST_LETTERS - 1:
            return []
        like = "^" + "(?:ae|oe|aa|[a-z])?".join(parts) + "$"
        names = self._loose.filter(pl.col("loose").str.contains(like))
        return list(names.select("street_id", "postcode").iter_rows())

    def _cut_short(self, street: str, key: str) -> list[tuple[int, str]]:
        """Names that begin with what is written: without their last word, or its last letters.

        `istedg`, `charlotte ammundsens`, `charlotte ammundsen` (an old system has room for twenty
        letters). What ends as streets do is no part of a name, and a quarter of a city is none.
        """
        if len(key) < _FEWEST_LETTERS or has_ending(key) or place(street) is not None:
            return []
        most = _LAST_WORD if " " in street.strip() else _LAST_LETTERS
        named = self._beginning_with(key)
        return [(at, postcode) for name, at, postcode in named if len(name) - len(key) <= most]

    def _elsewhere(self, named: pl.DataFrame) -> pl.DataFrame:
        """`named`, all in another postcode than the one written, if any: `further` tier, `why`."""
        place = ["street_postcode", "street_district", "at"]
        places = named.select(place).unique()
        rows = [
            (*row, *found)
            for row in places.iter_rows()
            if (found := self._other_place(*row)) is not None
        ]
        schema = dict.fromkeys(place, pl.String) | {"steps": pl.Int64, "there": pl.Int64}
        away = named.join(pl.DataFrame(rows, schema=schema, orient="row"), on=place)
        steps = pl.col("steps")
        return away.with_columns(
            further=pl.when(steps == DOUBTFUL).then(steps).otherwise(steps + pl.col("tier")),
            why=pl.col("how") | pl.col("there"),
        )

    def _other_place(self, postcode: str, district: str, at: str) -> tuple[int, int] | None:
        """How many tiers worse a street in postcode `at` is, and why; or DOUBTFUL, and why.

        None where both postcode and district are of a place that the register does not cover.
        """
        same_district = at in self.districts.meant(district)
        if not postcode:
            if district and not same_district and place(district) is not None:
                return DOUBTFUL, bits(Reason.OTHER_POSTCODE)
            fit = self.districts.fit(district, at)
            if fit == bits(Reason.DISTRICT_DIFFERS):
                fit = bits(Reason.NOTE_IGNORED)
            steps = ELSEWHERE if same_district or not district else 2 * ELSEWHERE
            return steps, bits(Reason.POSTCODE_MISSING) | fit
        slip = OSA.distance(postcode, at) == 1
        unknown = postcode not in self.districts.of
        if same_district or (slip and unknown and not district):
            return ELSEWHERE, bits(Reason.POSTCODE_DIFFERS)
        return None if unknown else (DOUBTFUL, bits(Reason.OTHER_POSTCODE))

    def _with_scope(self, unknown: pl.DataFrame) -> tuple[pl.DataFrame, list[Scope]]:
        """The rows with the number of the `scope` to look for a misspelt street in; the scopes."""
        place = ["street_postcode", "street_district"]
        places = unknown.select(place).unique(maintain_order=True)
        numbers: dict[Scope, int] = {}
        found = [self._scope(*row) for row in places.iter_rows()]
        at = [
            None if scope == frozenset() else numbers.setdefault(scope, len(numbers))
            for scope in found
        ]
        places = places.with_columns(pl.Series("scope", at, dtype=pl.UInt32)).drop_nulls()
        return unknown.join(places, on=place, maintain_order="left"), list(numbers)

    def _scope(self, postcode: str, district: str) -> Scope:
        """Blank where it is of a place that the register does not cover."""
        if postcode in self.districts.of:
            return frozenset({postcode})
        meant = self.districts.meant(district)
        if meant:
            return meant
        return None if not postcode and not district else frozenset()

    def _near(self, sought: pl.DataFrame, scopes: list[Scope], more: int = 0) -> pl.DataFrame:
        """Candidates that differ by typing errors from what is written, each in its scope.

        `more`: errors beyond those that are allowed; such a candidate is in doubt.
        """
        # `istedgade ca.` is no slip: a word of its own is more than a letter.
        sought = sought.filter(~pl.col("street").str.contains(_AND_A_SHORT_WORD))
        # Nor is `hus istedgade`, where there is an Istedgade.
        short = contain(sought["street"], _A_SHORT_WORD_FIRST)
        labelled = [
            bool(self._heads.after_unknown_words(name)) for name in sought["street"].filter(short)
        ]
        sought = sought.filter(~short.scatter(short.arg_true(), labelled))
        if sought.is_empty():
            return pl.DataFrame(schema=CANDIDATE)
        by = ["loose", "scope"]
        near = sought.join(self._spelling.near(sought.select(by), scopes, more), on=by)
        near = self._fits(near, "street_district", "at")
        postcode = pl.col("street_postcode")
        why = (
            pl.when(postcode == "")
            .then(bits(Reason.POSTCODE_MISSING))
            .when(postcode != pl.col("at"))
            .then(bits(Reason.POSTCODE_DIFFERS))
            .otherwise(0)
            | pl.when(pl.col("in_doubt") | bool(more))
            .then(bits(Reason.STREET_IN_DOUBT))
            .otherwise(0)
            | bits(Reason.STREET_SPELLING)
            | pl.col("fit")
        )
        best = pl.lit(FUZZY)
        if more:
            best = pl.when(pl.col("in_doubt") | pl.col("own")).then(DOUBTFUL).otherwise(FAR)
        tier = pl.when("nearest").then(best).otherwise(DOUBTFUL) + pl.col("errors")
        return _candidates(near, tier, why)

    def _after_a_note(self, unknown: pl.DataFrame) -> pl.DataFrame:
        """Candidates for the street that stands after words that are none of its name."""
        several = unknown.filter(pl.col("street").str.contains(" ", literal=True))
        streets = several["street"].unique(maintain_order=True)
        after = [self._heads.after_unknown_words(street) for street in streets]
        known = pl.DataFrame({"street": streets, "after": pl.Series(after, dtype=pl.String)})
        known = known.filter(pl.col("after") != "")
        if known.is_empty():
            return pl.DataFrame(schema=CANDIDATE)
        noted = several.join(known, on="street").select(
            "asked", "street_postcode", "street_district", street="after"
        )
        found = self._by_key(_keyed(noted))
        return found.with_columns(why=pl.col("why") | bits(Reason.NOTE_IGNORED))


def _skeleton(key: str) -> str:
    """A key without its vowels, but for the first letter."""
    return _VOWELS.sub("", key)


def _shortens(written: str, word: str) -> bool:
    """Whether a word is abbreviated so: by its beginning, or by some of its letters (`blvd`)."""
    if word.startswith(written) or loose_key(f"{written} x") == loose_key(f"{word} x"):
        return True
    letters = iter(word)
    return 1 < len(written) <= _LONGEST_ABBREVIATION and all(one in letters for one in written)


def numbered(names: pl.DataFrame) -> pl.DataFrame:
    """`street_id, street_name, postal_street_name, postcode`: an id for each name in a postcode."""
    spelt = names.select("street_name", "postcode", "postal_street_name").unique().sort(pl.all())
    ids = spelt.select("street_name", "postcode").unique(maintain_order=True)
    ids = ids.with_row_index("street_id")
    return spelt.join(ids, on=["street_name", "postcode"], maintain_order="left")


def _keyed(written: pl.DataFrame) -> pl.DataFrame:
    """`written` with the keys of its `street`."""
    streets = written["street"]
    return written.with_columns(key=exact_keys(streets), loose=loose_keys(streets))


def _candidates(rows: pl.DataFrame, tier: pl.Expr, why: pl.Expr) -> pl.DataFrame:
    values = {"asked": pl.col("asked"), "street_id": pl.col("street_id"), "tier": tier, "why": why}
    return rows.select(value.cast(CANDIDATE[name]).alias(name) for name, value in values.items())
