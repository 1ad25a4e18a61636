"""What a person sees while a status is made, and when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import polars as pl
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kvarter.documents.claims import claims
from kvarter.documents.document import Bullets, Document, Paragraph, Section
from kvarter.documents.document import Table as DocumentTable
from kvarter.documents.figures import cell
from kvarter.documents.verdicts import row_word
from kvarter.documents.words import note_in_words
from kvarter.editions import Edition, InternalEdition
from kvarter.editions.folder import INTERNAL
from kvarter.i18n import _, in_language, locale
from kvarter.policy.model import AREAS, data_year
from kvarter.review.uncertain import list_uncertain
from kvarter.statement import statement_file

_MOST_ROWS = 20
"""Of a table in the terminal."""


class Display:
    """A progress bar that names each stage; lines of text where there is no terminal."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._console = Console(emoji=False)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=self._console,
            disable=quiet or not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=len(self._stages()))
        self._edition = ""

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._bar.update(self._task, completed=len(self._stages()))
        self._bar.stop()

    def edition(self, edition: str) -> None:
        """Say that the run of an edition begins."""
        self._edition = f"{edition}: "
        self._bar.update(self._task, completed=0)

    def stage(self, stage: str) -> None:
        """Say that a stage begins, or a part of one, as in `write: report`."""
        stage, of, part = stage.partition(": ")
        names = self._stages()
        words = self._edition + names[stage] + of + part
        done = list(names).index(stage)
        self._bar.update(self._task, description=words, completed=done)
        if not part and not self._quiet and not self._console.is_terminal:
            self._console.print(words)

    def _stages(self) -> dict[str, str]:
        """What is said of each stage as it begins."""
        return {
            "make": _("Making the example city"),
            "read": _("Reading the extracts"),
            "match": _("Matching addresses"),
            "place": _("Placing in areas"),
            "deduplicate": _("Uniting households and persons"),
            "measure": _("Counting"),
            "suppress": _("Choosing what is not shown"),
            "judge": _("Judging"),
            "protect": _("Protecting small numbers"),
            "write": _("Writing the status"),
            "rewrite": _("Only what people write has changed: writing the documents again"),
            "skip": _("Nothing has changed since the status was made: it is as it was"),
        }

    def summary(self, made: InternalEdition, out: Path) -> None:
        """The verdicts, the ledger's sum, and where the status lies."""
        if self._quiet:
            return
        with in_language(locale.current().of(made.policy)):
            self._summary(made, out)

    def _summary(self, made: InternalEdition, out: Path) -> None:
        status = made.public
        table = Table(box=None, pad_edge=False)
        for title in (_("Goal"), _("Title"), _("The areas"), _("Status")):
            table.add_column(title)
        for row in status.verdicts.filter("decides").iter_rows(named=True):
            goal = status.policy.goal(row["goal"])
            figures = self._figures(status, row["indicator"])
            word = row_word(status, row)
            table.add_row(str(goal.number), escape(locale.say(goal.title)), figures, word)
        if table.row_count:
            self._console.print(table)
        totals = {"read": 0, "counted": 0, "duplicate": 0, "unlocated": 0, "invalid": 0}
        totals |= {"outside_municipality": 0, "outside_period": 0}
        for counts in made.rows_by_outcome.values():
            totals = {name: total + counts[name] for name, total in totals.items()}
        outside = totals.pop("outside_municipality") + totals.pop("outside_period")
        if totals["read"]:
            numbers = {name: locale.number(total) for name, total in totals.items()}
            words = _(
                "{read} rows read: {counted} counted, {duplicate} duplicates, {unlocated} not "
                "located, {outside} outside the municipality or period, {invalid} invalid. The "
                "ledger adds up.",
                outside=locale.number(outside),
                **numbers,
            )
            self._console.print(words, highlight=False)
        self._by_hand(made.by_hand)
        for note in made.notes:
            self._console.print(f"! {note_in_words(note)}", style="yellow", markup=False)
        written = statement_file(Path(), status.definition.id).as_posix()
        for claim in claims(status):
            said = f"! {written}: {claim.place}: {claim.remark} {claim.words}"
            self._console.print(said, style="yellow", markup=False, highlight=False)
        folder = out / status.definition.id
        words = _("The status lies in {folder}", folder=folder)
        self._console.print(words, soft_wrap=True, markup=False)
        words = _("Open {file} in a browser.", file=folder / "report.html")
        self._console.print(words, soft_wrap=True, markup=False)
        if status.policy.sources and list_uncertain(made.rows).height:
            file = folder / INTERNAL / "review.xlsx"
            words = _("Uncertain address texts wait for a decision in {file}", file=file)
            self._console.print(words, soft_wrap=True, markup=False)

    def rebuilt(
        self,
        folder: Path,
        files: Mapping[str, str],
        tampered: list[str],
        versions: Mapping[str, tuple[str, str]],
    ) -> None:
        """Whether an old edition came out as it was, and what did not."""
        if self._quiet:
            return
        same = [name for name, difference in files.items() if difference == "same"]
        words = _(
            "{same} of {all} {all:file|files} came out as {same:it was|they were}, byte for byte.",
            same=locale.number(len(same)),
            all=locale.number(len(files)),
        )
        self._console.print(words, highlight=False)
        kinds = {
            "differs": _("came out otherwise: {file}"),
            "missing": _("was there then, and is not made now: {file}"),
            "new": _("was not there then: {file}"),
        }
        said = [
            kinds[difference].format(file=name)
            for name, difference in files.items()
            if difference != "same"
        ]
        said += [_("is no longer as it was made then: {file}", file=name) for name in tampered]
        if files.get("internal/rows.parquet") == "differs":
            said.append(_("With another key than then, internal/rows.parquet comes out otherwise."))
        if len(same) < len(files):
            said += [
                _("{name} was version {then}, and is {now}", name=name, then=then, now=now)
                for name, (then, now) in versions.items()
            ]
        for line in said:
            self._console.print(f"! {line}", style="yellow", markup=False, soft_wrap=True)
        words = _("It lies in {folder}", folder=folder)
        self._console.print(words, soft_wrap=True, markup=False)

    def compared(self, document: Document, file: Path | None) -> None:
        """Two editions compared, section by section, without what is folded on a page."""
        if self._quiet:
            return
        self._console.print(document.title, style="bold", markup=False, highlight=False)
        for section in document.sections:
            if section.kind != "fold":
                self._section(section)
        if file is not None:
            words = _("It lies in {folder}", folder=file)
            self._console.print("\n" + words, soft_wrap=True, markup=False)

    def _section(self, section: Section) -> None:
        self._console.print(f"\n{section.title}", style="bold", markup=False, highlight=False)
        for block in section.blocks:
            match block:
                case Section():
                    self._section(block)
                case Paragraph():
                    self._console.print(block.text, markup=False, highlight=False)
                case Bullets():
                    for item in block.items:
                        mark = "!" if item.mark == "turns" else "-"
                        said = f"{mark} {item.text}"
                        self._console.print(said, markup=False, highlight=False)
                case DocumentTable():
                    self._console.print(_as_text(block))
                    left = len(block.rows) - _MOST_ROWS
                    if left > 0:
                        words = _(
                            "Not listed here: {count} more. A file that ends in .csv has all of "
                            "them.",
                            count=locale.number(left),
                        )
                        self._console.print(words, highlight=False)

    def _by_hand(self, counts: Mapping[str, int]) -> None:
        """What was decided by hand, and where more waits for it."""
        number = locale.number
        if counts["rows"]:
            words = _(
                "Decided by hand: {rows} ({texts}).",
                rows=_("{count} {count:row|rows}", count=number(counts["rows"])),
                texts=_("{count} address {count:text|texts}", count=number(counts["used"])),
            )
            self._console.print(words, highlight=False)
        if counts["unused"]:
            words = _(
                "{count} {count:decision is about a text that does|decisions are about texts that "
                "do} not occur here.",
                count=number(counts["unused"]),
            )
            self._console.print(words, highlight=False)

    def _figures(self, status: Edition, indicator_id: str) -> str:
        """The areas' percentages at the baseline and now, as in `1.4 % to 0.6 %`."""
        indicator = status.policy.indicator(indicator_id)
        baseline = status.policy.baseline() or status.definition
        rows = status.results.filter(
            (pl.col("indicator") == indicator_id) & (pl.col("group") == AREAS)
        )
        by_year = {row["period"]: row for row in rows.iter_rows(named=True)}
        years = [data_year(indicator, each) for each in (baseline, status.definition)]
        before, after = (cell(by_year.get(year), indicator).text for year in years)
        if before == after == _("not shown"):
            return before
        return _("{before} to {after}", before=before, after=after)


def _as_text(table: DocumentTable) -> Table:
    """A table of a document for the terminal."""
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in table.headings:
        shown.add_column(escape(heading.text), overflow="fold")
    for row in table.rows[:_MOST_ROWS]:
        cells = [
            "\n".join([" ".join(filter(None, [cell.text, cell.aside])), *cell.small])
            for cell in row
        ]
        shown.add_row(*map(escape, cells))
    return shown
