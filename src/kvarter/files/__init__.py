"""Files as they really come: CSV and Excel in any state -> text cells with row numbers."""

from kvarter.files.parquet import parquet_at, read_parquet
from kvarter.files.table import Profile, Table, read_table

__all__ = ["Profile", "Table", "parquet_at", "read_parquet", "read_table"]
