"""CSV files in which no text is a formula to a spreadsheet.

A spreadsheet that opens a CSV file works out what begins with `=`, `+`, `-` or `@`, whoever wrote
it into an extract; it can send the row away. An apostrophe before it makes it a text again.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl

_FORMULA = r"^'*[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""What begins one, full-width too; with the apostrophes that stand before it already."""
_NUMBER = r"^[+\-]\d[\d.,]*$"
_MARKED = r"^'+[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"


def write_csv(table: pl.DataFrame, to: Path | BytesIO, *, for_excel: bool = False) -> None:
    """Write `table` to a file, each text and each name of a column as one that is no formula.

    `for_excel`: with semicolons and a BOM, so that a Danish Excel opens it as it is.
    """
    separator = ";" if for_excel else ","
    inert(table).write_csv(to, separator=separator, include_bom=for_excel)


def inert(table: pl.DataFrame) -> pl.DataFrame:
    """`table` with an apostrophe before each text that a spreadsheet would work out.

    A text that is a number, such as -5, stays. `as_it_was` takes the apostrophe away again.
    """
    names = pl.DataFrame({"name": table.columns}, schema={"name": pl.String})
    marked = names.select(_marked(pl.nth(0)))["name"]
    return table.with_columns(
        _marked(pl.nth(at))  # by its place, for `*` would be all columns
        for at, kind in enumerate(table.dtypes)
        if kind == pl.String
    ).rename(dict(zip(table.columns, marked, strict=True)))


def as_it_was(texts: pl.Series) -> pl.Series:
    """The texts of a file that `inert` wrote, as they were before."""
    marked = texts.str.contains(_MARKED)
    return texts.zip_with(~marked.fill_null(False), texts.str.slice(1))


def _marked(texts: pl.Expr) -> pl.Expr:
    formula = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    return pl.when(formula).then("'" + texts).otherwise(texts).name.keep()
