"""Every data file of a status, made of the same tables."""

from __future__ import annotations

from pathlib import Path

from kvarter.editions.edition import Edition
from kvarter.exports.catalogue import write_catalogue
from kvarter.exports.datapackage import write_datapackage
from kvarter.exports.jsonstat import write_jsonstat
from kvarter.exports.tables import write_tables
from kvarter.exports.workbook import write_workbook
from kvarter.policy.model import Language


def write_data(status: Edition, folder: Path, language: Language) -> None:
    """Write the tables in every form, and what describes them."""
    tables = status.tables
    write_tables(tables, folder)
    write_jsonstat(status, tables, folder, language)
    write_workbook(status, tables, folder, language)
    write_datapackage(status, tables, folder, language)
    write_catalogue(status, tables, folder)
