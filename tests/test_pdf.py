"""PDF: for every reader, and for the archive. The structure is read with a library, the pages
are looked at as pictures.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvarter.documents.assemble import documents
from kvarter.documents.document import (
    Bullets,
    Cell,
    Document,
    Item,
    Paragraph,
    Section,
    Table,
    pictures,
    texts,
    walk,
)
from kvarter.documents.pdf import write_pdf
from kvarter.editions import InternalEdition
from kvarter.policy.model import Language
from paper import assert_sound, page_texts

LANGUAGES: list[Language] = ["da", "en"]


def one_page(text: str) -> Document:
    """A document with `text` wherever a person's own words can come."""
    table = Table("A table", (Cell("Name"), Cell("Text")), ((Cell("row"), Cell(text)),))
    said = Bullets((Item(text, lead="Lead", mark="turns", more=(text,)),))
    blocks = (Paragraph(text), Paragraph(text, "draft"), Paragraph(text, "note"), said, table)
    return Document(
        *("page", "A page", "Of one text", "The town", "da", date(2024, 12, 31), ()),
        sections=(Section("Section", blocks, id="section"),),
        footer="Foot",
    )


@pytest.fixture(scope="session", params=LANGUAGES)
def written(
    city_status: InternalEdition, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> list[tuple[Document, Path]]:
    """Every document of the example, in Danish and in English."""
    folder = tmp_path_factory.mktemp("pdf")
    found = []
    for document in documents(city_status.public, request.param):
        path = folder / f"{document.name.replace('/', '-')}.pdf"
        write_pdf(document, path)
        found.append((document, path))
    return found


def titles(document: Document) -> list[str]:
    blocks = [block for section in document.sections for block in walk(section)]
    return [block.title for block in blocks if isinstance(block, Section)]


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Every structure element below `node`, in the order it is read."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def squeezed(text: str) -> str:
    """Without blanks, and without what may be put in where a line ends."""
    return re.sub(r"[\s\-\u00ad\u200b\u2010]+", "", text)


def test_it_says_which_standards_it_keeps_and_what_it_is(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        with pikepdf.open(path) as pdf:
            about = pdf.open_metadata()
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
            assert about["pdfuaid:part"] == "1"
            assert document.title in str(about["dc:title"])
            assert about["dc:creator"] == [document.publisher]
            root = pdf.Root
            assert root.MarkInfo.Marked
            assert root.ViewerPreferences.DisplayDocTitle
            assert str(root.Lang).split("-")[0].lower() == document.language


def test_headings_are_those_of_the_document_and_none_is_skipped(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        with pikepdf.open(path) as pdf:
            kinds = [str(each.S) for each in elements(pdf.Root.StructTreeRoot)]
        levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
        # The contents have a heading of their own.
        assert len(levels) in (len(titles(document)), len(titles(document)) + 1)
        assert levels[0] == 1
        assert all(deeper <= level + 1 for level, deeper in pairwise(levels))


def test_every_table_has_headings_with_a_scope_and_every_picture_a_text(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        with pikepdf.open(path) as pdf:
            found = list(elements(pdf.Root.StructTreeRoot))
            tables = [each for each in found if str(each.S) == "/Table"]
            for table in tables:
                heads = [each for each in elements(table) if str(each.S) == "/TH"]
                assert heads
                assert all("/Column" in repr(head.A) for head in heads)
            drawn = [each for each in found if str(each.S) == "/Figure"]
            assert all(len(str(picture.Alt)) > 40 for picture in drawn)
            told = [b for section in document.sections for b in walk(section)]
            assert len(tables) == sum(isinstance(block, Table) for block in told)
            assert len(drawn) == len(list(pictures(document)))


def test_all_fonts_are_in_the_file(written: list[tuple[Document, Path]]) -> None:
    for _, path in written:
        with pikepdf.open(path) as pdf:
            descriptors = [
                each
                for each in pdf.objects
                if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
            ]
            assert descriptors
            assert all({"/FontFile2", "/FontFile3"} & set(each.keys()) for each in descriptors)


FOOT = re.compile(r"\nKvarter \d.*?\d+ ?/ ?\d+\s*$", re.S)


def without_margins(pages: list[str]) -> str:
    """The text of all pages without head and foot, so that a paragraph goes on over the page."""
    first, *later = (FOOT.sub("", page).splitlines() for page in pages)
    head = f"{first[1]} {first[0]}"
    rest = [page[1:] if page[:1] == [head] else page for page in later]
    return "\n".join(line for page in (first, *rest) for line in page)


def test_nothing_of_the_document_is_left_out(written: list[tuple[Document, Path]]) -> None:
    for document, path in written:
        pages = page_texts(path)
        shown = squeezed("".join(pages)) + squeezed(without_margins(pages))
        drawn = {text for each in pictures(document) for text in (each.title, each.description)}
        for text in set(texts(document)) - drawn:
            assert squeezed(text) in shown, text


def test_no_page_is_empty_or_cut_off_or_ends_in_a_heading(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        assert_sound(path, set(titles(document)))


def test_the_same_document_gives_the_same_bytes(
    city_status: InternalEdition, tmp_path: Path
) -> None:
    memo = documents(city_status.public, "da")[1]
    for name in ("a.pdf", "b.pdf"):
        write_pdf(memo, tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert('x')</script> & <b>fed</b>", "<script>alert('x')</script> & <b>fed</b>"),
        ('#import "x" *fed* _k_ $x^2$ <mål-1> @mål // /* [<5] `r`', "[<5] `r`"),
        ("Godt gået 😀👍🏽", "[grinning face]"),
        ("ord " * 5_000, "ord ord"),
        ("uendelig" * 2_500, ""),
        ("one\u0000two\u0007\ufeff", "onetwo"),
        ("private \ue000 and none \ufffe", "[U+E000] and none [U+FFFE]"),
        ("漢字", "[cjk unified ideograph-6f22]"),
    ],
    ids=["html", "markup", "emoji", "20,000", "one word", "control", "private", "no font"],
)
def test_whatever_people_write_gives_a_sound_page(tmp_path: Path, text: str, shown: str) -> None:
    write_pdf(one_page(text), tmp_path / "page.pdf")
    said = page_texts(tmp_path / "page.pdf")
    assert squeezed(shown) in squeezed("".join(said))
    assert_sound(tmp_path / "page.pdf", {"Section"})
    if len(text) > 1_000:
        assert squeezed("".join(said)).count("uendelig" if "uend" in text else "ord") > 10_000


def test_what_reads_from_the_right_stands_at_the_right(tmp_path: Path) -> None:
    write_pdf(one_page("مرحبا بالعالم"), tmp_path / "page.pdf")
    assert_sound(tmp_path / "page.pdf", {"Section"})
    assert "[arabic" not in "".join(page_texts(tmp_path / "page.pdf"))


def test_a_heading_that_cannot_be_seen_is_a_dash(tmp_path: Path) -> None:
    document = one_page("text")
    blank = dataclasses.replace(document.sections[0], title="\u0085")
    write_pdf(dataclasses.replace(document, sections=(blank,)), tmp_path / "page.pdf")
    assert "–" in page_texts(tmp_path / "page.pdf")[0]


@settings(max_examples=40)
@given(text=st.text(max_size=60))
def test_any_text_can_be_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "page.pdf"
    write_pdf(one_page(text), path)
    assert path.stat().st_size > 1_000
