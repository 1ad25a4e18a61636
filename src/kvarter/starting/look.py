"""The files of a folder -> what each is, told by the names of its columns and by what stands there.

Nothing of a person is kept for showing: names of columns, counts and names of areas alone. A file
without a header is told and left out, for its first line would be shown as names of columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

import polars as pl

from kvarter.cases.persons import person_numbers
from kvarter.errors import KvarterError
from kvarter.files import Table, converted, read_parquet, read_table
from kvarter.files.excel import EXCEL_SUFFIXES, read_workbook
from kvarter.files.header import looks_like_data
from kvarter.files.inputs import read_bytes
from kvarter.files.meanings import assigned
from kvarter.notes import Note
from kvarter.privacy import without_person_numbers
from kvarter.register import ADDRESS, COLUMNS

_MOST_FILES, _MOST_SAMPLED, _DEEPEST = 300, 200, 3
_HALF, _NEARLY_ALL = 0.5, 0.9
_LARGEST_LOOKED_AT = 512 * 1024**2
_TABLES = {".csv", ".txt", ".tsv", ".parquet", *EXCEL_SUFFIXES}
_OUR_OWN = {"status", "rebuilt", "internal", "annex"}
_CASE = ["event_date", "person_number", "address", "street_name", "house_number", "floor", "door"]
_CASE += ["postcode", "post_district", "birth_date", "name", "court_case", "sender", "kind"]
_COUNT = ["year", "access_address_id", "unit", "dwellings", "residents"]


_OF_A_REGISTER = {name for name in COLUMNS if not name.startswith("bulk_")}


class Role(StrEnum):
    """What a file can be for a policy."""

    REGISTER = "register"
    ADDRESSES = "addresses"
    POLYGONS = "polygons"
    EXTRACT = "extract"
    STATISTIC = "statistic"
    OTHER = "other"


@dataclass(frozen=True)
class Seen:
    """A file and what it is: `columns` by meaning, `why`, and its content for further guesses.

    `file`: its path relative to the folder; `sheet`: of a workbook, where several are of use.
    `aside`: how many lines of a table are no rows of data, such as sums.
    `features`: of polygons, name of property -> values; `bounds`: west, south, east, north.
    """

    file: str
    role: Role
    why: Note
    columns: Mapping[str, str] = field(default_factory=dict)
    rows: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    features: Mapping[str, list[object]] = field(default_factory=dict, repr=False)
    bounds: tuple[float, float, float, float] | None = None
    sheet: str | None = None
    aside: int = 0

    @property
    def stem(self) -> str:
        """The file's name without its ending, and the sheet's."""
        return " ".join(filter(None, [Path(self.file).stem, self.sheet]))


def look(folder: Path) -> list[Seen]:
    """Every file in `folder` that can be of use, and those that cannot, with the reason."""
    return [
        seen for path in _files(folder) for seen in _seen(path, path.relative_to(folder).as_posix())
    ]


def _files(folder: Path, depth: int = 1) -> Iterator[Path]:
    """The files in `folder` and the folders in it, without those that Kvarter itself made."""
    found = sorted(folder.iterdir())[:_MOST_FILES]
    for path in found:
        if (
            path.name.startswith((".", "~$"))
            or path.name.endswith(".set-aside.csv")
            or (path.is_symlink() and not path.exists())
        ):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and depth < _DEEPEST:
            made = path.name in _OUR_OWN or path.suffix == ".index"
            if not made and not (path / "run.json").exists():
                yield from _files(path, depth + 1)


def _seen(path: Path, file: str) -> list[Seen]:
    suffix, named = path.suffix.lower(), {"file": _named(file)}
    try:
        if path.stat().st_size > _LARGEST_LOOKED_AT:
            return [_other(file, Note("{file}: too large to look at", named))]
        if suffix in (".geojson", ".json"):
            return [_polygons(path, file)]
        if suffix in _TABLES:
            return _table(path, file)
    except KvarterError as error:
        values = named | {"problem": error.problems[0].what}
        return [_other(file, Note("{file} cannot be read: {problem}", values))]
    if suffix in (".shp", ".gpkg", ".gml", ".kml", ".tab"):
        words = Note("{file}: export this map as GeoJSON, to have its polygons read", named)
        return [_other(file, words)]
    if suffix in (".yaml", ".yml"):
        return [_other(file, Note("{file}: a policy file or the like, left as it is", named))]
    if suffix == ".key" or path.name == "key":
        words = Note("{file}: a key, it seems; keep it outside of the folder of the data", named)
        return [_other(file, words)]
    return [_other(file, Note("{file}: no table and no map", named))]


def _other(file: str, why: Note) -> Seen:
    return Seen(file, Role.OTHER, why)


def _named(file: str) -> str:
    return without_person_numbers(file)


def _polygons(path: Path, file: str) -> Seen:
    """A GeoJSON file: its properties, and how far its coordinates reach."""
    try:
        features = json.loads(read_bytes(path, _LARGEST_LOOKED_AT))["features"]
        kinds = {each["geometry"]["type"] for each in features if each.get("geometry")}
        points = [p for each in features for p in _points(each.get("geometry") or {})]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Seen(
            file, Role.OTHER, Note("{file}: no GeoJSON with features", {"file": _named(file)})
        )
    if not kinds or not kinds <= {"Polygon", "MultiPolygon"} or not points:
        return Seen(
            file, Role.OTHER, Note("{file}: a map without polygons", {"file": _named(file)})
        )
    names = dict.fromkeys(name for each in features for name in (each.get("properties") or {}))
    values = {
        name: [(each.get("properties") or {}).get(name) for each in features] for name in names
    }
    xs, ys = [x for x, _ in points], [y for _, y in points]
    why = Note(
        "{file}: {count} {count:polygon|polygons}", {"file": _named(file), "count": len(features)}
    )
    bounds = (min(xs), min(ys), max(xs), max(ys))
    return Seen(file, Role.POLYGONS, why, features=values, bounds=bounds)


def _points(geometry: Mapping[str, object]) -> Iterator[tuple[float, float]]:
    """The first point of each ring; enough to tell degrees from metres, and where."""

    def walk(part: object) -> Iterator[tuple[float, float]]:
        if isinstance(part, list) and part:
            if isinstance(part[0], int | float):
                yield float(part[0]), float(part[1])
            elif isinstance(part[0], list):
                for each in part:
                    yield from walk(each)

    yield from walk(geometry.get("coordinates"))


def _table(path: Path, file: str) -> list[Seen]:
    """What a table is; of a workbook, its sheets that are of use.

    Sheets of the same columns are read together by all that reads them, so they are one.
    """
    seen = {name: replace(_role_of(file, rows), aside=aside) for name, rows, aside in _sheets(path)}
    useful = {name: each for name, each in seen.items() if each.role is not Role.OTHER}
    if not seen:
        return [_other(file, Note("{file}: there are no rows in it", {"file": _named(file)}))]
    if not useful:
        return [next(iter(seen.values()))]
    headers = {tuple(each.rows.columns) for each in useful.values()}
    if len(headers) == 1:
        whole = _role_of(file, pl.concat([each.rows for each in useful.values()]))
        return [replace(whole, aside=sum(each.aside for each in useful.values()))]
    return [
        replace(each, sheet=name, why=_of_sheet(each.why, name)) for name, each in useful.items()
    ]


def _of_sheet(why: Note, sheet: str) -> Note:
    """The note, with the sheet beside the file."""
    return replace(why, values={**why.values, "file": f"{why.values['file']}, {sheet}"})


def _sheets(path: Path) -> Iterator[tuple[str, pl.DataFrame, int]]:
    """The rows of a file as text, and how many lines are none; of a workbook, of each sheet."""
    if path.suffix.lower() == ".parquet":
        frame, _ = read_parquet(path, {})
        flat = frame.select(name for name, kind in frame.schema.items() if not kind.is_nested())
        yield (
            "",
            pl.DataFrame(
                converted(flat, lambda values: values.cast(pl.String, strict=False), (), path)
            ),
            0,
        )
    elif path.suffix.lower() not in EXCEL_SUFFIXES:
        yield "", *_rows_of(read_table(path, {}))
    else:
        for sheet in read_workbook(path).sheets:
            if len(sheet.records) > 1 and not sheet.hidden:
                yield sheet.name, *_rows_of(read_table(path, {}, sheet=sheet.name))


def _rows_of(table: Table) -> tuple[pl.DataFrame, int]:
    return table.rows.select(table.columns), table.set_aside.height


def _role_of(file: str, rows: pl.DataFrame) -> Seen:
    """What a table is, by the meanings of its columns."""
    names, named = rows.columns, _named(file)
    if not rows.height:
        return Seen(
            file, Role.OTHER, Note("{file}: there are no rows in it", {"file": _named(file)})
        )
    if Path(file).suffix == ".parquet" and set(names) >= _OF_A_REGISTER:
        why = Note(
            "{file}: {count} {count:address|addresses}, with the columns of a register of "
            "Kvarter's",
            {"file": named, "count": rows.height},
        )
        return Seen(file, Role.REGISTER, why, rows=rows)
    if looks_like_data(names):
        return Seen(
            file,
            Role.OTHER,
            Note(
                "{file}: there is no line of column names at its top; put one there. What stands "
                "there is not shown",
                {"file": _named(file)},
            ),
        )
    if {"text_id", "decision", "decided_by"} <= set(names):
        return Seen(
            file,
            Role.OTHER,
            Note(
                "{file}: a review of addresses; name it under `decisions`", {"file": _named(file)}
            ),
        )
    values = {name: _sample(rows[name]) for name in names}
    address = assigned(ADDRESS, names, values)
    numbers = _person_numbers(values)
    others = [name for name in names if name != numbers]
    case = assigned(_CASE, others, values)
    case |= {"person_number": numbers} if numbers is not None else {}
    count = assigned(_COUNT, names, values)
    counts: dict[str, str | int] = {"file": named, "count": rows.height}
    has_place = {"street_name", "house_number", "postcode", "x", "y"} <= set(address)
    if has_place and {"address_id", "access_address_id"} & set(address):
        example = ", ".join(
            repr(address[name]) for name in ("street_name", "house_number", "x", "y")
        )
        why = Note(
            "{file}: {count} {count:row|rows} with addresses and coordinates, in {columns}",
            {**counts, "columns": example},
        )
        return Seen(file, Role.ADDRESSES, why, address, rows)
    whole = "address" in case or {"street_name", "house_number"} <= set(case)
    if "event_date" in case and whole:
        place = case.get("address") or case["street_name"]
        example = f"{case['event_date']!r}, {place!r}"
        why = Note(
            "{file}: {count} {count:row|rows} with a date and an address, in {columns}",
            {**counts, "columns": example},
        )
        return Seen(file, Role.EXTRACT, why, case, rows)
    if "year" in count:
        why = Note(
            "{file}: {count} {count:row|rows} with a year, in {columns}",
            {**counts, "columns": repr(count["year"])},
        )
        return Seen(file, Role.STATISTIC, why, count, rows)
    found = ", ".join(repr(name[:40]) for name in names[:12])
    return Seen(
        file,
        Role.OTHER,
        Note(
            "{file}: neither a date with an address nor a year stands in its columns: {columns}",
            {"file": named, "columns": found},
        ),
    )


def _person_numbers(values: Mapping[str, list[str]]) -> str | None:
    """The column that is called after person numbers and holds them, or that holds little else."""
    share = {
        name: person_numbers(pl.Series(texts, dtype=pl.String))["born"].count() / max(1, len(texts))
        for name, texts in values.items()
    }
    called = [name for name in values if re.search(r"cpr|person ?n", name, re.IGNORECASE)]
    named = [name for name in called if share[name] >= _HALF]
    full = [name for name in values if share[name] >= _NEARLY_ALL]
    return max(named or full, key=share.__getitem__, default=None)


def _sample(values: pl.Series) -> list[str]:
    """Some of the values, from all over the file; they are looked at and never shown."""
    texts = values.cast(pl.String).drop_nulls().str.strip_chars()
    texts = texts.filter(texts != "")
    step = max(1, texts.len() // _MOST_SAMPLED)
    return texts.gather_every(step).head(_MOST_SAMPLED).to_list()
