"""Word: real headings, captions, table headers and alt texts; and the pages as people see them."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from hamlet import build
from kvarter.check import check
from kvarter.errors import InputError
from kvarter.policy import load_policy
from kvarter.policy.model import Language
from kvarter.report import Status, documents
from kvarter.report.document import Document, Figure, Section, Table, texts, walk
from kvarter.report.docx import write_docx
from kvarter.report.language import Tongue
from kvarter.report.word_template import FIELDS
from kvarter.run import run
from paper import absent, assert_sound, page_texts, program
from test_pdf import one_page, squeezed

LANGUAGES: list[Language] = ["da", "en"]


@pytest.fixture(scope="session", params=LANGUAGES)
def written(
    city_status: Status, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> list[tuple[Document, Path]]:
    """Every document of the example, in Danish and in English."""
    folder = tmp_path_factory.mktemp("docx")
    found = []
    for document in documents(city_status, Tongue(request.param)):
        path = folder / f"{document.name.replace('/', '-')}.docx"
        write_docx(document, path)
        found.append((document, path))
    return found


def blocks(document: Document) -> list[Any]:
    return [block for section in document.sections for block in walk(section)]


def as_pdf(*paths: Path) -> list[Path]:
    """The files as LibreOffice prints them."""
    folder = paths[0].parent
    soffice = program("soffice", "libreoffice-writer-nogui")
    letters = [program("fc-list", "fontconfig"), ":family=Liberation Sans"]  # as wide as Arial
    if not subprocess.run(letters, check=True, capture_output=True).stdout:
        absent("there are no letters as wide as Arial: apt-get install fonts-liberation")
    command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return [path.with_suffix(".pdf") for path in paths]


def words_of(path: Path) -> str:
    """All text of a Word file, also what stands in tables and in links."""
    body = docx.Document(str(path)).element.body
    return "".join(each.text or "" for each in body.iter(qn("w:t")))


def template(path: Path, *lines: str) -> Path:
    word = docx.Document()
    for line in lines:
        word.add_paragraph(line)
    word.save(str(path))
    return path


def test_headings_are_real_and_those_of_the_document(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        word = docx.Document(str(path))
        found = [
            (int(paragraph.style.name[-1]), paragraph.text)
            for paragraph in word.paragraphs
            if paragraph.style is not None and str(paragraph.style.name).startswith("Heading")
        ]
        titles = [each.title for each in blocks(document) if isinstance(each, Section)]
        assert [text for _, text in found] == titles
        level = 0
        for deeper, _ in found:
            assert deeper <= level + 1
            level = deeper


def test_tables_have_headings_that_repeat_and_captions_with_numbers(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        word = docx.Document(str(path))
        tables = [each for each in blocks(document) if isinstance(each, Table)]
        assert len(word.tables) == len(tables)
        for made, table in zip(word.tables, tables, strict=True):
            assert made.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
            assert len(made.rows) == len(table.rows) + 1
        captions = [each for each in word.paragraphs if each.style and each.style.name == "Caption"]
        instructions = [
            field.get(qn("w:instr")) or ""
            for each in captions
            for field in each._p.iter(qn("w:fldSimple"))
        ]
        assert len(captions) == len(instructions) > 0
        assert all(each.startswith("SEQ ") for each in instructions)


def test_every_picture_has_a_text_and_the_file_says_what_it_is(
    written: list[tuple[Document, Path]],
) -> None:
    for document, path in written:
        word = docx.Document(str(path))
        told = [each.get("descr") for each in word.element.body.iter(qn("wp:docPr"))]
        figures = [each for each in blocks(document) if isinstance(each, Figure)]
        assert len(told) == len(figures)
        assert all(len(each or "") > 40 for each in told)
        about = word.core_properties
        assert document.title in about.title
        assert about.author == document.publisher
        assert about.language.startswith(document.language)
        assert about.created is not None
        assert about.created.date() == document.date


def test_a_link_leads_to_a_bookmark(written: list[tuple[Document, Path]]) -> None:
    for _, path in written:
        body = docx.Document(str(path)).element.body
        marks = [each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))]
        assert len(marks) == len(set(marks))
        links = {each.get(qn("w:anchor")) for each in body.iter(qn("w:hyperlink"))}
        assert links <= set(marks)
    report = docx.Document(str(written[0][1])).element.body
    assert list(report.iter(qn("w:hyperlink")))


def test_nothing_of_the_document_is_left_out(written: list[tuple[Document, Path]]) -> None:
    for document, path in written:
        shown = squeezed(words_of(path))
        drawn = {
            text
            for each in blocks(document)
            if isinstance(each, Figure)
            for text in (each.picture.title, each.picture.description)
        }
        for text in set(texts(document)) - drawn - {document.footer}:
            assert squeezed(text) in shown, text


@pytest.mark.slow
def test_every_page_is_sound(written: list[tuple[Document, Path]]) -> None:
    for (document, _), pdf in zip(written, as_pdf(*(path for _, path in written)), strict=True):
        headings = {each.title for each in blocks(document) if isinstance(each, Section)}
        assert_sound(pdf, headings)


def test_the_same_document_gives_the_same_bytes(city_status: Status, tmp_path: Path) -> None:
    memo = documents(city_status, Tongue("da"))[1]
    for name in ("a.docx", "b.docx"):
        write_docx(memo, tmp_path / name)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.docx") as made:
        assert {part.date_time for part in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.slow
def test_whatever_people_write_gives_a_sound_page(tmp_path: Path) -> None:
    written = {
        "html": "<script>alert('x')</script> & <b>fed</b>",
        "fields": "{{ title }} {% for x in y %} {# not a comment #}",
        "emoji": "Godt gået 😀👍🏽",
        "long": "ord " * 5_000,
        "word": "uendelig" * 2_500,
        "right": "مرحبا بالعالم",
        "control": "one\u0000two\u0007\ufeff",
    }
    paths = [tmp_path / f"{name}.docx" for name in written]
    for path, text in zip(paths, written.values(), strict=True):
        write_docx(one_page(text), path)
        visible = re.sub(r"[\u0000\u0007\ufeff]", "", text)
        assert squeezed(words_of(path)).count(squeezed(visible)) >= 5
    for pdf in as_pdf(*paths):
        assert_sound(pdf, {"Section"})
    assert "ordord" in squeezed("".join(page_texts(tmp_path / "long.pdf")))


@settings(max_examples=40)
@given(text=st.text(max_size=60))
def test_any_text_can_be_written(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "page.docx"
    write_docx(one_page(text), path)
    docx.Document(str(path))


def test_a_template_gives_its_letterhead_and_its_fields_are_filled(tmp_path: Path) -> None:
    lines = ("The town hall", "{{ title }} of {{ publisher }}, {{ date }}", "{{ content }}", "Bye")
    own = template(tmp_path / "own.docx", *lines)
    write_docx(one_page("Some <b>words</b>"), tmp_path / "page.docx", own)
    said = words_of(tmp_path / "page.docx")
    assert said.startswith("The town hallA page of The town, 31. december 2024")
    assert said.endswith("Bye")
    assert "Some <b>words</b>" in said
    assert "{{" not in said
    assert "content" not in said


def test_a_template_that_lacks_every_field_has_the_content_last(tmp_path: Path) -> None:
    own = template(tmp_path / "own.docx", "The town hall")
    write_docx(one_page("Some words"), tmp_path / "page.docx", own)
    assert words_of(tmp_path / "page.docx").startswith("The town hallSection")
    assert_sound(*as_pdf(tmp_path / "page.docx"), {"Section"})


def test_a_template_that_lacks_the_styles_gets_them(tmp_path: Path) -> None:
    word = docx.Document()
    for name in ("Heading 1", "List Bullet", "Caption"):
        style = word.styles[name]
        style.element.getparent().remove(style.element)
    word.save(str(tmp_path / "own.docx"))
    write_docx(one_page("Some words"), tmp_path / "page.docx", tmp_path / "own.docx")
    heading = docx.Document(str(tmp_path / "page.docx")).paragraphs[1]
    assert heading.style is not None
    assert heading.style.name == "Heading 1"


def test_an_unknown_field_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    own = template(tmp_path / "own.docx", "{{ titel }}")
    with pytest.raises(InputError, match="no field called 'titel'") as raised:
        write_docx(one_page("text"), tmp_path / "page.docx", own)
    assert all(f"{{{{ {name} }}}}" in raised.value.problems[0].remedy for name in FIELDS)


@pytest.mark.parametrize(
    ("content", "what"),
    [(b"no document", "not a Word document"), (None, "no such file"), ("{{ title", "not written")],
)
def test_what_is_no_template_is_told_by_check_and_stops_a_run(
    tmp_path: Path, content: bytes | str | None, what: str
) -> None:
    policy_file = build(tmp_path)
    policy = yaml.safe_load(policy_file.read_text(encoding="utf-8"))
    policy["word_template"] = "own.docx"
    policy_file.write_text(yaml.safe_dump(policy), encoding="utf-8")
    if isinstance(content, bytes):
        (tmp_path / "own.docx").write_bytes(content)
    elif content is not None:
        template(tmp_path / "own.docx", content)
    checked = check(load_policy(policy_file), tmp_path, "en")
    (told,) = [each for each in checked if each.name == "word template"]
    assert what in told.problems[0].what
    with pytest.raises(InputError, match=what):
        run(policy_file, out=tmp_path / "status", key_file=tmp_path / "key")
    assert not (tmp_path / "status" / "2024").exists()
