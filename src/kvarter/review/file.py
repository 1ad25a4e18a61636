"""The review file: the uncertain texts of a status, for an analyst to fill in.

It holds personal data, so it lies in the internal folder of the status. What is filled in comes
back as `decisions` of the policy (see `kvarter.review.decisions`).
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from kvarter.errors import InputError, KvarterError, Problem
from kvarter.files import read_table
from kvarter.files.inert import write_csv
from kvarter.files.outputs import IN_MEMORY
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.policy.model import Language
from kvarter.review.uncertain import CANDIDATES, REVIEW, TO_FILL_IN, list_uncertain

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAMES = ["review.xlsx", "review.csv"]
_IN_WORDS = "reasons_in_words"
_WIDTHS = {"text": 46, "sources": 22, _IN_WORDS: 40, "reasons": 24, "first_row": 18, "note": 30}
_WIDTHS |= dict.fromkeys(CANDIDATES, 38) | {"decision": 34, "decided_by": 16, "decided_on": 13}
_MOST_IN_EXCEL = 100_000
_CELLS_OF_A_LIST = 500
"""Cells that share one drop-down list; Excel does not open a workbook where they are too many."""


def write_review(cases: pl.DataFrame, folder: Path, language: Language) -> None:
    """Write the uncertain texts of `cases` to `folder`, as Excel and as CSV.

    The words are in `language`, the headers always the same.
    """
    with in_language(Locale(language)):
        _write(cases, folder)


def _write(cases: pl.DataFrame, folder: Path) -> None:
    table = list_uncertain(cases)
    # Polars would ask for the words in threads of its own, which have no language.
    in_words = [_words(codes) for codes in table["reasons"]]
    table = table.with_columns(
        pl.Series(_IN_WORDS, in_words, pl.String),
        *(pl.lit("").alias(name) for name in TO_FILL_IN),
    )
    before = REVIEW.index(CANDIDATES[0])
    table = table.select(*REVIEW[:before], _IN_WORDS, *CANDIDATES, *TO_FILL_IN)
    blank_as_blank = pl.selectors.string().replace("", None)
    write_csv(table.with_columns(blank_as_blank), folder / "review.csv", for_excel=True)
    _write_excel(table.head(_MOST_IN_EXCEL), folder / "review.xlsx")


def _words(codes: str) -> str:
    from kvarter.addresses.reasons import MEANING, Reason  # with all that matches an address

    return " ".join(_(MEANING[Reason(code)]) for code in codes.split("; ") if code)


def _write_excel(table: pl.DataFrame, path: Path) -> None:
    content = BytesIO()
    import xlsxwriter

    with xlsxwriter.Workbook(content, IN_MEMORY) as book:
        # The same status gives the same bytes: no time of day is in it.
        book.set_properties({"created": dt.datetime(1980, 1, 1)})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        guide = book.add_worksheet(_("Guide"))
        guide.set_column(0, 0, 110)
        title = book.add_format({"bold": True, "font_size": 14})
        for row, words in enumerate(_guide()):
            guide.write_string(row, 0, words, plain if row else title)
        sheet = book.add_worksheet(_("Review"))
        head = book.add_format({"bold": True, "bottom": 2, "valign": "top"})
        head_to_fill_in = book.add_format({"bold": True, "bottom": 2, "bg_color": "#FFE699"})
        to_fill_in = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFF8E1"})
        day = book.add_format({"valign": "top", "bg_color": "#FFF8E1", "num_format": "yyyy-mm-dd"})
        for at, name in enumerate(table.columns):
            mine = name in TO_FILL_IN
            sheet.set_column(at, at, _WIDTHS.get(name, 10))
            sheet.write_string(0, at, name, head_to_fill_in if mine else head)
        for row, values in enumerate(table.iter_rows(named=True), start=1):
            for at, (name, value) in enumerate(values.items()):
                if name == "rows":
                    sheet.write_number(row, at, value, plain)
                elif name in TO_FILL_IN:
                    sheet.write_blank(row, at, None, day if name == "decided_on" else to_fill_in)
                else:
                    sheet.write_string(row, at, value, plain)
        sheet.freeze_panes(1, table.columns.index("text") + 1)
        sheet.autofilter(0, 0, max(1, table.height), table.width - 1)
        _offer_choices(sheet, table)
    path.write_bytes(content.getvalue())


def _offer_choices(sheet: Worksheet, table: pl.DataFrame) -> None:
    """A list to choose a decision from in each row; another answer may be typed all the same."""
    at = table.columns.index("decision")
    words = ["ingen", "udenfor"] if locale.current().language == "da" else ["none", "outside"]
    filled = pl.sum_horizontal(pl.col(name) != "" for name in CANDIDATES)
    numbered = table.select(candidates=filled).with_row_index("row", offset=1)
    for (count,), rows in numbered.group_by("candidates", maintain_order=True):
        places = [[row, at, row, at] for row in rows["row"].sort()]
        options = {
            "validate": "list",
            "source": [str(number) for number in range(1, int(count) + 1)] + words,
            "show_error": False,
            "input_title": _("Decision"),
            "input_message": _("A candidate's number, a word from the list, an address or an id."),
        }
        for start in range(0, len(places), _CELLS_OF_A_LIST):
            first, *others = places[start : start + _CELLS_OF_A_LIST]
            sheet.data_validation(*first, {**options, "other_cells": others})


def _guide() -> list[str]:
    return [
        _("Review of uncertain addresses"),
        _("This file holds personal data. It stays in the house."),
        _(
            "The next sheet has the address texts that could not be located with certainty, each "
            "once, the most frequent first. Rows without any text are not here."
        ),
        "",
        _("1. Save a copy beside the policy file, under a new name such as decisions-2024.xlsx."),
        _("2. Fill in the yellow columns for the texts that you can decide. Leave others blank."),
        _(
            "3. Name the copy in policy.yaml: decisions: {file: [decisions-2024.xlsx]}. Keep the "
            "files of earlier reviews in the list; what is decided does not come up again."
        ),
        _("4. Run `kvarter check` and `kvarter run` again."),
        "",
        _("decision is one of these:"),
        _("- 1 to 5: the candidate of that number in the same row"),
        _("- an address, written as the register writes it, as the candidates are"),
        _("- the id of an address or of an entrance in the register"),
        _("- ingen (or: none): there is no such place, and the rows stay unlocated"),
        _("- udenfor (or: outside): the place lies outside the municipality"),
        _("decided_by and decided_on: who decided, and the day, as 2024-12-31. Both are needed."),
        _("note: why, if you like. Write no person numbers."),
        _(
            "A decision holds for every row with the text. Give an address only where the text "
            "means the same place every time, which 'lives with his sister' does not."
        ),
        "",
        _(
            "A decision finds its text by text_id. Leave that column and the candidates as they "
            "are; rows may be sorted, filtered and removed."
        ),
        _(
            "[cpr] stands for a person number. Texts that differ only in it look alike here, and "
            "are decided one by one; first_row tells the source and the line in its file."
        ),
        _(
            "category C: several addresses are possible, or it is in doubt. Without a category: "
            "none was found. level and reasons tell how far the text led, and what is the matter."
        ),
    ]


def refuse_to_lose(decisions: pl.DataFrame, folder: Path, internal: Path) -> None:
    """Stop before a run replaces `folder`, the status, where that would lose an analyst's work.

    `internal`: the folder in it with the files to be filled in.

    Raises InputError where decisions were filled in there and are not among `decisions`, the ones
    that were read; or where a file that they were read from lies in that folder.
    """
    inside = [
        name
        for name in decisions["file"].unique().sort()
        if folder.resolve() in Path(name).resolve().parents
    ]
    if inside:
        remedy = "Move it beside the policy file, and name it there in the policy."
        what = "the decisions lie in the folder that this run replaces"
        raise InputError([Problem(what, remedy, name, field="decisions") for name in inside])
    for path in (internal / name for name in NAMES):
        if not path.exists():
            continue
        try:
            table = read_table(path, {name: name for name in ("text_id", "decision")})
        except KvarterError:
            what = "this run would replace this file, and its decisions cannot be read"
            remedy = "Move it to another folder, or delete it if nothing is decided in it."
            raise InputError.of(what, remedy, path) from None
        filled_in = table.rows.filter(table.column("decision") != "")
        unread = set(filled_in["text_id"]) - set(decisions["text_id"])
        if unread:
            what = (
                f"{len(unread)} decisions are filled in here, and this run would replace the file"
            )
            remedy = "Move it beside the policy file and name it under `decisions`, or delete it."
            raise InputError.of(what, remedy, path, field="decision")
