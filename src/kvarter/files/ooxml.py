"""What a workbook (.xlsx, .xlsm) says of its cells besides their values, read from its XML.

The form a number is shown in, formulas whose result was not stored, cells in error, rows that a
filter hides, and the day the workbook counts from (ECMA-376, part 1, sections 18.2, 18.3 and 18.8).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from kvarter.errors import InputError

_CHUNK = 1 << 20
_PERCENT_FORMATS = {"9", "10"}

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""


@dataclass
class SheetFacts:
    """Of a sheet: the cells shown as percentages, those in error with what they show, those whose
    formula has no result, and the rows that are hidden.
    """

    percent: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    uncached: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class WorkbookFacts:
    """The facts of each sheet by its name; `from_1904`: its days are counted from 1904."""

    sheets: dict[str, SheetFacts]
    from_1904: bool


def read_facts(path: Path) -> WorkbookFacts | None:
    """The facts of the workbook at `path`; None where it is a zip archive of another format.

    The archive has been looked over (`see_workbook`). Raises InputError where it is no workbook.
    """
    try:
        with ZipFile(path) as archive:
            return _facts(archive)
    except (BadZipFile, KeyError, ValueError, OSError, NotImplementedError, expat.ExpatError):
        raise InputError.of(
            "the workbook is damaged: its parts cannot be read",
            "Open it in Excel, and save it again as .xlsx.",
            path,
        ) from None


def _facts(archive: ZipFile) -> WorkbookFacts | None:
    names: dict[str, str] = {}
    targets: dict[str, str] = {}
    from_1904 = False

    def of_root(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given["Type"].endswith("/officeDocument"):
            targets["root"] = given["Target"].lstrip("/")

    def of_book(tag: str, given: dict[str, str]) -> None:
        nonlocal from_1904
        if tag == "workbookPr":
            from_1904 = given.get("date1904") in ("1", "true")
        elif tag == "sheet":
            link = next((value for name, value in given.items() if name.endswith(":id")), "")
            names[given["name"]] = link

    def of_links(tag: str, given: dict[str, str]) -> None:
        if tag == "Relationship" and given.get("TargetMode") != "External":
            targets[given["Id"]] = posixpath.normpath(posixpath.join("/" + folder, given["Target"]))
            if given["Type"].endswith("/styles"):
                targets["styles"] = targets[given["Id"]]

    parts = {
        "/" + part.filename.replace("\\", "/").lstrip("/"): part for part in archive.infolist()
    }
    if "/_rels/.rels" not in parts:  # OpenDocument
        return None
    _parse(archive, parts["/_rels/.rels"], of_root)
    book = targets.get("root", "xl/workbook.xml")
    if book.endswith(".bin"):  # .xlsb
        return None
    folder, name = posixpath.split(book)
    _parse(archive, parts[f"/{book}"], of_book)
    links = parts.get(f"/{folder}/_rels/{name}.rels")
    if links is not None:
        _parse(archive, links, of_links)
    styles = parts.get(targets.get("styles", ""))
    percent = _percent_styles(archive, styles) if styles is not None else set()
    sheets = {
        sheet: _sheet(archive, parts[targets[link]], percent)
        for sheet, link in names.items()
        if targets.get(link) in parts and "/worksheets/" in targets[link]
    }
    return WorkbookFacts(sheets, from_1904)


def _parse(
    archive: ZipFile,
    part: ZipInfo,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Run through a part of the workbook; names come without their namespace."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = lambda tag, given: start(tag.rpartition(":")[2], given)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    with archive.open(part) as file:
        _feed(parser, file)


def _feed(parser: expat.XMLParserType, file: IO[bytes]) -> None:
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _no_doctype(*_: object) -> None:
    raise ValueError("a workbook has no document type")


def _percent_styles(archive: ZipFile, part: ZipInfo) -> set[str]:
    """The numbers of the cell styles that show a percentage."""
    formats = set(_PERCENT_FORMATS)
    styles: set[str] = set()
    inside, at = False, 0

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal inside, at
        if tag == "numFmt" and _shows_percent(given.get("formatCode", "")):
            formats.add(given["numFmtId"])
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            if given.get("numFmtId") in formats:
                styles.add(str(at))
            at += 1

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    _parse(archive, part, start, end)
    return styles


def _shows_percent(code: str) -> bool:
    r"""Does a format multiply by a hundred? A percent sign in quotes is but a text.

    >>> _shows_percent("0,0 %"), _shows_percent('0.0"%"'), _shows_percent("0\\%")
    (True, False, False)
    """
    return "%" in re.sub(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]', "", code)


_MARKS = (b"<f", b":f>", b":f ", b'"e"', b"'e'", b"hidden", b"\0")
"""One of them stands where a formula, an error or a hidden row is; a zero byte, in UTF-16."""


def _has_facts(archive: ZipFile, part: ZipInfo, percent: set[str]) -> bool:
    """Does a sheet hold anything that is a fact? Most do not, and need not be parsed for it."""
    styles = "|".join(sorted(percent)).encode()
    shown = re.compile(rb"""\bs\s*=\s*["'](?:%s)["']""" % styles) if percent else None
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            text = tail + chunk
            if any(mark in text for mark in _MARKS) or (shown and shown.search(text)):
                return True
            tail = text[-200:]
    return False


def _sheet(archive: ZipFile, part: ZipInfo, percent: set[str]) -> SheetFacts:
    facts = SheetFacts()
    if not _has_facts(archive, part, percent):
        return facts
    row = column = 0
    cell: dict[str, str] = {}
    formula = value = False
    shown: list[str] = []
    reading = False

    def start(tag: str, given: dict[str, str]) -> None:
        nonlocal row, column, cell, formula, value, reading
        if tag == "c":
            column = _column_of(given["r"]) if "r" in given else column + 1
            cell, formula, value = given, False, False
            if given.get("s") in percent:
                facts.percent.add((row, column))
        elif tag == "f":
            formula = True
        elif tag == "v" and (formula or cell.get("t") == "e"):
            reading = True
            shown.clear()
        elif tag == "row":
            row = int(given["r"]) if "r" in given else row + 1
            column = 0
            if given.get("hidden") in ("1", "true"):
                facts.hidden_rows.add(row)

    def end(tag: str) -> None:
        nonlocal reading, value
        if tag == "v" and reading:
            reading, value = False, bool("".join(shown))
            if cell.get("t") == "e":
                facts.errors[row, column] = "".join(shown)
        elif tag == "c" and formula and not value and cell.get("t") != "str":
            facts.uncached.add((row, column))

    def text(part: str) -> None:
        if reading:
            shown.append(part)

    _parse(archive, part, start, end, text)
    return facts


def _column_of(reference: str) -> int:
    """The number of the column of a cell such as `AB12`."""
    number = 0
    for sign in reference:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign.upper()) - 64
    return number


def reference(place: Place) -> str:
    """The name of a cell, such as `AB12`.

    >>> reference((12, 28))
    'AB12'
    """
    row, column = place
    letters = ""
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(65 + left) + letters
    return f"{letters}{row}"
