"""Files as they really come: CSV and Excel in any state -> cells with row numbers."""

from kvarter.files.column import Column, column_of_values
from kvarter.files.parquet import converted, parquet_at, read_parquet
from kvarter.files.table import Profile, Table, read_table

__all__ = [
    "Column",
    "Profile",
    "Table",
    "column_of_values",
    "converted",
    "parquet_at",
    "read_parquet",
    "read_table",
]
