"""Two editions compared, as plain rows for a program to read."""

from __future__ import annotations

import polars as pl

from kvarter.comparison.compared import Comparison, FieldChange
from kvarter.comparison.words import reason_in_words
from kvarter.tables import table


def comparison_rows(comparison: Comparison) -> pl.DataFrame:
    """Every figure, verdict, field and file as a plain row; codes where a program reads them."""
    rows = []
    for pair in comparison.pairs:
        said = " ".join(reason_in_words(reason) for reason in pair.reasons)
        ends = [_csv(None if row is None else row[pair.main]) for row in (pair.then, pair.now)]
        what = " ".join(filter(None, [pair.measure, pair.way]))
        rows.append((pair.part, what, pair.period, pair.group, *ends, pair.difference, said))
    for each in comparison.verdicts:
        verdicts = [_csv(row and row["verdict"]) for row in (each.then, each.now)]
        what = f"{each.goal} {each.target} {each.reading}"
        difference = "differs" if each.changed else "same"
        rows.append(("verdict", what, None, None, *verdicts, difference, ""))
    areas = comparison.areas
    fields = [("definition", change) for change in comparison.definitions or ()]
    fields += [("area_set", change) for change in areas.changes] if areas else []
    fields += [("file", change) for each in comparison.files for change in each.changes]
    fields += [("version", change) for change in comparison.made]
    for part, change in fields:
        rows.append((part, change.place, None, None, change.then, change.now, _change(change), ""))
    if areas:
        rows += [("area", a.id, None, None, None, a.name, "new", "") for a in areas.added]
        rows += [("area", a.id, None, None, a.name, None, "gone", "") for a in areas.dropped]
        if areas.file:
            rows.append(("outlines", areas.file, None, None, None, None, "content", ""))
    for one in comparison.files:
        what, differences = one.id or one.file, " ".join(one.differences)
        rows.append((one.role, what, None, None, None, None, differences, ""))
    return table("comparison").frame(rows)


def _csv(value: object) -> str | None:
    return None if value is None else str(value)


def _change(change: FieldChange) -> str:
    if change.then is None:
        return "new"
    return "gone" if change.now is None else "differs"
