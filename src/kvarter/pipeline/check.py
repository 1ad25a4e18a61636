"""`kvarter check`: does the policy hold together, can its files be used, and do they fit together?

Every file is read. If that goes well, the cases are located and counted for each edition, as a run
does it and by the same functions; nothing is judged and nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from kvarter.addresses import index_of
from kvarter.areas import read_areas, read_layer
from kvarter.cases import Outcome, Pseudonyms, read_source
from kvarter.documents.rows import read_as
from kvarter.documents.words import asked_in_words, note_in_words
from kvarter.editions.record import Record
from kvarter.editions.releases import Released
from kvarter.engine import Engine
from kvarter.errors import KvarterError, Problem
from kvarter.files.once import reading_once
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.indicators import columns_wanted
from kvarter.notes import Note
from kvarter.pipeline.joins import Basis, basis_of, share_found
from kvarter.pipeline.runner import Known, take
from kvarter.pipeline.stages import (
    COUNT,
    LOCATE,
    Extracts,
    Figures,
    Located,
    Placed,
    Task,
)
from kvarter.policy import Policy
from kvarter.policy.model import (
    AreaSet,
    CaseCount,
    Criterion,
    Indicator,
    Language,
    Layer,
    Source,
    Statistic,
)
from kvarter.policy.unfilled import unfilled
from kvarter.privacy import MASK
from kvarter.register import read_register, read_statistic
from kvarter.review.decisions import look_up, read_decisions
from kvarter.review.uncertain import by_hand
from kvarter.statement import Statement, load_statement
from kvarter.statement.load import FOLDER

_MOST_LINES = 3
_NO_KEY = Pseudonyms("checking makes no pseudonyms that anyone keeps")


@dataclass(frozen=True)
class Checked:
    """One thing the policy names: what it is, what was found, and what is wrong with it.

    `remark`: nothing is wrong, but somebody should look at it. `notes`: what a run would say too.
    """

    name: str
    found: str
    problems: list[Problem]
    remark: bool = False
    notes: tuple[Note, ...] = ()


Found = str | tuple[str, tuple[Note, ...]]
"""What was found, in a line; and notes on it."""


@reading_once()
def check(policy: Policy, folder: Path, language: Language = "da") -> list[Checked]:
    """Read everything the policy names, and join it as a run does; every problem is reported.

    `folder`: what the paths in the policy are relative to; `language`: of what is found. A note
    that is `wrong` is a problem; the others are for somebody to look at.
    """
    with in_language(Locale(language)):
        return _checked(policy, folder)


def _checked(policy: Policy, folder: Path) -> list[Checked]:
    engine = Engine()
    named: list[tuple[str, Callable[[], Found]]] = []
    if policy.register_ is not None:
        named.append((_("register"), partial(_register, policy, folder, engine)))
    for area_set in policy.area_sets:
        name = _("area set {id}", id=area_set.id)
        named.append((name, partial(_areas, area_set, folder)))
    for layer_name, layer in policy.layers.items():
        name = _("layer {id}", id=layer_name)
        named.append((name, partial(_layer, layer, folder)))
    for statistic in policy.statistics:
        name = _("statistic {id}", id=statistic.id)
        named.append((name, partial(_statistic, policy, statistic, folder)))
    for source in policy.sources:
        name = _("source {id}", id=source.id)
        named.append((name, partial(_source, policy, source, folder)))
    if policy.word_template is not None:
        template = folder / policy.word_template
        named.append((_("word template"), partial(_template, template)))
    if policy.decisions is not None:
        named.append((_("decisions"), partial(_decisions, policy, folder, engine)))
    results = [_try(name, read) for name, read in named]
    if not any(each.problems for each in results):
        noted = [note for each in results for note in each.notes]
        extracts = Extracts(policy, folder, _NO_KEY if policy.sources else None)
        results += _joined(extracts, engine, noted)
    engine.close()
    results += _statements(policy, folder)
    return results + _targets(policy) + _remarks(policy)


def to_fill_in(policy_file: Path, language: Language = "da") -> list[Checked]:
    """The marks that `kvarter init` left in the policy file, and nobody has taken away."""
    with in_language(Locale(language)):
        return [
            Checked(_("line {line}", line=line), _("to fill in: {words}", words=words), [], True)
            for line, words in unfilled(policy_file)
        ]


def _statements(policy: Policy, folder: Path) -> list[Checked]:
    """What is written of each edition, and whether it agrees with the policy."""

    def read(path: Path) -> Found:
        statement = load_statement(path, policy)
        return _(
            "{comments} {comments:comment|comments}, {steps} {steps:next step|next steps}, "
            "{signing} to sign",
            comments=len(statement.comments),
            steps=len(statement.next_steps),
            signing=len(statement.signed_by),
        )

    checked, editions = [], {edition.id for edition in policy.editions}
    for file in sorted((folder / FOLDER).glob("*.yaml")):
        name = f"{FOLDER}/{file.name}"
        if file.stem in editions:
            checked.append(_try(name, partial(read, file)))
        else:  # it may be of another policy in the folder
            words = _("No edition of the policy is called {edition}.", edition=file.stem)
            checked.append(Checked(name, words, [], remark=True))
    return checked


def _targets(policy: Policy) -> list[Checked]:
    """What each target asks for, in words: a sign that is wrong is seen in them."""
    return [
        Checked(
            _("goal {number}", number=goal.number),
            f"{target.id}, {reading.id}: {asked_in_words(reading)}",
            [],
        )
        for goal in policy.goals
        for target in goal.targets
        for reading in target.readings
    ]


def _remarks(policy: Policy) -> list[Checked]:
    """Sources that no figure is made of; cases shown by area that may be of suspects."""
    measured: list[Indicator | Criterion] = [each for __, each in policy.indicators()]
    measured += policy.criteria
    counted = [q for each in measured for q in (each.numerator, each.denominator)]
    read = {source.id for edition in policy.editions for source in policy.as_of(edition).sources}
    remarks = []
    for source in policy.sources:
        name = _("source {id}", id=source.id)
        if source.id not in read:
            words = _("No edition reads it: it begins after the data years of all.")
            remarks.append(Checked(name, words, [], remark=True))
        if CaseCount(cases=source.cases) not in counted:
            words = _("No indicator counts its cases.")
            remarks.append(Checked(name, words, [], remark=True))
    for __, each in policy.indicators():
        if each.by_area and each.offences is None and isinstance(each.numerator, CaseCount):
            words = _("{indicator} by area: `offences` true or false?", indicator=each.id)
            remarks.append(Checked(_("indicator"), words, [], remark=True))
    return remarks


def _register(policy: Policy, folder: Path, engine: Engine) -> Found:
    read = read_register(engine, folder, policy.register_)
    rows = engine.fetch(read.table.aggregate(rows=read.table.count())).item()
    return _("{count} {count:address|addresses}", count=locale.number(rows)), read.notes


def _areas(area_set: AreaSet, folder: Path) -> Found:
    areas = read_areas(area_set, folder)
    return _("{count} {count:area|areas}", count=len(areas.outlines)), areas.notes


def _layer(layer: Layer, folder: Path) -> Found:
    outlines = read_layer(layer, folder)
    return _("{count} {count:polygon|polygons}", count=locale.number(len(outlines))), outlines.notes


def _statistic(policy: Policy, statistic: Statistic, folder: Path) -> Found:
    number = locale.number
    columns = columns_wanted(policy, statistic.id)
    read = read_statistic(statistic, columns, folder)
    rows = read.rows
    blank = rows.filter(pl.any_horizontal(pl.all().is_null())).height
    twice = rows.height - rows.select("place", "year").n_unique()
    years = ", ".join(map(str, rows["year"].drop_nulls().unique().sort()))
    found = [
        _("{count} {count:row|rows} of {years}", count=number(rows.height), years=years or "–")
    ]
    if blank:
        found.append(_("{count} with a value that is blank or no number", count=number(blank)))
    if twice:
        found.append(_("{count} of the place and year of an earlier row", count=number(twice)))
    return "; ".join(found), read.notes


def _source(policy: Policy, source: Source, folder: Path) -> Found:
    number = locale.number
    read = read_source(source, policy.case_kind(source.cases), folder, _NO_KEY)
    profile, invalid = read.profile, len(read.set_aside(""))
    found = [
        _("{count} {count:row|rows}", count=number(profile.rows)),
        read_as(profile.encoding, profile.layout, profile.header_line),
    ]
    if invalid:
        reasons = "; ".join(_reasons(read.entries))
        found.append(_("{count} invalid: {reasons}", count=number(invalid), reasons=reasons))
    if profile.rows == invalid:
        found.append(_("not one that can be used"))
    return "; ".join(found), read.notes


def _reasons(entries: pl.DataFrame) -> Iterator[str]:
    """Why rows are invalid, the commonest reason first, and the first lines of each."""
    words = {
        "date_missing": _("no date"),
        "date_impossible": _("no such day"),
        "date_unreadable": _("not a date"),
        "date_day_or_month_first": _("day or month first?"),
        "date_year_or_day_first": _("year or day first?"),
        "date_alone": _("nothing but a date"),
        "person_number_missing": _("no person number"),
        "person_number_unreadable": _("person number cannot be read"),
        "born_after_the_event": _("born after the event"),
        "under_the_age": _("under the age"),
        "over_the_age": _("over the age"),
        "sum_row": _("sum row"),
        "ruled_line": _("row of dashes"),
        "repeated_header": _("header again"),
        "under_another_header": _("under another header"),
        "above_the_header": _("above the header"),
        "more_fields_than_columns": _("more fields than columns"),
    }
    invalid = entries.filter(pl.col("outcome") == Outcome.INVALID).sort("row")
    line = pl.concat_str("sheet", pl.coalesce("sheet_row", "row"), separator=" ", ignore_nulls=True)
    by_reason = invalid.group_by("reason", maintain_order=True).agg(line.alias("lines"))
    for reason, lines in sorted(by_reason.iter_rows(), key=lambda each: (-len(each[1]), each[0])):
        listed = ", ".join(lines[:_MOST_LINES]) + ", ..." * (len(lines) > _MOST_LINES)
        yield _(
            "{count} {reason} (line {lines})",
            count=locale.number(len(lines)),
            reason=words.get(reason, reason),
            lines=listed,
        )


def _template(path: Path) -> str:
    from kvarter.documents.word_template import check_template  # with all of python-docx

    check_template(path)
    return _("a Word document")


def _decisions(policy: Policy, folder: Path, engine: Engine) -> str:
    decisions = read_decisions(folder / name for name in policy.decision_files())
    register = read_register(engine, folder, policy.register_).table
    file = folder / policy.register_.file if policy.register_ else None
    index = index_of(engine, register, file)
    decided = look_up(decisions, index, engine, register).height
    return _("{count} {count:text|texts} decided", count=locale.number(decided))


def _joined(extracts: Extracts, engine: Engine, noted: list[Note]) -> list[Checked]:
    """The files joined as a run joins them, for each edition; with the notes not `told` already."""
    record, policy, folder = Record(), extracts.policy, extracts.home
    try:
        known = take(LOCATE, Known(extracts, engine), record)
    except KvarterError as error:
        return [Checked(_("register"), "", error.problems)]
    located = known.of(Located)
    results = [_addresses(source, located) for source in policy.sources]
    results += _unused_decisions(located)
    for edition in policy.editions:
        name, empty = _("edition {id}", id=edition.id), Statement.empty(edition.id)
        task = Task(policy.as_of(edition), folder, edition, Released(), empty)
        try:
            counted = take(COUNT, known.with_(task), record)
        except KvarterError as error:
            results.append(Checked(name, "", error.problems))
            continue
        notes = [note for note in counted.of(Figures).notes if note not in noted]
        noted += notes
        results += _edition(task, name, counted, notes)
    return results


def _addresses(source: Source, located: Located) -> Checked:
    """How many of a source's addresses the register has."""
    share = share_found(located.cases, source)
    texts = located.cases.filter(pl.col("source") == source.id)["address"].n_unique()
    found = (
        _(
            "{share} of the rows have an address that is found ({count} address "
            "{count:text|texts})",
            share=locale.percent(100 * share, 1),
            count=locale.number(texts),
        )
        if share is not None
        else _("no row is in use")
    )
    return Checked(_("addresses of {id}", id=source.id), found, [])


def _unused_decisions(located: Located) -> list[Checked]:
    """How many decisions are about texts that no extract has."""
    unused = by_hand(located.cases, located.decisions)["unused"]
    if not unused:
        return []
    words = _(
        "{count} {count:decision is about a text that does|decisions are about texts that do} not "
        "occur here.",
        count=locale.number(unused),
    )
    if located.cases["address"].str.contains(MASK, literal=True).any():
        words += " " + _(
            "Texts with a person number are found by a run only, for they are known by the key."
        )
    return [Checked(_("decisions"), words, [], remark=True)]


def _edition(task: Task, name: str, counted: Known, notes: list[Note]) -> list[Checked]:
    """What the figures of an edition rest on, a line for each indicator; then what is wrong."""
    policy, placed, measured = task.policy, counted.of(Placed), counted.of(Figures).measured
    areas = placed.areas.outlines
    found = _("{count} {count:area|areas}", count=len(areas))
    if policy.register_ is not None:
        addresses = placed.in_areas["place"].n_unique()
        found += ", " + _(
            "{count} {count:entrance|entrances} in them", count=locale.number(addresses)
        )
    results = [Checked(name, found, [], notes=tuple(note for note in notes if not note.wrong))]
    for __, indicator in policy.indicators():
        basis = basis_of(policy, indicator, task.definition, measured)
        if basis.published or (not basis.lacking and basis.covered):
            results.append(Checked(name, _basis_in_words(indicator, basis), []))
    for note in notes:
        if note.wrong:
            words = note_in_words(note)
            results.append(Checked(name, words, [Problem(words, "")]))
    return results


def _basis_in_words(indicator: Indicator, basis: Basis) -> str:
    """As in `evictions: 2023, from domus-2023, dwellings`."""
    values = {"indicator": indicator.id, "year": basis.year}
    if basis.published:
        return _("{indicator}: {year}, as published", **values)
    rests_on = ", ".join([*basis.sources, *basis.statistics])
    return _("{indicator}: {year}, from {files}", files=rests_on, **values)


def _try(name: str, read: Callable[[], Found]) -> Checked:
    try:
        found = read()
        text, notes = (found, ()) if isinstance(found, str) else found
        return Checked(name, text, [], notes=notes)
    except KvarterError as error:
        return Checked(name, "", error.problems)
