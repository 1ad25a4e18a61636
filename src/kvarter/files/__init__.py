"""Files as they really come: CSV and Excel in any state -> text cells with row numbers."""

from kvarter.files.parquet import read_parquet
from kvarter.files.table import Profile, Table, read_table

__all__ = ["Profile", "Table", "read_parquet", "read_table"]
