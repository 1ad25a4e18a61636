"""What would give a hidden count away, and what is hidden beside it."""

from __future__ import annotations

from collections.abc import Hashable

from kvarter.disclosure.alternative_tables import words_held_back
from kvarter.disclosure.attack import Attacker, Fact
from kvarter.disclosure.primary import too_few
from kvarter.disclosure.suppress import SuppressionProblem, suppress
from kvarter.disclosure.table import CellTable
from kvarter.judgement.figures import Figure, change, is_met
from kvarter.policy.model import AREAS, Disclosure, Reading
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
    found = suppress(SuppressionProblem(table, counts, primary, cost))
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


def _words(rows: list[Row]) -> dict[str, object]:
    """What is said of a fall from `before`, in every world of a small number now."""
    [row] = rows
    reading = Reading.model_validate(
        {"id": "r", "title": "r", "kind": "relative_change", "change": row["asked"]}
    )
    before: dict[str, Figure] = {AREAS: Figure(row["before"] / row["of"], row["before"], row["of"])}
    said = set()
    for now in range(1, _RULES.threshold):
        moved = change(reading, before, {AREAS: Figure(now / row["of"], now, row["of"])})
        assert moved is not None
        said.add("met" if is_met(reading, moved) else "not met")
    return {"said": " or ".join(sorted(said)), "told": len(said) == 1}


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
    hidden = suppress(SuppressionProblem(table, counts, {"overlap": 5.0}, cost)).hidden
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
        "Words that rest on a small number",
        "May a verdict be told whose figures are hidden?",
        "The small numbers are set to each of 1 to threshold - 1, and what follows from them and "
        "from what is shown to that; a word is told where it is the same in all these worlds.",
        "Goguen and Meseguer (1982), *IEEE Symposium on Security and Privacy* (non-interference).",
        "The program is known to all, and so is which numbers are small.",
        words_held_back,
        [
            Example(
                "12 before and few now, where a fall of 25 % is asked: met by 1 to 4",
                [{"before": 12, "of": 100, "asked": -25}],
                _words,
                {"said": "met", "told": "True"},
            ),
            Example(
                "Where a fall of 70 % is asked, 4 would not meet it",
                [{"before": 12, "of": 100, "asked": -70}],
                _words,
                {"said": "met or not met", "told": "False"},
                "by hand: 3 is a fall of 75 %, 4 one of 67 %",
            ),
            Example(
                "Minors in preliminary hearings, 28 in 2016, had there been few in 2023: a fall "
                "to half is met by any small number",
                [{"before": 28, "of": 28, "asked": -50}],
                _words,
                {"said": "met", "told": "True"},
                "by hand: 14 or fewer meet it",
                Origin.PUBLISHED,
            ),
        ],
    ),
]
