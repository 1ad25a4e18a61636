"""Word: real headings, captions, table headers and alt texts; and the pages as people see them."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SHARED, needed
from hamlet import build
from kvarter.documents.assemble import documents
from kvarter.documents.document import Document, Section, Table, pictures, texts, walk
from kvarter.documents.docx import write_docx
from kvarter.documents.word_template import FIELDS, check_template
from kvarter.editions import InternalEdition
from kvarter.errors import InputError
from kvarter.pipeline.check import check
from kvarter.pipeline.run import run
from kvarter.policy import load_policy
from kvarter.policy.model import Language
from paper import absent, assert_sound, page_texts, program
from test_pdf import one_page, squeezed

LANGUAGES: list[Language] = ["da", "en"]


@pytest.fixture(scope="session", params=LANGUAGES)
def written(
    city_status: InternalEdition, tmp_path_factory: pytest.TempPathFactory, request: Any
) -> list[tuple[Document, Path]]:
    """Every document of the example, in Danish and in English."""
    folder = tmp_path_factory.mktemp("docx")
    found = []
    for document in documents(city_status.public, request.param):
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
        figures = list(pictures(document))
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
        drawn = {text for each in pictures(document) for text in (each.title, each.description)}
        for text in set(texts(document)) - drawn - {document.footer}:
            assert squeezed(text) in shown, text


@pytest.mark.slow
def test_every_page_is_sound(written: list[tuple[Document, Path]]) -> None:
    for (document, _), pdf in zip(written, as_pdf(*(path for _, path in written)), strict=True):
        headings = {each.title for each in blocks(document) if isinstance(each, Section)}
        assert_sound(pdf, headings)


def test_the_same_document_gives_the_same_bytes(
    city_status: InternalEdition, tmp_path: Path
) -> None:
    memo = documents(city_status.public, "da")[1]
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
    [(b"no document", "not a Word document"), (None, "not there"), ("{{ title", "not written")],
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


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def altered(path: Path, part: str, old: str, new: str, **more: bytes) -> Path:
    """The template at `path` with a text in one of its parts put in place of another."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, **more}.items():
            archive.writestr(name, content)
    return path


def boxed(text: str) -> str:
    """A text box, as Word writes it."""
    return (
        f'<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )


def test_fields_are_filled_in_wherever_they_stand_and_however_word_cuts_them(
    tmp_path: Path,
) -> None:
    word = docx.Document()
    cut = word.add_paragraph("Om ")
    for number, piece in enumerate(("{", "{ ti", "tle", " }", "} her, {{date}}")):
        cut.add_run(piece).bold = bool(number % 2)
    word.add_table(1, 1).cell(0, 0).text = "{{ publisher }} og {{ publisher }}"
    word.sections[0].header.paragraphs[0].text = "{{ facts }}"
    word.sections[0].footer.paragraphs[0].text = "{{ footer }}"
    word.add_paragraph("BOX")
    word.save(str(tmp_path / "own.docx"))
    altered(tmp_path / "own.docx", "word/document.xml", "<w:r><w:t>BOX</w:t></w:r>",
            boxed("{{ subtitle }}"))  # fmt: skip
    document = one_page("Some words")
    write_docx(document, tmp_path / "page.docx", tmp_path / "own.docx")
    said = words_of(tmp_path / "page.docx")
    assert said.startswith(f"Om {document.title} her, 31. december 2024The town og The town")
    assert document.subtitle in said
    made = docx.Document(str(tmp_path / "page.docx")).sections[0]
    assert made.header.paragraphs[0].text == " · ".join(document.facts)
    assert made.footer.paragraphs[0].text == document.footer


def test_what_a_field_says_is_not_read_as_a_field_again(tmp_path: Path) -> None:
    own = template(tmp_path / "own.docx", "{{ title }}", "{{ content }}")
    document = replace(one_page("{{ date }} {% raw %}"), title="{{ publisher }} <&>")
    write_docx(document, tmp_path / "page.docx", own)
    said = words_of(tmp_path / "page.docx")
    assert said.startswith("{{ publisher }} <&>")
    assert "{{ date }} {% raw %}" in said


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__.os.getpid() }}",
        "{{ title|upper }}",
        "{{ title.__class__ }}",
        "{{ 7*7 }}",
        "{{ 'a' }}",
        "{{ title",
        "title }}",
        "{% for x in y %}",
        "{%p if title %}",
        "{# a note #}",
        "{{r title }}",
    ],
)
@pytest.mark.parametrize("where", ["page", "table", "header", "box"])
def test_what_is_no_field_is_refused_with_its_place(tmp_path: Path, text: str, where: str) -> None:
    word = docx.Document()
    if where == "table":
        word.add_table(1, 1).cell(0, 0).text = text
    elif where == "header":
        word.sections[0].header.paragraphs[0].text = text
    else:
        word.add_paragraph(text if where == "page" else "BOX")
    word.save(str(tmp_path / "own.docx"))
    if where == "box":
        altered(
            tmp_path / "own.docx", "word/document.xml", "<w:r><w:t>BOX</w:t></w:r>", boxed(text)
        )
    with pytest.raises(InputError, match="not written right") as told:
        write_docx(one_page("text"), tmp_path / "page.docx", tmp_path / "own.docx")
    assert text in told.value.problems[0].field
    assert ("header" if where == "header" else "document.xml") in told.value.problems[0].field
    assert not (tmp_path / "page.docx").exists()


@pytest.mark.parametrize("where", ["table", "header", "box", "words around", "twice"])
def test_the_content_stands_alone_in_a_paragraph_of_the_page(tmp_path: Path, where: str) -> None:
    word = docx.Document()
    if where == "table":
        word.add_table(1, 1).cell(0, 0).text = "{{ content }}"
    elif where == "header":
        word.sections[0].header.paragraphs[0].text = "{{ content }}"
    elif where == "box":
        word.add_paragraph("BOX")
    else:
        word.add_paragraph("{{ content }}" + " and more" * (where == "words around"))
        word.add_paragraph("{{ content }}")
    word.save(str(tmp_path / "own.docx"))
    if where == "box":
        altered(tmp_path / "own.docx", "word/document.xml", "<w:r><w:t>BOX</w:t></w:r>",
                boxed("{{ content }}"))  # fmt: skip
    with pytest.raises(InputError, match="must stand alone in a paragraph of the page"):
        check_template(tmp_path / "own.docx")


RELATION = '<Relationship Id="r99" Type="%s" Target="%s" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("image", "http://example.dk/pixel.png"),
        ("image", "file://server/share/logo.png"),
        ("oleObject", "http://example.dk/x.html!"),
        ("frame", "http://example.dk"),
        ("subDocument", "other.docx"),
        ("hyperlink", "file:///c:/windows/system32/calc.exe"),
        ("hyperlink", "ms-msdt:/id"),
        ("hyperlink", r"\\server\share"),
    ],
)
def test_a_template_that_loads_something_is_refused(tmp_path: Path, kind: str, target: str) -> None:
    own = template(tmp_path / "own.docx", "{{ content }}")
    relation = RELATION % (f"{R}/{kind}", target)
    altered(own, "word/_rels/document.xml.rels", "</Relationships>", relation)
    with pytest.raises(InputError, match="loads something else"):
        check_template(own)


def test_links_to_click_on_stay_and_the_template_of_the_template_is_left_out(
    tmp_path: Path,
) -> None:
    own = template(tmp_path / "own.docx", "{{ content }}")
    link = RELATION % (f"{R}/hyperlink", "https://www.kk.dk")
    altered(own, "word/_rels/document.xml.rels", "</Relationships>", link)
    of_word = f'<w:attachedTemplate xmlns:r="{R}" r:id="r1"/></w:settings>'
    rels = RELATION % (f"{R}/attachedTemplate", "http://example.dk/evil.dotm")
    rels = rels.replace("r99", "r1")
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    altered(own, "word/settings.xml", "</w:settings>", of_word,
            **{"word/_rels/settings.xml.rels":
               f'<Relationships xmlns="{package}">{rels}'.encode()})  # fmt: skip
    write_docx(one_page("text"), tmp_path / "page.docx", own)
    with zipfile.ZipFile(tmp_path / "page.docx") as made:
        everything = b"".join(made.read(name) for name in made.namelist())
    assert b"evil.dotm" not in everything
    assert b"attachedTemplate" not in everything
    assert b"https://www.kk.dk" in everything


@pytest.mark.parametrize(
    "instruction",
    ['INCLUDEPICTURE "http://x/y.png"', ' DDEAUTO c:\\\\x "cmd"', "includetext x", "LINK a b"],
)
def test_a_field_of_word_that_loads_something_is_refused(tmp_path: Path, instruction: str) -> None:
    own = template(tmp_path / "own.docx", "FIELD")
    half = len(instruction) // 2
    runs = "".join(
        f'<w:r><w:instrText xml:space="preserve">{part}</w:instrText></w:r>'
        for part in (instruction[:half], instruction[half:])
    )
    altered(own, "word/document.xml", "<w:r><w:t>FIELD</w:t></w:r>", runs)
    with pytest.raises(InputError, match="loads or starts something"):
        check_template(own)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("word/vbaProject.bin", b"x", "a program or another file"),
        ("word/activeX/activeX1.xml", b"<x/>", "a program or another file"),
        ("word/more.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a document type"),
        ("word/more.xml", b"<a><b></a>", "not XML"),
        ("word/media/image1.png", bytes(50_000_000), "200 times its size"),
    ],
)
def test_what_no_letterhead_needs_is_refused(
    tmp_path: Path, name: str, content: bytes, what: str
) -> None:
    own = template(tmp_path / "own.docx", "{{ content }}")
    with zipfile.ZipFile(own, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    with pytest.raises(InputError, match=what):
        check_template(own)


def test_a_document_with_macros_is_no_template(tmp_path: Path) -> None:
    own = template(tmp_path / "own.docx", "{{ content }}")
    macros = "application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    altered(own, "[Content_Types].xml", plain, macros)
    with pytest.raises(InputError, match="not a Word document"):
        check_template(own)


def test_templates_that_were_taken_before_are_refused() -> None:
    cases = SHARED.parent / "cases"
    with pytest.raises(InputError, match="not written right"):
        check_template(needed(cases / "word-template-runs-code" / "letterhead.docx"))
    with pytest.raises(InputError, match="must stand alone"):
        check_template(needed(cases / "word-content-in-a-table" / "brev.docx"))
