"""What became of every row, for the report: a table by source, and a figure for each kind."""

from __future__ import annotations

from kvarter.cases import FINAL, Outcome
from kvarter.disclosure.rows import ALL, READ, ROWS
from kvarter.documents.document import Block, Cell, Figure, Paragraph, Picture, Section, Table
from kvarter.documents.figures import at_least
from kvarter.documents.flow import TOGETHER, flow_figure, outcome_names
from kvarter.editions.status import Status
from kvarter.files import Profile
from kvarter.i18n.language import Tongue

Told = tuple[dict[tuple[str, str], int], set[tuple[str, str]]]
"""Rows by source and outcome, and the cells of it that are hidden."""


def _told_rows(status: Status) -> dict[str, Told]:
    """For each kind of case its rows by source and outcome, with totals; and the hidden cells."""
    told = {}
    for kind, fates in status.fates.items():
        of_kind = [source.id for source in status.policy.sources if source.cases == kind]
        cells = [(line, column) for line in (*of_kind, ALL) for column in (*FINAL, READ)]
        counts = {cell: fates.counts[ROWS, *cell] for cell in cells}
        told[kind] = counts, {cell for cell in cells if fates.told((ROWS, *cell)) is None}
    return told


def rows_section(status: Status, tongue: Tongue) -> Section | None:
    """What became of every row: a figure for each kind of case, and a table by source."""
    if not status.policy.sources:
        return None
    _ = tongue._
    told = _told_rows(status)
    text = _(
        "The ledger adds up to the row for every source. The fate of each single row is on record "
        "with the administration."
    )
    blocks: list[Block] = [Paragraph(text)]
    for kind in status.policy.case_kinds:
        if picture := _flow(told.get(kind.id, ({}, set())), tongue):
            caption = _(
                "{cases}: rows of all sources and years. The figures are in the table.",
                cases=tongue.say(kind.title),
            )
            blocks.append(Figure(picture, caption))
    blocks.append(_by_source(status, told, tongue))
    by_hand = at_least(status.by_hand()["rows"], status.policy.disclosure.threshold, tongue)
    if by_hand:
        note = _(
            "Decided by hand, because the address could not be located with certainty: {count} "
            "{count:row|rows} of all sources.",
            count=by_hand,
        )
        blocks.append(Paragraph(note, "note"))
    return Section(_("What became of every row"), tuple(blocks), id="ledger", kind="goal")


def _flow(told: Told, tongue: Tongue) -> Picture | None:
    """All sources of a kind of case; none where their total is hidden.

    Outcomes that are hidden are drawn as one.
    """
    table, hidden = told
    if not table or (ALL, READ) in hidden:
        return None
    outcomes = {one: table[ALL, one] for one in outcome_names(tongue) if (ALL, one) not in hidden}
    outcomes[TOGETHER] = table[ALL, READ] - sum(outcomes.values())
    return flow_figure(outcomes, tongue)


def _by_source(status: Status, told: dict[str, Told], tongue: Tongue) -> Table:
    _ = tongue._
    outcomes = outcome_names(tongue)
    lines = []
    for source in status.policy.sources:
        table, hidden = told[source.cases]
        counts = (
            _("not shown") if (source.id, name) in hidden else tongue.number(table[source.id, name])
            for name in (READ, *outcomes)
        )
        head = Cell(source.id, small=(source.case_system,) if source.case_system else ())
        lines.append((head, *(Cell(each, number=True) for each in counts)))
    names = [_("Rows read"), *outcomes.values()]
    headings = (Cell(_("Source")), *(Cell(name, number=True) for name in names))
    caption = _("Rows of each source, by what became of them")
    return Table(caption, headings, tuple(lines), widths=(3.4, 1, 1, 1, 1, 1, 1, 1))


def duplicates_in_words(status: Status, kind: str, tongue: Tongue) -> str:
    """How many rows of a kind of case were notes of one already counted; blank where hidden."""
    table, hidden = _told_rows(status).get(kind, ({}, set()))
    if not table or hidden & {(ALL, Outcome.DUPLICATE), (ALL, READ)}:
        return ""
    return tongue._(
        "Of {read} {read:row|rows} read in all years, {duplicates} {duplicates:is|are} of a "
        "household or person already counted in the year.",
        read=tongue.number(table[ALL, READ]),
        duplicates=tongue.number(table[ALL, Outcome.DUPLICATE]),
    )


def read_as(profile: Profile, tongue: Tongue) -> str:
    """How the file was found to be written."""
    _ = tongue._
    if profile.encoding == "Parquet":
        return profile.encoding
    header = _("header in line {line}", line=profile.header_line)
    if profile.encoding == "Excel":
        return ", ".join([_("Excel, sheet {sheet}", sheet=profile.layout), header])
    encoding, without, _rest = profile.encoding.partition(", without ")
    said = [_(encoding), _("without its zero bytes")] if without else [_(encoding)]
    return ", ".join([*said, _(profile.layout), header])
