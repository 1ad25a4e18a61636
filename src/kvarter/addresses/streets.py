"""Street as written -> streets of the register, by exact key, loose key, then distance.

Works on distinct (head, postcode, district) only: cost follows the number of different
misspellings, not the number of rows.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

import polars as pl
from rapidfuzz.distance import OSA

from kvarter.addresses.districts import Districts
from kvarter.addresses.fold import exact_key, fold_all, loose_key
from kvarter.addresses.heads import Head, read_head, without_unknown_lead
from kvarter.addresses.reasons import Reason, bits
from kvarter.addresses.spelling import Near, Spelling


class Street(NamedTuple):
    """A street name in one postcode of the register; its place in the list is its id."""

    name: str
    postcode: str


class Candidate(NamedTuple):
    """A street that a head can mean; lower tiers are better, and rule out those above."""

    street_id: int
    tier: int
    reasons: int


_NONE: frozenset[Any] = frozenset()

EXACT, LOOSE, SHORT, ELSEWHERE, FUZZY, DOUBTFUL = 0, 1, 2, 3, 10, 100

ASKED = {
    "head": pl.String,
    "postcode": pl.String,
    "district": pl.String,
}
READ = {
    "street": pl.String,
    "street_postcode": pl.String,
    "street_district": pl.String,
    "head_floor": pl.String,
    "head_door": pl.String,
    "head_reasons": pl.Int64,
}
CANDIDATE = {"asked": pl.UInt32, "street_id": pl.UInt32, "tier": pl.Int64, "why": pl.Int64}


class Streets:
    """The streets of a register, ready to be found."""

    def __init__(self, streets: pl.DataFrame, districts: Districts) -> None:
        """`streets`: `street_id, street_name, postal_street_name, postcode`, ids from 0 on.

        A street with several postal names has a row for each.
        """
        self.districts = districts
        listed = streets.sort("street_id").unique("street_id", keep="first", maintain_order=True)
        self.names = [Street(*row) for row in listed.select("street_name", "postcode").iter_rows()]
        self._exact: dict[str, set[int]] = defaultdict(set)
        self._loose: dict[str, set[int]] = defaultdict(set)
        self._after_first: dict[str, set[tuple[str, int]]] = defaultdict(set)
        folded = [fold_all(streets[name]) for name in ("street_name", "postal_street_name")]
        for street_id, *spellings in zip(streets["street_id"], *folded, strict=True):
            for spelling in set(spellings) - {""}:
                self._exact[exact_key(spelling)].add(street_id)
                self._loose[loose_key(spelling)].add(street_id)
            first, blank, rest = spellings[0].partition(" ")
            if blank:
                self._after_first[exact_key(rest)].add((exact_key(first), street_id))
        self._by_spelling = pl.DataFrame(
            [(key, self.names[at].postcode, at) for key, ids in self._exact.items() for at in ids],
            schema={"key": pl.String, "postcode": pl.String, "street_id": pl.UInt32},
            orient="row",
        )
        self._known: dict[str, list[Candidate]] = {}
        self._heads: dict[str, Head] = {}
        self._spelling = Spelling(self._loose, [street.postcode for street in self.names])

    def find(self, asked: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What each head says, and the streets it can mean.

        `asked`: distinct rows in the columns of ASKED. Returns them with a number, `asked`, and the
        columns of READ; and the candidates in the columns of CANDIDATE.
        """
        asked = asked.with_row_index("asked")
        plain = self._rightly_spelt(asked)
        rest = asked.join(plain, on="asked", how="anti", maintain_order="left")
        heads = [self._read(*row) for row in rest.select(*ASKED).iter_rows()]
        found: list[tuple[int, Candidate]] = []
        misspelt: dict[frozenset[str] | None, list[int]] = defaultdict(list)
        for at, head in enumerate(heads):
            candidates = self._by_key(head) if head.street else []
            found += [(at, candidate) for candidate in candidates]
            if head.street and not any(c.tier < FUZZY for c in candidates):
                scope = self._scope(head)
                if scope is None or scope:
                    misspelt[scope].append(at)
        for scope, places in misspelt.items():
            keys = [loose_key(heads[at].street) for at in places]
            for at, near in zip(places, self._spelling.near(keys, scope), strict=True):
                found += [(at, self._misspelt(heads[at], one)) for one in near]
                if not near:
                    found += [(at, candidate) for candidate in self._after_a_note(heads[at])]
        ids = rest["asked"].to_list()
        rows = [(ids[at], *candidate) for at, candidate in found]
        candidates_of = pl.concat([plain, pl.DataFrame(rows, schema=CANDIDATE, orient="row")])
        said = rest.select("asked").with_columns(pl.DataFrame(heads, schema=READ, orient="row"))
        read = asked.join(said, on="asked", how="left", maintain_order="left")
        return read.with_columns(
            pl.col("street").fill_null(pl.col("head")),
            pl.col("street_postcode").fill_null(pl.col("postcode")),
            pl.col("street_district").fill_null(pl.col("district")),
            pl.col("head_floor", "head_door").fill_null(""),
            pl.col("head_reasons").fill_null(0),
        ), candidates_of

    def _rightly_spelt(self, asked: pl.DataFrame) -> pl.DataFrame:
        """Candidates for the heads that are a street of their postcode as it is written."""
        pairs = asked.select("district", "postcode").unique(maintain_order=True)
        fits = [self.districts.fit(*pair) for pair in pairs.iter_rows()]
        pairs = pairs.with_columns(pl.Series("fit", fits, dtype=pl.Int64))
        agree = pairs.filter(pl.col("fit") & bits(Reason.DISTRICT_DIFFERS) == 0)
        keyed = asked.with_columns(key=pl.col("head").str.replace_all("[^a-z0-9]", ""))
        found = keyed.join(self._by_spelling, on=["key", "postcode"]).join(
            agree, on=["district", "postcode"]
        )
        return found.select(
            "asked", "street_id", pl.lit(EXACT, pl.Int64).alias("tier"), pl.col("fit").alias("why")
        )

    def _read(self, text: str, postcode: str, district: str) -> Head:
        """What a head says, with the postcode and district that stood behind it, if any did."""
        head = self._heads.get(text)
        if head is None:
            head = read_head(text, self.is_street, self._is_district) if text else Head("")
            self._heads[text] = head
        if head.postcode and not postcode:
            return head
        return head._replace(postcode=postcode, district=district or head.district)

    def is_street(self, written: str) -> bool:
        """Whether a street somewhere in the register is written so, or abbreviated so."""
        return any(tier < SHORT for _, tier, _ in self._spelt(written))

    def _spelt(self, written: str) -> list[Candidate]:
        """The streets anywhere that are spelt, abbreviated or cut short like `written`."""
        known = self._known.get(written)
        if known is not None:
            return known
        loose_bits = bits(Reason.STREET_ABBREVIATED)
        exact = self._exact.get(exact_key(written), _NONE)
        loose = self._loose.get(loose_key(written), _NONE) - exact
        short = _NONE if exact or loose else self._shortened(written)
        known = [
            *(Candidate(street_id, EXACT, 0) for street_id in exact),
            *(Candidate(street_id, LOOSE, loose_bits) for street_id in loose),
            *(Candidate(street_id, SHORT, loose_bits) for street_id in short),
        ]
        self._known[written] = known
        return known

    def _is_district(self, written: str) -> bool:
        return bool(self.districts.meant(written))

    def _scope(self, head: Head) -> frozenset[str] | None:
        """The postcodes to look for a misspelt street in; None for all, empty for nowhere."""
        if head.postcode in self.districts.of:
            return frozenset({head.postcode})
        meant = self.districts.meant(head.district)
        if meant:
            return meant
        return None if not head.postcode and not head.district else frozenset()

    def _by_key(self, head: Head) -> list[Candidate]:
        spelt = self._spelt(head.street)
        if not spelt:
            return []
        fit = self.districts.fit(head.district, head.postcode)
        here = [
            Candidate(street_id, tier, why | fit)
            for street_id, tier, why in spelt
            if self.names[street_id].postcode == head.postcode
        ]
        if here and not fit & bits(Reason.DISTRICT_DIFFERS):
            return here
        best = min((candidate.tier for candidate in here), default=ELSEWHERE)
        elsewhere = [
            candidate
            for street_id, tier, why in spelt
            if self.names[street_id].postcode != head.postcode
            and (candidate := self._elsewhere(head, street_id, tier, why)) is not None
        ]
        if here:  # postcode and district disagree, and both have the street: it can be either
            either = [c._replace(tier=best) for c in elsewhere if c.tier < FUZZY]
            return here + either
        return elsewhere

    def _after_a_note(self, head: Head) -> list[Candidate]:
        """Candidates for the street that stands after words that are none of its name."""
        street = without_unknown_lead(head.street, self.is_street)
        return [
            candidate._replace(reasons=candidate.reasons | bits(Reason.NOTE_IGNORED))
            for candidate in (self._by_key(head._replace(street=street)) if street else [])
        ]

    def _shortened(self, street: str) -> frozenset[int]:
        """Names whose first word begins as the one that is cut short here: `Thy. Holms Vej`."""
        first, dot, rest = street.partition(".")
        if not dot or not first.isalnum():
            return _NONE
        after = self._after_first.get(exact_key(rest), _NONE)
        return frozenset(at for word, at in after if word.startswith(first) and word != first)

    def _elsewhere(self, head: Head, street_id: int, tier: int, why: int) -> Candidate | None:
        """A street of that name in another postcode than the one written, if any was.

        None where both postcode and district are of a place that the register does not cover.
        """
        postcode = self.names[street_id].postcode
        same_district = postcode in self.districts.meant(head.district)
        if not head.postcode:
            if head.district and not same_district and self._looks_like_a_place(head.district):
                return Candidate(street_id, DOUBTFUL, why | bits(Reason.OTHER_POSTCODE))
            tier += ELSEWHERE if same_district or not head.district else ELSEWHERE + 3
            fit = self.districts.fit(head.district, postcode)
            if fit == bits(Reason.DISTRICT_DIFFERS):
                fit = bits(Reason.NOTE_IGNORED)
            return Candidate(street_id, tier, why | bits(Reason.POSTCODE_MISSING) | fit)
        slip = OSA.distance(head.postcode, postcode) == 1
        unknown = head.postcode not in self.districts.of
        if same_district or (slip and unknown and not head.district):
            return Candidate(street_id, ELSEWHERE + tier, why | bits(Reason.POSTCODE_DIFFERS))
        if unknown:
            return None
        return Candidate(street_id, DOUBTFUL, why | bits(Reason.OTHER_POSTCODE))

    def _looks_like_a_place(self, district: str) -> bool:
        """A word where the district stands that is none of ours: another town, or a note."""
        return district.isalpha() and len(district) > 2

    def _misspelt(self, head: Head, near: Near) -> Candidate:
        postcode = self.names[near.street_id].postcode
        why = bits(Reason.STREET_SPELLING) | self.districts.fit(head.district, postcode)
        if near.in_doubt:
            why |= bits(Reason.STREET_IN_DOUBT)
        if not head.postcode:
            why |= bits(Reason.POSTCODE_MISSING)
        elif postcode != head.postcode:
            why |= bits(Reason.POSTCODE_DIFFERS)
        tier = (FUZZY if near.nearest else DOUBTFUL) + near.errors
        return Candidate(near.street_id, tier, why)
