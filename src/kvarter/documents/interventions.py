"""Interventions: when and where, and what they moved as far as can be told."""

from __future__ import annotations

from typing import Any

import polars as pl

from kvarter.documents.document import Block, Bullets, Item, Section
from kvarter.editions.edition import Edition
from kvarter.i18n import _, locale
from kvarter.policy.model import Goal, Intervention


def intervention_blocks(status: Edition, goal: Goal) -> list[Block]:
    """Each intervention of a goal: when, where and for whom, and a sentence on its effect."""
    items = []
    for number, each in enumerate(goal.interventions, start=1):
        rows = status.interventions.filter(
            (pl.col("goal") == goal.number) & (pl.col("intervention") == number)
        )
        years = f"{each.first_year}\u2013{each.last_year or ''}"
        said = f"({years}), {_facts(status, each)}. {locale.say(each.text)}".rstrip()
        effects = tuple(_effect(row) for row in rows.iter_rows(named=True))
        items.append(Item(said, lead=locale.say(each.title), more=effects))
    return [Section(_("Interventions"), (Bullets(tuple(items)),))] if items else []


def _facts(status: Edition, intervention: Intervention) -> str:
    area_set = status.policy.area_set(status.definition.area_set)
    names = {area.id: area.name for area in area_set.areas}
    facts = [locale.say(intervention.kind)] if intervention.kind else []
    if intervention.age:
        facts.append(
            _(
                "{low} to {high} years old",
                low=intervention.age.lowest,
                high=intervention.age.highest,
            )
        )
    where = [names.get(area, area) for area in intervention.areas]
    facts.append(locale.listed(where) if where else _("all areas"))
    return "; ".join(facts)


def _part(p_value: float) -> str:
    """How often, in percent; what is seldom is given by its bound."""
    least = 0.1
    written = locale.percent(max(100 * p_value, least), 1)
    return written if 100 * p_value >= least else f"< {written}"


def _effect(row: dict[str, Any]) -> str:
    if row["refused"]:
        return {
            "all_areas": _(
                "No estimate: it takes place in all areas, so there are none to compare with."
            ),
            "no_figures_by_area": _("No estimate: there are no figures by area."),
            "few_areas": _(
                "No estimate: at least two areas with it and three without are needed, each with "
                "figures that are shown in every year."
            ),
            "few_years_before": _("No estimate: at least two years before it began are needed."),
            "few_years_after": _("No estimate: at least two years with it are needed."),
            "few_cases": _("No estimate: there are too few cases."),
        }[row["refused"]]
    values = {
        "effect": locale.percent(row["effect"], 0, sign=True),
        "low": locale.percent(row["effect_low"], 0, sign=True),
        "high": locale.percent(row["effect_high"], 0, sign=True),
        "p": _part(row["p_value"]),
        "areas": row["areas"],
        "others": row["other_areas"],
    }
    said = _(
        "Against the {others} other areas, the figure of the {areas} areas changed by {effect} "
        "({low} to {high}). Areas drawn by lot would show as much in {p} of the draws.",
        **values,
    )
    if row["effect_low"] <= 0 <= row["effect_high"] or row["p_value"] > 0.05:
        said += " " + _("So no effect can be told from chance.")
    if row["p_before"] is not None and row["p_before"] < 0.05:
        said += " " + _("The two groups went apart before it began, so do not rely on it.")
    return said + " " + _("It is an estimate and no proof: areas get an intervention for a reason.")
