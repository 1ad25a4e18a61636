"""Print samples of every kind, for a person to judge: `python -m kept_aside.sample`.

`python -m kept_aside.sample noise dar 5 7` prints five of each kind of noise on the register
*dar* with seed 7. The sources: noise, misleading, shift, real.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import polars as pl

from kept_aside import misleading, noise, real, registers, shift
from kept_aside.truth import TestText

REGISTERS = {"dar": registers.dar, "copenhagen": registers.copenhagen, "rural": registers.rural}


def show(texts: Iterable[TestText], each: int) -> None:
    """Print up to so many texts of each kind, with what is right."""
    kinds: dict[str, list[TestText]] = defaultdict(list)
    for text in texts:
        kinds[text.kind].append(text)
    for kind, found in kinds.items():
        sorts = Counter(t.truth.sort for t in found)
        print(f"\n{kind}  {dict(sorts)}")
        for text in found[:each]:
            print(f"  {text.text!r}\n      {described(text)}")


def described(text: TestText) -> str:
    """What is right for a text, in a line."""
    truth = text.truth
    ids = sorted(truth.units if truth.level == "unit" else truth.accesses)
    also = f" (or unit {min(truth.units)})" if truth.level == "access" and truth.units else ""
    shown = " / ".join(ids[:4]) + (" ..." if len(ids) > 4 else "")
    return f"{truth.sort} {truth.level}: {shown}{also}" + (f"  -- {text.why}" if text.why else "")


def made(source: str, register: pl.DataFrame, each: int, seed: int) -> Iterator[TestText]:
    """The texts of a source."""
    if source == "noise":
        return noise.texts(register, seed, each * len(noise.KINDS), registers.world())
    if source == "misleading":
        return misleading.texts(register, seed, each * len(misleading.TEMPLATES))
    if source == "shift":
        return shift.texts(seed, each * 40)[1]
    return real.texts()


def main(words: list[str]) -> None:
    """Print the samples that the words of the command line ask for."""
    sources = words[:1] or ["noise", "misleading", "shift", "real"]
    register = REGISTERS[words[1] if len(words) > 1 else "copenhagen"]()
    each = int(words[2]) if len(words) > 2 else 5
    seed = int(words[3]) if len(words) > 3 else 1
    for source in sources:
        print(f"\n===== {source}")
        show(made(source, register, each, seed), each)


if __name__ == "__main__":
    main(sys.argv[1:])
