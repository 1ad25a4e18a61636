"""Address registers as they really come: the same hamlet in every format is the same register."""

from __future__ import annotations

import gzip
import json
import shlex
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

import hamlet
from conftest import SHARED, needed
from kvarter.addresses import AddressIndex, match
from kvarter.cli import app
from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.register import COLUMNS, BuiltRegister, build_register, open_register
from kvarter.register.build import Format

Records = dict[str, list[dict[str, Any]]]


@pytest.fixture
def expected() -> pl.DataFrame:
    return hamlet.register().with_columns(pl.col(pl.String).fill_null("")).sort("address_id")


def as_dawa(register: pl.DataFrame) -> pl.DataFrame:
    names = {
        **{"address_id": "id", "access_address_id": "adgangsadresseid", "street_name": "vejnavn"},
        **{"postal_street_name": "adresseringsvejnavn", "house_number": "husnr", "floor": "etage"},
        **{"door": "dør", "supplementary_town": "supplerendebynavn", "postcode": "postnr"},
        **{"post_district": "postnrnavn", "municipality_code": "kommunekode"},
        **{"street_code": "vejkode", "x": "etrs89koordinat_øst", "y": "etrs89koordinat_nord"},
        **{"bulk_postcode": "stormodtagerpostnr", "bulk_district": "stormodtagerpostnrnavn"},
    }
    drop = ["valid_from", "valid_to", "replaced_by"]
    return register.drop(drop).rename(names).with_columns(status=pl.lit(1), oprettet=pl.lit(""))


def as_dar(register: pl.DataFrame) -> Records:
    """The records of each entity; ids are made of what they stand for."""
    entities: Records = {}

    def add(entity: str, id_: str, **fields: Any) -> None:
        rows = entities.setdefault(entity, [])
        if all(row["id_lokalId"] != id_ for row in rows):
            rows.append(version(id_, **fields))

    for row in register.to_dicts():
        street = f"{row['street_name']}/{row['postcode']}"
        entrance, town = row["access_address_id"], row["municipality_code"]
        add(
            *("Adresse", row["address_id"]),
            **{"husnummer": entrance, "etagebetegnelse": row["floor"]},
            **{"dørbetegnelse": row["door"]},
        )
        add(
            *("Husnummer", entrance),
            **{"husnummertekst": row["house_number"], "navngivenVej": street},
            **{"adgangspunkt": f"p{entrance}", "postnummer": row["postcode"]},
            **{"supplerendeBynavn": None, "kommuneinddeling": f"38{town}"},
        )
        add("Adressepunkt", f"p{entrance}", position=f"POINT({row['x']} {row['y']})")
        names = {"vejnavn": row["street_name"], "vejadresseringsnavn": row["postal_street_name"]}
        add("NavngivenVej", street, **names)
        part = {"kommune": town, "vejkode": row["street_code"], "navngivenVej": street}
        add("NavngivenVejKommunedel", f"{street}/{town}", **part)
        add("Postnummer", row["postcode"], postnr=row["postcode"], navn=row["post_district"])
    return entities


def version(
    id_: str | None, status: str = "3", since: str | None = None, until: str | None = None, **f: Any
) -> dict[str, Any]:
    times = {"virkningFra": since, "virkningTil": until, "registreringTil": None}
    return {"id_lokalId": id_, "status": status, **times, **f}


def write_dar(folder: Path, entities: Records) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for entity, rows in entities.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"DAR_V1_{entity}_TotalDownload_300.ndjson").write_text(lines, "utf-8")
    return folder


def build(path: Path, **columns: str) -> BuiltRegister:
    return build_register(path, columns)


def reasons(built: BuiltRegister) -> dict[str, int]:
    return dict(sorted(built.set_aside["reason"].value_counts().iter_rows()))


def test_the_same_hamlet_in_every_format(tmp_path: Path, expected: pl.DataFrame) -> None:
    expected.write_csv(tmp_path / "plain.csv")
    expected.write_parquet(tmp_path / "plain.parquet")
    as_dawa(expected).write_csv(tmp_path / "dawa.csv")
    text = (tmp_path / "dawa.csv").read_text("utf-8")
    (tmp_path / "excel.csv").write_bytes(text.replace(",", ";").encode("cp1252"))
    entities = as_dar(expected)
    folder = write_dar(tmp_path / "dar", entities)
    with zipfile.ZipFile(tmp_path / "dar.zip", "w") as whole:
        for file in folder.iterdir():
            whole.write(file, f"DAR/{file.name}")
    one_each = tmp_path / "zips"
    one_each.mkdir()
    for entity, rows in entities.items():
        with zipfile.ZipFile(one_each / f"DAR_V1_{entity}_TotalDownload.zip", "w") as one:
            one.writestr("data.json", json.dumps(rows))
    packed = tmp_path / "gz"
    packed.mkdir()
    for file in folder.iterdir():
        (packed / f"{file.name}.gz").write_bytes(gzip.compress(file.read_bytes()))
    formats = {
        **dict.fromkeys(["plain.csv", "plain.parquet"], Format.PLAIN),
        **dict.fromkeys(["dawa.csv", "excel.csv"], Format.DAWA),
        **dict.fromkeys(["dar", "dar.zip", "zips", "gz"], Format.DAR),
    }
    for name, format in formats.items():
        built = build(tmp_path / name)
        assert (built.format, reasons(built)) == (format, {}), name
        assert built.register.equals(expected), name


def test_points_in_degrees(tmp_path: Path, expected: pl.DataFrame) -> None:
    """The point of domain.md: (717206.006, 6179973.818) is (12.45818436, 55.71674711)."""
    rows = expected.head(2).drop("x", "y")
    rows.with_columns(lon=pl.lit("12.45818436"), lat=pl.lit("55.71674711")).write_csv(
        tmp_path / "a.csv"
    )
    built = build(tmp_path / "a.csv", x="lon", y="lat")
    assert built.register["x"].to_list() == pytest.approx([717206.006] * 2, abs=0.02)
    assert built.register["y"].to_list() == pytest.approx([6179973.818] * 2, abs=0.02)
    as_dawa(expected).with_columns(
        pl.lit("").alias("etrs89koordinat_øst"),
        pl.lit("12.45818436").alias("wgs84koordinat_længde"),
        pl.lit("55.71674711").alias("wgs84koordinat_bredde"),
    ).drop("etrs89koordinat_nord").write_csv(tmp_path / "d.csv")
    assert build(tmp_path / "d.csv").register["x"][0] == pytest.approx(717206.006, abs=0.02)


@pytest.mark.parametrize(
    ("key", "parts"),
    [
        ("01010004_12B__2__tv", ("0101", "0004", "12B", "2", "tv")),
        ("01010004012B0020003", ("0101", "0004", "12B", "2", "3")),
        ("01010004  12 st  mf", ("0101", "0004", "12", "st", "mf")),
        ("01010004__12_______", ("0101", "0004", "12", "", "")),
        ("01010004__12", ("0101", "0004", "12", "", "")),
    ],
)
def test_keys_of_nineteen_characters(
    tmp_path: Path, key: str, parts: tuple[str, ...], expected: pl.DataFrame
) -> None:
    names = ["municipality_code", "street_code", "house_number", "floor", "door"]
    expected.head(1).drop(names).with_columns(key=pl.lit(key[:19])).write_csv(tmp_path / "a.csv")
    built = build(tmp_path / "a.csv", kvhx="key")
    assert built.register.select(names).row(0) == parts


def test_a_key_that_is_none_is_said(tmp_path: Path, expected: pl.DataFrame) -> None:
    rows = expected.head(2).drop("house_number")
    rows.with_columns(key=pl.Series(["0101", "01010004__12"])).write_csv(tmp_path / "a.csv")
    built = build(tmp_path / "a.csv", kvhx="key")
    assert (built.register.height, reasons(built)) == (1, {"no_house_number": 1})


def test_why_records_are_set_aside(tmp_path: Path, expected: pl.DataFrame) -> None:
    rows = expected.head(11).to_dicts()
    changes: list[dict[str, Any]] = [
        {},
        {"address_id": ""},
        {"access_address_id": ""},
        {"street_name": ""},
        {"house_number": ""},
        {"postcode": ""},
        {"municipality_code": ""},
        {"x": None},
        {"x": 7.0e6},
        {"replaced_by": "nowhere"},
        {"address_id": rows[0]["address_id"]},
    ]
    changed = [row | change for row, change in zip(rows, changes, strict=True)]
    pl.DataFrame(changed, schema=dict(COLUMNS)).write_csv(tmp_path / "a.csv")
    with (tmp_path / "a.csv").open("a", encoding="utf-8") as file:
        file.write("a,row," + "," * 30 + "too long\n")
    built = build(tmp_path / "a.csv")
    assert built.register.height == 1
    assert reasons(built) == dict.fromkeys(
        [
            *("address_id_seen_before", "more_fields_than_columns", "no_access_address_id"),
            *("no_address_id", "no_house_number", "no_municipality", "no_point", "no_postcode"),
            *("no_street_name", "point_outside_denmark_in_epsg_25832"),
            "replaced_by_no_address_of_today",
        ],
        1,
    )


def test_dawa_by_status(tmp_path: Path, expected: pl.DataFrame) -> None:
    status = pl.Series("status", [1, 2, 3, 4, 9, 1])
    as_dawa(expected.head(6)).with_columns(status).write_csv(tmp_path / "d.csv")
    built = build(tmp_path / "d.csv")
    assert built.register.height == 2
    assert built.left_out == {"closed": 1, "given_up": 1, "preliminary": 1}
    assert reasons(built) == {"status_unknown": 1}


@pytest.fixture
def history(expected: pl.DataFrame) -> Records:
    """The hamlet with a past: what was renamed, renumbered, divided, closed and never came."""
    entities = as_dar(expected)
    units, houses = entities["Adresse"], entities["Husnummer"]
    unit = {row["id_lokalId"]: row for row in units}
    house = {row["id_lokalId"]: row for row in houses}
    street = next(s for s in entities["NavngivenVej"] if s["vejnavn"] == "Kirkevej")
    # Kirkevej was Præstevej until New Year's Day 2015, Danish time.
    street["virkningFra"] = "2014-12-31T23:00:00Z"
    old_name = {"vejnavn": "Præstevej", "vejadresseringsnavn": "Præstevej"}
    entities["NavngivenVej"].append(
        street
        | old_name
        | {"virkningFra": "1999-01-01T00:00:00Z", "virkningTil": street["virkningFra"]}
    )
    # Strandvejen 3 was number 3A until the summer of 2010, and the register first wrote 3B.
    house["S3"]["virkningFra"] = "2010-07-01T00:00:00.000000+02:00"
    former = {"husnummertekst": "3A", "virkningFra": None, "virkningTil": "2010-06-30T22:00:00Z"}
    houses.append(house["S3"] | former)
    houses.append(house["S3"] | {"husnummertekst": "3B", "registreringTil": "2009-01-01T00:00:00Z"})
    # Strandvejen 2, st. had one flat until 2012: today's `tv`.
    since = "2012-03-01T00:00:00+01:00"
    unit["S2-sttv"]["virkningFra"] = since
    units.append(unit["S2-sttv"] | {"dørbetegnelse": "", "virkningFra": None, "virkningTil": since})
    # Closed, given up, preliminary, and one for next century.
    unit["S4-2th"]["status"] = "4"
    units.append(unit["S4-2th"] | {"status": "3", "virkningTil": "2020-01-01T00:00:00Z"})
    unit["S4-2th"]["virkningFra"] = "2020-01-01T00:00:00Z"
    units += [
        version("gone", "5", husnummer="S4", etagebetegnelse="9"),
        version("plan", "2", husnummer="S4", etagebetegnelse="8"),
        version("later", "3", "2199-01-01T00:00:00Z", husnummer="S4", etagebetegnelse="7"),
    ]
    return entities


def index_of(built: BuiltRegister) -> AddressIndex:
    engine = Engine()
    return AddressIndex(engine, engine.table(built.register))


def test_the_past_of_the_hamlet(tmp_path: Path, history: Records, expected: pl.DataFrame) -> None:
    built = build(write_dar(tmp_path / "dar", history))
    today = built.register.filter(pl.col("replaced_by") == "")
    assert set(today["address_id"]) == set(expected["address_id"]) - {"S4-2th"}
    former = built.register.filter(pl.col("replaced_by") != "")
    kirke = former.filter(pl.col("street_name") == "Præstevej")
    assert kirke.height == expected.filter(pl.col("street_name") == "Kirkevej").height == 15
    assert kirke.select("valid_from", "valid_to").unique().row(0) == ("", "2014-12-31")
    others = former.filter(pl.col("street_name") != "Præstevej").select(
        "address_id", "house_number", "floor", "door", "valid_to", "replaced_by"
    )
    assert others.rows() == [
        ("S2-sttv@unknown", "2", "st", "", "2012-02-29", "S2-sttv"),
        ("S3-@unknown", "3A", "", "", "2010-06-30", "S3-"),
    ]
    assert reasons(built) == {}
    assert built.left_out == {
        "closed": 1,
        "closed_without_successor": 1,
        "entrance_of_units": 15 + 5 + 1,  # today's, Præstevej's and Strandvejen 3A: of units
        "given_up": 1,
        "not_yet_in_force": 1,
        "preliminary": 1,
    }


def test_former_addresses_lead_to_todays(tmp_path: Path, history: Records) -> None:
    built = build(write_dar(tmp_path / "dar", history))
    index = index_of(built)
    asked = {
        "Præstevej 2, 1. th, 2100 København Ø": "K2-1th",
        "Strandvejen 3A, 2100 København Ø": "S3-",
    }
    found = {row["text"]: row for row in match(list(asked), index).to_dicts()}
    assert {text: row["address_id"] for text, row in found.items()} == asked
    reasons_of = {text: row["reasons"] for text, row in found.items()}
    assert reasons_of["Præstevej 2, 1. th, 2100 København Ø"] == "former_address"
    assert reasons_of["Strandvejen 3A, 2100 København Ø"] == "former_address"


def test_what_dangles_is_set_aside(tmp_path: Path, expected: pl.DataFrame) -> None:
    entities = as_dar(expected)
    houses = {row["id_lokalId"]: row for row in entities["Husnummer"]}
    houses["S1"]["navngivenVej"] = "no such street"
    houses["S3"]["adgangspunkt"] = "no such point"
    houses["S5"]["postnummer"] = "no such postcode"
    houses["S7"]["status"] = "4"
    entities["Adressepunkt"].append(version("p0", position="POINT EMPTY"))
    houses["K1"]["adgangspunkt"] = "p0"
    units = entities["Adresse"]
    units.append(version("dangling", husnummer="no such house", etagebetegnelse=""))
    units.append(version("odd", "7", husnummer="S2", etagebetegnelse="5"))
    units.append(units[1] | {"etagebetegnelse": "9"})
    folder = write_dar(tmp_path / "dar", entities)
    with next(folder.glob("*_Adresse_*")).open("a", encoding="utf-8") as file:
        file.write('{"id_lokalId": "cut off\n')
    built = build(folder)
    assert reasons(built) == {
        "address_id_seen_before": 1,
        "entrance_not_in_force": 1,
        "house_number_not_in_files": 1,
        "no_point": 2,
        "no_postcode": 1,
        "record_unreadable": 1,
        "status_unknown": 1,
        "street_not_in_files": 2,  # the unit, and its entrance
    }
    assert built.register.height == expected.height - 5


def test_an_entrance_without_units_is_an_address(tmp_path: Path, expected: pl.DataFrame) -> None:
    entities = as_dar(expected)
    entities["Adresse"] = [a for a in entities["Adresse"] if a["husnummer"] != "S2"]
    built = build(write_dar(tmp_path / "dar", entities))
    row = built.register.filter(pl.col("access_address_id") == "S2").to_dicts()
    assert [(r["address_id"], r["floor"], r["door"]) for r in row] == [("S2", "", "")]


def test_a_street_in_two_municipalities(tmp_path: Path, expected: pl.DataFrame) -> None:
    """The house number's own municipality says which of the street's codes is meant."""
    one_street = expected.with_columns(
        postcode=pl.lit("2100"),
        street_code=pl.when(pl.col("municipality_code") == "0999")
        .then(pl.lit("0777"))
        .otherwise("street_code"),
        post_district=pl.lit("København Ø"),
    )
    neighbour = one_street.filter(pl.col("address_id") == "S9-").with_columns(
        address_id=pl.lit("N1-"),
        access_address_id=pl.lit("N1"),
        street_name=pl.lit("Nabovej"),
        postal_street_name=pl.lit("Nabovej"),
        municipality_code=pl.lit("0999"),
    )
    rows = pl.concat([one_street, neighbour]).sort("address_id")
    built = build(write_dar(tmp_path / "dar", as_dar(rows)))
    assert built.register.equals(rows)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: next(f.glob("*_Husnummer_*")).unlink(), "no file of the entity Husnummer"),
        (
            lambda f: next(f.glob("*_Postnummer_*")).write_text("not json"),
            "no file of Postnummer records",
        ),
        (
            lambda f: next(f.glob("*_Postnummer_*")).write_text('{"HusnummerList": [{"id": 1}]}'),
            "no file of Postnummer records",
        ),
        (
            lambda f: next(f.glob("*_Postnummer_*")).write_text('[{"id_lokalId": "1", "postnr": '),
            "a file of Postnummer is not JSON",
        ),
        (lambda f: (f / "more.zip").write_bytes(b"PK no"), "the zip cannot be unpacked"),
    ],
)
def test_what_is_no_register_is_said(
    tmp_path: Path, expected: pl.DataFrame, spoil: Any, says: str
) -> None:
    folder = write_dar(tmp_path / "dar", as_dar(expected))
    spoil(folder)
    with pytest.raises(InputError, match=says):
        build(folder)


def test_evident_names_of_columns_are_offered_as_a_command(
    tmp_path: Path, expected: pl.DataFrame
) -> None:
    names = {"address_id": "Adresse-ID", "access_address_id": "Adgangsadresse-ID"}
    names |= {"street_name": "Vejnavn", "house_number": "Husnr", "postcode": "Postnr"}
    names |= {"municipality_code": "Kommunekode", "floor": "Etage", "door": "Dør"}
    path = tmp_path / "vores adresser.csv"
    expected.select(*names, "x", "y").rename(names).write_csv(path, separator=";")
    with pytest.raises(InputError) as error:
        build_register(path)
    remedy = shlex.split(error.value.problems[-1].remedy)
    assert remedy[:4] == ["kvarter", "register", "build", str(path)]
    out = tmp_path / "r.parquet"
    made = CliRunner().invoke(app, [*remedy[1:], "--out", str(out)])
    assert made.exit_code == 0
    assert pl.read_parquet(out).select(*names).rows() == expected.select(*names).rows()


def test_nothing_usable_is_said(tmp_path: Path, expected: pl.DataFrame) -> None:
    expected.with_columns(x=pl.lit(1.0)).write_csv(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"no address in it can be used: point_outside"):
        build(tmp_path / "a.csv")


def test_a_bulk_receivers_postcode_is_official(tmp_path: Path, expected: pl.DataFrame) -> None:
    bulk = expected.with_columns(
        bulk_postcode=pl.when(pl.col("access_address_id") == "S1")
        .then(pl.lit("0900"))
        .otherwise(pl.lit("")),
        bulk_district=pl.when(pl.col("access_address_id") == "S1")
        .then(pl.lit("København C"))
        .otherwise(pl.lit("")),
    )
    as_dawa(bulk).write_csv(tmp_path / "d.csv")
    built = build(tmp_path / "d.csv")
    assert built.register.equals(bulk)
    index = index_of(built)
    texts = ["Strandvejen 1, 0900 København C", "Strandvejen 1, 2100 København Ø"]
    for row in match(texts, index).to_dicts():
        assert (row["category"], row["address_id"], row["reasons"]) == ("A", "S1-", "")
        assert row["candidates"] == "Strandvejen 1, 2100 København Ø"


def test_a_register_from_before_bulk_receivers_opens(
    tmp_path: Path, expected: pl.DataFrame
) -> None:
    expected.drop("bulk_postcode", "bulk_district").write_parquet(tmp_path / "r.parquet")
    engine = Engine()
    opened = engine.fetch(open_register(engine, tmp_path / "r.parquet")).sort("address_id")
    assert opened.equals(expected)


def test_the_command_says_what_it_did(tmp_path: Path, history: Records) -> None:
    folder = write_dar(tmp_path / "dar", history)
    out = tmp_path / "made" / "register.parquet"
    done = CliRunner().invoke(app, ["register", "build", str(folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "left out: preliminary" in done.output
    assert pl.read_parquet(out).columns == list(COLUMNS)
    both = ["register", "build", str(folder), "--format", "dar", "--column", "x=lon"]
    assert CliRunner().invoke(app, both).exit_code == 2


@pytest.fixture(scope="module")
def real_extract() -> tuple[BuiltRegister, pl.DataFrame]:
    path = needed(SHARED / "dar" / "dar_extract.csv")
    return build_register(path), pl.read_csv(path, infer_schema=False)


def test_the_real_extract_adds_up(real_extract: tuple[BuiltRegister, pl.DataFrame]) -> None:
    """4,232 states, each with one fate. The figures were counted by hand in the file.

    Current are 2,801 units and 1,328 entrances, 5 of them without units. Two units, on
    Holbækmotorvejen and Solbakkevej, have no municipality in any state.
    """
    built, rows = real_extract
    today = built.register.filter(pl.col("replaced_by") == "")
    former = built.register.filter(pl.col("replaced_by") != "")
    current = rows.filter(pl.col("is_current") == "1")
    by_level = dict(current["level"].value_counts().iter_rows())
    assert (rows.height, by_level) == (4232, {"adresse": 2801, "adgangsadresse": 1328})
    bare = today.filter(pl.col("address_id") == pl.col("access_address_id"))
    assert (today.height, bare.height) == (2801 - 2 + 5, 5)
    assert reasons(built) == {"no_municipality": 2 + 4}
    assert built.left_out == {
        "closed": 21,
        "closed_without_successor": 20,
        "entrance_of_units": 1334,
        "preliminary": 2,
        "same_designation": 6,
    }
    # Of units' own former states: 37 with another designation than today's, 4 of them on
    # Solbakkevej and Holbækmotorvejen, and Eliasgade 11 of a closed unit that came again.
    # Of entrances' own: two bare ones had another name; Karlslunde Parkvej 1F (now 27) has
    # 21 units, Rytterkasernen 48 two, and Skovvej 73 one.
    assert former.height == 37 - 4 + 1 + 2 + 21 + 2 + 1
    kept_states = today.height + built.set_aside.height + (37 - 4 + 1) + 2 + 3
    assert kept_states + sum(built.left_out.values()) == rows.height


def test_official_forms_of_the_real_extract_are_themselves(
    real_extract: tuple[BuiltRegister, pl.DataFrame],
) -> None:
    """Every current unit, as the register of Denmark writes it, is category A at its own id.

    Also where there is a door and no floor (Tofthøjvej 20), or a door such as `1b` (Vollsmose Allé
    40B).
    """
    built, rows = real_extract
    current = rows.filter((pl.col("level") == "adresse") & (pl.col("is_current") == "1")).join(
        built.register, left_on="id", right_on="address_id", how="semi"
    )
    answers = match(current["betegnelse"], index_of(built))
    found = current.join(answers, left_on="betegnelse", right_on="text")
    assert found.height == 2799
    wrong = found.filter(
        (pl.col("category") != "A") | (pl.col("address_id") != pl.col("id")).fill_null(True)
    )
    assert wrong.is_empty(), wrong.select("betegnelse", "category", "reasons", "candidates")


def test_former_forms_of_the_real_extract_lead_to_todays(
    real_extract: tuple[BuiltRegister, pl.DataFrame],
) -> None:
    """All 60, but where the same words are an address of today: today's comes first."""
    built, _ = real_extract
    former = built.register.filter(pl.col("replaced_by") != "")
    written = former.with_columns(text=pl.Series([official(row) for row in former.to_dicts()]))
    found = written.join(match(written["text"], index_of(built)), on="text")
    led = found.filter(pl.col("address_id_right") == pl.col("replaced_by"))
    assert dict(led["reasons"].value_counts().iter_rows()) == {
        "former_address": 35,
        "": 2,  # Thomas B.Thriges Gd. is still how the name is written on letters
    }
    others = found.join(led, on="text", how="anti").select("text", "reasons").rows()
    assert {why for text, why in others if "Stationsvej 41L" in text} == {"unit_not_in_register"}
    assert [row for row in others if "Stationsvej 41L" not in row[0]] == []


def official(row: dict[str, str]) -> str:
    """A designation as the register of Denmark writes it."""
    unit = " ".join(part for part in (row["floor"] and row["floor"] + ".", row["door"]) if part)
    house = f"{row['street_name']} {row['house_number']}"
    post = f"{row['postcode']} {row['post_district']}"
    return ", ".join(part for part in (house, unit, row["supplementary_town"], post) if part)


def test_copenhagens_entrances_as_a_plain_file() -> None:
    """3,473 real entrances of the city, without floors: an entrance is an address of its own."""
    path = needed(SHARED / "copenhagen" / "access_addresses.csv")
    names = {
        **{"address_id": "id", "access_address_id": "id", "street_name": "vejnavn"},
        **{"house_number": "husnr", "postcode": "postnr", "post_district": "postnrnavn"},
        **{"municipality_code": "kommunekode", "street_code": "vejkode"},
    }
    metres = build(path, **names)
    degrees = build(path, **names, x="lon", y="lat")
    assert (metres.register.height, reasons(metres)) == (3473, {})
    near = metres.register.join(degrees.register, on="address_id")
    assert near.height == metres.register.height
    for axis in "xy":
        assert (near[axis] - near[f"{axis}_right"]).abs().max() < 0.05
