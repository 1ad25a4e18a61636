"""Texts that nobody typed: whatever stands there, each gets one answer, and it makes sense."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from hamlet import register as hamlet_register
from kvarter.addresses import AddressIndex, match
from kvarter.engine import Engine
from kvarter.register import open_register

INVISIBLE = ["\u200b", "\u200e", "\u200f", "\u202e", "\u2066", "\u00ad", "\ufeff", "\x07", "\x7f"]
PIECES = [
    *INVISIBLE, "\0", "\n", "\r\n", "\t", "\u2028", "\u00a0", " ", ",", ".", ";", "-", "/", '"',
    "רחוב הרצל 4", "شارع ٤", "四", "Ⅳ", "½", "٤", "１２", "e\u0301", "\u0301", "ﬁ", "İ", "ẞ", "😀",
    "Ã¸", "Â", "c/o", "v/", "st.", "2. tv", "kl", "4", "2400", "10. ", "nr.", "[cpr]",
    "0101901233", "postboks 4", "uden fast", "=1+1", "\\", "%", "(", "]", "$1", "NULL", "nan",
    "København", "vej", "ø", "å",
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> AddressIndex:
    engine = Engine()
    return AddressIndex(engine, engine.table(hamlet_register()))


def officials(rows: pl.DataFrame) -> list[str]:
    """The addresses of today, as the register writes them."""
    unit = pl.concat_str("floor", "door", separator=". ").str.strip_chars(" .")
    line = pl.concat_str("street_name", "house_number", separator=" ")
    post = pl.concat_str("postcode", "post_district", separator=" ")
    today = rows.filter(pl.col("replaced_by") == "")
    return today.select(pl.concat_str(line, unit, post, separator=", ")).to_series().to_list()


def mutant(text: str, chance: random.Random) -> str:
    """`text` after some accidents: pieces put in, cut out, moved, doubled, and letters changed."""
    for _ in range(chance.randint(1, 6)):
        start, end = sorted(chance.choices(range(len(text) + 1), k=2))
        piece = text[start:end]
        text = chance.choice(
            [
                text[:start] + chance.choice(PIECES) + text[start:],
                text[:start] + chance.choice(PIECES) + text[end:],
                text[:start] + text[end:] if len(piece) < 12 else text,
                piece + text[:start] + text[end:],
                text[:end] + piece + text[end:],
                text[:start] + chr(chance.choice(LETTERS)) + text[start + 1 :],
                text[:start] + piece.swapcase() + text[end:],
            ]
        )
    return text


LETTERS = [*range(1, 0x250), *range(0x590, 0x700), *range(0x2000, 0x2070), *range(0xFF00, 0xFF70)]


def holds_together(answers: pl.DataFrame, rows: pl.DataFrame) -> None:
    """What an answer says of itself is true of the register."""
    located = answers.filter(pl.col("access_address_id").is_not_null())
    guessed = answers.filter(pl.col("category") == "C")
    assert set(located["category"]) <= {"A", "B"}
    assert located.height == answers["category"].is_in(["A", "B"]).sum()
    assert guessed.filter(pl.col("candidate_ids") == "").is_empty()
    entrances = set(rows["access_address_id"])
    assert set(located["access_address_id"]) <= entrances
    assert set(" ".join(answers["candidate_ids"]).split()) <= entrances
    assert located.filter(pl.col("level") == "unit")["address_id"].null_count() == 0
    unit_of = dict(rows.select("address_id", "access_address_id").iter_rows())
    for unit, entrance in located.select("address_id", "access_address_id").iter_rows():
        assert unit is None or unit_of[unit] == entrance


@pytest.mark.slow
def test_a_fuzz_run(city: Path) -> None:
    """New texts in each run. The seed is told, so that a run that fails can be made again."""
    rows = pl.read_parquet(city / "register.parquet")
    engine = Engine()
    index = AddressIndex(engine, open_register(engine, city / "register.parquet"))
    seed = random.SystemRandom().randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    known = officials(rows)
    texts = [mutant(chance.choice(known), chance) for _ in range(20_000)]
    answers = match(texts, index)
    assert answers["text"].to_list() == sorted(set(texts))
    holds_together(answers, rows)
    some = chance.sample(texts, 300)
    assert match(some, index).equals(answers.filter(pl.col("text").is_in(some)))
    few = sorted(set(some[:20]))
    alone = pl.concat(match([text], index) for text in few)
    assert alone.equals(answers.filter(pl.col("text").is_in(few)))


@pytest.mark.parametrize("mark", INVISIBLE)
def test_what_cannot_be_seen_changes_nothing(mark: str, index: AddressIndex) -> None:
    """Control characters, and marks that turn the way of writing, between words."""
    texts = officials(hamlet_register())
    marked = [mark + text.replace(" ", f"{mark} {mark}") + mark for text in texts]
    same = ["category", "level", "address_id", "access_address_id", "reasons"]
    found = pl.DataFrame({"text": marked}).join(match(marked, index), on="text")
    seen = pl.DataFrame({"text": texts}).join(match(texts, index), on="text")
    assert found.select(same).equals(seen.select(same))
    assert seen["level"].unique().to_list() == ["unit"]


@pytest.mark.parametrize(
    "filler",
    ["x", "1", " ", ",", "4, ", "vej ", "ø", "e\u0301", "\u200f", "א", "(", "[cpr]", "c/o "],
)
def test_a_text_of_a_megabyte_is_answered(filler: str, index: AddressIndex) -> None:
    """No more than its first 200 characters are read."""
    long = filler * (1_000_000 // len(filler.encode()))
    texts = [long, f"Strandvejen 2, 1. tv, 2100 København Ø; {long}", f"{long} Strandvejen 2, 2100"]
    answers = match(texts, index)
    assert answers["text"].to_list() == sorted(texts)
