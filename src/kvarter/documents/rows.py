"""What became of every row, for the report: a table by source, and a figure for each kind."""

from __future__ import annotations

import polars as pl

from kvarter.cases import Outcome
from kvarter.disclosure.rows import READ
from kvarter.documents.document import Block, Cell, Illustration, Paragraph, Picture, Section, Table
from kvarter.documents.figures import at_least
from kvarter.documents.flow import TOGETHER, flow_figure, outcome_names
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import EVERY_SOURCE

Counts = dict[tuple[str, str], int | None]
"""Rows by source and outcome, as in table `row_outcomes`; None where hidden."""


def _counts(status: Edition, kind: str) -> Counts:
    of_kind = status.row_outcomes.filter(pl.col("cases") == kind)
    return {
        (source, outcome): rows
        for source, outcome, rows in of_kind.select("source", "outcome", "rows").iter_rows()
    }


def rows_section(status: Edition) -> Section | None:
    """What became of every row: a figure for each kind of case, and a table by source."""
    if not status.policy.sources:
        return None
    text = _(
        "The ledger adds up to the row for every source. What became of each row is on record "
        "with the administration."
    )
    blocks: list[Block] = [Paragraph(text)]
    for kind in status.policy.case_kinds:
        if picture := _flow(_counts(status, kind.id)):
            caption = _(
                "{cases}: rows of all sources and years. The figures are in the table.",
                cases=locale.say(kind.title),
            )
            blocks.append(Illustration(picture, caption))
    blocks.append(_by_source(status))
    by_hand = at_least(status.rows_by_hand, status.policy.disclosure_of_rows().threshold)
    if by_hand:
        note = _(
            "Decided by hand, because the address could not be located with certainty: {count} "
            "{count:row|rows} of all sources.",
            count=by_hand,
        )
        blocks.append(Paragraph(note, "note"))
    return Section(_("What became of every row"), tuple(blocks), id="ledger", kind="goal")


def _flow(counts: Counts) -> Picture | None:
    """All sources of a kind of case; none where their total is hidden.

    Outcomes that are hidden are drawn as one.
    """
    read = counts.get((EVERY_SOURCE, READ))
    if read is None:
        return None
    outcomes = {
        one: rows for one in outcome_names() if (rows := counts[EVERY_SOURCE, one]) is not None
    }
    outcomes[TOGETHER] = read - sum(outcomes.values())
    return flow_figure(outcomes)


def _by_source(status: Edition) -> Table:
    outcomes = outcome_names()
    lines = []
    for source in status.policy.sources:
        counts = _counts(status, source.cases)
        said = (
            _("not shown") if (rows := counts[source.id, name]) is None else locale.number(rows)
            for name in (READ, *outcomes)
        )
        head = Cell(source.id, small=(source.case_system,) if source.case_system else ())
        lines.append((head, *(Cell(each, number=True) for each in said)))
    names = [_("Rows read"), *outcomes.values()]
    headings = (Cell(_("Source")), *(Cell(name, number=True) for name in names))
    caption = _("Rows of each source, by what became of them")
    return Table(caption, headings, tuple(lines), widths=(3.4, 1, 1, 1, 1, 1, 1, 1))


def duplicates_in_words(status: Edition, kind: str) -> str:
    """How many rows of a kind of case were notes of one already counted; blank where hidden."""
    counts = _counts(status, kind)
    read = counts.get((EVERY_SOURCE, READ))
    duplicates = counts.get((EVERY_SOURCE, Outcome.DUPLICATE))
    if read is None or duplicates is None:
        return ""
    return _(
        "Of {read} {read:row|rows} read in all years, {duplicates} {duplicates:is|are} of a "
        "household or person already counted in the year.",
        read=locale.number(read),
        duplicates=locale.number(duplicates),
    )


def read_as(encoding: str, layout: str, header_line: int) -> str:
    """How a file was found to be written, as in `kvarter.files.Profile`."""
    if encoding == "Parquet":
        return encoding
    header = _("header in line {line}", line=header_line)
    if encoding == "Excel":
        return ", ".join([_("Excel, sheet {sheet}", sheet=layout), header])
    written, without, _rest = encoding.partition(", without ")
    said = [_(written), _("without its zero bytes")] if without else [_(written)]
    return ", ".join([*said, _(layout), header])
