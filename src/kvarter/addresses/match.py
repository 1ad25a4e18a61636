"""Stage match: address texts -> addresses of the register, with category, level and reasons.

    text --parse--> parts --find street--> candidates --join--> entrances --join--> unit --judge--> answer

Only distinct texts are worked on; the caller joins the answers back to its rows.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable

import ibis
import polars as pl

from kvarter.addresses.parse import Parsed, parse
from kvarter.addresses.reasons import DOUBT, Category, Level, Reason
from kvarter.addresses.streets import Candidate, Streets, Written
from kvarter.engine import Engine

ANSWER = {
    "text": pl.String(),
    "category": pl.String(),
    "level": pl.String(),
    "address_id": pl.String(),
    "access_address_id": pl.String(),
    "reasons": pl.String(),
    "candidates": pl.String(),
    "street_name": pl.String(),
    "postcode": pl.String(),
}
"""The columns of an answer. `reasons` and `candidates` are joined by `; ` and ` | `.

`street_name` and `postcode` say how far an answer without an address reached.
"""


class AddressIndex:
    """A register made ready for matching; build it once and ask it many times."""

    def __init__(self, engine: Engine, register: ibis.Table) -> None:
        """`register`: a table in the register's format (see `kvarter.register.COLUMNS`)."""
        self.engine = engine
        names = register.select(
            "street_name", "postal_street_name", "postcode", "post_district"
        ).distinct()
        self.streets = Streets(engine.fetch(names))
        self.units = engine.keep(_current(register))


def _current(register: ibis.Table) -> ibis.Table:
    """Each address as it is written, with the ids of what it is today."""
    former = register.filter(register.replaced_by != "").select(
        "street_name", "postcode", "house_number", "floor", "door", "replaced_by"
    )
    today = register.filter(register.replaced_by == "")
    official = _designation(today)
    today = today.select(
        "street_name",
        "postcode",
        "house_number",
        "floor",
        "door",
        "address_id",
        "access_address_id",
        official=official,
        former=ibis.literal(False),
    )
    led_on = former.join(today, former.replaced_by == today.address_id).select(
        street_name=former.street_name,
        postcode=former.postcode,
        house_number=former.house_number,
        floor=former.floor,
        door=former.door,
        address_id=today.address_id,
        access_address_id=today.access_address_id,
        official=today.official,
        former=ibis.literal(True),
    )
    return today.union(led_on)


def _designation(units: ibis.Table) -> ibis.Value:
    """The official way to write an address: Ravnevej 4, 2. tv, 2400 København NV."""
    door = units.floor + units.door
    unit = (door == "").ifelse("", ", " + (units.floor + ". " + units.door).strip())
    place = ", " + units.postcode + " " + units.post_district
    return units.street_name + " " + units.house_number + unit + place


def match(texts: Iterable[str], index: AddressIndex) -> pl.DataFrame:
    """The answer to each distinct text: one row each, in the columns of ANSWER, sorted by text.

    Category A and B are located: `access_address_id` is set, and `address_id` too at level
    `unit`. Category C is a best guess, named in `candidates` only. Raises nothing for any text.
    """
    distinct = sorted(set(texts))
    parsed = {text: parse(text, index.streets.districts) for text in distinct}
    written = {
        text: Written(parts.street, parts.postcode, parts.district)
        for text, parts in parsed.items()
    }
    candidates = index.streets.find(written.values())
    found = _entrances(parsed, {text: candidates[one] for text, one in written.items()}, index)
    answers = [
        _answer(text, parsed[text], candidates[written[text]], found.get(text, []), index)
        for text in distinct
    ]
    return pl.DataFrame(answers, schema=ANSWER, orient="row")


def _entrances(
    parsed: dict[str, Parsed], candidates: dict[str, list[Candidate]], index: AddressIndex
) -> dict[str, list[dict[str, object]]]:
    """For each text the entrances with its house number on a candidate street, best tier only."""
    sought = pl.DataFrame(
        [
            (text, c.tier, " ".join(c.reasons), *c.street, p.house_number, p.floor, p.door)
            for text, p in parsed.items()
            if p.house_number
            for c in candidates[text]
        ],
        schema=dict.fromkeys(
            ("text", "tier", "why", "street_name", "postcode", "house_number", "f", "d"), pl.String
        )
        | {"tier": pl.Int64},
        orient="row",
    )
    if not sought.height:
        return {}
    hits = index.engine.table(sought).join(index.units, ["street_name", "postcode", "house_number"])
    same_floor = hits.floor == hits.f
    entrances = hits.group_by("text", "tier", "why", "access_address_id").aggregate(
        unit=hits.address_id.max(where=same_floor & (hits.door == hits.d)),
        on_floor=hits.address_id.nunique(where=same_floor),
        only_on_floor=hits.address_id.max(where=same_floor),
        whole=hits.address_id.max(where=(hits.floor == "") & (hits.door == "")),
        former=hits.former.any(),
        official=hits.official.min(),
        official_unit=hits.official.min(where=same_floor & (hits.door == hits.d)),
    )
    found: dict[str, list[dict[str, object]]] = {}
    ordered = index.engine.fetch(entrances).sort("text", "tier", "why", "access_address_id")
    for row in ordered.iter_rows(named=True):
        others = found.setdefault(row["text"], [])
        if not others or others[0]["tier"] == row["tier"]:
            others.append(row)
    return found


def _answer(
    text: str,
    parts: Parsed,
    candidates: list[Candidate],
    entrances: list[dict[str, object]],
    index: AddressIndex,
) -> tuple[str | None, ...]:
    """One row of ANSWER."""
    if not entrances:
        return _unlocated(text, parts, candidates, index)
    first = entrances[0]
    reasons = list(dict.fromkeys([*parts.reasons, *map(Reason, str(first["why"]).split())]))
    ids = {str(entrance["access_address_id"]) for entrance in entrances}
    if len(ids) > 1 and not DOUBT & set(reasons):
        reasons.append(Reason.SEVERAL_POSTCODES)
    unit, unit_reasons = _unit(parts, first)
    reasons += unit_reasons
    if first["former"]:
        reasons.append(Reason.FORMER_ADDRESS)
    best = min(candidates, key=lambda candidate: candidate.tier).street
    level = Level.UNIT if unit else Level.ACCESS
    names = sorted({str(e["official_unit"] or _entrance_name(e["official"])) for e in entrances})
    if DOUBT & set(reasons):
        return (
            *(text, Category.GUESS, level, None, None),
            *("; ".join(reasons), " | ".join(names[:5]), best.name, best.postcode),
        )
    differences = [reason for reason in reasons if reason is not Reason.UNIT_MISSING]
    category = Category.CERTAIN if differences else Category.EXACT
    return (
        *(text, category, level, unit, str(first["access_address_id"])),
        *("; ".join(reasons), names[0], best.name, best.postcode),
    )


def _unit(parts: Parsed, entrance: dict[str, object]) -> tuple[str | None, list[Reason]]:
    """The unit at an entrance that the text means, if it says so."""
    unit = entrance["unit"]
    if unit is not None:
        return str(unit), []
    if not parts.floor and not parts.door:
        return None, [Reason.UNIT_MISSING]
    if parts.floor and not parts.door and entrance["on_floor"]:
        if entrance["on_floor"] == 1:
            return str(entrance["only_on_floor"]), [Reason.DOOR_MISSING]
        return None, [Reason.DOOR_MISSING]
    return None, [Reason.UNIT_NOT_IN_REGISTER]


def _entrance_name(official: object) -> str:
    """The designation of an entrance, from that of one of its units."""
    parts = str(official).split(", ")
    return ", ".join([parts[0], parts[-1]])


def _unlocated(
    text: str, parts: Parsed, candidates: list[Candidate], index: AddressIndex
) -> tuple[str | None, ...]:
    """No entrance: say how far the text led, and what stood in the way."""
    reasons = list(parts.reasons)
    near = [candidate for candidate in candidates if not DOUBT & set(candidate.reasons)]
    street, postcode, level = None, None, Level.NONE
    if near:
        best = min(near, key=lambda candidate: candidate.tier)
        level, street, postcode = Level.STREET, best.street.name, best.street.postcode
        reasons += [reason for reason in best.reasons if reason not in reasons]
        if parts.house_number:
            reasons.append(Reason.NO_SUCH_HOUSE_NUMBER)
    elif parts.postcode in index.streets.postcodes:
        level, postcode = Level.POSTCODE, parts.postcode
        reasons += [Reason.NO_SUCH_STREET] if parts.street else []
    elif parts.postcode:
        reasons.append(Reason.POSTCODE_NOT_IN_REGISTER)
    elif parts.house_number:
        reasons.append(Reason.NO_SUCH_STREET)
    return (
        *(text, None, level, None, None),
        *("; ".join(reasons), "", street, postcode),
    )


def match_cases(cases: pl.DataFrame, index: AddressIndex) -> pl.DataFrame:
    """`cases` (with an `address` text) and the columns of ANSWER to each."""
    texts = cases.with_columns(pl.col("address").fill_null(""))
    answers = match(texts["address"], index)
    return texts.join(answers, left_on="address", right_on="text", how="left")
