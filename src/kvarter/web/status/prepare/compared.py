"""Two editions side by side: the figures and verdicts that changed, and why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kvarter.comparison.compare import compare
from kvarter.comparison.compared import UNLIKE, Cause, Comparison, Pair, VerdictPair
from kvarter.comparison.words import group_name, measure_name, reason_in_words, years
from kvarter.documents.contents.cells import Row
from kvarter.documents.words import verdict_word
from kvarter.editions import Edition, open_edition
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.policy.model import Criterion, Indicator, Language
from kvarter.web.status.prepare.content import (
    Block,
    Bullets,
    Cell,
    Page,
    Paragraph,
    Piece,
    Section,
    Table,
)
from kvarter.web.status.prepare.pieces import given, header, headings, text

_TABLES = {"figure": "results", "distance": "distance", "overall": "distance_overall"}
_MOST = 200
"""Figures that are listed with one reason; the files of the editions have all."""


def compared_pages(then: Path, now: Path, languages: Iterable[Language]) -> dict[Language, Page]:
    """The page of two editions, the old one first, by language.

    Raises InputError where one of them has no record of how it was made.
    """
    comparison = compare(then, now)
    sides = open_edition(then), open_edition(now)
    found: dict[Language, Page] = {}
    for language in languages:
        with in_language(Locale(language)):
            found[language] = _page(comparison, *sides)
    return found


def _page(comparison: Comparison, old: Edition, new: Edition) -> Page:
    one, other = locale.say(old.definition.title), locale.say(new.definition.title)
    title = _("{now} beside {then}", now=other, then=one)
    lead = _("What changed from one edition to the other, and why.")
    if old.definition.id == new.definition.id:
        title = _("What the correction changed")
        lead = _("What is other than in the version before, and why.")
    return Page(
        name=f"mod/{old.definition.id}",
        title=title,
        lead=text(lead),
        sections=(
            _verdicts(comparison),
            *_figures(comparison),
            _definitions(comparison),
        ),
    )


def _verdicts(comparison: Comparison) -> Section:
    told = [each for each in comparison.verdicts if each.decides or each.changed]
    rows = tuple(
        (
            header(_("Goal {number}", number=each.goal), _reading(each, comparison)),
            Cell(text(_word(each.then))),
            Cell(text(_word(each.now))),
        )
        for each in told
    )
    heads = headings(_("Target"), _("Then"), _("Now"))
    table = Table(_("Verdicts then and now"), heads, rows)
    none = Paragraph(text(_("Neither edition has a verdict.")))
    return Section(_("Verdicts"), (table,) if rows else (none,))


def _word(row: dict[str, object] | None) -> str:
    return _("no verdict") if row is None else verdict_word(str(row["verdict"]))


def _reading(each: VerdictPair, comparison: Comparison) -> str:
    for policy in comparison.policies():
        for goal in policy.goals:
            for target in goal.targets:
                if (goal.number, target.id) == (each.goal, each.target):
                    titles = {one.id: locale.say(one.title) for one in target.readings}
                    return titles.get(each.reading, each.reading)
    return each.reading


def _figures(comparison: Comparison) -> list[Section]:
    """The figures that are not alike, those with the same reasons together."""
    together: dict[tuple[str, str, tuple[Cause, ...]], list[Pair]] = {}
    for pair in comparison.pairs:
        if pair.difference in UNLIKE:
            together.setdefault((pair.part, pair.measure, pair.reasons), []).append(pair)
    if not together:
        none = Paragraph(text(_("No figure that both editions show differs.")))
        return [Section(_("Figures that differ, and why"), (none,))]
    sections = []
    for (_part, _measure, why), pairs in together.items():
        first = pairs[0]
        name = measure_name(first.part, first.measure, comparison)
        reasons = Bullets(tuple(given(reason_in_words(one)) for one in why))
        heads = headings(_("Group"), _("Year"), _("Then"), _("Now"))
        rows = tuple(_line(pair, comparison) for pair in pairs[:_MOST])
        caption = _("{title}, then and now", title=name)
        title = f"{name}, {years(pair.period for pair in pairs)}"
        blocks: list[Block] = [reasons, Table(caption, heads, rows)]
        sections.append(Section(title, tuple(blocks)))
    return sections


def _line(pair: Pair, comparison: Comparison) -> tuple[Cell, ...]:
    return (
        header(group_name(pair.group, comparison)),
        Cell(text(str(pair.period))),
        _cell(pair, "then", comparison),
        _cell(pair, "now", comparison),
    )


def _cell(pair: Pair, which: str, comparison: Comparison) -> Cell:
    row = pair.then if which == "then" else pair.now
    if row is None:
        return Cell(text(_("no data")), number=True)
    value = row[pair.main]
    if value is None:
        return Cell(text(_("not shown")), number=True)
    side = comparison.then if which == "then" else comparison.now
    written, times = _written(float(value), pair, comparison)
    cell = str(Row(_TABLES[pair.part], {**pair.key, **row}).ref(pair.main))
    return Cell((Piece(written, (cell,), times=times, edition=side.id),), number=True)


def _written(value: float, pair: Pair, comparison: Comparison) -> tuple[str, float]:
    """A figure with a decimal more than on its own page, as a small change is to be seen.

    With what the value was multiplied by.
    """
    if pair.part == "overall" and pair.main == "criteria_reached":
        return locale.number(value), 1
    of = _measure(pair, comparison)
    if isinstance(of, Criterion) and of.unit != "percent":
        return locale.number(value, of.decimals + 1), 1
    return locale.percent(100 * value, of.decimals + 1 if of else 1), 100


def _measure(pair: Pair, comparison: Comparison) -> Indicator | Criterion | None:
    for policy in comparison.policies():
        for criterion in policy.criteria:
            if pair.part == "distance" and criterion.id == pair.measure:
                return criterion
        for _goal, indicator in policy.indicators():
            if pair.part == "figure" and indicator.id == pair.measure:
                return indicator
    return None


def _definitions(comparison: Comparison) -> Section:
    """What the policy says otherwise, by the names of its fields."""
    changes = comparison.definitions
    if not changes:
        same = Paragraph(text(_("All fields of the policy are the same.")))
        return Section(_("Definitions"), (same,))
    rows = tuple(
        (
            header(each.place),
            Cell(given(each.then or _("not there"))),
            Cell(given(each.now or _("not there"))),
        )
        for each in changes
    )
    heads = headings(_("Field"), _("Then"), _("Now"))
    table = Table(_("Fields of the policy file that differ"), heads, rows)
    return Section(_("Definitions"), (table,))
