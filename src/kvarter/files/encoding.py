"""Bytes -> text: find the encoding of a file, and say which it was."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kvarter.errors import InputError
from kvarter.files.inputs import read_bytes
from kvarter.files.lines import longest_line, with_line_feeds
from kvarter.notes import Note

_BOMS = [
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
]
_WITHOUT_BOM = [
    # Where the zero bytes of Latin letters stand in each group of bytes.
    ("utf-32-le", "UTF-32 without BOM", (False, True, True, True)),
    ("utf-32-be", "UTF-32 without BOM", (True, True, True, False)),
    ("utf-16-le", "UTF-16 without BOM", (False, True)),
    ("utf-16-be", "UTF-16 without BOM", (True, False)),
]
_OTHER_KINDS = [
    (
        b"PK\x03\x04",
        "a zip archive or an Excel workbook",
        "Rename it to .xlsx if it is a workbook; otherwise unpack it first.",
    ),
    (b"\x1f\x8b", "a packed file (gzip)", "Unpack it first."),
    (b"PAR1", "a Parquet file", "Rename it to .parquet."),
    (b"%PDF", "a PDF document", "Export the table as CSV or Excel."),
    (b"{\\rtf", "a Word document (RTF)", "Export the table as CSV or Excel."),
]
_JSON = re.compile(rb"\[?\s*{\s*\"")
_XML = b"<?xml"
_LONGEST_LINE = 1_000_000
_MOST_ZERO_BYTES = 20
"""More of them are no slips of a system: the file is not text."""


@dataclass(frozen=True)
class Text:
    """The text of a file with a line feed after each line, the name of its encoding, and notes."""

    text: str
    encoding: str
    notes: tuple[Note, ...] = ()


def read_text(path: Path, encoding: str | None = None, *, as_it_is: bool = False) -> Text:
    """The text of the file at `path`; `encoding` overrides what is detected.

    Letters that were written in another way are put right, unless it is wanted `as_it_is`.

    Raises InputError for a missing or empty file, for one that is not text, for an encoding that
    does not fit, and for a line so long that the file cannot be a table.
    """
    content = read_bytes(path)
    _see_text(path, content, may_be_xml=as_it_is)
    text, name = _decode(path, content, encoding)
    # A mark of byte order within a text was pasted there with the file that it began; DOS ends a
    # file with Control-Z.
    text, notes = with_line_feeds(text.replace("\ufeff", "").rstrip("\x1a"), path.name)
    if longest := longest_line(text, _LONGEST_LINE):
        raise InputError.of(
            f"a line is {longest:,} characters long, so this is not a table with a row a line",
            "Export it again with line breaks between the rows.",
            path,
        )
    text, more = (text, ()) if as_it_is else _mended(text, path.name)
    # Each of these marks is two bytes in UTF-8, of which this is the first.
    if b"\xc2" in content or not name.startswith("UTF-8"):
        more += _controls(text, path.name)
    return Text(text, name, notes + more)


def _see_text(path: Path, content: bytes, *, may_be_xml: bool) -> None:
    if not content or content.isspace():
        raise InputError.of(
            "the file is empty",
            "Make it again: export or draw it once more from where it comes.",
            path,
        )
    for start, kind, remedy in _OTHER_KINDS:
        if content.startswith(start):
            raise InputError.of(f"this is {kind}, not a CSV file", remedy, path)
    start = content[:1000].removeprefix(codecs.BOM_UTF8).lstrip()
    if _JSON.match(start):
        remedy = "Export the table as CSV or Excel."
        raise InputError.of("this is JSON, not a CSV file", remedy, path)
    if start.startswith(_XML) and not may_be_xml:
        remedy = "Export the table as CSV or Excel."
        raise InputError.of("this is an XML file, not a CSV file", remedy, path)


def _decode(path: Path, content: bytes, encoding: str | None) -> tuple[str, str]:
    if encoding:
        try:
            return content.decode(encoding), encoding
        except (LookupError, UnicodeError):
            raise InputError.of(
                f"the file is not {encoding!r} text",
                "Leave `encoding` out to have it detected, or give the right one.",
                path,
            ) from None
    for bom, codec, name in _BOMS:
        if content.startswith(bom):
            return content.decode(codec, errors="replace"), name
    if (wide := _bare_wide(content[:4000])) is not None:
        return content.decode(wide[0], errors="replace"), wide[1]
    zeros = content.count(0)
    if zeros > _MOST_ZERO_BYTES or zeros > len(content) // 20:
        raise InputError.of("this is not a text file", "Export it as CSV or Excel.", path)
    if zeros:
        text, name = _decode_plain(content.replace(b"\0", b""))
        return text, f"{name}, without {zeros} zero byte{'s' * (zeros > 1)}"
    return _decode_plain(content)


def _bare_wide(head: bytes) -> tuple[str, str] | None:
    """The codec and name of wide characters without BOM; None where the bytes are no such text."""
    for codec, name, zero in _WITHOUT_BOM:
        width = len(zero)
        share = [head[at::width].count(0) / max(1, len(head[at::width])) for at in range(width)]
        # The letters of a UTF-16 text have no zero bytes; its marks and blanks have as few.
        if all(
            part > 0.5 if is_zero else part == 0 for part, is_zero in zip(share, zero, strict=True)
        ):
            return codec, name
    return None


def _decode_plain(content: bytes) -> tuple[str, str]:
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    codec = _likeliest_code_page(content)
    if codec == "cp1252" and b"\n" not in content and b"\r" not in content:
        return content.decode("latin-1"), "ISO 8859-1"  # whose NEL ends a line
    text, as_utf8 = _decode_by_line(content, codec)
    name, mixed = _CODE_PAGES[codec]
    if codec == "cp850" and text == _decode_by_line(content, "cp865")[0]:
        name = "CP850 or CP865"
    return text, mixed if as_utf8 else name


_CODE_PAGES = {
    "cp1252": ("Windows-1252", "mixed UTF-8 and Windows-1252"),
    "cp850": ("CP850", "mixed UTF-8 and CP850"),
    "cp865": ("CP865", "mixed UTF-8 and CP865"),
    "mac_roman": ("Mac Roman", "mixed UTF-8 and Mac Roman"),
}
"""Their names; and what a file is called in which some lines are UTF-8."""

_PLAUSIBLE = re.compile(
    "[æøåéöüäÆØÅÉÖÜÄ](?:(?<=[a-zæøå][æøåéöüä])(?![A-ZÆØÅ])|(?<![a-zæøå].)(?<=[æøå])(?=[a-z])"
    "|(?<![a-zæøåéöüä].)(?<=[ÆØÅÉÖÜÄ])(?=[A-Za-zæøåÆØÅ])|(?<=[A-Z][ÆØÅÉÖÜÄ])"
    "|(?<=[a-zA-Z] Ø)(?!\\w))"
)
"""Letters of Danish names where they stand as in words: not a capital after a small letter.

The letter comes first, for then only letters are looked at: a tenth of the time."""


_APOSTROPHES = {"Æ", "æ"}
"""What the quotation marks of Windows-1252 are in CP850; alone they tell nothing."""


_SAMPLE = 2_000_000
"""Bytes by which a code page is told."""


def _likeliest_code_page(content: bytes) -> str:
    """The code page in which most of the bytes above 127 are letters as Danish words have them.

    Windows-1252, unless another explains clearly more and at least half of them.
    """
    # Lines of UTF-8 in between say nothing of the others.
    sample = b"\n".join(_lines_not_utf8(content, _SAMPLE))[:_SAMPLE]
    strange = len(sample.translate(None, bytes(range(128))))
    letters = {
        codec: _PLAUSIBLE.findall(sample.decode(codec, errors="replace")) for codec in _CODE_PAGES
    }
    best = max(letters, key=lambda codec: len(letters[codec]))
    few = 2 * len(letters[best]) < strange or len(letters[best]) <= 2 * len(letters["cp1252"])
    if few or set(letters[best]) <= _APOSTROPHES:
        return "cp1252"
    return best


def _lines_not_utf8(content: bytes, most: int) -> Iterator[bytes]:
    """The first lines that are not UTF-8, of together `most` bytes."""
    for found in re.finditer(rb"[^\r\n]+", content):
        if not (line := found[0]).isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                yield line
                most -= len(line) + 1
                if most < 0:
                    return


_TWO_BYTES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""No letter beyond ASCII is without it in UTF-8."""


def _decode_by_line(content: bytes, codec: str) -> tuple[str, int]:
    """By `codec`, but lines that are UTF-8 (files were pasted together) as that; and how many."""
    if _TWO_BYTES.search(content) is None:
        with suppress(UnicodeDecodeError):
            return content.decode(codec), 0
    lines: list[str] = []
    as_utf8 = 0
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            as_utf8 += not line.isascii()
        except UnicodeDecodeError:
            try:
                lines.append(line.decode(codec))
            except UnicodeDecodeError:
                lines.append(line.decode("latin-1"))
    return "\n".join(lines), as_utf8


_FOLLOWS = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_TWICE = re.compile(
    f"(?:[ÂÃ]{_FOLLOWS}|â[\x80€]{_FOLLOWS})(?:[Â-ß]{_FOLLOWS}|â{_FOLLOWS}{_FOLLOWS})*"
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#x[0-9A-Fa-f]{2,4});")
_CONTROLS = [chr(code) for code in (*range(0x80, 0x85), *range(0x86, 0xA0))]
_LOST = "\ufffd"
_QUESTIONED = re.compile(r"[A-Za-z]\?[a-z]|\b\?[a-z]{2}")


def _mended(text: str, file: str) -> tuple[str, tuple[Note, ...]]:
    """`text` with letters that a system wrote in another way put right; and notes on it."""
    notes = []
    if "Ã" in text or "â€" in text:
        text, lines = _each(_TWICE, _once, text)
        if lines:
            notes.append(
                Note(
                    "{file}: letters of {lines} {lines:line|lines} were written in UTF-8 twice "
                    "(Ã¸ for ø); they are read as the letters they were.",
                    {"file": file, "lines": lines},
                )
            )
    if "&" in text:
        text, lines = _each(_ENTITY, _letter, text)
        if lines:
            notes.append(
                Note(
                    "{file}: letters of {lines} {lines:line|lines} are written as on a web page "
                    "(&oslash; for ø); they are read as the letters they are.",
                    {"file": file, "lines": lines},
                )
            )
    if _LOST in text:
        lines = _lines_with(text, _LOST)
        notes.append(
            Note(
                "{file}: {lines} {lines:line holds|lines hold} letters that were lost before "
                "the file came here (�); names and addresses there may not be recognised.",
                {"file": file, "lines": lines},
            )
        )
    elif "?" in text:
        small = text.lower()
        absent = [letter for letter in "æøå" if letter not in small]
        lines = len({text.count("\n", 0, m.start()) for m in _QUESTIONED.finditer(text)})
        # One line may be a question, where the file has other such letters.
        if absent and lines > (len(absent) < len("æøå")):
            notes.append(
                Note(
                    "{file}: {lines} {lines:line holds|lines hold} a question mark within a "
                    "word, and the file has no {letters}: letters seem to have been lost before "
                    "the file came here.",
                    {"file": file, "lines": lines, "letters": ", ".join(absent)},
                )
            )
    return text, tuple(notes)


def _controls(text: str, file: str) -> tuple[Note, ...]:
    if not any(mark in text for mark in _CONTROLS):
        return ()
    lines = sum(any(mark in line for mark in _CONTROLS) for line in text.split("\n"))
    return (
        Note(
            "{file}: {lines} {lines:line holds|lines hold} control characters where letters "
            "should be; is the encoding right?",
            {"file": file, "lines": lines},
        ),
    )


def _each(pattern: re.Pattern[str], mend: Callable[[str], str], text: str) -> tuple[str, int]:
    """`text` with what matches `pattern` mended; and how many lines that changed."""
    found = {match for match in set(pattern.findall(text)) if mend(match) != match}
    if not found:
        return text, 0
    lines = sum(any(each in line for each in found) for line in text.split("\n"))
    return pattern.sub(lambda match: mend(match[0]), text), lines


def _lines_with(text: str, mark: str) -> int:
    return sum(mark in line for line in text.split("\n"))


def _once(letters: str) -> str:
    """Letters that were encoded twice, or more often, as they were."""
    for codec in ("cp1252", "latin-1"):
        try:
            again = letters.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        return _TWICE.sub(lambda match: _once(match[0]), again)
    return letters


def _letter(entity: str) -> str:
    """The letter that an entity stands for, unless that would be a mark of CSV."""
    letter = html.unescape(entity)
    return entity if len(letter) != 1 or letter in '"\n\r' else letter
