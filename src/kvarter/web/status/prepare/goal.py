"""The page of a goal: its verdict, its figures by year and area, what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kvarter.documents.charts import area_map, over_time, values_by_area
from kvarter.documents.contents import ByArea, GoalContents, TargetContents, Words, by_area
from kvarter.documents.contents.areas import AreaFigure, how_marked, place_word
from kvarter.documents.contents.cells import Row, phrase, row_of
from kvarter.documents.contents.goals import figure_of
from kvarter.documents.contents.sure import verdict_of
from kvarter.documents.entered import number_of, percent_of
from kvarter.documents.figures import confidence, groups_of
from kvarter.documents.funnel_chart import funnel_caption, funnel_chart
from kvarter.documents.observations import in_words
from kvarter.documents.words import change_in_words, group_names, seven_checks
from kvarter.editions import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Goal, Indicator, Reading, Target, data_year
from kvarter.statement import Accepted
from kvarter.statement.prose import parts_of
from kvarter.web.status.prepare.content import (
    Block,
    Bullets,
    Cell,
    Judged,
    Page,
    Paragraph,
    Section,
    Table,
)
from kvarter.web.status.prepare.glance import measured
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.pieces import given, header, headings, of_row, text, texts, verdict


def goal_page(edition: Edition, goal: Goal, said: GoalContents, pictures: Pictures) -> Page:
    """Everything that is public of a goal; one without data has its reason alone."""
    sections: list[Section] = []
    for target in said.targets:
        sections.append(target_section(edition, goal, target))
    sections += _entered(edition, goal)
    sections += _comments(edition, goal)
    for indicator in goal.indicators:
        sections += _indicator(edition, goal, indicator, pictures)
    sections += _besides(edition, goal)
    return Page(
        name=f"maal/{goal.number}",
        title=goal_name(said),
        lead=texts(said.administration, said.no_data),
        sections=tuple(sections),
        about=" ".join([said.title, *(one.indicator for one in said.targets)]),
    )


def goal_name(said: GoalContents) -> str:
    """The number of a goal and its title, where it has one of its own."""
    numbered = _("Goal {number}", number=said.number)
    return said.title if said.title == numbered else f"{numbered}: {said.title}"


def target_section(edition: Edition, goal: Goal, said: TargetContents) -> Section:
    """A target: how it went, the figures that decide, and what could turn the answer."""
    reasons = tuple(text(reason.text) for reason in said.verdict.turned_by)
    blocks: list[Block] = [Judged(verdict(said.verdict), reasons), _decides(said)]
    target = next((one for one in goal.targets if locale.say(one.text) == said.text), None)
    if target is not None:
        blocks += _by_reading(edition, goal, target)
    return Section(said.text or said.indicator, tuple(blocks), id=target.id if target else "")


def _decides(said: TargetContents) -> Table:
    """Then, now, the change and what is asked, of the areas and the whole city."""
    names = [_("The areas"), _("Whole city")]
    rows: list[tuple[Cell, ...]] = []
    for then, now in ((said.then, said.now), (said.city_then, said.city_now)):
        name = names[len(rows)]
        if now is None:
            continue
        own = len(rows) == 0
        rows.append(
            (
                header(name),
                measured(then) if then else Cell(text("–")),
                measured(now),
                Cell(text(said.change if own else None), number=True),
                Cell(text(said.asked if own else None), number=True),
            )
        )
    years = [each.year if each else None for each in (said.then, said.now)]
    heads = (
        text(said.quantity[:1].upper() + said.quantity[1:]),
        texts(_("Then"), *([years[0]] if years[0] else [])),
        texts(_("Now"), *([years[1]] if years[1] else [])),
        text(_("Change")),
        text(_("Asked for")),
    )
    return Table(said.indicator, heads, tuple(rows))


def _by_reading(edition: Edition, goal: Goal, target: Target) -> list[Block]:
    """The verdict by every reading, and what the deciding one was tried against."""
    rows = edition.verdicts.filter(goal=goal.number, target=target.id).to_dicts()
    readings = {reading.id: reading for reading in target.readings}
    blocks: list[Block] = []
    if len(rows) > 1:
        blocks.append(_readings(edition, goal, rows, readings))
    row = next((row for row in rows if row["decides"]), None)
    if row is not None and row["change"] is not None:
        others = [other for other in rows if other is not row]
        blocks.append(_checks(row, others, readings[row["reading"]]))
    return blocks


def _readings(
    edition: Edition, goal: Goal, rows: list[dict[str, Any]], readings: dict[str, Reading]
) -> Table:
    indicators = {indicator.id: indicator for indicator in goal.indicators}
    lines = []
    for row in rows:
        reading = readings[row["reading"]]
        answer = verdict_of(edition, Row("verdicts", row), indicators[row["indicator"]])
        lines.append(
            (
                Cell(
                    given(locale.say(reading.title)), text(_("decides") if row["decides"] else "")
                ),
                Cell(of_row(change_in_words(row, reading), "verdicts", row)),
                Cell((), verdict=verdict(answer)),
            )
        )
    heads = headings(_("The words read as"), _("Found"), _("Verdict"))
    return Table(_("The verdict by each reading"), heads, tuple(lines))


def _checks(row: dict[str, Any], others: list[dict[str, Any]], reading: Reading) -> Table:
    """What could turn the verdict: what was tested, and how it went."""
    words = {"holds": _("holds"), "turns": _("can turn"), "na": _("not asked")}
    lines = tuple(
        (
            header(check.title),
            Cell(text(words[check.mark])),
            Cell(of_row(check.text, "verdicts", row)),
        )
        for check in seven_checks(row, others, reading)
    )
    heads = headings(_("What if it were otherwise"), _("The verdict"), _("Why"))
    return Table(_("What could turn the verdict"), heads, lines)


def _comments(edition: Edition, goal: Goal) -> list[Section]:
    """What the administration has written in its own words; a draft is not published as such."""
    written = edition.statement.comment_on(goal.number)
    if written is None or isinstance(written, Accepted):
        return []
    sections = [Section(_("The administration's comments"), ())]
    for part in parts_of(locale.say(written)):
        if part.kind == "heading":
            sections.append(Section(part.plain()[0], ()))
            continue
        said = tuple(map(given, part.plain()))
        block: Block = Bullets(said) if part.kind == "list" else Paragraph(said[0])
        sections[-1] = replace(sections[-1], blocks=(*sections[-1].blocks, block))
    return [section for section in sections if section.blocks]


def _entered(edition: Edition, goal: Goal) -> list[Section]:
    """Figures that people entered by hand, marked as such, with their source."""
    entered = edition.statement.entered.get(goal.number, [])
    rows = tuple(
        (
            Cell(given(locale.say(one.title))),
            Cell(given(locale.say(one.source))),
            Cell(given(one.period)),
            Cell(given(number_of(one)), number=True),
            Cell(given(percent_of(one)), number=True),
        )
        for one in entered
    )
    heads = headings(_("What it is"), _("Source"), _("Period"), _("How many"), _("Percent"))
    table = Table(_("Entered by hand, not computed"), heads, rows)
    note = Paragraph(
        text(_("These figures come from elsewhere; no run has computed them.")), "note"
    )
    return [Section(_("Entered figures"), (table, note))] if rows else []


def _indicator(
    edition: Edition, goal: Goal, indicator: Indicator, pictures: Pictures
) -> Iterator[Section]:
    title = locale.say(indicator.title)
    blocks: list[Block] = []
    if drawing := over_time(edition, goal, indicator):
        caption = _(
            "{title}, percent by year. The band is the {confidence} interval.",
            title=title,
            confidence=confidence(edition),
        )
        blocks.append(pictures.add(f"maal-{goal.number}-{indicator.id}", drawing, caption))
    blocks.append(_by_year(edition, goal, indicator))
    yield Section(title, tuple(blocks), id=indicator.id)
    for each in by_area(edition):
        if each.of == indicator.id and each.goal == goal.number:
            yield _by_area(edition, indicator, each, pictures)


def _by_year(edition: Edition, goal: Goal, indicator: Indicator) -> Table:
    """The figures by year, with what is aimed at in a line of its own."""
    names, groups = group_names(), groups_of(indicator)
    of_indicator = edition.results.filter(indicator=indicator.id)
    years = sorted(set(of_indicator.filter(of_indicator["group"].is_in(groups))["period"]))
    rows = tuple(
        (
            header(str(year)),
            *(_result(edition, indicator, year, group) for group in groups),
        )
        for year in years
    )
    targets = [locale.say(each.text) for each in goal.targets if each.indicator == indicator.id]
    aim = (header(_("Target")), Cell(given("; ".join(targets)))) if targets else ()
    caption = _("{title}, year by year", title=locale.say(indicator.title))
    heads = headings(_("Year"), *(names[group] for group in groups))
    return Table(caption, heads, rows, aim)


def _result(edition: Edition, indicator: Indicator, year: int, group: str) -> Cell:
    """A figure of the results, with the counts behind it and its interval."""
    row = row_of(edition, "results", indicator=indicator.id, period=year, group=group)
    if row is None or not row["shown"] or row["value"] is None:
        hidden = row is not None and not row["shown"]
        return Cell(text(_("not shown") if hidden else _("no data")), number=True)
    behind: list[Words] = []
    if row["numerator"] is not None and row["denominator"] is not None:
        part, whole = row.number("numerator"), row.number("denominator")
        behind.append(phrase("({part} of {whole})", part=part, whole=whole))
    if row["low"] is not None and row["value"] < 1:
        # One decimal more than the figure: an interval that rounds to a point says nothing.
        decimals = indicator.decimals + 1
        low, high = (
            row.figure(end, locale.number(100 * row[end], decimals), 100) for end in ("low", "high")
        )
        behind.append(phrase("interval {low} to {high}", low=low, high=high))
    return Cell(text(figure_of(row, "value", indicator)), texts(*behind), number=True)


def _by_area(edition: Edition, indicator: Indicator, said: ByArea, pictures: Pictures) -> Section:
    """Each area with its interval, marked where it differs from the average beyond chance."""
    year = data_year(indicator, edition.definition)
    blocks: list[Block] = []
    apart = not edition.policy.disclosure_of(indicator).coarser
    shown = values_by_area(edition, indicator, year).values()
    if apart and any(value is not None for value in shown):
        caption = _("{title} in percent, {year}.", title=said.title, year=year)
        drawing = area_map(edition, indicator, year)
        blocks.append(pictures.add(f"{indicator.id}-kort", drawing, caption))
    blocks += compared_areas(edition, said, pictures)
    note = _(
        "Areas may overlap: a household counts once in the areas together and once in each area it "
        "lies in, so the rows need not add up."
    )
    blocks.append(Paragraph(text(note), "note"))
    return Section(_("Area by area"), tuple(blocks), id=f"{indicator.id}-omraader")


def compared_areas(edition: Edition, said: ByArea, pictures: Pictures) -> list[Block]:
    """The funnel plot of the areas, their table, and what its marks mean."""
    blocks: list[Block] = []
    if drawing := funnel_chart(said):
        blocks.append(pictures.add(f"{said.of}-tragt", drawing, funnel_caption(said)))
    blocks.append(area_table(edition, said))
    return [*blocks, Paragraph(given(how_marked()), "note")]


def area_table(edition: Edition, said: ByArea) -> Table:
    """The areas with their figures, then and now, beside their average in the last line."""
    rows = tuple(
        (
            header(area.name, page=f"omraade/{area.id}" if area.id in _areas(edition) else ""),
            *([area_cell(said.before.get(area.id))] if said.before_year else []),
            area_cell(area),
            Cell(text(f"{area.mark} {place_word(area.place)}".strip())),
        )
        for area in said.areas
    )
    then = [texts(_("Then"), said.before_year)] if said.before_year else []
    heads = (text(_("Area")), *then, texts(_("Now"), said.year), text(_("Beside the average")))
    goal = (header(_("Average of the areas")), Cell(text(said.average))) if said.average else ()
    return Table(_("{title}, area by area", title=said.title), tuple(heads), rows, goal)


def area_cell(area: AreaFigure | None) -> Cell:
    """A figure of an area: the value, its counts, and its interval."""
    if area is None:
        return Cell(())
    if area.figure is None:
        return Cell(text(area.word), number=True)
    small = [*text(area.counts)]
    return Cell(text(area.figure), tuple(small), number=True)


def _areas(edition: Edition) -> set[str]:
    return {area.id for area in edition.policy.area_set(edition.definition.area_set).areas}


def _besides(edition: Edition, goal: Goal) -> list[Section]:
    """What else must be said of the goal's verdicts."""
    found = tuple(
        given(in_words(each, edition)) for each in edition.observations if each.goal == goal.number
    )
    return [Section(_("What else must be said"), (Bullets(found),))] if found else []
