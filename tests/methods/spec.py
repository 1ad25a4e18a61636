"""What a method says of itself, and how its page is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

Row = Mapping[str, Any]


class Origin(StrEnum):
    """Whose figures an example is worked on."""

    PUBLISHED = "Copenhagen's published figures"
    EXAMPLE = "the example city, which is synthetic"
    OTHER = ""


@dataclass(frozen=True)
class Example:
    """A small table in, and the figures that come out of it.

    `find` is called with `given`, so that what the handbook shows is what was computed. `gives`
    are the figures as a person writes them: a number is compared at as many decimals as stand
    there, anything else as its text. `source`: where they are published, or how they were found
    without Kvarter.
    """

    title: str
    given: list[Row]
    find: Callable[[list[Row]], Mapping[str, object]]
    gives: dict[str, str]
    source: str = ""
    of: Origin = Origin.OTHER

    def found(self) -> dict[str, str]:
        """The figures as computed, written with the decimals of `gives`."""
        return {
            name: _like(value, self.gives.get(name, ""))
            for name, value in self.find(self.given).items()
        }


@dataclass(frozen=True)
class InStatus:
    """Figures of the example city's status of 2024, where the input is too large to show.

    They stand in the one row `where` of `table` (a file name without `.csv`), and are written as
    those of an `Example`. `source`: how they were found without Kvarter.
    """

    title: str
    table: str
    where: dict[str, str | int]
    gives: dict[str, str]
    source: str

    def found(self, status: Path) -> dict[str, str]:
        """The figures in the folder of a status, written with the decimals of `gives`."""
        folder = status if self.table.startswith("internal/") else status / "data"
        rows = pl.read_csv(folder / f"{self.table}.csv", infer_schema_length=None)
        [row] = rows.filter(**self.where).to_dicts()
        return {name: _like(row[name], written) for name, written in self.gives.items()}


@dataclass(frozen=True)
class Method:
    """One method. Texts are Markdown; `code` is the function that Kvarter calls."""

    title: str
    asks: str
    formula: str
    source: str
    assumes: str
    code: Callable[..., object]
    examples: list[Example] = field(default_factory=list)
    in_status: list[InStatus] = field(default_factory=list)

    def is_worked_on_copenhagen(self) -> bool:
        """Whether an example has Copenhagen's figures, published or of the example city."""
        return any(example.of for example in self.examples)


def _like(value: object, written: str) -> str:
    if isinstance(value, bool) or not isinstance(value, float | int | Fraction):
        return str(value)
    return f"{float(value):.{len(written.partition('.')[2])}f}"


def page(chapters: Mapping[str, list[Method]]) -> str:
    """The handbook, in Markdown."""
    parts = [_HEAD]
    for chapter, methods in chapters.items():
        parts.append(f"\n## {chapter}\n")
        parts += [_section(method) for method in methods]
    return "".join(parts)


def _section(method: Method) -> str:
    code = f"{method.code.__module__}.{method.code.__qualname__}"
    return (
        f"\n### {method.title}\n\n{method.asks}\n\n{method.formula}\n\n"
        f"- **Source:** {method.source}\n- **Assumes:** {method.assumes}\n- **Code:** `{code}`\n"
        + "".join(_example(example) for example in method.examples)
        + "".join(_in_status(figures) for figures in method.in_status)
    )


def _example(example: Example) -> str:
    names = list(example.given[0]) if example.given else []
    lines = [f"\n**{example.title}**" + (f" ({example.of})" if example.of else ""), ""]
    if names:
        lines += [_line(names), _line(["---"] * len(names))]
        lines += [_line([_cell(row.get(name)) for name in names]) for row in example.given]
        lines.append("")
    lines.append(f"gives {_figures(example.gives)}.")
    if example.source:
        lines.append(f"({example.source})")
    return "\n".join([*lines, ""])


def _in_status(told: InStatus) -> str:
    where = ", ".join(f"{name} `{value}`" for name, value in told.where.items())
    return (
        f"\n**{told.title}** (in the status of {Origin.EXAMPLE})\n\n"
        f"`{told.table}.csv`, {where}, has {_figures(told.gives)}.\n({told.source})\n"
    )


def _figures(gives: Mapping[str, str]) -> str:
    return ", ".join(f"{name} **{value}**" for name, value in gives.items())


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: object) -> str:
    return "" if value is None else str(value)


_HEAD = """\
# The methods

<!-- Written by docs/build.py from tests/methods. Do not edit: run `make docs`. -->

Every method Kvarter judges with: the question it answers, the formula, where it comes from, what it
assumes, and worked examples. Each example is a test: the figures below were computed by the code
named beside them. What stands in brackets under an example says where its figures are published, or
how they were found without Kvarter. [judgement.md](judgement.md) says how the methods come together
in a verdict.

Every method is worked on Copenhagen's figures. Those marked *Copenhagen's published figures* stand
in the status of autumn 2024 (F2 6655654, eDoc 2024-0353188), in the minutes of the committee, or in
the city's open data; where anything is added to them, the title says so. Those marked *the example
city* are of the city that `kvarter demo` makes: its percentages, its minors of 2016, 2020 and 2023
and its 110 notices without a place are the published ones. Everything else in it is made up:
notices and dwellings by number, single areas, years in between, what is known of an address.

Unless a line says otherwise, intervals are at 95 %.
"""
