"""CSV files in which no text is a formula to a spreadsheet.

A spreadsheet that opens a CSV file works out what begins with `=`, `+`, `-` or `@`, whoever wrote
it into an extract; it can send the row away. An apostrophe before it makes it a text again.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

_FORMULA = r"^'*[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""What begins one, full-width too; with the apostrophes that stand before it already."""
_NUMBER = r"^[+\-]\d[\d.,]*$"
_MARKED = r"^'+[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"


def write_csv(table: pl.DataFrame, path: Path, *, for_excel: bool = False) -> None:
    """Write `table` to `path`, each text and each name of a column as one that is no formula.

    `for_excel`: with semicolons and a BOM, so that a Danish Excel opens it as it is.
    """
    separator = ";" if for_excel else ","
    inert(table).write_csv(path, separator=separator, include_bom=for_excel)


def inert(table: pl.DataFrame) -> pl.DataFrame:
    """`table` with an apostrophe before each text that a spreadsheet would work out.

    A text that is a number, such as -5, stays. `as_it_was` takes the apostrophe away again.
    """
    names = dict(zip(table.columns, _marked(pl.Series(table.columns)), strict=True))
    return table.with_columns(
        _marked(table[name]) for name, kind in table.schema.items() if kind == pl.String
    ).rename(names)


def as_it_was(texts: pl.Series) -> pl.Series:
    """The texts of a file that `inert` wrote, as they were before."""
    marked = texts.str.contains(_MARKED)
    return texts.zip_with(~marked.fill_null(False), texts.str.slice(1))


def _marked(texts: pl.Series) -> pl.Series:
    texts = texts.cast(pl.String)
    formula = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    return texts.zip_with(~formula.fill_null(False), "'" + texts)
