"""A status as data for others: tables, a cube, a workbook, and what describes them."""

from kvarter.exports.tables import RESULT
from kvarter.exports.write import write_data

__all__ = ["RESULT", "write_data"]
