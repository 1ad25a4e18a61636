"""A document as PDF that all can read and that can be archived: PDF/UA-1 and PDF/A-2a together.

Typst refuses to write a file that breaks either standard, so a picture without a text alternative
or a letter that no font has stops the writing instead of passing unseen.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from kvarter.documents.contents.sure import SIGNS
from kvarter.documents.document import Document, Section, Table, section_ids
from kvarter.documents.letters import FONTS
from kvarter.i18n import Locale, _, in_language
from kvarter.i18n.locale import reads_from_right

STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
_LATIN_ENDS = 0x24F
_NO_FONT_HAS = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def write_pdf(document: Document, path: Path) -> None:
    """Write `document` to `path`. A character that no font has is written as its name."""
    template = (files("kvarter.documents") / "templates" / "document.typ").read_bytes()
    unknown: set[str] = set()
    while True:
        try:
            pdf = typst.compile(
                template,
                font_paths=_fonts(),
                sys_inputs={"document": _content(document, unknown)},
                format="pdf",
                pdf_standards=STANDARDS,
            )
        except typst.TypstError as error:
            found = _not_in_fonts(error.diagnostic) - unknown
            if not found:
                raise
            unknown |= found
        else:
            path.write_bytes(pdf)
            return


@cache
def _fonts() -> typst.Fonts:
    """The same letters on every machine, whatever fonts it has of its own."""
    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])


def _not_in_fonts(diagnostic: str) -> set[str]:
    """The characters that Typst says it cannot show."""
    found: set[str] = set()
    for escaped_letters in _NO_FONT_HAS.findall(diagnostic):
        text = _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), escaped_letters)
        found |= {each for each in text if ord(each) > _LATIN_ENDS} or set(text)
    return found


def _content(document: Document, unknown: set[str]) -> str:
    with in_language(Locale(document.language)):
        words = {"draft": _("Draft"), "contents": _("Contents")}
    content = {**_plain(document, unknown), "ids": sorted(section_ids(document)), "words": words}
    content["signs"] = SIGNS
    return json.dumps(content, ensure_ascii=False)


def _plain(part: Any, unknown: set[str]) -> Any:
    """A part of a document as what JSON can hold; `is` says which kind of part it was."""
    if isinstance(part, tuple):
        return [_plain(each, unknown) for each in part]
    if isinstance(part, str):
        return "".join(_visible(each, unknown) for each in part)
    if isinstance(part, date):
        return [part.year, part.month, part.day]
    if not is_dataclass(part):
        return part
    found = {each.name: _plain(getattr(part, each.name), unknown) for each in fields(part)}
    if isinstance(text := found.get("text"), str):
        found["from_right"] = reads_from_right(text)
    if isinstance(part, Section):
        found["title"] = found["title"].strip() or "–"
    if isinstance(part, Table):
        found["widths"] = list(part.shares())
    return {"is": type(part).__name__.lower(), **found}


def _visible(letter: str, unknown: set[str]) -> str:
    """The letter; nothing for what has no picture; its name or number where no font has it."""
    if letter in "\n\t":
        return letter
    category = unicodedata.category(letter)
    if category == "Cc" or letter == "\ufeff":
        return ""
    if category in ("Cn", "Co", "Cs"):
        return f"[U+{ord(letter):04X}]"
    if letter not in unknown:
        return letter
    name = unicodedata.name(letter, f"U+{ord(letter):04X}")
    joins = name.startswith(("VARIATION SELECTOR", "ZERO WIDTH"))
    return "" if joins else f"[{name.lower()}]"
