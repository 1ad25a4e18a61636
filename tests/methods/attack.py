"""What would give a hidden count away, and what is hidden beside it."""

from __future__ import annotations

from collections.abc import Hashable

import polars as pl

from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.primary import too_few
from kvarter.disclosure.suppress import suppress
from kvarter.disclosure.table import CellTable
from kvarter.disclosure.worlds import agrees
from kvarter.policy.model import Disclosure
from methods.spec import Example, InStatus, Method, Origin, Row

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


def _overlap(rows: list[Row]) -> tuple[CellTable, dict[Hashable, float]]:
    """Two areas with the strip that both hold, a third one, and all three together."""
    counts: dict[Hashable, float] = {row["cell"]: float(row["count"]) for row in rows}
    one, two, three, together = counts
    parts = {one: ["1", "both"], two: ["2", "both"], three: ["3"], "overlap": ["both"]}
    table = CellTable.of(parts | {together: ["1", "2", "both", "3"]})
    return table, counts | {"overlap": counts[one] + counts[two] + counts[three] - counts[together]}


def _strip(table: CellTable, told: dict[Hashable, float]) -> dict[str, object]:
    seen = Attacker(table, [Fact(cell, count, count) for cell, count in told.items()])
    found = seen.ask("overlap")
    assert found is not None
    return {"least": found.low, "most": found.high}


def _strip_alone(rows: list[Row]) -> dict[str, object]:
    table, counts = _overlap(rows)
    return _strip(table, {cell: n for cell, n in counts.items() if cell != "overlap"})


def _strip_protected(rows: list[Row]) -> dict[str, object]:
    table, counts = _overlap(rows)
    cost = {cell: 0.0 if cell == "overlap" else 1 + n / 1_000 for cell, n in counts.items()}
    hidden = suppress(table, counts, {"overlap": 5.0}, cost).hidden
    told = {cell: n for cell, n in counts.items() if cell not in hidden}
    return {"hidden": ", ".join(sorted(map(str, hidden)))} | _strip(table, told)


_OVERLAP: list[Row] = [
    {"cell": "moellevangen", "count": 50},
    {"cell": "ved-boegeparken", "count": 46},
    {"cell": "ved-fyrtaarnet", "count": 28},
    {"cell": "the three together", "count": 123},
]

_TABLE: list[Row] = [
    {"area": "a", "2022": 3, "2023": 10, "2024": 12},
    {"area": "b", "2022": 7, "2023": 20, "2024": 9},
    {"area": "c", "2022": 30, "2023": 15, "2024": 18},
]

METHODS = [
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
                "Notices 2018: one household lies where two areas overlap, and the four published "
                "counts tell it",
                _OVERLAP,
                _strip_alone,
                {"least": "1", "most": "1"},
                "by hand: 50 + 46 + 28 - 123",
                Origin.EXAMPLE,
            ),
            Example(
                "42 % of 26 is 11",
                [{"percent": 42, "of": 26}],
                _share,
                {"least": "11", "most": "11"},
                "by hand: 10.79 to 11.05 minors; in preliminary hearings 2023",
                Origin.PUBLISHED,
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
            Example(
                "Notices 2018: the cheapest of the four counts goes, and the overlap holds "
                "anything from 0 to all 46 of the smaller area",
                _OVERLAP,
                _strip_protected,
                {"hidden": "overlap, ved-fyrtaarnet", "least": "0", "most": "46"},
                "by hand: 50 + 46 - (123 - x) for x notices in Ved Fyrtårnet, from 27 up",
                Origin.EXAMPLE,
            ),
        ],
        [
            InStatus(
                "The attacker's answer, from all that is published of 2018",
                "internal/audit",
                {"indicator": "eviction-notices-per-dwelling", "period": 2018},
                {"asked_width": "5", "low": "0", "high": "46"},
                "as above",
            ),
            InStatus(
                "The count that is not told for it",
                "internal/disclosure",
                {"indicator": "eviction-notices-per-dwelling", "period": 2018},
                {"primary": "0", "secondary": "1", "cases_hidden": "28"},
                "as above; the overlap itself is published nowhere",
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
            Example(
                "Minors in preliminary hearings, 28 in 2016: a fall of 61 % tells 11, and the "
                "words *it fell* could be of 4",
                [{"before": 28, "now": 11, "other": 4}],
                _worlds,
                {"by_figure": "False", "by_words": "True"},
                "by hand: 4 of 28 would be a fall of 86 %",
                Origin.PUBLISHED,
            ),
        ],
    ),
]
