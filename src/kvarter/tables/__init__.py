"""Every table that Kvarter writes: key, columns, types, units, meaning, and what each rests on.

In comes the name of a table, out its specification, which reads, checks and writes its frames.
Every room above calls it for the tables it makes or reads. The specifications are `public.yaml`
(what may be published of a status), `internal.yaml` (what stays in the house) and `others.yaml`
(what other commands write).
"""

from kvarter.tables.specification import (
    Column,
    Table,
    internal_tables,
    other_tables,
    public_tables,
    table,
)

__all__ = ["Column", "Table", "internal_tables", "other_tables", "public_tables", "table"]
