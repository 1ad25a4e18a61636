"""The tables of an edition for others: as a cube, as a workbook, and what describes their files."""

from __future__ import annotations

from pathlib import Path

from kvarter.editions.edition import Edition
from kvarter.exports.catalogue import write_catalogue
from kvarter.exports.datapackage import write_datapackage
from kvarter.exports.jsonstat import write_jsonstat
from kvarter.exports.workbook import write_workbook
from kvarter.i18n import Locale, in_language
from kvarter.policy.model import Language


def write_data(status: Edition, folder: Path, language: Language) -> None:
    """Write them into `folder`, where the files of the tables lie already.

    The same edition gives the same bytes: rows are in a fixed order, and no time of day is in it.
    """
    with in_language(Locale(language).of(status.policy)):
        write_jsonstat(status, folder)
        write_workbook(status, folder)
        write_datapackage(status, folder)
    write_catalogue(status, folder)
