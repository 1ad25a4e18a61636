"""A status as data for others: tables, a cube, a workbook, and what describes them."""

from kvarter.exports.write import write_data

__all__ = ["write_data"]
