"""Workbooks as they really come: each is read as the same rows, or told, or refused."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from conftest import SHARED, needed, status_of
from hamlet import KEY
from kvarter.cases import Pseudonyms, read_source
from kvarter.editions.trace import trace
from kvarter.errors import InputError
from kvarter.files import Table, read_table
from kvarter.files.dates import read_dates
from kvarter.files.numbers import read_numbers
from kvarter.policy.model import CaseKind, Source, Statistic
from kvarter.register import read_statistic

WANTED = {"date": "Dato", "number": "Tal", "text": "Adresse"}
DAYS = [dt.date(2023, 1, 31), dt.date(2023, 6, 30), dt.date(2024, 2, 29), dt.date(2022, 12, 31)]
NUMBERS = [11.125, 0.5, 100.0, 7.0]
TEXTS = ["Ærøvej 1", "Ærøvej 2", "Ærøvej 3, st. tv", "12"]
ROWS = list(zip(DAYS, NUMBERS, TEXTS, strict=True))

Write = Callable[["Book", Worksheet, int, int, object], object]


class Book:
    """A workbook that is being written, with the formats its cells are shown in."""

    def __init__(self, path: Path, **options: object) -> None:
        self.book = xlsxwriter.Workbook(path, options)

    def shown(self, code: str) -> Format:
        return self.book.add_format({"num_format": code})

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.book.close()


def serial(day: dt.date, first: dt.date = dt.date(1899, 12, 30)) -> int:
    return (day - first).days


DATES: dict[str, Write] = {
    "date": lambda b, s, r, c, day: s.write_datetime(r, c, day, b.shown("dd-mm-yyyy")),
    "custom": lambda b, s, r, c, day: s.write_datetime(r, c, day, b.shown('d. mmmm yyyy;@"x"')),
    "time": lambda b, s, r, c, day: s.write_datetime(
        r, c, dt.datetime.combine(day, dt.time(13, 45)), b.shown("yyyy-mm-dd hh:mm")
    ),
    "danish": lambda b, s, r, c, day: s.write_string(r, c, day.strftime("%d-%m-%Y")),
    "iso": lambda b, s, r, c, day: s.write_string(r, c, day.isoformat()),
    "general": lambda b, s, r, c, day: s.write_number(r, c, serial(day)),
    "digits": lambda b, s, r, c, day: s.write_number(r, c, int(day.strftime("%Y%m%d"))),
    "formula": lambda b, s, r, c, day: s.write_formula(
        r, c, f'="{day:%d/%m/%Y}"', None, f"{day:%d/%m/%Y}"
    ),
}
NUMBER_FORMS: dict[str, Write] = {
    "number": lambda b, s, r, c, n: s.write_number(r, c, n),
    "percent": lambda b, s, r, c, n: s.write_number(r, c, n / 100, b.shown("0.000%")),
    "custom percent": lambda b, s, r, c, n: s.write_number(
        r, c, n / 100, b.shown('[Red]#,##0.0 %;-0.0 %;"-"')
    ),
    "text": lambda b, s, r, c, n: s.write_string(r, c, f"{n:.3f}".replace(".", ",") + "0"),
    "one text": lambda b, s, r, c, n: (
        s.write_string(r, c, "0,5") if n == 0.5 else s.write_number(r, c, n)
    ),
    "formula": lambda b, s, r, c, n: s.write_formula(r, c, "=A1+1", None, n),
}


def write(sheet: Worksheet, book: Book, rows: list, top: int, date: Write, number: Write) -> None:
    sheet.write_row(top, 0, ["Nr", "Dato", "Tal", "Adresse"])
    for at, (day, amount, text) in enumerate(rows, start=top + 1):
        sheet.write_number(at, 0, at)
        date(book, sheet, at, 1, day)
        number(book, sheet, at, 2, amount)
        sheet.write_string(at, 3, text)


def plain(book: Book, date: Write, number: Write) -> None:
    write(book.book.add_worksheet("Data"), book, ROWS, 0, date, number)


def titled(book: Book, date: Write, number: Write) -> None:
    book.book.add_worksheet("Læs mig").write(0, 0, "Udtræk af 2024")
    sheet = book.book.add_worksheet("Data")
    sheet.merge_range(0, 0, 0, 3, "Varslinger 2023")
    sheet.write(1, 0, "Trukket 01-02-2024")
    write(sheet, book, ROWS, 3, date, number)


def sheet_a_year(book: Book, date: Write, number: Write) -> None:
    for name, rows in (("2023", ROWS[:2]), ("2024", ROWS[2:])):
        write(book.book.add_worksheet(name), book, rows, int(name == "2024"), date, number)
    book.book.add_chartsheet("Figur")
    book.book.add_worksheet("Tomt")


def behind_a_hidden_one(book: Book, date: Write, number: Write) -> None:
    old = book.book.add_worksheet("Gammel")
    write(old, book, ROWS[:1], 0, date, number)
    sheet = book.book.add_worksheet("Data")
    sheet.activate()
    sheet.set_first_sheet()
    old.very_hidden()
    write(sheet, book, ROWS, 0, date, number)


def filtered(book: Book, date: Write, number: Write) -> None:
    sheet = book.book.add_worksheet("Data")
    write(sheet, book, ROWS, 0, date, number)
    sheet.autofilter(0, 0, len(ROWS), 3)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(4, 16383, None, book.shown("0%"))


LAYOUTS = [plain, titled, sheet_a_year, behind_a_hidden_one, filtered]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("date", DATES)
def test_every_workbook_gives_the_same_rows(layout: Callable, date: str, tmp_path: Path) -> None:
    """240 workbooks: each way to lay out, to write a date and to write a number."""
    for number, write_number in NUMBER_FORMS.items():
        path = tmp_path / f"{number}.xlsx"
        with Book(path) as book:
            layout(book, DATES[date], write_number)
        assert rows_of(read_table(path, WANTED)) == ROWS, number


def rows_of(table: Table) -> list[tuple[object, ...]]:
    days = read_dates(table.stored("Dato")).days
    numbers = read_numbers(table.stored("Tal")).values
    return list(zip(days, numbers, table.column("Adresse"), strict=True))


def said(table: Table) -> str:
    return " ".join(map(str, table.notes))


@pytest.mark.parametrize("date", ["date", "time", "1904 general"])
def test_a_workbook_that_counts_from_1904_is_read_by_its_calendar(
    date: str, tmp_path: Path
) -> None:
    general: Write = lambda b, s, r, c, day: s.write_number(r, c, serial(day, dt.date(1904, 1, 1)))  # noqa: E731
    with Book(tmp_path / "f.xlsx", date_1904=True) as book:
        plain(book, DATES.get(date, general), NUMBER_FORMS["number"])
    table = read_table(tmp_path / "f.xlsx", WANTED)
    assert rows_of(table) == ROWS
    notes = " ".join(map(str, read_dates(table.stored("Dato")).notes))
    assert ("counted from 1904" in notes) == (date == "1904 general")


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        (plain, []),
        (titled, []),
        (sheet_a_year, ["2 sheets have the columns, and all are read: 2023, 2024."]),
        (behind_a_hidden_one, ["are left out, with their rows in brackets: Gammel (1)."]),
        (filtered, ["1 row of the sheet Data is hidden"]),
    ],
)
def test_what_could_have_been_otherwise_is_told(
    layout: Callable, words: list[str], tmp_path: Path
) -> None:
    with Book(tmp_path / "f.xlsx") as book:
        layout(book, DATES["date"], NUMBER_FORMS["number"])
    notes = read_table(tmp_path / "f.xlsx", WANTED).notes
    assert len(notes) == len(words)
    assert all(word in str(note) for word, note in zip(words, notes, strict=True))


def test_sheets_that_are_named_are_read_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with Book(path) as book:
        sheet_a_year(book, DATES["date"], NUMBER_FORMS["number"])
    assert rows_of(read_table(path, WANTED, sheet="2024")) == ROWS[2:]
    assert rows_of(read_table(path, WANTED, sheet=["2023", "2024"])) == ROWS
    with pytest.raises(InputError, match="no sheet called '2025'"):
        read_table(path, WANTED, sheet=["2023", "2025"])
    with pytest.raises(InputError, match="there are no rows in it"):
        read_table(path, WANTED, sheet=["2023", "Tomt"])


def test_columns_may_stand_in_another_order_on_another_sheet(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, columns in (
            ("a", ["Dato", "Tal", "Adresse"]),
            ("b", ["Adresse", "x", "Dato", "Tal"]),
        ):
            sheet = book.add_worksheet(name)
            values = {"Dato": "31-01-2023", "Tal": 11.125, "Adresse": f"vej {name}", "x": 9}
            sheet.write_row(0, 0, columns)
            sheet.write_row(1, 0, [values[column] for column in columns])
    rows = rows_of(read_table(path, WANTED))
    assert rows == [(DAYS[0], 11.125, "vej a"), (DAYS[0], 11.125, "vej b")]


def test_a_hidden_sheet_is_read_only_where_it_is_alone_and_told(tmp_path: Path) -> None:
    with Book(tmp_path / "f.xlsx") as book:
        book.book.add_worksheet("Forside").write(0, 0, "Læs mig")
        sheet = book.book.add_worksheet("Data")
        sheet.hide()
        write(sheet, book, ROWS, 0, DATES["date"], NUMBER_FORMS["number"])
    table = read_table(tmp_path / "f.xlsx", WANTED)
    assert rows_of(table) == ROWS
    assert "a hidden sheet is read: Data" in said(table)


def test_copies_and_sheets_that_lack_a_column_are_left_out_and_told(tmp_path: Path) -> None:
    with Book(tmp_path / "f.xlsx") as book:
        for name in ("Data", "Data (2)"):
            write(
                book.book.add_worksheet(name), book, ROWS, 0, DATES["iso"], NUMBER_FORMS["number"]
            )
        for name, rows in (
            ("2022", [["Dato", "Antal", "Adresse"], ["01-02-2022", 3, "Ærøvej 4"]]),
            ("other names", [["Hændt", "Værdi", "Sted"], ["a", "b", "c"], ["d", "e", "f"]]),
            ("no header", [["01-02-2022", 3, "Ærøvej 4"], ["02-02-2022", 3, "Ærøvej 4"]]),
            ("header alone", [["Dato", "Antal", "Adresse"]]),
            ("cover", [["Udtræk"], ["Trukket 01-02-2024"]]),
            ("blank", []),
        ):
            sheet = book.book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    table = read_table(tmp_path / "f.xlsx", WANTED)
    assert rows_of(table) == ROWS
    assert "copies of another are left out: Data (2)." in said(table)
    assert "in brackets: 2022 (1), other names (2), no header (2). To read" in said(table)


def test_a_merged_cell_is_in_each_of_its_rows_and_told(tmp_path: Path) -> None:
    with Book(tmp_path / "f.xlsx") as book:
        plain(book, DATES["date"], NUMBER_FORMS["number"])
        sheet = book.book.get_worksheet_by_name("Data")
        assert sheet is not None
        sheet.merge_range(1, 3, 3, 3, "Ærøvej 9")
    table = read_table(tmp_path / "f.xlsx", WANTED)
    assert table.column("Adresse").to_list() == ["Ærøvej 9"] * 3 + ["12"]
    assert "2 cells of the sheet Data are part of a merged cell" in said(table)
    assert "first is D3" in said(table)


# Workbooks of other makers, written by hand

_PARTS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": '<Relationships><Relationship Id="r" Type="t/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": "<{x}workbook xmlns{n}='m' xmlns:r='r'><{x}workbookPr {pr}/><{x}sheets>"
    "<{x}sheet name='Data' sheetId='1' r:id='rId1'/></{x}sheets></{x}workbook>",
    "xl/_rels/workbook.xml.rels": "<Relationships><Relationship Id='rId1' Type='t/worksheet' "
    "Target='{target}'/><Relationship Id='rId2' Type='t/styles' Target='styles.xml'/>"
    "</Relationships>",
    "xl/styles.xml": "<{x}styleSheet xmlns{n}='m'><{x}numFmts><{x}numFmt numFmtId='170' "
    "formatCode='0,0\\ %'/><{x}numFmt numFmtId='171' formatCode='0\"%\"'/></{x}numFmts>"
    "<{x}cellStyleXfs><{x}xf numFmtId='9'/></{x}cellStyleXfs><{x}cellXfs><{x}xf numFmtId='0'/>"
    "<{x}xf numFmtId='170'/><{x}xf numFmtId='171'/><{x}xf numFmtId='14'/></{x}cellXfs>"
    "</{x}styleSheet>",
    "xl/worksheets/sheet1.xml": "<{x}worksheet xmlns{n}='m'><{x}sheetData>{rows}</{x}sheetData>"
    "</{x}worksheet>",
}
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def by_hand(
    path: Path, rows: list[list[str]], *, prefix: str = "", target: str = "", pr: str = ""
) -> Path:
    """A workbook of cells given as XML, such as `<c><v>1</v></c>`."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, form in _PARTS.items():
            body = form.format(
                x=prefix,
                n=f":{prefix[:-1]}" if prefix else "",
                pr=pr,
                target=target or "worksheets/sheet1.xml",
                rows="".join(f"<row>{''.join(row)}</row>" for row in rows)
                .replace("</", f"</{prefix}")
                .replace("<", f"<{prefix}")
                .replace(f"<{prefix}/{prefix}", f"</{prefix}"),
            )
            body = body.replace("='m'", f"='{_MAIN}'").replace("xmlns:r='r'", f"xmlns:r='{_LINKS}'")
            body = body.replace('"t/', f'"{_LINKS}/').replace("'t/", f"'{_LINKS}/")
            body = body.replace(
                "<Relationships>",
                '<Relationships xmlns="http://schemas.'
                'openxmlformats.org/package/2006/relationships">',
            )
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + body)
    return path


def text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


HEAD = [text("Dato"), text("Tal"), text("Adresse")]


@pytest.mark.parametrize(
    ("prefix", "target"), list(product(["", "x:"], ["", "/xl/worksheets/sheet1.xml"]))
)
def test_a_workbook_of_another_maker_is_read_the_same(
    prefix: str, target: str, tmp_path: Path
) -> None:
    cells = ['<c s="3"><v>44957</v></c>', '<c s="1"><v>0.07</v></c>', text("a")]
    path = by_hand(tmp_path / "f.xlsx", [HEAD, cells], prefix=prefix, target=target)
    assert rows_of(read_table(path, WANTED)) == [(DAYS[0], 7.0, "a")]
    quoted = ['<c s="3"><v>44957</v></c>', '<c s="2"><v>7</v></c>', text("a")]
    path = by_hand(tmp_path / "f.xlsx", [HEAD, quoted], prefix=prefix, target=target)
    assert rows_of(read_table(path, WANTED)) == [(DAYS[0], 7.0, "a")]


def test_a_formula_without_a_result_is_no_blank(tmp_path: Path) -> None:
    """As some programs write them: in a column that is used it is refused, with its place."""
    row = [text("31-01-2023"), "<c><f>1+1</f></c>", text("a")]
    path = by_hand(tmp_path / "f.xlsx", [HEAD, row, row])
    with pytest.raises(
        InputError, match=r"f\.xlsx:2: 2 cell\(s\) of the sheet 'Data'.*first is B2"
    ):
        read_table(path, WANTED)
    assert read_table(path, {"text": "Adresse"}).column("Adresse").to_list() == ["a", "a"]
    blank = '<c t="str"><f>""</f><v></v></c>'
    path = by_hand(tmp_path / "f.xlsx", [HEAD, [text("31-01-2023"), blank, text("a")]])
    assert rows_of(read_table(path, WANTED)) == [(DAYS[0], None, "a")]
    total = [text("I alt"), "<c><f>SUM(B2)</f></c>"]
    path = by_hand(tmp_path / "f.xlsx", [HEAD, [text("31-01-2023"), "<c><v>2</v></c>"], total])
    assert read_table(path, WANTED).set_aside["reason"].to_list() == ["sum_row"]


def test_cells_in_error_are_told_and_are_no_blanks(tmp_path: Path) -> None:
    row = ['<c t="e"><v>#N/A</v></c>', '<c t="e"><f>A1</f><v>#REF!</v></c>', text("a")]
    table = read_table(by_hand(tmp_path / "f.xlsx", [HEAD, row]), WANTED)
    assert read_dates(table.stored("Dato")).reasons.to_list() == ["date_unreadable"]
    assert read_numbers(table.stored("Tal")).unreadable.to_list() == [True]
    assert "2 cells of the sheet Data are in error" in said(table)
    assert "first is A2" in said(table)


def test_a_workbook_in_1904_by_hand(tmp_path: Path) -> None:
    row = ["<c><v>43495</v></c>", "<c><v>1</v></c>", text("a")]
    path = by_hand(tmp_path / "f.xlsx", [HEAD, row], pr="date1904='1'")
    assert rows_of(read_table(path, WANTED)) == [(DAYS[0], 1.0, "a")]


CSV = "Dato;Tal;Adresse\n31-01-2023;11,125;Ærøvej 1\n30-06-2023;0,5;Ærøvej 2\n"
HTML = (
    "<html><head><style>td {mso-number-format:'@'}</style></head><body><table><tr><td>Udtræk</td>"
    "</tr></table><table><tr><th>Dato<th>Tal<th>Adresse</tr><tr><td>31-01-2023</td><td>11,125</td>"
    "<td>&AElig;r&oslash;vej&nbsp;1</td></tr><tr><td>30-06-2023</td><td>0,5<td>Ærøvej<br>2"
    "</table></body></html>"
)


PAGES = (
    "<table><tr><td>Dato<td>Tal<td>Adresse<tr><td>31-01-2023<td>11,125<td>Ærøvej 1</table>"
    "<table><tr><td>Side 1 af 2</table>"
    "<table><tr><td>Dato<td>Tal<td>Adresse<tr><td>30-06-2023<td>0,5<td>Ærøvej 2</table>"
    "<table><tr><td>Dato<td>Antal<tr><td>31-01-2023<td>9<tr><td>30-06-2023<td>9</table>"
)


def test_all_tables_of_a_page_with_the_columns_are_read_and_others_named(tmp_path: Path) -> None:
    (tmp_path / "f.xls").write_text(PAGES, encoding="utf-8")
    table = read_table(tmp_path / "f.xls", WANTED)
    assert rows_of(table) == ROWS[:2]
    assert "2 tables of the page have the columns, and all are read: 1, 3." in said(table)
    assert "lack columns are left out, with their rows in brackets: 4 (2)." in said(table)
    assert table.places.of(4) == (f"{tmp_path / 'f.xls'} [3]", 2)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("f.xls", CSV.encode("cp1252"), "is text and no workbook"),
        ("f.xlsx", CSV.replace(";", "\t").encode("utf-16"), "is text and no workbook"),
        ("f.xls", HTML.encode(), "is a page of HTML"),
        ("f.xls", HTML.encode("cp1252"), "is a page of HTML"),
        ("f.csv", ("\ufeff<?xml version='1.0'?>\n" + HTML).encode(), "is a page of HTML"),
    ],
)
def test_a_file_is_read_as_what_it_is(
    name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    table = read_table(tmp_path / name, WANTED)
    assert rows_of(table) == ROWS[:2]
    assert words in said(table)


def test_a_workbook_called_csv_is_read_as_one(tmp_path: Path) -> None:
    with Book(tmp_path / "f.xlsx") as book:
        plain(book, DATES["date"], NUMBER_FORMS["number"])
    (tmp_path / "f.xlsx").rename(tmp_path / "f.csv")
    table = read_table(tmp_path / "f.csv", WANTED)
    assert rows_of(table) == ROWS
    assert "is an Excel workbook" in said(table)


def test_a_cell_of_html_that_spans_rows_is_in_each_of_them(tmp_path: Path) -> None:
    (tmp_path / "f.xls").write_text(
        "<table><tr><td>Dato<td>Tal<td>Adresse</tr><tr><td rowspan=2>31-01-2023<td>1<td>a</tr>"
        "<tr><td>2<td>b</tr></table>",
        encoding="utf-8",
    )
    rows = rows_of(read_table(tmp_path / "f.xls", WANTED))
    assert rows == [(DAYS[0], 1.0, "a"), (DAYS[0], 2.0, "b")]


def test_an_ods_workbook_is_read_and_what_it_does_not_tell_is_told(tmp_path: Path) -> None:
    office = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "<r><c v='string'><p>Dato</p></c><c v='string'><p>Tal</p></c>"
    cells += "<c v='string'><p>Adresse</p></c></r><r><c v='date' d='2023-01-31'><p>31-01-23</p></c>"
    cells += "<c v='float' n='11.125'><p>11,125</p></c><c v='string'><p>a</p></c></r>"
    for short, long in (
        ("<r>", "<table:table-row>"),
        ("</r>", "</table:table-row>"),
        ("<c ", "<table:table-cell "),
        ("</c>", "</table:table-cell>"),
        (" v=", " office:value-type="),
        ("<p>", "<text:p>"),
        ("</p>", "</text:p>"),
        (" d=", " office:date-value="),
        (" n=", " office:value="),
    ):
        cells = cells.replace(short, long)
    path = tmp_path / "f.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content xmlns:office='{office}:office:1.0' xmlns:table="
            f"'{office}:table:1.0' xmlns:text='{office}:text:1.0'><office:body><office:spreadsheet>"
            f"<table:table table:name='Data'>{cells}</table:table></office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    table = read_table(path, WANTED)
    assert rows_of(table) == [(DAYS[0], 11.125, "a")]
    assert "cannot be told in a workbook of this format" in said(table)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("f.xlsx", b"PK\x03\x04" + b"x" * 50, "damaged"),
        (
            "f.xls",
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 5000,
            "cannot be opened|can be opened",
        ),
        (
            "f.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") * 99,
            "has a password",
        ),
        (
            "f.xls",
            b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:"
            b"spreadsheet'/>",
            "XML spreadsheet of Excel 2003",
        ),
        ("f.xlsx", b"", "is empty"),
    ],
)
def test_what_is_no_workbook_is_refused_by_name(
    name: str, content: bytes, words: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_table(tmp_path / name, WANTED)


# What a run makes of them


def statistic(**changed: object) -> Statistic:
    given = {"id": "s", "file": "f.xlsx", "year": "År", "located_by": {"entrance": "Sted"}}
    return Statistic.model_validate({**given, **changed})


def test_a_statistic_takes_all_sheets_and_names_sheet_and_row_of_what_is_wrong(
    tmp_path: Path,
) -> None:
    with xlsxwriter.Workbook(tmp_path / "f.xlsx") as book:
        for year, number in ((2022, 5), (2023, -7)):
            sheet = book.add_worksheet(str(year))
            sheet.write_row(0, 0, ["Sted", "År", "Boliger"])
            sheet.write_row(1, 0, ["a", year, 3])
            sheet.write_row(2, 0, ["b", year, number])
    with pytest.raises(
        InputError, match=r"f\.xlsx \[2023\]:3: statistics\[s\]\.Boliger.*first is -7"
    ):
        read_statistic(statistic(), {"Boliger": False}, tmp_path)
    read = read_statistic(statistic(sheet="2022"), {"Boliger": False}, tmp_path)
    assert read.rows["Boliger"].to_list() == [3, 5]


def test_what_a_statistic_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text(
        "Sted;År;Boliger;Andel\na;2023*;3;0,5\nb;2023/24;5;0,7\nc;2023;..;0,1\nI alt;;8;\n",
        encoding="utf-8",
    )
    read = read_statistic(statistic(file="f.csv"), {"Boliger": False, "Andel": True}, tmp_path)
    told = " ".join(map(str, read.notes))
    for words in (
        "1 year carries a mark",
        "1 row has no year that can be read",
        "1 value of Boliger is no number",
        "1 line is no row of data",
        "no value of Andel is above 1",
    ):
        assert words in told
    assert read.rows["Boliger"].to_list() == [3, None]


def test_a_share_above_100_percent_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("Sted;År;Andel\n\na;2023;99\nb;2023;101\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"f\.csv:4: statistics\[s\]\.Andel: .*above 100 %"):
        read_statistic(statistic(file="f.csv"), {"Andel": True}, tmp_path)


def test_a_row_of_the_second_sheet_has_its_sheet_in_the_ledger() -> None:
    file = needed(SHARED.parent / "cases" / "one-sheet-a-year" / "policy.yaml")
    status = status_of(file)
    measured = status.public.results.filter(pl.col("group") == "areas")
    assert dict(measured.select("period", "numerator").iter_rows()) == {2022: 4, 2023: 5}
    read = status.ledger.filter(pl.col("stage") == "read")
    assert read["row"].n_unique() == read.height
    assert set(read["sheet"]) == {"2022", "2023"}
    assert read.filter(pl.col("sheet") == "2023")["sheet_row"].to_list() == list(range(2, 7))
    assert any("all are read: 2022, 2023" in note for note in map(str, status.notes))


def test_a_percentage_cell_is_what_it_shows() -> None:
    status = status_of(needed(SHARED.parent / "cases" / "percent-cells" / "policy.yaml"))
    values = dict(status.public.results.select("group", "value").iter_rows())
    assert (round(values["areas"], 4), round(values["city"], 4)) == (0.1429, 0.15)


def test_trace_finds_a_row_by_its_sheet(tmp_path: Path) -> None:
    columns = {"event_date": "Dato", "address": "Adresse"}
    given = {"id": "s", "file": "f.xlsx", "cases": "n", "case_system": "X", "columns": columns}
    source = Source.model_validate({**given, "from": "2022-01-01", "to": "2024-12-31"})
    kind = CaseKind(id="n", title="n", unite_as="household", same_when=[["unit"]])
    with Book(tmp_path / "f.xlsx") as book:
        sheet_a_year(book, DATES["danish"], NUMBER_FORMS["number"])
    read = read_source(source, kind, tmp_path, Pseudonyms(KEY))
    (tmp_path / "internal").mkdir()
    read.entries.with_columns(stage=pl.lit("read"), case_id=pl.lit(None, pl.String)).write_parquet(
        tmp_path / "internal" / "ledger.parquet"
    )
    read.cases.with_columns(case_id=pl.lit(None, pl.String)).write_parquet(
        tmp_path / "internal" / "rows.parquet"
    )
    (step,) = trace(tmp_path, "s", 4, "2024")
    assert (step.facts["sheet"], step.facts["sheet_row"]) == ("2024", "4")
    assert step.facts["event_date"] == "2022-12-31"
    assert trace(tmp_path, "s", read.entries["row"].max()) == [step]
    with pytest.raises(InputError, match="Its sheets are: 2023, 2024"):
        trace(tmp_path, "s", 4, "2025")
