"""What the files are -> a proposal for a policy: every guess with its reason.

Extracts are read and matched as a run does it, so that a guess of days or of address columns rests
on what a run would make of it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kvarter.addresses import index_of, match
from kvarter.areas import place_points, read_layer
from kvarter.areas.polygons import AreaPolygons
from kvarter.cases import Pseudonyms, read_source
from kvarter.engine import Engine
from kvarter.errors import KvarterError
from kvarter.files.meanings import meaning_of, ranked
from kvarter.notes import Note
from kvarter.policy.load import as_id
from kvarter.policy.model import CaseKind, Columns, Layer, Source
from kvarter.register import entrances_of, open_register
from kvarter.starting.look import Role, Seen

ShareFound = Callable[[pl.Series], float]
"""How large a part of some address texts the register has."""

_NO_KEY = Pseudonyms("looking makes no pseudonyms that anyone keeps")
_MOST_MATCHED, _MOST_AREAS = 500, 200
_HALF, _BULK, _NUMBERS = 0.5, 0.05, 0.9
_DEGREES = 360
_PERSONS = re.compile(r"grundlov|hearing|sigt|ungdom|unge|domf|domme|krim|anhold|forh[oø]r|person")
_EVICTIONS = re.compile(r"uds(?:ae|æ)t|vars[le]|foged|eviction|opsig|lejer")
_COURT = re.compile(r"ret|foged|court", re.IGNORECASE)
_PARTS = ["street_name", "house_number", "floor", "door", "postcode", "post_district"]


@dataclass(frozen=True)
class Polygons:
    """A file of polygons: an area set, or a layer."""

    id: str
    file: str
    name_field: str
    crs: str
    names: list[str]
    why: list[Note]


@dataclass(frozen=True)
class Extract:
    """A source: its columns by role, and the years that hold the bulk of its rows."""

    id: str
    file: str
    kind: str
    columns: dict[str, str | list[str]]
    first: int
    last: int
    why: dict[str, Note]
    asks: list[Note] = field(default_factory=list)
    sheet: str | None = None


@dataclass(frozen=True)
class Counts:
    """A statistic: `located` is the column of the place, and the layer (None for entrances)."""

    id: str
    file: str
    year: str
    years: list[int]
    place: str
    layer: str | None
    columns: list[str]
    why: Note
    sheet: str | None = None

    def column_of(self, *meanings: str) -> str | None:
        """The first column of one of the meanings."""
        return next((name for name in self.columns if meaning_of(name) in meanings), None)


@dataclass(frozen=True)
class Kind:
    """A kind of case: all extracts whose files have the same name but for the year."""

    id: str
    title: str
    of_persons: bool | None
    evictions: bool
    same_when: list[list[str]]
    years: list[int]


@dataclass(frozen=True)
class Proposal:
    """All that a policy is written from."""

    register: str | None
    code: str | None
    code_why: Note | None
    area_sets: list[Polygons]
    layers: dict[str, Polygons]
    extracts: list[Extract]
    kinds: list[Kind]
    statistics: list[Counts]
    unused: list[Note]


def propose(folder: Path, seen: list[Seen], register: str | None) -> Proposal:
    """A proposal from the files of `folder`. `register`: the register's path in it, if any."""
    engine = Engine()
    unused: list[Note] = []
    table = open_register(engine, folder / register) if register else None
    entrances = entrances_of(engine, table) if table is not None else _no_entrances()
    index = index_of(engine, table, folder / register) if table is not None and register else None

    def share_found(texts: pl.Series) -> float:
        some = texts.filter(texts != "").unique(maintain_order=True).head(_MOST_MATCHED)
        if index is None or not some.len():
            return 0.0
        return _share(match(some, index)["access_address_id"].is_not_null())

    polygons = [each for each in map(_polygons, _of(seen, Role.POLYGONS)) if each is not None]
    statistics, layers = [], {}
    for one in _of(seen, Role.STATISTIC):
        counts = _counts(one, set(entrances["place"]), polygons)
        if counts is None:
            note = Note(
                "{file}: no column holds entrances of the register, or names of a map's polygons",
                {"file": one.file},
            )
            unused.append(note)
            continue
        statistics.append(counts)
        if counts.layer is not None:
            layers[counts.layer] = next(each for each in polygons if each.id == counts.layer)
    left = [each for each in polygons if each.id not in layers]
    area_sets, districts = _area_sets(left)
    layers |= districts
    extracts = []
    for one in _of(seen, Role.EXTRACT):
        extract = _extract(one, folder, share_found)
        if extract is None:
            note = Note("{file}: none of its rows has a date that can be read", {"file": one.file})
            unused.append(note)
        else:
            extracts.append(extract)
    code, why = _municipality(folder, entrances, area_sets)
    engine.close()
    kinds = _kinds(extracts)
    return Proposal(
        *(register, code, why, area_sets, layers, extracts, kinds, statistics, unused),
    )


def _of(seen: list[Seen], role: Role) -> list[Seen]:
    return [each for each in seen if each.role is role]


def _share(true: pl.Series) -> float:
    """How large a part of some answers is true."""
    return int(true.sum()) / true.len() if true.len() else 0.0


def _no_entrances() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "place": pl.String,
            "municipality_code": pl.String,
            "x": pl.Float64,
            "y": pl.Float64,
        }
    )


def _polygons(one: Seen) -> Polygons | None:
    """The property that names the polygons, and the coordinate system of the coordinates."""
    assert one.bounds is not None
    whole = {
        name: [str(value) for value in values]
        for name, values in one.features.items()
        if all(isinstance(value, str | int) and str(value).strip() for value in values)
    }
    if not whole:
        return None
    by_meaning = dict(ranked("area_name", whole)) | dict(ranked("unit", whole))

    def likely(name: str) -> tuple[float, bool, int]:
        in_letters = all(re.search(r"[^\W\d_]{2}", value) for value in whole[name])
        return by_meaning.get(name, 0.0), in_letters, len(set(whole[name]))

    field = max(whole, key=likely)
    others = [repr(name) for name in whole if name != field]
    names = list(dict.fromkeys(whole[field]))
    crs = "EPSG:4326" if max(map(abs, one.bounds)) <= _DEGREES else "EPSG:25832"
    named: dict[str, str | int] = {"field": repr(field), "count": len(whole[field])}
    why = [
        Note(
            "the property {field} names {count:the one polygon|all {count} polygons}; others "
            "are: {others}",
            named | {"others": ", ".join(others)},
        )
        if others
        else Note(
            "the property {field} names {count:the one polygon|all {count} polygons}; there are "
            "no others",
            named,
        ),
        Note("the coordinates are degrees", {})
        if crs == "EPSG:4326"
        else Note("the coordinates are metres", {}),
    ]
    return Polygons(as_id(one.stem) or "omraader", one.file, field, crs, names, why)


def _area_sets(polygons: list[Polygons]) -> tuple[list[Polygons], dict[str, Polygons]]:
    """The area sets among the maps, and those that are other layers, by the names of the files."""
    layers: dict[str, Polygons] = {}
    sets: list[Polygons] = []
    for each in polygons:
        if re.search(r"bydel|distri|sogn", each.id):
            layers["districts" if "districts" not in layers else each.id] = each
        elif re.search(r"rode", each.id) or len(each.names) > _MOST_AREAS:
            layers[each.id] = each
        else:
            sets.append(each)
    if not sets and layers:
        name = next(iter(layers))
        sets.append(layers.pop(name))
    return sets, layers


def _counts(one: Seen, entrances: set[str], polygons: list[Polygons]) -> Counts | None:
    """Where the rows of a statistic lie, in which years, and which columns are counts."""
    year = one.columns["year"]
    best: tuple[float, str, str | None] = (0.0, "", None)
    for name in one.rows.columns:
        values = one.rows[name].drop_nulls().unique()
        if name == year or not values.len():
            continue
        places: list[tuple[str | None, set[str]]] = [(None, entrances)]
        places += [(each.id, set(each.names)) for each in polygons]
        for layer, known in places:
            share = _share(values.is_in(list(known)))
            if share > best[0]:
                best = (share, name, layer)
    share, place, layer = best
    if share < _HALF:
        return None
    numbers = [
        name
        for name in one.rows.columns
        if name not in (year, place)
        and _share(one.rows[name].drop_nulls().str.contains(r"^\s*-?\d[\d., ]*$")) >= _NUMBERS
    ]
    years = one.rows[year].str.extract(r"^\s*((?:19|20)\d\d)").drop_nulls().unique().sort()
    if not numbers or not years.len():
        return None
    common: dict[str, str | int] = {"column": repr(place), "percent": round(100 * share)}
    why = (
        Note("{percent} % of the values in {column} are entrances of the register", common)
        if layer is None
        else Note(
            "{percent} % of the values in {column} are names in {layer}", {**common, "layer": layer}
        )
    )
    return Counts(
        *(as_id(one.stem), one.file, year, [int(each) for each in years], place, layer),
        *(numbers, why, one.sheet),
    )


def _extract(one: Seen, folder: Path, share_found: ShareFound) -> Extract | None:
    """The columns of an extract, those of its address tried on the register; and its years."""
    own = dict(one.columns)
    asks: list[Note] = []
    parts = [own.pop(name) for name in _PARTS if name in own]
    whole = own.get("address")
    choices: list[list[str]] = [[whole]] if whole else []
    town = [one.columns[name] for name in ("postcode", "post_district") if name in one.columns]
    if whole and town:
        choices.append([whole, *town])
    if not whole:
        choices.append(parts)
        street = [one.columns[name] for name in ("street_name", "house_number")]
        choices.append([*street, *town])
    tried = []
    for choice in choices:
        read = _read(one, folder, {"event_date": own["event_date"], "address": choice})
        if read is not None and read.height:
            tried.append((round(share_found(read["address"]), 2), len(choice), choice, read))
    if not tried:
        return None
    share, _, address, cases = max(tried, key=lambda each: each[:2])
    years = Counter(cases["year"].to_list())
    bulk = sorted(year for year, rows in years.items() if rows >= _BULK * cases.height)
    first, last = bulk[0], bulk[-1]
    inside = sum(rows for year, rows in years.items() if first <= year <= last)
    columns: dict[str, str | list[str]] = {
        "event_date": own["event_date"],
        "address": address[0] if len(address) == 1 else address,
    }
    columns |= {
        name: own[name]
        for name in ("person_number", "birth_date", "name", "court_case", "sender", "kind")
        if name in own and (name != "court_case" or _COURT.search(own[name]))
    }
    why = {
        "event_date": Note(
            "{column} holds dates that can be read in {count} of {all} {all:row|rows}",
            {"column": repr(own["event_date"]), "count": cases.height, "all": one.rows.height},
        ),
        "from": Note(
            "{count} of {all} dates {count:lies|lie} in these years",
            {"count": inside, "all": cases.height},
        ),
    }
    if share:
        why["address"] = Note(
            "{percent} % of the address texts tried are found in the register",
            {"percent": round(100 * share)},
        )
    sample = {name: _some(one.rows[name]) for name in one.rows.columns}
    dates = [
        name
        for name, _ in ranked("event_date", one.rows.columns, sample)
        if name != own["event_date"] and meaning_of(name) != "birth_date"
    ]
    if dates:
        asks.append(
            Note(
                "{file}: is {column} the day that counts? There are dates in {others} too",
                {
                    "file": one.file,
                    "column": repr(own["event_date"]),
                    "others": ", ".join(map(repr, dates)),
                },
            )
        )
    if "person_number" not in own:
        asks.append(
            Note(
                "{file}: no column holds person numbers, so a person is known by address and "
                "name alone",
                {"file": one.file},
            )
        )
    kind = _kind_of(Path(one.file).stem)
    return Extract(
        *(as_id(one.stem), one.file, kind, columns, first, last, why, asks, one.sheet),
    )


def _some(values: pl.Series) -> list[str]:
    return values.drop_nulls().head(200).to_list()


def _read(one: Seen, folder: Path, columns: dict[str, str | list[str]]) -> pl.DataFrame | None:
    """The cases of a file, read as a run reads them; None where that cannot be done."""
    kind = CaseKind(id="x", title="x", unite_as="household", same_when=[["unit"]])
    try:
        source = Source(
            id="x",
            file=one.file,
            cases="x",
            case_system="x",
            first_day=dt.date(1900, 1, 1),
            last_day=dt.date(2200, 12, 31),
            columns=Columns.model_validate(columns),
            sheet=one.sheet,
        )
        return read_source(source, kind, folder, _NO_KEY).cases
    except KvarterError:
        return None


def _kind_of(stem: str) -> str:
    """The file's name without the years and numbers in it."""
    return as_id(re.sub(r"\d+", " ", stem).strip(" _-.")) or "sager"


def _kinds(extracts: list[Extract]) -> list[Kind]:
    kinds = []
    for name in dict.fromkeys(each.kind for each in extracts):
        own = [each for each in extracts if each.kind == name]
        evictions = _EVICTIONS.search(name) is not None
        of_persons = True if _PERSONS.search(name) else False if evictions else None
        has = set.intersection(*(set(each.columns) for each in own))
        keys = [] if of_persons else [["unit"]]
        keys += [["person"]] if "person_number" in has else []
        keys += [["entrance", "name"]] if "name" in has else []
        years = sorted({year for each in own for year in range(each.first, each.last + 1)})
        kinds.append(Kind(name, _in_danish(name), of_persons, evictions, keys or [["unit"]], years))
    return kinds


def _in_danish(name: str) -> str:
    """A title from a file's name: `udsaettelser` is `Udsættelser`."""
    title = name.replace("-", " ").replace("_", " ")
    for letters, letter in (("ae", "æ"), ("oe", "ø"), ("aa", "å")):
        title = title.replace(letters, letter)
    return title[:1].upper() + title[1:]


def _municipality(
    folder: Path, entrances: pl.DataFrame, area_sets: list[Polygons]
) -> tuple[str | None, Note | None]:
    """The municipality that most entrances in the areas are of; else most of the register."""
    if entrances.is_empty():
        return None, None
    if area_sets:
        first = area_sets[0]
        layer = Layer(file=first.file, name_field=first.name_field, crs=first.crs)
        try:
            areas = AreaPolygons(read_layer(layer, folder))
            inside = entrances.join(place_points(entrances, areas), on="place", how="semi")
        except KvarterError:
            inside = entrances.clear()
        if not inside.is_empty():
            code, values = _commonest(inside)
            return code, Note("most entrances in the areas have it: {count} of {all}", values)
    code, values = _commonest(entrances)
    return code, Note("most entrances of the register have it: {count} of {all}", values)


def _commonest(entrances: pl.DataFrame) -> tuple[str, dict[str, str | int]]:
    """The code that most entrances have, and how many that is."""
    codes = entrances["municipality_code"].value_counts().sort("count", "municipality_code")
    code, count = codes.row(-1)
    return str(code), {"count": count, "all": entrances.height}
