"""What an edition is: its title, whose it is, of which years its figures are, and whom to ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kvarter.documents.contents.cells import Figure, Words, joined, of_policy, phrase
from kvarter.editions.edition import Edition
from kvarter.i18n import locale
from kvarter.policy.designation import distance_year
from kvarter.policy.model import data_year


@dataclass(frozen=True)
class About:
    """An edition, before any of its figures.

    data_year, baseline_year: the years of most figures now and at the baseline.
    data_period: the same as a sentence, with the figures that are of other years.
    published: the day it is published; None where nobody has said.
    documents: the number it has in each system for documents.
    """

    title: str
    policy: str
    municipality: str
    areas: str
    data_year: Figure
    baseline_year: Figure | None
    data_period: Words
    published: dt.date | None
    contact: str
    documents: tuple[tuple[str, str], ...]


def about(edition: Edition) -> About:
    """What an edition is."""
    policy, own = edition.policy, edition.definition
    baseline = policy.baseline()
    of = policy.editions.index(own)
    email = policy.publication.email if policy.publication else ""
    return About(
        title=locale.say(own.title),
        policy=locale.say(policy.title),
        municipality=policy.municipality.name,
        areas=locale.say(policy.area_set(own.area_set).title),
        data_year=_year(of, own.data_year),
        baseline_year=_year(policy.editions.index(baseline), baseline.data_year)
        if baseline and baseline != own
        else None,
        data_period=_period(edition),
        published=edition.statement.published,
        contact=locale.say(edition.statement.contact) or email,
        documents=tuple({**policy.documents, **own.documents}.items()),
    )


def _year(edition: int, year: int) -> Figure:
    return of_policy(f"editions.{edition}.data_year", str(year), year)


def _period(edition: Edition) -> Words:
    """Of which years the figures are, which is not the year the status is called by."""
    policy, own = edition.policy, edition.definition
    baseline = policy.baseline()
    now = _year(policy.editions.index(own), own.data_year)
    if baseline is None or baseline.id == own.id:
        said = phrase("The figures are of {year}.", year=now)
    else:
        then = _year(policy.editions.index(baseline), baseline.data_year)
        said = phrase("The figures are of {year}, the baseline of {before}.", year=now, before=then)
    criteria = distance_year(policy, own)
    own_years = {data_year(indicator, own) for _, indicator in policy.indicators()}
    if policy.ambition is None or own_years <= {criteria}:
        return said
    path = f"ambition.data_years.{own.id}"
    if own.id not in policy.ambition.data_years:
        return said
    more = phrase(
        "Those of the residents are of {year}.", year=of_policy(path, str(criteria), criteria)
    )
    return joined([said, more])
