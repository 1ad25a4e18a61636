"""The page of a goal: its verdict, its figures by year and area, what is said of it."""

from __future__ import annotations

from collections.abc import Iterator

from kvarter.documents.charts import area_map, over_time, values_by_area
from kvarter.documents.figures import confidence, figures_of, groups_of
from kvarter.documents.indicator import named_areas
from kvarter.documents.observations import in_words
from kvarter.documents.verdicts import deciding_row
from kvarter.documents.words import change_in_words, group_names, seven_checks
from kvarter.editions import Edition
from kvarter.i18n.locale import Locale
from kvarter.policy.model import Goal, Indicator, Reading, Target, data_year
from kvarter.statement import Accepted
from kvarter.web.status.prepare.cells import sentence
from kvarter.web.status.prepare.content import (
    Block,
    Bullets,
    Cell,
    Page,
    Paragraph,
    Said,
    Section,
    Table,
)
from kvarter.web.status.prepare.figures import header, result_cell
from kvarter.web.status.prepare.glance import target_in_words
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.verdicts import judged, verdict_of_row


def goal_page(edition: Edition, goal: Goal, pictures: Pictures, locale: Locale) -> Page:
    """Everything that is public of a goal."""
    title = locale.say(goal.title)
    numbered = locale._("Goal {number}", number=goal.number)
    lead = [Said(locale.say(edition.definition.title))]
    lead.append(Said(locale._("Figures of {year}", year=edition.definition.data_year)))
    sections = [_target(edition, goal, target, locale) for target in goal.targets]
    sections += _comments(edition, goal, locale)
    for indicator in goal.indicators:
        sections += _indicator(edition, goal, indicator, pictures, locale)
    sections += _besides(edition, goal, locale)
    return Page(
        name=f"maal/{goal.number}",
        title=title if title == numbered else f"{numbered}: {title}",
        lead=tuple(lead),
        sections=tuple(sections),
        about=" ".join([title, *(locale.say(each.title) for each in goal.indicators)]),
    )


def goal_without_data(edition: Edition, goal: Goal, locale: Locale) -> Page:
    """The page of a goal that has no figures yet: so that its address leads somewhere."""
    title, why = locale.say(goal.title), locale.say(goal.no_data)
    numbered = locale._("Goal {number}", number=goal.number)
    name = title if title == numbered else f"{numbered}: {title}"
    return Page(f"maal/{goal.number}", name, (Said(why),), (), about=title)


def _target(edition: Edition, goal: Goal, target: Target, locale: Locale) -> Section:
    _ = locale._
    blocks: list[Block] = [judged(edition, goal, target, locale)]
    row = deciding_row(edition, goal, target)
    if row is None:
        text = _("This edition is the baseline that later ones are judged against.")
        return Section(locale.say(target.text), (Paragraph((Said(text),)),), id=target.id)
    readings = {reading.id: reading for reading in target.readings}
    asked = target_in_words(readings[row["reading"]], locale)
    blocks.append(Paragraph((sentence(asked, "verdicts", row),), "note"))
    if len(target.readings) > 1:
        blocks.append(_readings(edition, goal, target, readings, locale))
    if row["change"] is not None:
        blocks.append(_checks(edition, goal, target, readings, locale))
    return Section(locale.say(target.text), tuple(blocks), id=target.id)


def _rows(edition: Edition, goal: Goal, target: Target) -> list[dict[str, object]]:
    return edition.verdicts.filter(goal=goal.number, target=target.id).to_dicts()


def _readings(
    edition: Edition, goal: Goal, target: Target, readings: dict[str, Reading], locale: Locale
) -> Table:
    _ = locale._
    rows = []
    for row in _rows(edition, goal, target):
        reading = readings[str(row["reading"])]
        decides = _("decides") if row["decides"] else ""
        found = change_in_words(row, reading, locale)
        verdict = verdict_of_row(edition, row, locale)
        rows.append(
            (
                header(locale.say(reading.title), decides),
                Cell(sentence(found, "verdicts", row)),
                Cell(Said(""), verdict=verdict),
            )
        )
    headings = (Said(_("The words read as")), Said(_("Found")), Said(_("Verdict")))
    return Table(_("The verdict by each reading"), headings, tuple(rows))


def _checks(
    edition: Edition, goal: Goal, target: Target, readings: dict[str, Reading], locale: Locale
) -> Table:
    """What could turn the verdict: what was tested, and how it went."""
    _ = locale._
    rows = _rows(edition, goal, target)
    row = next(row for row in rows if row["decides"])
    others = [other for other in rows if other is not row]
    words = {"holds": _("holds"), "turns": _("can turn"), "na": _("not asked")}
    lines = tuple(
        (
            header(check.title),
            Cell(Said(words[check.mark])),
            Cell(sentence(check.text, "verdicts", row)),
        )
        for check in seven_checks(row, others, readings[str(row["reading"])], locale)
    )
    headings = (_("What if it were otherwise"), _("The verdict"), _("Why"))
    return Table(_("What could turn the verdict"), tuple(map(Said, headings)), lines)


def _comments(edition: Edition, goal: Goal, locale: Locale) -> list[Section]:
    """What the administration has written in its own words; a draft is not published as such."""
    written = edition.statement.comment_on(goal.number)
    if written is None or isinstance(written, Accepted):
        return []
    parts = [part for part in locale.say(written).split("\n\n") if part.strip()]
    blocks = tuple(Paragraph((Said(part),)) for part in parts)
    return [Section(locale._("The administration's comments"), blocks)]


def _indicator(
    edition: Edition, goal: Goal, indicator: Indicator, pictures: Pictures, locale: Locale
) -> Iterator[Section]:
    _ = locale._
    blocks: list[Block] = []
    if drawing := over_time(edition, goal, indicator, locale):
        caption = _(
            "{title}, percent by year. The band is the {confidence} interval.",
            title=locale.say(indicator.title),
            confidence=confidence(edition, locale),
        )
        blocks.append(pictures.add(f"maal-{goal.number}-{indicator.id}", drawing, caption))
    blocks.append(_by_year(edition, goal, indicator, locale))
    yield Section(locale.say(indicator.title), tuple(blocks), id=indicator.id)
    if indicator.by_area:
        yield _by_area(edition, goal, indicator, pictures, locale)


def _by_year(edition: Edition, goal: Goal, indicator: Indicator, locale: Locale) -> Table:
    """The figures by year, with what is aimed at in a line of its own."""
    _ = locale._
    figures, names = figures_of(edition, indicator), group_names(locale)
    groups = groups_of(indicator)
    years = sorted({period for period, group in figures if group in names})
    rows = tuple(
        (
            header(str(year)),
            *(result_cell(figures.get((year, group)), indicator, locale) for group in groups),
        )
        for year in years
    )
    targets = [locale.say(each.text) for each in goal.targets if each.indicator == indicator.id]
    aim = (header(_("Target")), Cell(Said("; ".join(targets)))) if targets else ()
    headings = (Said(_("Year")), *(Said(names[group]) for group in groups))
    caption = _("{title}, year by year", title=locale.say(indicator.title))
    return Table(caption, headings, rows, aim)


def _by_area(
    edition: Edition, goal: Goal, indicator: Indicator, pictures: Pictures, locale: Locale
) -> Section:
    _ = locale._
    year = data_year(indicator, edition.definition)
    baseline = edition.policy.baseline()
    first = data_year(indicator, baseline) if baseline else year
    years = sorted({first, year})
    blocks: list[Block] = []
    shown = values_by_area(edition, indicator, year).values()
    apart = not edition.policy.disclosure_of(indicator).coarser
    if apart and any(value is not None for value in shown):
        caption = _("{title} in percent, {year}.", title=locale.say(indicator.title), year=year)
        drawing = area_map(edition, indicator, year, locale)
        blocks.append(pictures.add(f"maal-{goal.number}-{indicator.id}-kort", drawing, caption))
    figures = figures_of(edition, indicator)
    areas = edition.geography.areas
    rows = tuple(
        (
            header(name, page=f"omraade/{area}" if area in areas else ""),
            *(result_cell(figures.get((each, area)), indicator, locale) for each in years),
        )
        for area, name in named_areas(edition, indicator).items()
    )
    caption = _("{title}, area by area", title=locale.say(indicator.title))
    headings = (Said(_("Area")), *(Said(str(each)) for each in years))
    blocks.append(Table(caption, headings, rows))
    note = _(
        "Areas may overlap: a household counts once in the areas together and once in each area it "
        "lies in, so the rows need not add up."
    )
    blocks.append(Paragraph((Said(note),), "note"))
    return Section(_("Area by area"), tuple(blocks), id=f"{indicator.id}-omraader")


def _besides(edition: Edition, goal: Goal, locale: Locale) -> list[Section]:
    """What else must be said of the goal's verdicts."""
    found = tuple(
        Said(in_words(each, edition, locale), row="observations")
        for each in edition.observations
        if each.goal == goal.number
    )
    if not found:
        return []
    return [Section(locale._("What else must be said"), (Bullets(found),))]
