"""A proposal -> the text of a policy file, with comments in the reader's language.

What could not be guessed has a comment that begins with a mark (see `kvarter.policy.unfilled`), by
which `kvarter check` finds it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain, count

from kvarter.documents.words import note_in_words
from kvarter.i18n import _, locale
from kvarter.notes import Note
from kvarter.policy.load import as_id
from kvarter.policy.model import EditionDefinition
from kvarter.policy.unfilled import MARKS
from kvarter.starting.municipalities import CITIES, MUNICIPALITIES
from kvarter.starting.propose import Counts, Kind, Polygons, Proposal

_PLAIN = re.compile(r"[A-Za-zÆØÅæøå][\wÆØÅæøåäöüé.]*(?:[ -][\wÆØÅæøåäöüé.]+)*")
_NOTHING = {"null", "~", ""}


@dataclass
class _Text:
    """Collects the lines of the file, and what is to be filled in with the line it stands in."""

    lines: list[str] = field(default_factory=list)
    asked: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: str = "", why: Note | str = "") -> None:
        """A line, with why it says so."""
        said = note_in_words(why) if isinstance(why, Note) else why
        self.lines.append(f"{line}  # {said}" if said else line)

    def say(self, words: str, indent: str = "") -> None:
        """A line of comment."""
        self.lines.append(f"{indent}# {words}")

    def ask(self, words: Note | str, indent: str = "") -> None:
        """A line of comment on what somebody has to fill in or look at."""
        said = note_in_words(words) if isinstance(words, Note) else words
        self.lines.append(f"{indent}# {MARKS[locale.current().language]}: {said}")
        self.asked.append((len(self.lines), said))


@dataclass(frozen=True)
class Written:
    """`text` of the policy file; `asked`: line and words of what is to be filled in."""

    text: str
    asked: list[tuple[int, str]]


def write_policy(proposal: Proposal) -> Written:
    """The policy file of a proposal."""
    text = _Text()
    editions = _edition_years(proposal)
    _top(text, proposal, editions)
    _editions(text, proposal, editions)
    if proposal.register is not None:
        text.add(f"register: {{file: {_word(proposal.register)}}}")
    elif proposal.extracts:
        text.ask(_("make a register of addresses with `kvarter register build`, and name it here"))
        text.add("register: {file: register.parquet}")
    text.add()
    _areas(text, proposal)
    if proposal.extracts:
        _kinds(text, proposal)
        _sources(text, proposal)
    if proposal.statistics:
        _statistics(text, proposal)
    _goals(text, proposal, editions)
    return Written("\n".join(text.lines) + "\n", text.asked)


def write_statement(edition: EditionDefinition, goal: int) -> str:
    """The statement of an edition, with lines to take the # away from and fill in."""
    text = _Text()
    text.say(_("What people write of this edition. Nothing has to be filled in, and all can wait:"))
    text.say(_("take the # away from the lines that you use. docs/statement.md explains them."))
    text.add(f"edition: {json.dumps(edition.id)}")
    text.add()
    text.say(_("Who signs the cover memo: names or offices."))
    text.say(f"signed_by: [{_('The administration')}]")
    text.add()
    text.say(_("What is to happen now, for the cover memo."))
    text.say("next_steps:")
    text.say(f"  - {_('The first step.')}")
    text.add()
    text.say(_("The administration's own words on a goal, by its number."))
    text.say("comments:")
    text.say(f"  {goal}: >-")
    text.say(f"    {_('The comment.')}")
    return "\n".join(text.lines) + "\n"


def _word(value: str) -> str:
    """A text as YAML reads it back."""
    plain = _PLAIN.fullmatch(value) and value.lower() not in _NOTHING
    return value if plain else json.dumps(value, ensure_ascii=False)


def _edition_years(proposal: Proposal) -> list[int]:
    """The first and the last year that some kind of case, or else a statistic, has figures of."""
    years = {year for kind in proposal.kinds for year in kind.years}
    if not years:
        years = {year for each in proposal.statistics for year in each.years}
    return sorted({min(years), max(years)}) if years else []


def _top(text: _Text, proposal: Proposal, editions: list[int]) -> None:
    mark = MARKS[locale.current().language]
    text.say(_("A first policy file, made by `kvarter init`. Beside each guess stands why."))
    words = _(
        "Fill in what the lines ask for that begin with {word}, and take them away.", word=mark
    )
    text.say(words)
    text.say(_("docs/policy-file.md explains every field; `kvarter check` tells what is wrong."))
    text.add()
    name = MUNICIPALITIES.get(proposal.code or "", "")
    text.ask(_("the policy's name, as it was adopted"))
    title = _("Policy for disadvantaged urban areas in {place}", place=name or _("our city"))
    text.add(f"title: {_word(title)}")
    if not name:
        text.ask(_("the municipality's four-digit code and name"))
    code, shown = proposal.code or "0000", _word(name or _("our city"))
    called = "" if code in CITIES else ", called: municipality"
    text.add(f'municipality: {{code: "{code}", name: {shown}{called}}}', proposal.code_why or "")
    first, last = (editions[0], editions[-1]) if editions else (2020, 2025)
    text.ask(_("the years that the policy is of"))
    text.add(f"period: {{from: {first}, to: {last}}}", _("the years that the files are of"))
    text.add()


def _editions(text: _Text, proposal: Proposal, years: list[int]) -> None:
    set_id = proposal.area_sets[0].id if proposal.area_sets else "omraader"
    if not years:
        text.ask(_("the year that the figures are of"))
    text.add("editions:", _("a status each: data_year is the year of its figures"))
    for at, year in enumerate(years or [2024]):
        title = _("Baseline {year}", year=year) if at == 0 else _("Status {year}", year=year)
        base = ", baseline: true" if at == 0 else ""
        text.add(
            f'  - {{id: "{year}", title: {_word(title)}, data_year: {year}, '
            f"area_set: {_word(set_id)}{base}}}"
        )
    if len(years) < 2:
        text.ask(_("an edition for each later status, when there are data of it"))
    text.add()


def _areas(text: _Text, proposal: Proposal) -> None:
    text.add("area_sets:")
    if not proposal.area_sets:
        text.ask(_("a file (GeoJSON) with the outlines of the areas, and their names"), "  ")
        text.add("  - id: omraader")
        text.add(f"    title: {_word(_('The areas'))}")
        text.add("    file: omraader.geojson")
        text.add("    name_field: navn")
        text.add("    areas:")
        text.add("      - {id: omraade-1, name: Område 1}")
    for at, each in enumerate(proposal.area_sets):
        if at:
            text.ask(_("which editions use this set of areas? Name it in their `area_set`"), "  ")
        _polygons(text, f"  - id: {_word(each.id)}", "    ", each)
        text.add(f"    title: {_word(_('The areas'))}")
        text.add("    areas:")
        seen: set[str] = set()
        for number, name in enumerate(each.names, start=1):
            own = _id_of(name, seen, f"omraade-{number}")
            text.add(f"      - {{id: {_word(own)}, name: {_word(name)}}}")
    text.add()
    if proposal.layers:
        text.add("layers:", _("other maps"))
        for name, layer in proposal.layers.items():
            _polygons(text, f"  {_word(name)}:", "    ", layer)
        text.add()


def _id_of(name: str, seen: set[str], otherwise: str) -> str:
    """An id of its own for an area of that name."""
    base = as_id(name) or otherwise
    base = f"{base}-1" if base in ("areas", "rest", "city") else base
    numbered = (f"{base[:55]}-{number}" for number in count(2))
    own = next(each for each in chain([base], numbered) if each not in seen)
    seen.add(own)
    return own


def _polygons(text: _Text, head: str, indent: str, each: Polygons) -> None:
    by_name, by_bounds = each.why
    text.add(head)
    text.add(f"{indent}file: {_word(each.file)}")
    text.add(f"{indent}name_field: {_word(each.name_field)}", by_name)
    text.add(f'{indent}crs: "{each.crs}"', by_bounds)


def _kinds(text: _Text, proposal: Proposal) -> None:
    text.add("case_kinds:")
    if len(proposal.kinds) > 1:
        text.ask(
            _("are some of these the same kind of case? Give their sources the same `cases`"), "  "
        )
    for kind in proposal.kinds:
        text.add(f"  - id: {_word(kind.id)}", _("the name of the files, without the year"))
        text.ask(_("what the cases are called, in the singular"), "    ")
        text.add(f"    title: {_word(kind.title)}")
        if kind.of_persons is None:
            text.ask(_("does a household or a person count once a year?"), "    ")
        text.add(f"    unite_as: {'person' if kind.of_persons else 'household'}")
        text.add("    same_when:", _("rows of a year that agree on one of these are one case"))
        for keys in kind.same_when:
            text.add(f"      - [{', '.join(keys)}]")
        if kind.of_persons:
            text.say(
                _("age: {span}: only those of these ages on the day", span="{from: 15, to: 17}"),
                "    ",
            )
    text.add()


def _sources(text: _Text, proposal: Proposal) -> None:
    text.add("sources:")
    text.ask(
        _(
            "the case system that each extract was drawn from, as `case_system: NAME`; where it is "
            "left out, nothing is said of a change of system"
        ),
        "  ",
    )
    for each in proposal.extracts:
        text.add(f"  - id: {_word(each.id)}")
        text.add(f"    file: {_word(each.file)}")
        if each.sheet is not None:
            text.add(f"    sheet: {_word(each.sheet)}")
        text.add(f"    cases: {_word(each.kind)}")
        text.add(f"    from: {each.first}-01-01", each.why["from"])
        text.add(f"    to: {each.last}-12-31", _("check that it was drawn for the whole year"))
        for ask in each.asks:
            text.ask(ask, "    ")
        text.add("    columns:")
        for role, column in each.columns.items():
            named = [column] if isinstance(column, str) else column
            shown = ", ".join(map(_word, named))
            shown = shown if isinstance(column, str) else f"[{shown}]"
            text.add(f"      {role}: {shown}", each.why.get(role, ""))
    text.add()


def _statistics(text: _Text, proposal: Proposal) -> None:
    text.add("statistics:")
    for each in proposal.statistics:
        where = f"entrance: {_word(each.place)}"
        if each.layer is not None:
            where = f"unit: {_word(each.place)}, layer: {_word(_layer(proposal, each))}"
        text.add(f"  - id: {_word(each.id)}")
        text.add(f"    file: {_word(each.file)}")
        if each.sheet is not None:
            text.add(f"    sheet: {_word(each.sheet)}")
        text.add(f"    year: {_word(each.year)}")
        text.add(f"    located_by: {{{where}}}", each.why)
    text.add()


def _layer(proposal: Proposal, counts: Counts) -> str:
    return next(name for name, each in proposal.layers.items() if each.id == counts.layer)


def _goals(text: _Text, proposal: Proposal, editions: list[int]) -> None:
    text.add("goals:")
    text.ask(_("the number, the title and the administration of each goal"), "  ")
    for number, kind in enumerate(proposal.kinds, start=1):
        text.add(f"  - number: {number}")
        text.add(f"    title: {_word(_('Fewer {title}', title=kind.title.lower()))}")
        _indicator(text, proposal, kind, editions)
    if not proposal.kinds:
        text.add("  - number: 1")
        text.add(f"    title: {_word(_('The first goal'))}")
        text.add(f"    no_data: {_word(_('No data yet.'))}")


def _indicator(text: _Text, proposal: Proposal, kind: Kind, editions: list[int]) -> None:
    deep = " " * 8
    counts, column = _denominator(proposal, kind)
    per = _("share") if column is None else column.lower()
    text.add("    indicators:")
    text.add(f"      - id: {kind.id}-{'andel' if column is None else 'rate'}")
    if column is None or counts is None:
        title = _("{title}: the areas' share of the city's", title=kind.title)
        measured = _("Cases of the year in the areas, of those in the whole municipality.")
        text.add(f"        title: {_word(title)}")
        text.add(f"        measured: {_word(measured)}")
        text.add(
            "        kind: share", _("no file has the dwellings or residents to hold it against")
        )
        text.add(f"        numerator: {{cases: {_word(kind.id)}}}")
    else:
        title = _("{title} by {per}", title=kind.title, per=per)
        measured = _("Cases of the year, over {per}.", per=per)
        text.add(f"        title: {_word(title)}")
        text.add(f"        measured: {_word(measured)}")
        text.add("        kind: rate")
        text.add(f"        numerator: {{cases: {_word(kind.id)}}}")
        if len(counts.columns) > 1:
            others = ", ".join(counts.columns)
            text.ask(
                _(
                    "is this the right column to hold it against? There are: {columns}",
                    columns=others,
                ),
                "        ",
            )
        text.add(f"        denominator: {{statistic: {_word(counts.id)}, column: {_word(column)}}}")
        if kind.evictions:
            text.add("        by_area: true", _("a figure for each area"))
            text.add("        offences: false", _("nobody is suspected of anything here"))
        elif kind.of_persons:
            text.ask(_("`offences: true` for suspects; else `by_area: true` for each area"), deep)
        else:
            text.ask(_("`by_area: true` for each area, if nobody is a suspect"), deep)
    own = _data_years(kind, counts, editions)
    if own:
        shown = ", ".join(f'"{edition}": {year}' for edition, year in own.items())
        text.add(f"        data_years: {{{shown}}}", _("the years that its files have"))
    mark = MARKS[locale.current().language]
    text.ask(
        _(
            "what was promised? Take away the # of the lines below, and write it for the word "
            "{word}",
            word=mark,
        ),
        "    ",
    )
    for line, why in (
        ("targets:", ""),
        ("  - id: maal", ""),
        (f"    text: {mark}", _("the target, in the words it was adopted with")),
        (f"    indicator: {kind.id}-{'andel' if column is None else 'rate'}", ""),
        ("    readings:", ""),
        ("      - id: andel", ""),
        (f"        title: {mark}", _("how it is read, in words")),
        ("        kind: relative_change", _("in percent; `point_change`: in percentage points")),
        (f"        change: {mark}", _("a fall with a minus, a rise without")),
    ):
        text.say(f"{line}  # {why}" if why else line, "    ")


def _denominator(proposal: Proposal, kind: Kind) -> tuple[Counts | None, str | None]:
    """The statistic and column that a kind of case is held against; none for suspects."""
    wanted = ("residents",) if kind.of_persons else ("dwellings", "residents")
    for meaning in wanted:
        for each in proposal.statistics:
            if set(kind.years) & set(each.years) and (column := each.column_of(meaning)):
                return each, column
    for each in proposal.statistics:
        if set(kind.years) & set(each.years) and not kind.of_persons:
            return each, each.columns[0]
    return None, None


def _data_years(kind: Kind, counts: Counts | None, editions: list[int]) -> Mapping[int, int]:
    """The data years of a kind whose files do not have those of the editions."""
    years = [year for year in kind.years if counts is None or year in counts.years]
    if not years:
        return {}
    nearest = {edition: min(years, key=lambda y: (abs(y - edition), y)) for edition in editions}
    return {edition: year for edition, year in nearest.items() if edition != year}
