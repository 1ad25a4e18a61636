"""Bytes -> text: find the encoding of a file, and say which it was."""

from __future__ import annotations

import codecs
from pathlib import Path

from kvarter.errors import InputError, Problem
from kvarter.inputs import read_bytes

_BOMS = [
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
]
_LONGEST_LINE = 1_000_000
_MOST_ZERO_BYTES = 20
"""More of them are no slips of a system: the file is not text."""


def read_text(path: Path, encoding: str | None = None) -> tuple[str, str]:
    """The text of `path` and the name of its encoding; `encoding` overrides what is detected.

    Raises InputError for a missing or empty file, for one that is not text, for an encoding that
    does not fit, and for a line so long that the file cannot be a table.
    """
    content = _bytes_of(path)
    text, name = _decode(path, content, encoding)
    longest = max(map(len, text.splitlines()), default=0)
    if longest > _LONGEST_LINE:
        raise InputError(
            Problem(
                f"a line is {longest:,} characters long, so this is not a table with a row a line",
                "Export it again with line breaks between the rows.",
                str(path),
            )
        )
    return text, name


def _bytes_of(path: Path) -> bytes:
    content = read_bytes(path)
    if not content.strip():
        raise InputError(
            Problem(
                "the file is empty",
                "Make it again: export or draw it once more from where it comes.",
                str(path),
            )
        )
    if content[:4] == b"PK\x03\x04":
        raise InputError(
            Problem(
                "this is a zip archive or an Excel workbook, not a CSV file",
                "Rename it to .xlsx if it is a workbook; otherwise unpack it first.",
                str(path),
            )
        )
    return content


def _decode(path: Path, content: bytes, encoding: str | None) -> tuple[str, str]:
    if encoding:
        try:
            return content.decode(encoding), encoding
        except (LookupError, UnicodeError):
            raise InputError(
                Problem(
                    f"the file is not {encoding!r} text",
                    "Leave `encoding` out to have it detected, or give the right one.",
                    str(path),
                )
            ) from None
    for bom, codec, name in _BOMS:
        if content.startswith(bom):
            return content.decode(codec, errors="replace"), name
    head = content[:4000]
    if head.count(0) > len(head) // 4:
        # Text in UTF-16 has its zero bytes in every second place only.
        for codec, zeros, letters in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
            if head[zeros::2].count(0) > len(head) // 4 and not head[letters::2].count(0):
                return content.decode(codec, errors="replace"), "UTF-16 without BOM"
    zeros = content.count(0)
    if zeros > _MOST_ZERO_BYTES or zeros > len(content) // 20:
        raise InputError(
            Problem("this is not a text file", "Export it as CSV or Excel.", str(path))
        )
    if zeros:
        text, name = _decode_plain(content.replace(b"\0", b""))
        return text, f"{name}, without {zeros} zero byte{'s' * (zeros > 1)}"
    return _decode_plain(content)


def _decode_plain(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _decode_by_line(content)


def _decode_by_line(content: bytes) -> tuple[str, str]:
    """Windows-1252, unless some lines are UTF-8 (files pasted together): then each as it is."""
    lines: list[str] = []
    as_utf8 = 0
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            as_utf8 += not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                lines.append(line.decode("latin-1"))
    name = "mixed UTF-8 and Windows-1252" if as_utf8 else "Windows-1252"
    return "\n".join(lines), name
