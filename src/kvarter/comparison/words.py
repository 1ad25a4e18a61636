"""Two editions compared, in words: why a figure differs, and what became of figures and files."""

from __future__ import annotations

from collections.abc import Iterable

from kvarter.comparison.compared import Cause, Comparison, Difference, FileChange, Part
from kvarter.i18n import _, locale
from kvarter.policy.model import AREAS, CITY, REST, Text


def reason_in_words(reason: Cause) -> str:
    """Why a figure may differ, or what could not be compared, as a sentence."""
    if reason.code in ("definition", "version", "confidence", "origin"):
        return _changed(reason)
    if reason.code == "file":
        role, difference = (
            role_words()[reason.then or ""],
            _differences()[reason.now or ""],
        )
        return f"{role} {reason.name}: {difference}."
    words = {
        "added": _("The area set has new areas: {name}."),
        "dropped": _("These areas are no longer in the area set: {name}."),
        "outline": _("The file with the outlines of the areas is another one: {name}."),
        "register": _("The address register is another one: {name}."),
        "decisions": _("Other decisions were made by hand: {name}."),
        "releases": _("Other figures were published before, and what is hidden depends on them."),
        "unexplained": _(
            "No difference explains it: definitions, areas, inputs and versions are the same."
        ),
        "unknown": _("It cannot be told in full, as what it was defined by is not known."),
        "no_policy": _(
            "The copy of the policy of {then} is not there: definitions, areas and columns are not "
            "compared."
        ),
        "other_policy": _(
            "The copy of the policy of {then} is not as it was then: definitions, areas and "
            "columns are not compared."
        ),
        "unread_policy": _(
            "This version cannot read the copy of the policy of {then}: definitions, areas and "
            "columns are not compared."
        ),
        "tampered": _("{name} of {then} is no longer as it was made."),
    }
    return words[reason.code].format(name=reason.name, then=reason.then)


def _changed(reason: Cause) -> str:
    then, now = reason.then or "", reason.now or ""
    if reason.code == "origin":
        origins = origin_words()
        words = _("The figure was {then} then, and is {now} now.")
        return words.format(then=origins.get(then, then), now=origins.get(now, now))
    if reason.code == "confidence":
        ends = [locale.percent(100 * float(each)) for each in (then, now)]
        return _("Intervals were of {then}, and are of {now}.", then=ends[0], now=ends[1])
    if reason.code == "version":
        words = _("It is made with another version: {name} was {then}, and is {now}.")
        return words.format(name=reason.name, then=then or "–", now=now or "–")
    if reason.then is None:
        return _("The definition is another one: {name} is new: {now}.", name=reason.name, now=now)
    if reason.now is None:
        words = _("The definition is another one: {name} is gone; it was {then}.")
        return words.format(name=reason.name, then=then)
    words = _("The definition is another one: {name} was {then}, and is {now}.")
    return words.format(name=reason.name, then=then, now=now)


def origin_words() -> dict[str, str]:
    """Where a figure comes from."""
    return {"computed": _("computed"), "published": _("published"), "rounded": _("rounded")}


def difference_words() -> dict[Difference, str]:
    """What became of a figure."""
    return {
        "same": _("Same"),
        "differs": _("Differs"),
        "around": _("Only around it"),
        "hidden_then": _("Hidden then"),
        "hidden_now": _("Hidden now"),
        "hidden": _("Hidden in both"),
        "only_then": _("Only then"),
        "only_now": _("Only now"),
    }


def file_in_words(each: FileChange) -> str:
    """What became of a file."""
    return locale.listed([_differences()[difference] for difference in each.differences])


def _differences() -> dict[str, str]:
    return {
        "new": _("new"),
        "gone": _("gone"),
        "content": _("other content"),
        "mapping": _("read otherwise"),
    }


def role_words() -> dict[str, str]:
    """What a file is for."""
    return {
        "source": _("Source"),
        "statistic": _("Statistic"),
        "layer": _("Layer"),
        "decisions": _("Decisions by hand"),
        "register": _("Address register"),
        "file": _("File"),
    }


def edition_names(comparison: Comparison) -> tuple[str, str]:
    """The two editions by their titles, and by the day they were made where these are the same."""
    then, now = (locale.say(side.title) for side in (comparison.then, comparison.now))
    if then != now:
        return then, now
    days = [str(side.record.get("started", "?"))[:10] for side in (comparison.then, comparison.now)]
    return f"{then} ({days[0]})", f"{now} ({days[1]})"


def group_name(group: str, comparison: Comparison) -> str:
    """A group as people call it: an area by its name."""
    names: dict[str, str] = {
        area.id: area.name
        for policy in reversed(comparison.policies())
        for area_set in policy.area_sets
        for area in area_set.areas
    }
    names |= {AREAS: _("The areas"), REST: _("Rest of the city"), CITY: _("Whole city")}
    return names.get(group, group)


def measure_name(part: Part, measure: str, comparison: Comparison) -> str:
    """An indicator or criterion by its title; by its id where no policy is known."""
    if part == "overall":
        return {
            "mean": _("Mean distance covered"),
            "criteria": _("Criteria that reach the ambition"),
        }[measure]
    titles: dict[str, Text] = {}
    for policy in reversed(comparison.policies()):
        titles |= {criterion.id: criterion.title for criterion in policy.criteria}
        titles |= {indicator.id: indicator.title for _, indicator in policy.indicators()}
    return locale.say(titles.get(measure, measure))


def years(periods: Iterable[int]) -> str:
    """`2016–2018, 2020`."""
    spans: list[list[int]] = []
    for year in sorted(set(periods)):
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(f"{a}" if a == b else f"{a}\u2013{b}" for a, b in spans)
