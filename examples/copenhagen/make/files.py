"""Writes the files, each in the shape its year's system gave it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from .figures import FIRST_DOMUS_YEAR
from .notices import Notice

KSS = [
    "Sagsnr",
    "Varslingsdato",
    "CPR-NR",
    "Lejers navn",
    "Adresse",
    "Afsender",
    "Restance",
    "Årsag",
]
DOMUS = [
    "Journalnr",
    "Hændelsesdato",
    "Borger CPR",
    "Borger navn",
    "Vej og nr.",
    "Postnr. og by",
    "Afsender",
    "Fogedretssag",
    "Årsag",
    "Bemærkning",
]


@dataclass(frozen=True)
class Layout:
    """What is peculiar to the extract of a year."""

    encoding: str
    delimiter: str = ";"
    date: str = "%d-%m-%Y"
    hyphen: tuple[bool, ...] = (True,)
    """Whether person numbers have a hyphen, row by row in turn."""
    above: tuple[str, ...] = ()
    """Lines above the header."""
    capitals: bool = False
    blank_columns: int = 0
    number_as_number: bool = False
    total: bool = False
    quoting: int | None = csv.QUOTE_MINIMAL
    """None: fields are written as they are, with stray quotes in them."""


LAYOUTS = {
    2016: Layout("cp1252", capitals=True),
    2017: Layout("cp1252", date="%d/%m/%y", hyphen=(False,), blank_columns=3),
    2018: Layout(
        "cp1252",
        hyphen=(True, True, False),
        above=("Varsler om udsættelse 2018 - udtræk fra KSS;;;;;;;", "Sag;;Lejer;;;Varsel;;"),
    ),
    2019: Layout("cp1252", hyphen=(False,), number_as_number=True, total=True),
    2020: Layout("utf-8-sig", hyphen=(True, False), capitals=True, quoting=None),
    2021: Layout("utf-8-sig", quoting=csv.QUOTE_ALL),
    2022: Layout("utf-16", delimiter="\t", date="%Y-%m-%d %H:%M", hyphen=(False,)),
    2023: Layout("utf-8-sig", hyphen=(True, True, True, False)),
}


def extract_name(year: int) -> str:
    """The file of a year's notices, without its ending."""
    return f"domus_{year}" if year >= FIRST_DOMUS_YEAR else f"varsler_{year}"


def write_extract(folder: Path, year: int, rows: Sequence[Notice]) -> int:
    """Write the notices of a year into `folder`. Returns the line number of the first row."""
    layout = LAYOUTS[year]
    fields = _domus if year >= FIRST_DOMUS_YEAR else _kss
    header = DOMUS if year >= FIRST_DOMUS_YEAR else KSS
    lines = [[name.upper() for name in header] if layout.capitals else header]
    lines += [fields(i, year, row, layout) for i, row in enumerate(rows)]
    if layout.total:
        lines.append(["I alt", "", "", f"{len(rows):,}".replace(",", "."), *[""] * 4])
    text = "".join(f"{line}\r\n" for line in layout.above)
    text += _table([line + [""] * layout.blank_columns for line in lines], layout)
    # Python's own "utf-16" follows the machine; the extract is always little-endian.
    encoding = {"utf-16": "utf-16-le"}.get(layout.encoding, layout.encoding)
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (folder / f"{extract_name(year)}.csv").write_bytes((mark + text).encode(encoding))
    return len(layout.above) + 2


def _table(lines: list[list[str]], layout: Layout) -> str:
    if layout.quoting is None:
        return "".join(layout.delimiter.join(line) + "\r\n" for line in lines)
    out = io.StringIO()
    quoting: Any = layout.quoting
    csv.writer(out, delimiter=layout.delimiter, quoting=quoting).writerows(lines)
    return out.getvalue()


def _kss(i: int, year: int, row: Notice, layout: Layout) -> list[str]:
    key = f"{year}-{1000 + i:06d}"
    number = _number(i, row, layout)
    what = row.text, row.sender, row.arrears, row.ground
    return [key, _day(i, row, layout), number, row.name, *what]


def _domus(i: int, year: int, row: Notice, layout: Layout) -> list[str]:
    return [
        f"{year}-{20_000 + 3 * i}",
        _day(i, row, layout),
        _number(i, row, layout),
        row.name,
        row.line,
        row.post,
        row.sender,
        row.court_case,
        row.ground,
        row.remark,
    ]


def _day(i: int, row: Notice, layout: Layout) -> str:
    if row.day_text is not None:
        return row.day_text
    # Office hours, for the year whose system writes the time too.
    moment = dt.datetime.combine(row.day, dt.time(8 + i % 9, i * 7 % 60))
    return moment.strftime(layout.date)


def _number(i: int, row: Notice, layout: Layout) -> str:
    number = row.number
    if not (len(number) == 10 and number.isdigit()):
        return number
    if layout.number_as_number:
        return str(int(number))
    hyphen = layout.hyphen[i % len(layout.hyphen)]
    return f"{number[:6]}-{number[6:]}" if hyphen else number


def write_layer(path: Path, field: str, shapes: list[tuple[str, BaseGeometry]]) -> None:
    """Write shapes in EPSG:25832 as GeoJSON in longitude and latitude, one feature a polygon."""
    to_degrees = Transformer.from_crs("EPSG:25832", "EPSG:4326", always_xy=True)

    def degrees(metres: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.round(np.column_stack(to_degrees.transform(metres[:, 0], metres[:, 1])), 9)

    features: list[dict[str, Any]] = []
    for name, shape in shapes:
        for part in shapely.get_parts(shapely.orient_polygons(shape)):
            properties = {"ogc_fid": len(features) + 1, field: name}
            geometry = mapping(shapely.transform(part, degrees))
            features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    layer = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(layer, ensure_ascii=False), encoding="utf-8")
