"""What a method says of itself, and how its page is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Example:
    """A small table in, and the figures that come out of it.

    `find` is called with `given`, so that what the handbook shows is what was computed. `gives`
    are the figures as a person writes them: a number is compared at as many decimals as stand
    there, anything else as its text.
    """

    title: str
    given: list[Row]
    find: Callable[[list[Row]], Mapping[str, object]]
    gives: dict[str, str]
    source: str = ""

    def found(self) -> dict[str, str]:
        """The figures as computed, written with the decimals of `gives`."""
        return {
            name: _like(value, self.gives.get(name, ""))
            for name, value in self.find(self.given).items()
        }


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


def _like(value: object, written: str) -> str:
    if isinstance(value, bool) or not isinstance(value, float | int):
        return str(value)
    return f"{value:.{len(written.partition('.')[2])}f}"


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
    )


def _example(example: Example) -> str:
    names = list(example.given[0]) if example.given else []
    lines = [f"\n**{example.title}**", ""]
    if names:
        lines += [_line(names), _line(["---"] * len(names))]
        lines += [_line([_cell(row.get(name)) for name in names]) for row in example.given]
        lines.append("")
    lines.append("gives " + ", ".join(f"{name} **{v}**" for name, v in example.gives.items()) + ".")
    if example.source:
        lines.append(f"({example.source})")
    return "\n".join([*lines, ""])


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: object) -> str:
    return "" if value is None else str(value)


_HEAD = """\
# The methods

<!-- Written by docs/build.py from tests/methods. Do not edit: run `make docs`. -->

Every method Kvarter judges with: the question it answers, the formula, where it comes from, what it
assumes, and worked examples. Each example is a test: the figures below were computed by the code
named beside them. [judgement.md](judgement.md) says how the methods come together in a verdict.

Unless a line says otherwise, intervals are at 95 %.
"""
