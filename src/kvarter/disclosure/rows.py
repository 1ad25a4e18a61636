"""What may be told of how many rows had which fate.

A table of rows by source and outcome adds up: each line to the rows read, each column to its total.
So a hidden number can be the difference of those that are told. Cell suppression as of Hundepool
et al. (Statistical Disclosure Control, 2012, ch. 4), with a greedy choice of what to hide beside.
"""

from __future__ import annotations

ALL = "all"
"""The line with the totals of the sources."""

READ = "read"
"""The column with the totals of the outcomes."""

Cell = tuple[str, str]


def with_totals(table: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """`table` (source to outcome to rows) with a line ALL and a column READ."""
    columns = {column: None for counts in table.values() for column in counts}
    totals = {column: sum(counts[column] for counts in table.values()) for column in columns}
    lines = {**table, ALL: totals}
    return {line: {**counts, READ: sum(counts.values())} for line, counts in lines.items()}


def hide_small(table: dict[str, dict[str, int]], threshold: int, published: str) -> set[Cell]:
    """The cells (`line, column`) of a table with totals that must not be told.

    `published`: a column that stands elsewhere too, so that hiding it hides nothing. Hidden are
    counts from 1 to threshold - 1; and beside them, in every line and column, so many others that
    two at least are hidden and one of them is no small one: then no hidden number is a difference.
    """
    count = {(line, column): n for line, counts in table.items() for column, n in counts.items()}
    columns = {column for _, column in count}
    sums = [[(line, column) for column in sorted(columns)] for line in table]
    sums += [[(line, column) for line in table] for column in sorted(columns)]
    hidden = {cell for cell, rows in count.items() if 0 < rows < threshold}
    growing = True
    while growing:
        beside = {
            min(free, key=lambda cell: (READ in cell or ALL in cell, count[cell], cell))
            for cells in sums
            if (gone := hidden.intersection(cells))
            and (len(gone) < 2 or max(count[cell] for cell in gone) < threshold)
            and (
                free := [
                    cell
                    for cell in cells
                    if cell not in hidden and count[cell] >= threshold and cell[1] != published
                ]
            )
        }
        growing = bool(beside)
        hidden |= beside
    return hidden
