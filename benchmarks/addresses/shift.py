"""The shift test: noise that knows nothing of Danish addresses, and holes in the register.

Characters, words and parts are changed blindly; a share of the register's streets and house
numbers is taken out, and queries for them must not be answered.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from .places import Address, Places, key
from .score import QUERY

_LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"


def take_out(
    register: pl.DataFrame, rng: np.random.Generator, share: float = 0.06
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register without a share of its streets and of its house numbers; and what was taken.

    A street name is taken out whole, in every postcode.
    """
    names = register["street_name"].unique().sort()
    gone = names.sample(fraction=share, seed=int(rng.integers(2**31)))
    numbers = register.select("street_name", "postcode", "house_number").unique().sort(pl.all())
    holes = numbers.sample(fraction=share / 2, seed=int(rng.integers(2**31)))
    out = pl.col("street_name").is_in(gone.implode()) | pl.concat_str(
        "street_name", "postcode", "house_number", separator="|"
    ).is_in(holes.select(pl.concat_str(pl.all(), separator="|")).to_series().implode())
    # A house number with and without a letter is one place to a reader: both go.
    return register.filter(~out), register.filter(out & (pl.col("replaced_by") == ""))


def make_shifted(kept: pl.DataFrame, taken: pl.DataFrame, how_many: int, seed: int) -> pl.DataFrame:
    """`how_many` queries in the columns of QUERY; 16 % of them for what was taken out."""
    rng = np.random.default_rng(seed)
    inside, outside = Places(kept, rng), Places(taken, rng)
    rows: dict[str, tuple[str, str, str, str, str]] = {}
    while len(rows) < how_many:
        gone = rng.random() < 0.16
        address = (outside if gone else inside).draw()
        if gone and address.number in inside.numbers.get(
            (key(address.street), address.postcode), ()
        ):
            continue
        names, unit, typed = _mangle(address, inside, rng)
        if typed in rows:
            continue
        if gone:
            whole = key(address.street) not in inside.postcodes_of
            kind = "street taken out" if whole else "number taken out"
            rows[typed] = (typed, f"{kind}: {names}", "", "", "")
        else:
            unit_id = address.address_id if unit else ""
            entrance = address.access_address_id
            rows[typed] = (typed, names, unit_id, entrance, entrance)
    return pl.DataFrame(list(rows.values()), schema=QUERY, orient="row")


def _mangle(a: Address, places: Places, rng: np.random.Generator) -> tuple[str, bool, str]:
    """The names of the changes, whether the unit can still be told, and the text."""
    street, post, unit = f"{a.street} {a.number}", [a.postcode, a.district], a.unit
    names, kept_unit, how_many = [], True, int(rng.choice([0, 1, 1, 1, 2, 2, 3]))
    separator, reordered = ", ", False
    change_case: Callable[[str], str] = str
    for change in rng.choice(
        ["letters", "letters", "case", "commas", "drop district", "drop postcode", "drop unit",
         "swap parts", "cut word", "spaces", "junk", "double word"],
        how_many, replace=False,
    ).tolist():  # fmt: skip
        if change == "letters":
            wrong = _blind_edits(a.street, rng)
            if key(wrong) in places.postcodes_of:
                continue
            street = f"{wrong} {a.number}"
        elif change == "case":
            change_case = (str.upper, str.lower, str.swapcase)[int(rng.integers(3))]
        elif change == "commas":
            if unit[:1].isdigit() and "." not in unit:
                continue
            separator = " "
        elif change == "drop district":
            post[1] = ""
        elif change == "drop postcode":
            if len(places.postcodes_of.get(key(a.street), ())) > 1:
                continue
            post[0] = ""
        elif change == "drop unit":
            if len(places.units[a.access_address_id]) > 1:
                kept_unit = False
            unit = ""
        elif change == "swap parts":
            reordered = True
        elif change == "cut word":
            words = a.street.split()
            if len(words) < 2 or len(words[0]) < 4:
                continue
            short = " ".join([words[0][:3] + ".", *words[1:]])
            if short in street or a.street not in street:
                continue
            street = f"{short} {a.number}"
        elif change == "spaces":
            street = street.replace(" ", "  ")
            separator = " ,  "
        elif change == "junk":
            street = f"{rng.choice(['Lejlighed', 'Bolig', 'Adresse:', 'Hr.', 'DK'])} {street}"
        elif change == "double word":
            post[1] = f"{post[1]} {post[1]}".strip()
        names.append(change)
    parts = [street, unit, " ".join(part for part in post if part)]
    if reordered:
        parts = [parts[2], parts[0], parts[1]]
    typed = separator.join(part for part in parts if part)
    return " + ".join(sorted(set(names))) or "official", kept_unit, change_case(typed)


def _blind_edits(word: str, rng: np.random.Generator) -> str:
    """One or two letters put in, taken out, changed or swapped, anywhere in the name."""
    letters = list(word)
    for _ in range(1 if len(word) < 8 else int(rng.choice([1, 1, 2]))):
        at, kind = int(rng.integers(len(letters))), int(rng.integers(4))
        letter = _LETTERS[int(rng.integers(len(_LETTERS)))]
        if kind == 0:
            letters.insert(at, letter)
        elif kind == 1 and len(letters) > 3:
            letters.pop(at)
        elif kind == 2:
            letters[at] = letter
        elif at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)
