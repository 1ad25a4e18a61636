"""Registers to make texts from: a real one, and two of real street names with made-up numbers.

- `dar`: the real extract of Denmark's address register, as it stands.
- `copenhagen`: real streets with real postcodes, the real entrances of the open layers, and
  made-up entrances, floors and doors around them.
- `rural`: real street names, postcodes and supplementary towns of small places, put together by
  chance; streets that end in a number or begin with one, farms, many letters, few flats.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl

from kept_aside.known import COLUMNS, same
from kept_aside.names import DATA

Row = tuple[str, ...]


def _read(path: str, separator: str = ",") -> pl.DataFrame:
    return pl.read_csv(DATA / path, separator=separator, infer_schema=False)


def _table(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def dar() -> pl.DataFrame:
    """The real units of the extract that are in force today, if their municipality is known."""
    return (
        _read("dar/dar_extract.csv")
        .filter(
            (pl.col("level") == "adresse")
            & (pl.col("is_current") == "1")
            & (pl.col("status") == "3")
        )
        .filter(pl.all_horizontal(pl.col("postnr", "husnr", "kommunekode").is_not_null()))
        .select(
            unit_id="id",
            access_id="adgangsadresse_id",
            street="vejnavn",
            number="husnr",
            floor="etage",
            door="doer",
            postcode="postnr",
            district="postnrnavn",
            supplementary_town="supplerende_bynavn",
            municipality_code="kommunekode",
        )
        .with_columns(pl.all().fill_null(""))
        .unique("unit_id", keep="first", maintain_order=True)
    )


def copenhagen_streets() -> dict[tuple[str, str], tuple[str, set[str]]]:
    """The streets of Copenhagen by name and postcode: district, and the real numbers known."""
    found: dict[tuple[str, str], tuple[str, set[str]]] = {}
    spelt: dict[str, str] = {}
    table = _read("copenhagen/access_addresses.csv")
    named = table.drop_nulls("postnrnavn")
    districts = dict(zip(named["postnr"].to_list(), named["postnrnavn"].to_list(), strict=True))
    for row in table.filter(pl.col("postnr").is_in(list(districts))).iter_rows(named=True):
        name = spelt.setdefault(same(row["vejnavn"]), row["vejnavn"])
        _, numbers = found.setdefault((name, row["postnr"]), (districts[row["postnr"]], set()))
        numbers.add(row["husnr"])
    return found


def copenhagen(seed: int = 1) -> pl.DataFrame:
    """Copenhagen: real streets, postcodes and known entrances; the other entrances made up."""
    rng = Random(seed)
    rows: list[Row] = []
    for (street, postcode), (district, real) in sorted(copenhagen_streets().items()):
        villas = postcode in ("2700", "2720", "2770") or street.endswith("vænget")
        flats = 0.1 if villas else 0.92
        numbers = sorted(real | set(_numbers(rng, rng.choice([6, 12, 20]), letters=0.12)))
        for number in numbers:
            key = f"K{same(street)}-{postcode}-{number}"
            for floor, door in _flats(rng, flats):
                rows.append(
                    (
                        f"{key}-{floor}{door}",
                        key,
                        street,
                        number,
                        floor,
                        door,
                        postcode,
                        district,
                        "",
                        "0101",
                    )
                )
    return _table(rows)


def _numbers(rng: Random, most: int, letters: float) -> Iterator[str]:
    """House numbers on both sides of a street, some with letters instead of a plain number."""
    top = rng.randrange(2, most + 2) * 2
    for number in range(1, top):
        if rng.random() < 0.18:
            continue
        if rng.random() < letters:
            start = 0 if rng.random() < 0.5 else -1  # 12A, 12B ... or 12, 12A, 12B
            for letter in ["", *"ABCDEFGH"][1 + start : rng.choice([2, 3, 4, 6])]:
                yield f"{number}{letter}"
        else:
            yield str(number)


def _flats(rng: Random, chance: float) -> list[tuple[str, str]]:
    """Floors and doors of an entrance: none, or a staircase in one of the usual ways."""
    if rng.random() > chance:
        return [("", "")]
    doors = rng.choice(
        [["tv", "th"], ["tv", "th"], ["tv", "th"], ["tv", "mf", "th"], [""], ["1", "2", "3", "4"]]
    )
    floors = ["st", "1", "2", "3", "4", "5"][: rng.choice([2, 3, 4, 5, 6])]
    flats = [(f, d) for f in floors for d in doors if rng.random() > 0.04]
    if rng.random() < 0.1:
        flats.append(("kl", ""))
    if rng.random() < 0.15 and floors[-1].isdigit():
        flats = [f for f in flats if f[0] != floors[-1]] + [(floors[-1], "")]
    return flats or [("", "")]


TEST_NAMES = re.compile(
    r"PRØVE|Uden Fast|Udsendte|TEST|Maximal"
    r"|Jorder|Skydeter|Stxx|[;\"]|POB|Kommune|Udrejse|[Pp]røve|Testv|Statsuds"
)


def rural_names() -> list[str]:
    """Real street names of the sample, without those that are tests or no streets."""
    names = _read("dar/street_names_sample.csv", ";")["navn"].to_list()
    kept = {
        n
        for n in names
        if not TEST_NAMES.search(n) and n[:1].isupper() and len(n) > 2 and not n.isupper()
    }
    return sorted(n for n in kept if not re.search(r"\d{3}", n))


def rural_towns() -> list[str]:
    """Real supplementary towns of the sample, without tests."""
    names = set(_read("dar/supplementary_towns_sample.csv", ";")["bynavn"].to_list())
    tests = re.compile(r"\d|TEST|BY TIL|[Pp]røve|Bbr|Test|DANK|Bornholms l|Skydeter|  ")
    return sorted(n for n in names if n and n[0].isupper() and not tests.search(n))


def districts() -> set[str]:
    """The folded names of all post districts of the country, and their words."""
    names = _read("dar/postnumre.csv", ";")["navn"].to_list()
    return {same(n) for n in names} | {same(w) for n in names for w in n.split() if len(w) > 3}


ODD_STREETS = (
    "Vej 1",
    "Vej 2",
    "Vej 3",
    "Vej 4",
    "Vej A",
    "Vej B",
    "Rækkehusvej 1",
    "Rækkehusvej 2",
    "Plads 10. Maj",
    "5. Junivej",
    "1. Tværvej",
    "2. Tværvej",
    "Haveforeningen 7",
    "Christian 10 Vej",
    "H/F Solvang 2",
    "10. Februar Vej",
    "Kongevejen 2000",
    "4. Maj Vej",
    "Lod 5",
    "A-Vej",
    "B-Vej",
)
"""Streets that end in a number or begin with one: names of such form exist (gardens, camps)."""

COMMON = (
    "Nørregade",
    "Søndergade",
    "Vestergade",
    "Østergade",
    "Kirkevej",
    "Skolevej",
    "Stationsvej",
    "Møllevej",
    "Bygaden",
    "Hovedgaden",
    "Strandvejen",
    "Skovvej",
    "Engvej",
    "Lærkevej",
    "Industrivej",
)


LETTERS = "ABCDEFGHKLMNPRSTUVXYZ"
"""Letters of house numbers; I, J, O and Q, which look like digits, are in none of the open data."""


def rural(seed: int = 1) -> pl.DataFrame:
    """Small towns and the country: names that come again in each town, farms, letters A-Z."""
    rng = Random(seed)
    names, towns = rural_names(), rural_towns()
    codes = [
        (r["postnr"], r["navn"])
        for r in _read("dar/postnumre.csv", ";").iter_rows(named=True)
        if r["stormodtager"] == "false"
        and r["postnr"] > "4000"
        and not re.search(r" [A-ZÆØÅ]{1,2}$", r["navn"])
    ]
    rows: list[Row] = []
    for postcode, district in rng.sample(sorted(set(codes)), 70):
        villages = ["", "", *rng.sample(towns, 3)]
        streets = {*rng.sample(names, 28), *rng.sample(COMMON, 7), *rng.sample(ODD_STREETS, 3)}
        for street in sorted(streets):
            rows += _rural_street(rng, street, postcode, district, rng.choice(villages))
    return _table(rows)


def _rural_street(rng: Random, street: str, postcode: str, district: str, town: str) -> list[Row]:
    rows: list[Row] = []
    code = postcode[:2] + "90"
    for number in sorted(set(_rural_numbers(rng))):
        key = f"R{same(street)}-{postcode}-{number}"
        for floor, door in _flats(rng, 0.06):
            rows.append(
                (
                    f"{key}-{floor}{door}",
                    key,
                    street,
                    number,
                    floor,
                    door,
                    postcode,
                    district,
                    town,
                    code,
                )
            )
    return rows


def _rural_numbers(rng: Random) -> Iterator[str]:
    if rng.random() < 0.15:  # a row of houses under one number, 12A to 12Z
        number = rng.randrange(1, 40)
        for letter in LETTERS[: rng.choice([8, 14, len(LETTERS)])]:
            yield f"{number}{letter}"
    first = rng.choice([1, 1, 1, 20, 101])  # farms along a long road begin anywhere
    for number in range(first, first + rng.choice([4, 12, 30, 60])):
        if rng.random() < 0.55:
            yield str(number)


def world() -> set[str]:
    """Every street name of the open data: a slip that makes one of them is in doubt."""
    names = {*rural_names(), *COMMON}
    names |= set(_read("copenhagen/streets.csv")["vejnavn"].to_list())
    names |= set(_read("copenhagen/access_addresses.csv")["vejnavn"].to_list())
    names |= set(_read("dar/dar_extract.csv")["vejnavn"].drop_nulls().to_list())
    return names


def without_streets(
    register: pl.DataFrame, seed: int, share: float
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A register with a share of its streets (in a postcode) taken out, and what was taken."""
    rng = Random(seed)
    keys = (
        register.select("street", "postcode").unique(maintain_order=True).sort("street", "postcode")
    )
    out = rng.sample(range(len(keys)), int(len(keys) * share))
    taken = keys[sorted(out)]
    return (
        register.join(taken, on=["street", "postcode"], how="anti", maintain_order="left"),
        register.join(taken, on=["street", "postcode"], how="semi", maintain_order="left"),
    )


def write_for_kvarter(register: pl.DataFrame, path: Path) -> None:
    """Write a register as `kvarter register build` reads it; positions are made up."""
    streets: dict[str, int] = defaultdict(lambda: len(streets))
    rank = [streets[s] for s in register["street"].to_list()]
    register.select(
        address_id="unit_id",
        access_address_id="access_id",
        street_name="street",
        house_number="number",
        floor="floor",
        door="door",
        supplementary_town="supplementary_town",
        postcode="postcode",
        post_district="district",
        municipality_code="municipality_code",
    ).with_columns(
        x=pl.Series([720000 + r % 100 * 50 for r in rank]),
        y=pl.Series([6175000 + r // 100 * 50 for r in rank]),
        valid_from=pl.lit(""),
        valid_to=pl.lit(""),
        replaced_by=pl.lit(""),
    ).write_csv(path, separator=";")
