"""Zip archives (workbooks, Word files), looked over whole before anything else opens them.

A library that is given a zip unpacks what it says, whatever that comes to: a file of 10 MB can hold
10 GB, and a workbook of 5 KB a single cell so far out that the table up to it fills any memory.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from kvarter.errors import InputError

MOST_UNPACKED = 2 * 1024**3
"""Bytes of a workbook, unpacked; one of a million rows and twenty columns has some 600 million."""
MOST_CELLS = 50_000_000
"""Cells of a sheet, empty ones too, from A1 to the last row and the last column in use."""
_MOST_PARTS = 10_000
_MOST_TIMES, _ALWAYS_ALLOWED = 200, 20 * 1024**2
"""How many times its size a part may unpack to, where it is larger than this."""
_CHUNK = 1 << 20
_LAST_CELL, _ROW_BEGINS, _FIRST_NUMBER = 11, 0, 4
"""Records of .xlsb: those up to 11 are rows and cells, and begin with four bytes of a number."""

_ROW = re.compile(rb"""row\s[^>]*?\br\s*=\s*["'](\d+)""")
_FAR_DOWN = re.compile(rb"""=\s*["'][A-Z]+(\d{6,})["']""")
_FAR_RIGHT = re.compile(rb"""=\s*["']([A-Z]{2,3})\d""")
"""In a sheet of .xlsx: `<row r="12">`, and what names cells from row 100,000 or column AA on."""
_ODS = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:covered-)?(table-row|table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb"""number-(?:row|column)s-repeated=["'](\d+)["']""")
_LONGEST_TAG = 4_000


def parts_of(archive: Path | IO[bytes], path: Path, most: int) -> Iterator[tuple[str, bytes]]:
    """The parts of the zip `archive`, each name with a piece of its content, unpacked for real.

    `path`: what to call it. Raises InputError where it is no zip or a damaged one, has a password,
    has a part twice, or comes to more than `most` bytes or unpacks to far more than its size.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            parts = opened.infolist()
            names = [part.filename for part in parts]
            if len(parts) > _MOST_PARTS or len(set(names)) < len(names):
                raise _refused(path, f"it has {len(parts):,} parts, some of one name or too many")
            left = most
            for part in parts:
                if part.flag_bits & 1:
                    raise _refused(path, "it is kept under a password")
                allowed = max(_ALWAYS_ALLOWED, part.compress_size * _MOST_TIMES)
                part.file_size = (
                    most + _CHUNK
                )  # what is said of it may be wrong: see how long it is
                with opened.open(part) as stream:
                    while piece := stream.read(_CHUNK):
                        left, allowed = left - len(piece), allowed - len(piece)
                        if left < 0:
                            raise _refused(path, f"it comes to more than {most:,} bytes")
                        if allowed < 0:
                            what = f"{part.filename!r} unpacks to {_MOST_TIMES} times its size"
                            raise _refused(path, what)
                        yield part.filename, piece
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError) as error:
        raise _refused(path, f"it is damaged: {error}") from None
    except (OSError, ValueError, MemoryError) as error:
        raise _refused(path, f"it cannot be read: {error}") from None


def see_workbook(path: Path) -> None:
    """See that the workbook at `path` (a zip of sheets) can be opened without harm.

    Raises InputError as `parts_of` does, and where a sheet has more than MOST_CELLS cells.
    """
    sheet = ""
    seen: _Extent = _Nothing()
    for name, piece in parts_of(path, path, MOST_UNPACKED):
        if name != sheet:
            sheet, seen = name, _extent_of(name)
        seen.see(piece)
        if seen.rows * seen.columns > MOST_CELLS:
            raise InputError.of(
                f"{Path(name).stem!r} has {seen.rows:,} rows and {seen.columns:,} columns, "
                f"empty ones too: at most {MOST_CELLS:,} cells of a sheet are read",
                "Delete the rows and columns behind the table (Ctrl+End shows the last cell), "
                "or save the sheet as CSV.",
                path,
            )


class _Extent(Protocol):
    """How far a sheet reaches that is seen piece by piece."""

    rows: int
    columns: int

    def see(self, piece: bytes) -> None: ...


def _extent_of(part: str) -> _Extent:
    if part == "content.xml":
        return _Ods()
    if part.endswith(".xml"):
        return _Xlsx()
    return _Xlsb() if re.search(r"worksheets/sheet[^/]*\.bin$", part) else _Nothing()


class _Nothing:
    """A part that is no sheet."""

    rows = columns = 0

    def see(self, piece: bytes) -> None:
        pass


class _Xlsx:
    """A sheet of .xlsx; other parts in XML name no cells."""

    def __init__(self) -> None:
        self.rows, self.columns, self._tail = 0, 26, b""

    def see(self, piece: bytes) -> None:
        text = self._tail + piece
        rows = [*_ROW.findall(text), *_FAR_DOWN.findall(text)]
        self.rows = max(self.rows, *map(int, rows), 0)
        self.columns = max(self.columns, *map(_number, set(_FAR_RIGHT.findall(text))), 0)
        self._tail = text[-_LONGEST_TAG:]


class _Ods:
    """The sheets of .ods, where one tag can stand for many rows or cells."""

    def __init__(self) -> None:
        self.rows, self.columns, self._tail = 0, 1, b""
        self._at, self._repeat, self._column, self._filled = 0, 1, 0, 0

    def see(self, piece: bytes) -> None:
        text, end = self._tail + piece, 0
        for tag in _ODS.finditer(text):
            end = tag.end()
            self._tag(tag[1] == b"/", tag[2], tag[3])
        self._tail = text[max(end, len(text) - _LONGEST_TAG) :]

    def _tag(self, closes: bool, name: bytes, attributes: bytes) -> None:
        repeat = int(found[1]) if (found := _REPEATED.search(attributes)) else 1
        if name == b"table":
            self._at = 0
        elif name == b"table-cell" and not closes:
            self._column += repeat
            if b"value" in attributes or not attributes.endswith(b"/"):
                self._filled = self._column
        elif name == b"table-row" and not closes:
            self._repeat, self._column, self._filled = repeat, 0, 0
            self._at += repeat
        elif name == b"table-row" and self._filled:
            self.rows, self.columns = max(self.rows, self._at), max(self.columns, self._filled)


class _Xlsb:
    """A sheet of .xlsb: records of a kind, a length and that many bytes."""

    def __init__(self) -> None:
        self.rows, self.columns, self._tail = 0, 1, b""

    def see(self, piece: bytes) -> None:
        text, at = self._tail + piece, 0
        while (head := self._head(text, at)) is not None:
            kind, at, length = head
            if kind <= _LAST_CELL and length >= _FIRST_NUMBER:
                number = int.from_bytes(text[at : at + _FIRST_NUMBER], "little") + 1
                if kind == _ROW_BEGINS:
                    self.rows = max(self.rows, number)
                else:
                    self.columns = max(self.columns, number)
            at += length
        self._tail = text[at:] if at else text

    @staticmethod
    def _head(text: bytes, at: int) -> tuple[int, int, int] | None:
        """Kind, where the content begins, and its length; None where not all of it is there."""
        kind = length = 0
        for place in range(2):
            if at >= len(text):
                return None
            kind += (text[at] & 0x7F) << (7 * place)
            at += 1
            if not text[at - 1] & 0x80:
                break
        for place in range(4):
            if at >= len(text):
                return None
            length += (text[at] & 0x7F) << (7 * place)
            at += 1
            if not text[at - 1] & 0x80:
                break
        return (kind, at, length) if at + length <= len(text) else None


def _number(column: bytes) -> int:
    """The number of a column by its letters: A is 1, XFD is 16,384."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _refused(path: Path, why: str) -> InputError:
    what = f"this file is packed in a way that is not opened: {why}"
    remedy = "Open it in the program that made it and save it again, without a password."
    return InputError.of(what, remedy, path)
