"""The tables of an edition for others: a cube, a workbook, and what describes their files."""

from kvarter.exports.write import write_data

__all__ = ["write_data"]
