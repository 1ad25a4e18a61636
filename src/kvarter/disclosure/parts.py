"""Which kinds of case are part of another, and so have to be protected together with it?

Where 10 of 12 notices are for arrears, 2 are not, and that number need not be published to be
known. The policy says that a kind is `part_of` another, or the cases themselves do: nearly all of
the one are found among the other.
"""

from __future__ import annotations

import polars as pl

from kvarter.cases import Outcome
from kvarter.indicators import Cube
from kvarter.notes import Note
from kvarter.policy.model import CaseCount, CaseKind, Policy

NEARLY_ALL = 0.95
"""The share of a kind's cases that are found among another's, where it is taken as part of that."""

_FEWEST = 5
"""Fewer cases than these show nothing."""


def find_parts(
    cases: pl.DataFrame, cube: Cube, policy: Policy
) -> tuple[dict[str, str], list[Note]]:
    """Which kinds are part of which, with a note of each that the policy does not say, or wrongly.

    `cases`: united, with `cases, year, person, address_id, outcome`. A kind that has more
    cases than the other in any cell of the `cube` is no part of it.
    """
    parts: dict[str, str] = {}
    notes = []
    counting = _counting(policy)
    for kind in policy.case_kinds:
        whole = kind.part_of or _found_among(kind, cases, policy, parts)
        if whole not in counting or kind.id not in counting:
            continue
        names = {"part": kind.id, "whole": str(whole)}
        if _is_nowhere_more(counting[kind.id], counting[whole], cube):
            parts[kind.id] = whole
            if not kind.part_of:
                notes.append(
                    Note(
                        "(Nearly) all cases of {part} are found among those of {whole}, so the two "
                        "are protected together: no small number can be told as their difference. "
                        "Write `part_of: {whole}` under {part} to say so yourself.",
                        names,
                    )
                )
        elif kind.part_of:
            notes.append(
                Note(
                    "{part} is said to be part of {whole}, and in some area and year there are "
                    "more of {part}. The two are protected apart. Correct the extracts, or remove "
                    "`part_of`.",
                    names,
                    wrong=True,
                )
            )
    return parts, notes


def _counting(policy: Policy) -> dict[str, str]:
    """An indicator that counts each kind."""
    return {
        each.numerator.cases: each.id
        for _, each in policy.indicators()
        if isinstance(each.numerator, CaseCount)
    }


def _found_among(
    kind: CaseKind, cases: pl.DataFrame, policy: Policy, parts: dict[str, str]
) -> str | None:
    """The smallest kind that nearly all cases of `kind` are found among, by person or dwelling.

    Looked at in the years that both have cases in.
    """
    own = cases.filter((pl.col("cases") == kind.id) & (pl.col("outcome") == Outcome.COUNTED))
    sizes = {}
    for other in policy.case_kinds:
        if other.unite_as != kind.unite_as or kind.id in _chain(other.id, parts):
            continue
        among = cases.filter(pl.col("cases") == other.id)
        both = own.filter(pl.col("year").is_in(among["year"].unique().implode()))
        found = [
            both.join(among.drop_nulls(key), on=["year", key], how="semi").select("source", "row")
            for key in ("person", "address_id")
        ]
        if both.height >= _FEWEST and pl.concat(found).n_unique() >= NEARLY_ALL * both.height:
            sizes[other.id] = among.height
    return min(sizes, key=lambda each: sizes[each], default=None)


def _chain(kind: str, parts: dict[str, str]) -> list[str]:
    """A kind, and those it is part of by `parts`."""
    found = [kind]
    while found[-1] in parts:
        found.append(parts[found[-1]])
    return found


def _is_nowhere_more(part: str, whole: str, cube: Cube) -> bool:
    """Whether of two indicators the first counts no more than the second in any cell and year."""
    of_part, of_whole = (
        cube.amounts.filter(pl.col("name") == name).select("period", "cell", "numerator")
        for name in (part, whole)
    )
    both = of_part.join(of_whole, on=["period", "cell"], suffix="_of_whole")
    return both.filter(pl.col("numerator") > pl.col("numerator_of_whole")).is_empty()
