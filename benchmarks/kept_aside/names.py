"""Names of people and firms.

Given and family names come from the open table of names where it is there (`names/names.csv` of
the open data), else from a short list.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

from kept_aside.known import same

DATA = Path(os.environ.get("KEPT_ASIDE_DATA", Path(__file__).parents[3] / "shared/data"))


def _table() -> list[tuple[str, bool, float]]:
    path = DATA / "names" / "names.csv"
    if not path.exists():
        return [(n, True, 1.0) for n in "Anna Egon Erik Ingrid Karl Leo Leon Rosa Ole".split()]
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (r["name"], r["given_name"] == "True", float(r["count"] or 0))
            for r in csv.DictReader(file)
        ]


_NAMES = _table()
GIVEN = [n for n, given, count in _NAMES if given and count > 3000 and n.isalpha()] or ["Anna"]
GIVEN_STEMS = frozenset(same(n).removesuffix("s") for n, given, _ in _NAMES if given and len(n) > 2)
FAMILY = (
    "Hansen Jensen Nielsen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen "
    "Petersen Madsen Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen "
    "Ahmed Ali Hussein Khan Yilmaz Nguyen Mohamed Kovacs Nowak Schmidt Bech Holm Lund Friis"
).split()
FIRMS = (
    "Børnehaven Solsikken",
    "Café Viggo",
    "Bageren ApS",
    "Advokaterne Holm & Lund",
    "Boligforeningen 3B",
    "Kofoeds Skole",
    "Ejendomsselskabet Lund A/S",
    "Rema 1000",
    "Dansk Flygtningehjælp",
    "Plejehjemmet Kærbo",
    "Salon Hår & Negle",
    "E/F Lykkebo",
    "A/B Fremtiden",
    "VVS-Firmaet Bech I/S",
    "7-Eleven",
    "Restaurant 43",
    "City 2",
    "Kollegiet 1900",
    "Fitness World",
    "Varmestuen",
    "Tandlægerne",
    "Lægehuset",
    "Bo-Vest",
    "KAB",
    "fsb",
)
