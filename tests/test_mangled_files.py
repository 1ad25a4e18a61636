"""Delimited files as systems, spreadsheets and people mangle them, each with its known truth.

A file is read right, or what could not be is told: set aside with a reason, said in a note, or
refused in words. What is read is held against the truth value by value.
"""

from __future__ import annotations

import csv
import io
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kvarter.errors import InputError
from kvarter.files import delimited, read_table
from kvarter.files.delimited import split_records

NAMES = ["Sagsnr", "Dato", "Adresse", "Navn"]
ROWS = [
    ["1", "03-01-2023", "Ærøvej 1, 2100 København Ø", "Åse Ørum"],
    ["2", "04-02-2023", "Gåsevænget 2, 2770 Kastrup", "Bo Dahl"],
    ["3", "05-03-2023", "Ravnevej 3, st. tv, 2400 København NV", "Søren Æbelø"],
    ["4", "06-04-2023", "Lærkevej 4, 1. th, 2400 København NV", "Pia Å"],
    ["5", "07-05-2023", "Østergade 5, kld, 1100 København K", "Ib"],
    ["6", "08-06-2023", "Ålstrupvej 6, 2500 Valby", "Mø Rø"],
]
WANTED = {"event_date": "Dato", "address": "Adresse"}
MORE = [f"Felt {number}" for number in range(1000)]


def text(
    rows: list[list[str]] | None = None,
    names: list[str] | None = None,
    delimiter: str = ";",
    end: str = "\n",
    quote: str = "",
) -> str:
    """A file, with each value between the two marks of `quote`."""
    opening, closing = (quote[0], quote[-1]) if quote else ("", "")
    lines = [NAMES if names is None else names, *(ROWS if rows is None else rows)]
    quoted = [[f"{opening}{value}{closing}" for value in line] for line in lines if line]
    return "".join(delimiter.join(line) + end for line in quoted)


def changed(row: int, column: int, value: str) -> list[list[str]]:
    return [
        [value if (at, place) == (row, column) else old for place, old in enumerate(line)]
        for at, line in enumerate(ROWS)
    ]


def with_line(at: int, *lines: str, base: str | None = None) -> str:
    """The file with `lines` before its line `at` (from 0)."""
    all_lines = (base or text()).splitlines()
    return "\n".join([*all_lines[:at], *lines, *all_lines[at:]]) + "\n"


@dataclass
class Mangled:
    """`content`, and what is right: the rows; what is set aside by line; what a note says."""

    content: str | bytes
    rows: list[list[str]] = field(default_factory=lambda: ROWS)
    aside: dict[int, str] = field(default_factory=dict)
    note: str = ""
    refused: str = ""


NOTE = 'Ringede. Skrev:\n2;04-02-2023;"x, 1";y\n3;05-03-2023;z, 1;w\nog lagde på.'
PASTED = changed(2, 3, NOTE)
LONG = changed(2, 3, "\n".join(f"linje {n}; med tekst" for n in range(3_000)))
BROKEN = changed(3, 2, "Lærkevej 4, 1. th\n2400 København NV")
SWAPPED = [[row[2], row[1], row[0], row[3]] for row in ROWS]


def rfc(rows: list[list[str]], delimiter: str = ";", quoting: int = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=quoting).writerows([NAMES, *rows])  # type: ignore[arg-type]
    return file.getvalue()


FILES: dict[str, Mangled] = {
    # What ends a line
    "crlf": Mangled(text(end="\r\n")),
    "cr": Mangled(text(end="\r"), note="end with the mark CR"),
    "crcrlf": Mangled(text(end="\r\r\n")),
    "nel": Mangled(text(end="\x85"), note="end with the mark NEL"),
    "nel in latin-1": Mangled(text(end="\x85").encode("latin-1"), note="end with the mark NEL"),
    "u+2028": Mangled(text(end="\u2028"), note=r"end with the mark LS"),
    "u+2029": Mangled(text(end="\u2029"), note=r"end with the mark PS"),
    "vertical tab": Mangled(text(end="\v"), note="the mark VT"),
    "form feed": Mangled(text(end="\f"), note="the mark FF"),
    "mixed ends": Mangled(text(ROWS[:3]) + text(ROWS[3:], names=[], end="\r\n")),
    "lf then cr": Mangled(text(ROWS[:3]) + text(ROWS[3:], names=[], end="\r")),
    "lf then u+2028": Mangled(
        text(ROWS[:3]) + text(ROWS[3:], names=[], end="\u2028"), note="1 line was several"
    ),
    "u+2028 in a field": Mangled(
        text(changed(1, 3, "Bo\u2028Dahl")), rows=changed(1, 3, "Bo\u2028Dahl")
    ),
    "u+2028 in a quoted field": Mangled(
        text(changed(1, 3, "Bo\u2028Dahl"), quote='"'), rows=changed(1, 3, "Bo\u2028Dahl")
    ),
    "nel and vt in a field": Mangled(
        text(changed(1, 3, "Bo\x85\vDahl")), rows=changed(1, 3, "Bo\x85\vDahl")
    ),
    "form feed before a page": Mangled(text().replace("4;06", "\f4;06")),
    "the end mark of DOS": Mangled(text() + "\x1a"),
    "no end of the last line": Mangled(text().rstrip("\n")),
    "blank lines": Mangled(text().replace("\n", "\n\n")),
    "lines of delimiters": Mangled(with_line(3, ";;;", " ; ; ; ", "\u00a0")),
    # Quotation
    "all quoted": Mangled(text(quote='"')),
    "all quoted, blanks around": Mangled(text(quote='"').replace(";", " ; ")),
    "quoted as needed": Mangled(rfc(ROWS, ",")),
    "quoted texts": Mangled(rfc(ROWS, ",", csv.QUOTE_NONNUMERIC)),
    "records in a note": Mangled(rfc(PASTED), rows=PASTED, note="1 quoted field holds lines that"),
    "records in a note, all quoted": Mangled(
        rfc(PASTED, ";", csv.QUOTE_ALL), rows=PASTED, note="from line 4 on"
    ),
    "three thousand lines in a note": Mangled(rfc(LONG), rows=LONG, note="the first from line 4"),
    "lines in every row": Mangled(
        rfc([[*row[:3], f"{row[3]}\nlinje, to\n\ntre"] for row in ROWS], ",", csv.QUOTE_ALL),
        rows=[[*row[:3], f"{row[3]}\nlinje, to\n\ntre"] for row in ROWS],
    ),
    "a quote within a word": Mangled(
        text(changed(1, 3, 'Bo "Dahl')), rows=changed(1, 3, 'Bo "Dahl'), note="first in line 3"
    ),
    "an opening quote": Mangled(text().replace("Bo Dahl", '"Bo Dahl'), note="first in line 3"),
    "a closing quote": Mangled(text().replace("Bo Dahl", 'Bo Dahl"'), note="first in line 3"),
    "an opening quote in the first field": Mangled(text().replace("\n2;", '\n"2;'), note="line 3"),
    "an opening quote at the end": Mangled(text().replace("Mø Rø", '"Mø Rø'), note="line 7"),
    "two stray quotes": Mangled(
        text().replace("Bo Dahl", '"Bo Dahl').replace("Pia", '"Pia'), note="2 rows have a quot"
    ),
    "a stray quote within a quoted field": Mangled(
        rfc(ROWS, ",").replace('"Gåse', '"G"åse'),
        rows=changed(1, 2, 'G"åsevænget 2, 2770 Kastrup'),
        note="first in line 3",
    ),
    "two stray quotes in one column": Mangled(
        text().replace("Gåse", '"Gåse').replace("København K", 'København K"'),
        note="2 rows have a quot",
    ),
    "a stray quote beside a quoted field": Mangled(
        text(quote='"').replace('"Bo Dahl"', '"Bo "Dahl"'),
        rows=changed(1, 3, 'Bo "Dahl'),
        note="line 3",
    ),
    "a delimiter in a field beside a stray quote": Mangled(
        text()
        .replace("Gåsevænget 2, 2770 Kastrup", '"Gåsevænget 2; Kastrup"')
        .replace("Bo D", 'Bo "D'),
        rows=[ROWS[0], [*ROWS[1][:2], "Gåsevænget 2; Kastrup", 'Bo "Dahl'], *ROWS[2:]],
        note="line 3",
    ),
    "inches": Mangled(text(changed(1, 3, 'Bo 24"')), rows=changed(1, 3, "Bo 24"), note="line 3"),
    "backslash before a quote": Mangled(
        text(changed(1, 3, 'Bo \\"B\\"; Dahl'), quote='"'), rows=changed(1, 3, 'Bo "B"; Dahl')
    ),
    "single quotes": Mangled(text(quote="'"), note="values stand between"),
    "single quotes, commas": Mangled(
        text(delimiter=",", quote="'"), note="delimiter between other"
    ),
    "danish quotes": Mangled(text(quote="„“"), note="values stand between"),
    "english quotes, commas": Mangled(text(delimiter=",", quote="“”"), note="delimiter between"),
    "swedish quotes": Mangled(text(quote="”"), note="values stand between"),
    "guillemets": Mangled(text(quote="»«"), note="values stand between"),
    "french guillemets, commas": Mangled(text(delimiter=",", quote="«»"), note="delimiter between"),
    "curled single quotes": Mangled(text(quote="‘’"), note="values stand between"),
    "each line in quotes": Mangled(
        "".join(f'"{line}"\n' for line in rfc(ROWS, ",").replace('"', '""').splitlines())
    ),
    "each line but the header in quotes": Mangled(
        text(rows=[]) + "".join(f'"{line}"\n' for line in text(names=[]).splitlines())
    ),
    "formulas of Excel": Mangled(text([[f'="{value}"' for value in row] for row in ROWS])),
    "formulas of Excel, quoted": Mangled(
        rfc([[f'="{value}"' for value in row] for row in ROWS], ","), note="stand between ="
    ),
    "quoted twice": Mangled(
        rfc([[f'"{value}"' for value in row] for row in ROWS]), note='stand between "'
    ),
    "apostrophes are none": Mangled(
        text(changed(1, 3, "'t Hooft's")), rows=changed(1, 3, "'t Hooft's")
    ),
    # Header
    "index column of pandas": Mangled(
        text([[str(n), *row] for n, row in enumerate(ROWS)], ["", *NAMES], ",", quote='"')
    ),
    "index column without header": Mangled(
        text([[str(n), *row[1:]] for n, row in enumerate(ROWS, start=1)], NAMES[1:]),
        note="one field more",
    ),
    "unnamed column without numbers": Mangled(
        text([["x", *row] for row in ROWS], NAMES), refused="more fields than the header"
    ),
    "decimal commas between commas": Mangled(
        "Dato,Adresse,Andel\n2020,x,1,5\n2021,y,2,5\n", refused="more fields than the header"
    ),
    "blank header in the middle": Mangled(
        text([[*row[:2], "x", *row[2:]] for row in ROWS], [*NAMES[:2], "", *NAMES[2:]])
    ),
    "value under a blank header": Mangled(text([[*row, "x"] for row in ROWS], [*NAMES, ""])),
    "wanted header twice": Mangled(
        text([[*row, row[1]] for row in ROWS], [*NAMES, "Dato"]), refused="2 columns called 'Dato'"
    ),
    "wanted header twice, in other letters": Mangled(
        text([[*row, row[1]] for row in ROWS], ["Sagsnr", "DATO", "Adresse", "Navn", "dato"]),
        refused="2 columns called 'Dato'",
    ),
    "another header twice": Mangled(
        text([[*row, "x"] for row in ROWS], [*NAMES, "Navn"]),
    ),
    "header on every page": Mangled(
        with_line(4, text(rows=[]).strip(), base=with_line(2, text(rows=[]).strip())),
        aside={3: "repeated_header", 5: "repeated_header"},
    ),
    "header on every page, in capitals": Mangled(
        with_line(4, "SAGSNR; dato ;Adresse;NAVN"), aside={5: "repeated_header"}
    ),
    "two extracts, each with its header": Mangled(
        text(ROWS[:3]) + text(ROWS[3:]), aside={5: "repeated_header"}
    ),
    "two extracts of very many columns, each with its header": Mangled(
        text([[*row, *"x" * 1000] for row in ROWS[:3]], [*NAMES, *MORE])
        + text([[*row, *"y" * 1000] for row in ROWS[3:]], [*NAMES, *map(str.upper, MORE)]),
        aside={5: "repeated_header"},
    ),
    "two extracts, the second with a bom": Mangled(
        text(ROWS[:3]).encode("utf-8-sig") + text(ROWS[3:]).encode("utf-8-sig"),
        aside={5: "repeated_header"},
    ),
    "two extracts in another order": Mangled(
        text(ROWS[:3]) + text(SWAPPED[3:], ["Adresse", "Dato", "Sagsnr", "Navn"]),
        aside={5: "repeated_header"},
        note="another header stands among the rows, in line 5; the rows below it are read",
    ),
    "two extracts, the second with more columns": Mangled(
        text(ROWS[:3]) + text([["x", *row, "y"] for row in ROWS[3:]], ["Kode", *NAMES, "Note"]),
        aside={5: "repeated_header"},
        note="another header stands among the rows, in line 5",
    ),
    "two extracts, the second with fewer columns": Mangled(
        text(ROWS[:3]) + text([row[1:3] for row in ROWS[3:]], NAMES[1:3]),
        rows=[*ROWS[:3], *(["", *row[1:3], ""] for row in ROWS[3:])],
        aside={5: "repeated_header"},
        note="another header stands among the rows, in line 5",
    ),
    "two extracts, the second with other names": Mangled(
        text(ROWS[:3]) + text(ROWS[3:], ["Sagsnr", "Hændelse", "Adresse", "Navn"]),
        rows=ROWS[:3],
        aside={5: "repeated_header"} | dict.fromkeys((6, 7, 8), "under_another_header"),
        note="without all columns that are needed",
    ),
    "two extracts, the first with other names": Mangled(
        text(ROWS[:3], ["Sagsnr", "Hændelse", "Adresse", "Navn"]) + text(ROWS[3:]),
        rows=ROWS[3:],
        aside=dict.fromkeys((2, 3, 4), "above_the_header"),
    ),
    "titles above": Mangled(with_line(0, "Udtræk fra KMD", "Periode;2023;;", "", ";;;")),
    "titles of columns above": Mangled(with_line(0, "Sag;;Borger;")),
    "names in capitals and NFD": Mangled(
        text(names=["SAGSNR", "D a t o", "Adres\u00adse:", "Navn\u200b"])
    ),
    "full-width names": Mangled(text(names=["Sagsnr", "Ｄａｔｏ", "Ａｄｒｅｓｓｅ", "Navn"])),
    "a line break in the header": Mangled(text(quote='"').replace('"Dato"', '"Da\nto"')),
    # Rows
    "sum row at the end": Mangled(text() + "I alt;;;6\n", aside={8: "sum_row"}),
    "sum rows in the middle": Mangled(
        with_line(6, "Total: 4;;;", base=with_line(3, "I ALT 2;;;")),
        aside={4: "sum_row", 7: "sum_row"},
    ),
    "number of rows below": Mangled(text() + "\n(6 rows affected)\n", aside={9: "sum_row"}),
    "a line of dashes": Mangled(with_line(1, "------;-----;----;---"), aside={2: "ruled_line"}),
    "a table of markdown": Mangled(
        "".join(f"| {' | '.join(row)} |\n" for row in [NAMES, ["---"] * 4, *ROWS]),
        aside={2: "ruled_line"},
    ),
    "delimiter at the end of rows": Mangled(text().replace("\n", ";\n").replace("Navn;", "Navn")),
    "delimiters at the end": Mangled(text().replace("\n", ";;;\n")),
    "a row too long": Mangled(
        text().replace("2770 Kastrup", "2770; Kastrup"),
        rows=[ROWS[0], *ROWS[2:]],
        aside={3: "more_fields_than_columns"},
    ),
    "a row too short": Mangled(
        text().replace(";Bo Dahl", ""), rows=changed(1, 3, ""), note="1 row has fewer fields than"
    ),
    "a row broken in two": Mangled(text(BROKEN), rows=BROKEN, note="1 row was broken by a line b"),
    "a row broken in three": Mangled(
        text(changed(3, 2, "Lærkevej 4\n1. th\n2400 Kbh")),
        rows=changed(3, 2, "Lærkevej 4\n1. th\n2400 Kbh"),
        note="line 5",
    ),
    # Delimiters
    "sep line": Mangled("sep=,\n" + rfc(ROWS, ",")),
    "quoted sep line with bom": Mangled("\ufeff" + '"sep=;"\r\n' + text(end="\r\n")),
    **{
        f"parted by {mark!r}": Mangled(text(delimiter=mark))
        for mark in ["\t", "|", "^", "~", "§", "¤", "\x1f", "||", "|~|", ";;", "::"]
    },
    "commas in values between semicolons": Mangled(
        text([[*row, "1,5", "2,5", "3,5"] for row in ROWS], [*NAMES, "a", "b", "c"])
    ),
    "fixed width": Mangled(
        "".join("".join(f"{value:<40}" for value in row) + "\n" for row in [NAMES, *ROWS]),
        refused="fixed width",
    ),
    # Encodings
    **{
        code: Mangled(text().encode(code))
        for code in (
            "cp1252 cp850 cp865 mac_roman utf-16 utf-16-le utf-16-be utf-32 utf-32-le utf-32-be "
            "utf-8-sig"
        ).split()
    },
    "utf-8 twice": Mangled(text().encode().decode("latin-1").encode(), note="in UTF-8 twice"),
    "utf-8 twice, by Windows": Mangled(
        text().replace("Å", "A").encode().decode("cp1252").encode(),
        rows=[[value.replace("Å", "A") for value in row] for row in ROWS],
        note="in UTF-8 twice",
    ),
    "entities of a web page": Mangled(
        text().encode("ascii", "xmlcharrefreplace"), note="as on a web page"
    ),
    "lost letters": Mangled(
        text(changed(1, 3, "B\ufffd Dahl")), rows=changed(1, 3, "B\ufffd Dahl"), note="1 line holds"
    ),
    "question marks for letters": Mangled(
        text().encode("ascii", "replace"),
        rows=[[v.encode("ascii", "replace").decode() for v in row] for row in ROWS],
        note="question mark within a word",
    ),
    "utf-8 and cp850 pasted": Mangled(text(ROWS[:3]).encode() + text(ROWS[3:], []).encode("cp850")),
    # What is no table
    "a file of XML": Mangled("<?xml version='1.0'?><rows/>", refused="XML"),
    "a file of JSON": Mangled('[{"Dato": "x"}]', refused="JSON"),
    "a Parquet file": Mangled(b"PAR1x", refused="Parquet"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_mangled_file_is_read_right_or_told(tmp_path: Path, name: str) -> None:
    mangled, path = FILES[name], tmp_path / "f.csv"
    content = mangled.content
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    if mangled.refused:
        with pytest.raises(InputError, match=mangled.refused):
            read_table(path, WANTED)
        return
    table = read_table(path, WANTED)
    for wanted in WANTED.values():
        place = NAMES.index(wanted)
        assert table.column(wanted).to_list() == [row[place] for row in mangled.rows]
    others = [name for name in NAMES if name not in WANTED.values() and name in table.columns]
    for other in others:
        assert table.rows[other].to_list() == [row[NAMES.index(other)] for row in mangled.rows]
    assert dict(table.set_aside.select("row", "reason").iter_rows()) == mangled.aside
    notes = [str(note) for note in table.notes]
    if mangled.note:
        assert pl.Series(notes, dtype=pl.String).str.contains(mangled.note).any(), notes
    else:
        assert notes == []
    assert table.rows["row"].is_sorted()
    assert table.profile.rows == len(mangled.rows) + len(mangled.aside)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("cp1252", "Windows-1252"),
        ("cp850", "CP850 or CP865"),
        ("cp865", "CP850 or CP865"),
        ("mac_roman", "Mac Roman"),
        ("utf-32-be", "UTF-32 without BOM"),
    ],
)
def test_the_encoding_is_told_as_what_it_is(tmp_path: Path, code: str, said: str) -> None:
    path = tmp_path / "f.csv"
    for content in (text(), text().upper(), text(delimiter=",", quote='"')):
        path.write_bytes(content.encode(code))
        assert read_table(path, WANTED).profile.encoding == said


@pytest.mark.parametrize("words", ["Bo’s ‘hus’", "Café", "50 € – “x”", "§ 1 · ½", "’n aften"])
def test_marks_of_windows_are_no_letters_of_dos(tmp_path: Path, words: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(f"Dato;Adresse\n1;{words}\n".encode("cp1252"))
    table = read_table(path, WANTED)
    assert table.column("Adresse").to_list() == [words]
    assert table.profile.encoding == "Windows-1252"


def test_a_value_that_is_called_as_a_column_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("Id;Type;Adresse;Kode\n1;adresse;Vej 1;type\n2;x;Vej 2;y\n", encoding="utf-8")
    table = read_table(path, {"address": "Adresse"})
    assert table.column("Adresse").to_list() == ["Vej 1", "Vej 2"]
    assert (table.set_aside.height, table.notes) == (0, ())


def test_the_search_for_the_end_of_a_quoted_field_is_bounded(tmp_path: Path) -> None:
    """Each line opens a field that none closes: ten thousand searches to the end of the file."""
    path = tmp_path / "f.csv"
    lines = [f'{number};"a""b' for number in range(10_000)]
    path.write_text("\n".join(["Dato;Adresse", *lines]), encoding="utf-8")
    started = time.process_time()
    table = read_table(path, WANTED)
    assert table.rows.height == len(lines)
    assert time.process_time() - started < 5


def test_a_record_may_be_long_and_a_limit_ends_it(tmp_path: Path) -> None:
    """What is beyond the limit is read row by row, and told."""
    path = tmp_path / "f.csv"
    for lines, rows in [
        (delimited.MOST_LINES_IN_A_RECORD, 3),
        (delimited.MOST_LINES_IN_A_RECORD + 1, delimited.MOST_LINES_IN_A_RECORD + 3),
    ]:
        note = "\n".join("x" for _ in range(lines))
        path.write_text(f'Dato;Adresse\n1;a\n2;"{note}"\n3;c\n', encoding="utf-8")
        table = read_table(path, WANTED)
        assert table.rows.height + table.set_aside.height == rows
        assert bool(table.notes) is (rows > 3)


TEXTS = st.text(st.sampled_from("ab1,;\t \"\n'„“\r\u2028\\="), max_size=12)


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=8), st.booleans())
def test_what_is_well_written_is_read_back(rows: list[list[str]], everywhere: bool) -> None:
    """By any program that keeps to RFC 4180: values come back as they were, up to blanks."""
    width = max(map(len, rows))
    # A value with as many delimiters as a row may be rows between two stray marks.
    assume(
        not any("\n" in value and value.count(";") >= width - 1 for row in rows for value in row)
    )
    rows = [["x", "y", "z", "w"][:width], *([*row, *[""] * (width - len(row))] for row in rows)]
    file = io.StringIO()
    quoting = csv.QUOTE_ALL if everywhere else csv.QUOTE_MINIMAL
    csv.writer(file, delimiter=";", lineterminator="\n", quoting=quoting).writerows(rows)
    found = split_records(file.getvalue(), ";").frame["fields"].to_list()

    def seen(lines: list[list[str]]) -> list[list[str]]:
        stripped = [[value.strip() for value in line] for line in lines]
        return [line for line in stripped if "".join(line).strip(' ;"\t')]

    assert seen(found) == seen(rows)


@given(st.text(st.sampled_from('ab1;; ""\n'), max_size=60))
def test_lines_read_together_are_read_as_each_by_itself(content: str) -> None:
    together = split_records(content, ";")
    patterns = delimited._patterns
    with pytest.MonkeyPatch.context() as patch:
        # Every line with a quotation mark is taken for one that is out of order.
        never = replace(patterns(";"), well_quoted="^\\b$")
        patch.setattr(delimited, "_patterns", lambda delimiter: never)
        alone = split_records(content, ";")

    def seen(records: delimited.Records) -> list[tuple[int, list[str]]]:
        rows = [(row, [value.strip() for value in fields]) for row, fields in records.frame.rows()]
        return [(row, fields) for row, fields in rows if "".join(fields).strip()]

    assert seen(together) == seen(alone)
