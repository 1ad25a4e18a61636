"""Records of the address register's entities, read as tables of versions.

The files are bitemporal: `virkningFra`-`virkningTil` is when a version holds in the world,
`registreringFra`-`registreringTil` when the register said so. A version whose `registreringTil` is
set has been corrected, and is not read.

Field names are those of the register's own data model, whatever their case. What is not sure has
more than one spelling below: the letter ø is written `oe` in some services, references are called
`navngivenvej_id` in others, and `id_lokalId` is plain `id` there.
"""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import ibis

from kvarter.engine import Engine
from kvarter.errors import InputError

_COMMON = {
    "id": ("id_lokalId", "id"),
    "status": ("status",),
    "began": ("virkningFra",),
    "ended": ("virkningTil",),
    "corrected": ("registreringTil",),
}
_STREET = ("navngivenVej", "navngivenvej_id")
_POST = ("postnummer", "postnummer_id")
_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "Adresse": {
        "entrance": ("husnummer", "husnummer_id"),
        "floor": ("etagebetegnelse",),
        "door": ("dørbetegnelse", "doerbetegnelse"),
    },
    "Husnummer": {
        "house_number": ("husnummertekst",),
        "street": _STREET,
        "point": ("adgangspunkt", "adgangspunkt_id"),
        "post": _POST,
        "town": ("supplerendeBynavn", "supplerendebynavn_id"),
        # The id of the municipality in DAGI, or its code; see `kvarter.register.dar`.
        "district": ("kommuneinddeling", "darkommune_id", "darkommuneinddeling_id"),
    },
    "NavngivenVej": {
        "street_name": ("vejnavn",),
        "postal_street_name": ("vejadresseringsnavn", "adresseringsvejnavn"),
    },
    # WKT in EPSG:25832, such as `POINT(725418.06 6176126.2)`; in the GraphQL service `{"wkt": ..}`.
    "Adressepunkt": {"position": ("position",)},
    "Postnummer": {"postcode": ("postnr", "postnummer"), "post_district": ("navn",)},
    "SupplerendeBynavn": {"supplementary_town": ("navn",)},
    "NavngivenVejKommunedel": {
        "municipality_code": ("kommune", "kommunekode"),
        "street_code": ("vejkode",),
        "street": _STREET,
    },
    "NavngivenVejPostnummerRelation": {"street": _STREET, "post": _POST},
    "DARKommuneinddeling": {"district": ("kommuneinddeling",), "code": ("kommunekode",)},
}
ALWAYS, NEVER = -(10**12), 10**12
"""Seconds since 1970 for what has no beginning or no end."""

_HEAD = 500_000


def read_versions(engine: Engine, entity: str, files: list[Path]) -> ibis.Table:
    """The versions of `entity` not corrected since, `began` and `ended` in seconds since 1970.

    Raises InputError where a file holds no records, or none with the fields it should have.
    """
    parts = [_read(engine, entity, file) for file in files]
    whole = ibis.union(*parts) if len(parts) > 1 else parts[0]
    try:
        kept = engine.keep(whole.filter(whole.corrected.fill_null("") == "").drop("corrected"))
    except Exception as error:  # DuckDB has no common error class for "not JSON" across versions
        raise InputError.of(
            f"a file of {entity} is not JSON: {str(error).splitlines()[0][:200]}",
            "Download it again, as JSON.",
            files[0],
        ) from None
    began, ended = _seconds(kept.began, ALWAYS), _seconds(kept.ended, NEVER)
    return kept.mutate(began=began, ended=ibis.greatest(ended, began + 1))


def newest(table: ibis.Table) -> ibis.Table:
    """One version of each id: the one that holds, or the last that did."""
    order = ibis.window(group_by=table.id, order_by=[table.ended.desc(), table.began.desc()])
    first = table.mutate(at=ibis.row_number().over(order))
    return first.filter((first["at"] == 0) & first.id.notnull()).drop("at")


def without_gaps(table: ibis.Table) -> ibis.Table:
    """Versions with `since` and `until`, so that one and only one of an id holds at any time.

    The first is taken to have held always, and each until the next: older parts of the register
    are not complete, and a unit can be older than the first version of its entrance.
    """
    one = table.order_by("began").distinct(on=["id", "began"], keep="last")
    order = ibis.window(group_by=one.id, order_by=one.began)
    ranked = one.mutate(at=ibis.row_number().over(order), until=one.began.lead().over(order))
    return ranked.mutate(
        since=(ranked["at"] == 0).ifelse(ALWAYS, ranked.began),
        until=ranked.until.fill_null(NEVER),
    ).drop("at", "began", "ended")


def _seconds(time: ibis.Value, otherwise: int) -> ibis.Value:
    return time.try_cast("timestamp('UTC')").epoch_seconds().cast("int64").fill_null(otherwise)


def _read(engine: Engine, entity: str, file: Path) -> ibis.Table:
    """The fields of one file under our names; blank where it has no such key."""
    with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
        head = stream.read(_HEAD).decode("utf-8-sig", errors="replace").lstrip()
    keys = {key.casefold(): key for key in re.findall(r'"(\w+)"\s*:', head)}
    fields = _COMMON | _FIELDS[entity]
    found = {
        name: next((keys[s.casefold()] for s in spellings if s.casefold() in keys), spellings[0])
        for name, spellings in fields.items()
    }
    lacking = [name for name in ("id", next(iter(_FIELDS[entity]))) if found[name] not in head]
    if head[:1] not in ("{", "[") or lacking or re.search(r'"\w+List"\s*:', head[:2000]):
        wanted = ", ".join(fields[name][0] for name in lacking) or "a record a line, or one array"
        raise InputError.of(
            f"this is no file of {entity} records as Kvarter knows them: it lacks {wanted}",
            "Download the entity as JSON, one entity a file.",
            file,
        )
    table = engine.json(file, sorted(set(found.values())), lines=head[0] == "{")
    return table.select(**{name: table[key] for name, key in found.items()})
