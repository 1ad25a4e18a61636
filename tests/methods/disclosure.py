"""What may be shown."""

from __future__ import annotations

from collections.abc import Hashable

import polars as pl

from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.primary import all_or_none, dominated, too_few
from kvarter.disclosure.suppress import suppress
from kvarter.disclosure.table import CellTable
from kvarter.disclosure.worlds import agrees
from kvarter.policy.model import Disclosure
from methods.spec import Example, Method, Row

_RULES = Disclosure()


def _side(rows: list[Row]) -> tuple[CellTable, dict[Hashable, float]]:
    names = [str(row["area"]) for row in rows]
    columns = [name for name in rows[0] if name != "area"]
    table = CellTable.crossed(names, columns)
    inner: dict[Hashable, float] = {
        (str(row["area"]), column): float(row[column]) for row in rows for column in columns
    }
    return table, table.sums(inner)


def _chosen(rows: list[Row]) -> dict[str, object]:
    table, counts = _side(rows)
    primary = {cell: 5.0 for cell, count in counts.items() if too_few(count, _RULES)}
    cost = {cell: 1.0 + count / 1_000 for cell, count in counts.items()}
    found = suppress(table, counts, primary, cost)
    [cell] = primary
    facts = [Fact(c, counts[c], counts[c]) for c in table.names if c not in found.hidden]
    seen = Attacker(table, facts).ask(cell)
    assert seen is not None
    return {"hidden": len(found.hidden), "gap": found.gap, "least": seen.low, "most": seen.high}


def _alone(rows: list[Row]) -> dict[str, object]:
    table, counts = _side(rows)
    [cell] = [cell for cell, count in counts.items() if too_few(count, _RULES)]
    facts = [Fact(c, counts[c], counts[c]) for c in table.names if c != cell]
    seen = Attacker(table, facts).ask(cell)
    assert seen is not None
    return {"least": seen.low, "most": seen.high}


def _share(rows: list[Row]) -> dict[str, object]:
    [row] = rows
    table = CellTable.crossed(["areas", "rest"])
    low, high = ((row["percent"] + half) / 100 * row["of"] for half in (-0.5, 0.5))
    seen = Attacker(table, [Fact((None,), row["of"], row["of"]), Fact(("areas",), low, high)])
    found = seen.ask(("areas",))
    assert found is not None
    return {"least": found.low, "most": found.high}


def _worlds(rows: list[Row]) -> dict[str, object]:
    [row] = rows

    def told(now: float) -> pl.DataFrame:
        change = 100 * (now / row["before"] - 1)
        word = "fell" if change < 0 else "rose"
        return pl.DataFrame({"indicator": ["i"], "change": [change], "word": [word]})

    true, other = told(row["now"]), told(row["other"])
    words = true.with_columns(change=pl.lit(None, dtype=pl.Float64))
    return {
        "by_figure": agrees(true, other, ["indicator"]),
        "by_words": agrees(words, other, ["indicator"]),
    }


_TABLE: list[Row] = [
    {"area": "a", "2022": 3, "2023": 10, "2024": 12},
    {"area": "b", "2022": 7, "2023": 20, "2024": 9},
    {"area": "c", "2022": 30, "2023": 15, "2024": 18},
]

METHODS = [
    Method(
        "Few people",
        "Is this count too small to be told?",
        "1 <= count < threshold; five unless the policy says otherwise. Zero is told.",
        "Hundepool et al. (2012), *Statistical Disclosure Control*, ch. 4 (minimum frequency).",
        "A count of fewer people could be recognised by those who know the place.",
        too_few,
        [
            Example(
                "Of 4 and of 5",
                [{"count": 4}, {"count": 5}],
                lambda rows: {
                    "first": too_few(rows[0]["count"], _RULES),
                    "second": too_few(rows[1]["count"], _RULES),
                },
                {"first": "True", "second": "False"},
            ),
        ],
    ),
    Method(
        "None or all of a small group",
        "Does the figure say something of each person of a small group?",
        "A share of 0 or 100 % of fewer people than `smallest_group`, 20 unless the policy says "
        "otherwise.",
        "Hundepool et al. (2012), ch. 5 (group attribute disclosure).",
        "Who belongs to the group is known to others.",
        all_or_none,
        [
            Example(
                "None of 12, and none of 26",
                [{"value": 0.0, "denominator": 12}, {"value": 0.0, "denominator": 26}],
                lambda rows: {
                    "first": all_or_none(rows[0], _RULES),
                    "second": all_or_none(rows[1], _RULES),
                },
                {"first": "True", "second": "False"},
            ),
        ],
    ),
    Method(
        "Dominance (the p-percent rule)",
        "Could the second largest contributor to an amount guess the largest?",
        "Sensitive where total - largest - second < p/100 x largest.",
        "Hundepool et al. (2012), ch. 4.2.",
        "Contributors know their own amount and the total, and do not work together.",
        dominated,
        [
            Example(
                "80, 15 and 5 of 100, with p = 10 percent: 5 < 8",
                [{"total": 100, "largest": 80, "second": 15, "percent": 10}],
                lambda rows: {"sensitive": dominated(**rows[0])},
                {"sensitive": "True"},
            ),
        ],
    ),
    Method(
        "What a lone hidden cell is worth",
        "If only the small count is hidden, and all totals are told, what is known of it?",
        "Minimise and maximise the cell over all tables of whole numbers from zero up that agree "
        "with what is told.",
        "Fischetti and Salazar-Gonzalez (2001), *Management Science* 47:1008 (the attacker's "
        "problem).",
        "The attacker knows the ground and everything published, and nothing else.",
        Attacker.ask,
        [
            Example("It is a difference, and known", _TABLE, _alone, {"least": "3", "most": "3"}),
            Example(
                "42 % of 26 is 11",
                [{"percent": 42, "of": 26}],
                _share,
                {"least": "11", "most": "11"},
                "Copenhagen, minors in preliminary hearings 2023",
            ),
        ],
    ),
    Method(
        "What else to hide",
        "Which cells must go too, so that the small count stays open, at the least loss?",
        "Minimise the cost of the hidden cells, so that for every sensitive cell the attacker's "
        "most less his least is at least the threshold. By cutting planes: each attack that "
        "succeeds gives, by the duals of its programs, an inequality on what is hidden.",
        "Fischetti and Salazar-Gonzalez (2001), *Management Science* 47:1008.",
        "As the attacker's.",
        suppress,
        [
            Example(
                "Three more cells, the cheapest rectangle around the 3",
                _TABLE,
                _chosen,
                {"hidden": "4", "gap": "0.00", "least": "0", "most": "10"},
                "by hand: with 12, 7 and 9 hidden too, the 3 can go down by 3 or up by 7",
            ),
        ],
    ),
    Method(
        "Worlds that publish the same",
        "Would all that was judged look the same, were a hidden count another one?",
        "Seek tables of counts that agree with all that is told, in which the same code publishes "
        "the same figures and words; two of them must differ in the count by the threshold.",
        "Goguen and Meseguer (1982), *IEEE Symposium on Security and Privacy* (non-interference).",
        "The program is known to all. One hidden count is changed at a time, and one of another "
        "year.",
        agrees,
        [
            Example(
                "A fall of 25 % from 12 tells 9, and the words *it fell* do not",
                [{"before": 12, "now": 9, "other": 4}],
                _worlds,
                {"by_figure": "False", "by_words": "True"},
            ),
        ],
    ),
]
