"""The first page: the ambition, and each goal then and now with its verdict and how sure it is."""

from __future__ import annotations

from kvarter.documents.contents import GoalContents, TargetContents, Words, about, ambition, goals
from kvarter.documents.contents.goals import Measured, without_data
from kvarter.editions import Edition
from kvarter.i18n import _
from kvarter.web.status.prepare.content import (
    Block,
    Cell,
    Glance,
    GlanceGoal,
    Judged,
    Links,
    Paragraph,
    Picture,
    Text,
)
from kvarter.web.status.prepare.pictures import Pictures
from kvarter.web.status.prepare.pieces import given, text, texts, verdict
from kvarter.web.status.prepare.trend import trend


def glance(edition: Edition, pictures: Pictures) -> Glance:
    """The policy at a glance."""
    of, every = about(edition), goals(edition)
    return Glance(
        title=of.policy,
        lead=(*given(f"{of.title}. "), *text(of.data_period)),
        ambition=tuple(_ambition(edition, pictures)),
        goals=tuple(_goal(goal, target, pictures) for goal in every for target in goal.targets),
        without_data=text(without_data(edition)),
        waiting=tuple((one.number, one.title, one.no_data) for one in every if not one.has_data),
    )


def _ambition(edition: Edition, pictures: Pictures) -> list[Block]:
    """How far the areas have come, at what pace, and when they are there."""
    found = ambition(edition)
    if found is None:
        return []
    reasons = tuple(text(reason.text) for reason in found.verdict.turned_by)
    said = [found.said, found.pace_said, found.criteria_said, found.range_said]
    blocks: list[Block] = [
        Paragraph(given(f"{found.title}.")),
        Judged(verdict(found.verdict), reasons),
        *(Paragraph(text(each)) for each in said if each),
    ]
    return [*blocks, Links((("kriterie", _("Criterion by criterion")),))]


def _goal(goal: GoalContents, target: TargetContents, pictures: Pictures) -> GlanceGoal:
    figures: list[tuple[Text, Cell]] = [
        (texts(word, each.year), measured(each))
        for word, each in ((_("Then"), target.then), (_("Now"), target.now))
        if each is not None
    ]
    if target.change is not None:
        figures.append((text(_("Change")), Cell(text(target.change), number=True)))
    if target.asked is not None:
        figures.append((text(_("Asked for")), Cell(text(target.asked), number=True)))
    return GlanceGoal(
        number=goal.number,
        title=goal.title,
        page=f"maal/{goal.number}",
        measure=target.indicator,
        figures=tuple(figures),
        verdict=verdict(target.verdict),
        picture=_trend(goal, target, pictures),
    )


def measured(each: Measured) -> Cell:
    """A figure with what stands behind it; the reason in words where there is none."""
    behind = Words("") if each.figure is None else each.behind
    return Cell(text(each.figure or each.word), text(behind), number=True)


def _trend(goal: GoalContents, target: TargetContents, pictures: Pictures) -> Picture | None:
    """The small picture of the series, with the level that is asked for."""
    if len(target.series) < 2:
        return None
    stretches: dict[int, list[tuple[int, float]]] = {}
    for point in target.series:
        stretches.setdefault(point.stretch, []).append((point.year, _value(point.figure.value)))
    title = _("{title}, year by year", title=target.indicator)
    svg = trend(list(stretches.values()), target.level_asked, title)
    return pictures.add_svg(f"maal-{goal.number}-{target.indicator_id}-lille", svg, title, "")


def _value(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
