"""A municipality small enough to count by hand: two streets, two areas that overlap, one extract.

Strandvejen 1-10 lies in a row from west to east, 100 metres apart; Kirkevej 1-5 lies north of it.
Odd numbers are houses without units, even ones stairwells with st, 1 and 2, tv and th. The area
`vest` holds Strandvejen 1-4, `midt` 4-6: number 4 lies in both. Strandvejen 10 belongs to the
neighbour municipality 0999, and the area `oest` around 9 and 10 sticks out over the border.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import polars as pl
import yaml

from kvarter.addresses import make_index
from kvarter.documents.write import FORMS, Form, Wanted, write_documents
from kvarter.editions import Edition
from kvarter.pipeline.run import run
from kvarter.register import COLUMNS
from middle import WithMiddle, with_middle

STATEMENT = "statement"
"""What of `changed` is no field of the policy, but the statement of its last edition."""

KEY = "0123456789abcdef0123456789abcdef0123456789abcdef"
HEADER = "Sagsnr;Dato;CPR;Navn;Adresse;Afsender"


def entrances() -> list[tuple[str, str, int, float, float, str]]:
    """`id, street, number, x, y, municipality`."""
    strand = [
        (f"S{n}", "Strandvejen", n, 700_000.0 + 100 * n, 6_170_000.0, "0999" if n == 10 else "0101")
        for n in range(1, 11)
    ]
    kirke = [
        (f"K{n}", "Kirkevej", n, 700_000.0 + 100 * n, 6_171_000.0, "0101") for n in range(1, 6)
    ]
    return strand + kirke


def register() -> pl.DataFrame:
    """The register of the hamlet, in Kvarter's format."""
    rows = []
    for entrance, street, number, x, y, municipality in entrances():
        units = [("", "")]
        if number % 2 == 0:
            units = [(floor, door) for floor in ("st", "1", "2") for door in ("tv", "th")]
        for floor, door in units:
            rows.append(
                dict.fromkeys(COLUMNS, "")
                | {
                    "address_id": f"{entrance}-{floor}{door}",
                    "access_address_id": entrance,
                    "street_name": street,
                    "postal_street_name": street,
                    "house_number": str(number),
                    "floor": floor,
                    "door": door,
                    "supplementary_town": "",
                    "postcode": "9999" if municipality == "0999" else "2100",
                    "post_district": "Naboby" if municipality == "0999" else "København Ø",
                    "municipality_code": municipality,
                    "street_code": "0001",
                    "x": x,
                    "y": y,
                    "valid_from": "",
                    "valid_to": "",
                    "replaced_by": "",
                }
            )
    return pl.DataFrame(rows, schema=dict(COLUMNS))


def areas() -> dict[str, Any]:
    """Three boxes in EPSG:25832: `vest`, `midt` (overlapping at number 4) and `oest`."""

    def box(name: str, first: float, last: float) -> dict[str, Any]:
        west, east = 700_000 + 100 * first - 40, 700_000 + 100 * last + 40
        south, north = 6_169_950, 6_170_050
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "properties": {"navn": name}, "geometry": geometry}

    boxes = [box("Vest", 1, 4), box("Midt", 4, 6), box("Øst", 9, 10)]
    return {"type": "FeatureCollection", "features": boxes}


def policy() -> dict[str, Any]:
    """The policy as data, for tests to change before it is written."""
    return {
        "title": "Prøvepolitik",
        "municipality": {"code": "0101", "name": "Prøveby"},
        "period": {"from": 2016, "to": 2025},
        "disclosure": {"threshold": 1},
        "editions": [
            {
                "id": "2017",
                "title": "Baseline",
                "data_year": 2022,
                "area_set": "a",
                "baseline": True,
            },
            {"id": "2024", "title": "Status", "data_year": 2023, "area_set": "a"},
        ],
        "register": {"file": "register.parquet"},
        "area_sets": [
            {
                "id": "a",
                "title": "Områderne",
                "file": "areas.geojson",
                "name_field": "navn",
                "crs": "EPSG:25832",
                "areas": [
                    {"id": "vest", "name": "Vest"},
                    {"id": "midt", "name": "Midt"},
                    {"id": "oest", "name": "Øst"},
                ],
            }
        ],
        "case_kinds": [
            {
                "id": "notice",
                "title": "Varsling",
                "unite_as": "household",
                "same_when": [["unit"], ["person"], ["entrance", "name"]],
            }
        ],
        "sources": [
            {
                "id": "notices",
                "file": "notices.csv",
                "cases": "notice",
                "case_system": "X",
                "from": "2022-01-01",
                "to": "2023-12-31",
                "columns": {
                    "event_date": "Dato",
                    "address": "Adresse",
                    "person_number": "CPR",
                    "name": "Navn",
                    "sender": "Afsender",
                },
            }
        ],
        "statistics": [
            {
                "id": "dwellings",
                "file": "dwellings.csv",
                "year": "aar",
                "located_by": {"entrance": "adgang"},
            }
        ],
        "goals": [
            {
                "number": 1,
                "title": "Færre varslinger",
                "indicators": [
                    {
                        "id": "notices-per-dwelling",
                        "title": "Varslinger pr. bolig",
                        "measured": "Husstande pr. bolig.",
                        "kind": "rate",
                        "numerator": {"cases": "notice"},
                        "denominator": {"statistic": "dwellings", "column": "boliger"},
                        "by_area": True,
                    }
                ],
                "targets": [
                    {
                        "id": "fewer",
                        "text": "Varslinger falder 25 %",
                        "indicator": "notices-per-dwelling",
                        "readings": [
                            {
                                "id": "rate",
                                "title": "andelen",
                                "kind": "relative_change",
                                "change": -25,
                            }
                        ],
                    }
                ],
            }
        ],
    }


ROWS = [
    "1;03-01-2022;;Anna Berg;Strandvejen 2, st. tv, 2100 København Ø;Fogedretten",
    "2;04-02-2022;;Bo Dahl;Strandvejen 4, 1. th, 2100 København Ø;Fogedretten",
    "3;05-03-2022;;Eva Friis;Strandvejen 3, 2100 København Ø;Boligorganisation",
    "4;06-04-2022;;Ib Juul;Kirkevej 2, 2. tv, 2100 København Ø;Fogedretten",
    "5;07-01-2023;;Kai Lund;strandvejen 2 sttv 2100 kbh ø;Fogedretten",
    "6;08-02-2023;;Kai Lund;Strandvejen 2, st. tv, 2100 København Ø;Boligorganisation",
    "7;09-03-2023;;Mia Nord;Kirkevej 4, 1. tv, 2100 København Ø;Fogedretten",
    "8;10-04-2023;;Ole Pihl;uden fast bopæl;Fogedretten",
    "9;11-05-2023;;Rie Skov;Strandvejen 10, st. th, 9999 Naboby;Fogedretten",
    "10;31-02-2023;;Tom Ulv;Kirkevej 1, 2100 København Ø;Fogedretten",
    "11;12-06-2021;;Vi Wang;Kirkevej 3, 2100 København Ø;Fogedretten",
]


@cache
def _register_with_its_index() -> TemporaryDirectory[str]:
    """Made once: most of the tests ask for it, and an index takes longer than all else of a run."""
    folder = TemporaryDirectory()
    register().write_parquet(Path(folder.name) / "register.parquet")
    make_index(Path(folder.name) / "register.parquet")
    return folder


def build(
    folder: Path,
    rows: list[str] | None = None,
    changed: dict[str, Any] | None = None,
    content: bytes | None = None,
) -> Path:
    """Write the hamlet to `folder` and return the path of its policy.

    `rows` of the extract without the header, or its whole `content`; `changed`: top fields of the
    policy to put in place of its own, and as STATEMENT what is written of the last edition.
    """
    fields = {**policy(), **(changed or {})}
    if statement := fields.pop(STATEMENT, None):
        edition = fields["editions"][-1]["id"]
        words = yaml.safe_dump({"edition": edition, **statement}, allow_unicode=True)
        (folder / "statements").mkdir(parents=True, exist_ok=True)
        (folder / "statements" / f"{edition}.yaml").write_text(words, encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_register_with_its_index().name, folder, dirs_exist_ok=True)
    (folder / "areas.geojson").write_text(json.dumps(areas()), encoding="utf-8")
    lines = ["aar;adgang;boliger"]
    for year in (2022, 2023):
        for entrance, _, number, *_ in entrances():
            lines.append(f"{year};{entrance};{6 if number % 2 == 0 else 1}")
    (folder / "dwellings.csv").write_text("\n".join(lines), encoding="utf-8")
    text = "\n".join([HEADER, *(ROWS if rows is None else rows)]) + "\n"
    (folder / "notices.csv").write_bytes(content if content is not None else text.encode())
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(KEY, encoding="ascii")
    path = folder / "policy.yaml"
    path.write_text(yaml.safe_dump(fields, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def run_in(
    policy: Path, out: Path | None = None, *, documents: bool | Sequence[Form] = False, **more: Any
) -> WithMiddle:
    """Run a policy that has its key beside it, to `out`, or to a folder `out` beside it.

    Documents take most of a run's time, and few tests read them, or one form of them alone.
    """
    to, key = out or policy.parent / "out", policy.parent / "key"
    more = {"again": True, **more}
    forms = FORMS if documents is True else documents

    def write(status: Edition, folder: Path, wanted: Wanted) -> None:
        if forms:
            write_documents(status, folder, replace(wanted, only=forms))

    with mock.patch("kvarter.pipeline.write.write_documents", write):
        return with_middle(lambda: run(policy, out=to, key_file=key, **more))
