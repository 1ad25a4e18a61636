"""Match texts that the matcher was not written with, and say how many answers are right, by kind.

Run it with `python benchmarks/match_kept_aside.py [SEED]`. Who changes the matcher looks at these
sums, and never at the texts (see kept_aside/README.md). Where the open data is not beside the
checkout it says so and ends.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from kept_aside import misleading, noise, real, registers, shift
from kept_aside.names import DATA
from kept_aside.truth import TestText, judge

from kvarter.addresses import AddressIndex, Category, match
from kvarter.engine import Engine
from kvarter.pipeline.register import make_register
from kvarter.register import Format, open_register

LOCATED = (Category.EXACT, Category.CERTAIN)
OUTCOMES = ("right", "entrance only", "missed", "false")


def sets(seed: int) -> Iterator[tuple[str, pl.DataFrame, list[TestText]]]:
    """Name, register and texts of each set."""
    copenhagen, dar = registers.copenhagen(), registers.dar()
    world = registers.world()
    yield "noise, Copenhagen", copenhagen, list(noise.texts(copenhagen, seed, 10_000, world))
    yield "noise, DAR", dar, list(noise.texts(dar, seed + 1, 5_000, world))
    yield "misleading", copenhagen, list(misleading.texts(copenhagen, seed + 2, 2_500))
    rural, texts = shift.texts(seed + 3, 6_000)
    yield "shift", rural, list(texts)
    of_register = defaultdict(list)
    for text in real.texts():
        of_register[text.register].append(text)
    yield "real, Copenhagen", copenhagen, list(of_register["copenhagen"])
    yield "real, DAR", dar, list(of_register["dar"])


def index_of(register: pl.DataFrame) -> AddressIndex:
    """The index of a register, built as a municipality builds its own."""
    with TemporaryDirectory() as folder:
        table, made = Path(folder) / "register.csv", Path(folder) / "register.parquet"
        registers.write_for_kvarter(register, table)
        make_register(table, made, {}, Format.AUTO, lambda _: None)
        engine = Engine()
        return AddressIndex(engine, open_register(engine, made))


def tell(name: str, texts: Sequence[TestText], index: AddressIndex) -> None:
    """Print how a set was answered: in all, by category, by the doubt of guesses, by kind."""
    answers = match([text.text for text in texts], index)
    by_text = {row["text"]: row for row in answers.iter_rows(named=True)}
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    categories: dict[str, Counter[str]] = defaultdict(Counter)
    guesses: dict[str, Counter[bool]] = defaultdict(Counter)
    for text in texts:
        row = by_text[text.text]
        ids = row["access_address_id"], row["address_id"]
        outcome = judge(text.truth, row["category"] in LOCATED, *ids)
        kinds[text.kind][outcome] += 1
        categories[row["category"] or "none"][outcome] += 1
        if row["category"] == Category.GUESS:
            among = not text.truth.accesses.isdisjoint(row["candidate_ids"].split())
            guesses[row["reasons"].split("; ")[-1]][among] += 1
    print(f"\n{name}: {len(texts)} texts, {_shares(sum(kinds.values(), Counter()))}")
    for category, outcomes in sorted(categories.items()):
        print(f"  {category:4} {outcomes.total():6}  {_shares(outcomes)}")
    for doubt, found in sorted(guesses.items()):
        print(f"  C by {doubt}: {found.total()}, {found[True] / found.total():.1%} among them")
    for kind, outcomes in sorted(kinds.items(), key=_is_right):
        print(f"    {kind:34} {outcomes.total():6}  {_shares(outcomes)}")


def _shares(outcomes: Counter[str]) -> str:
    total = max(1, outcomes.total())
    return ", ".join(f"{name} {outcomes[name] / total:.2%}" for name in OUTCOMES)


def _is_right(kind: tuple[str, Counter[str]]) -> float:
    return kind[1]["right"] / kind[1].total()


def main(asked: Iterable[str]) -> None:
    """Print each set."""
    if not DATA.is_dir():
        print(f"The open data is not at {DATA}; set KEPT_ASIDE_DATA to where it is.")
        return
    for name, register, texts in sets(next(map(int, asked), 11)):
        tell(name, texts, index_of(register))


if __name__ == "__main__":
    main(sys.argv[1:])
