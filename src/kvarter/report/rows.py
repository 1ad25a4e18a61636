"""What became of every row, for the report: a table by source, and a figure for each kind."""

from __future__ import annotations

from typing import Any

import polars as pl
from markupsafe import Markup

from kvarter.cases import Outcome
from kvarter.disclosure import ALL, hide_small, with_totals
from kvarter.files import Profile
from kvarter.policy.model import CITY, CaseCount
from kvarter.report.flow import TOGETHER, flow_figure, outcome_names
from kvarter.report.language import Tongue
from kvarter.report.status import Status


def _told_rows(status: Status) -> dict[str, tuple[dict[str, dict[str, int]], set[tuple[str, str]]]]:
    """For each kind of case its rows by source and outcome, with totals; and the hidden cells.

    All are, where the number counted in the city is hidden in the results: it is among them.
    """
    counts, threshold = status.rows_by_outcome(), status.policy.disclosure.threshold
    told = {}
    for kind in status.policy.case_kinds:
        of_kind = [source.id for source in status.policy.sources if source.cases == kind.id]
        table = {one: {k: n for k, n in counts[one].items() if k != "read"} for one in of_kind}
        if table:
            table = with_totals(table)
            hidden = hide_small(table, threshold, Outcome.COUNTED)
            if _city_is_hidden(status, kind.id):
                hidden = {(line, column) for line, own in table.items() for column in own}
            told[kind.id] = table, hidden
    return told


def _city_is_hidden(status: Status, kind: str) -> bool:
    """Whether the city's number of a kind of case is hidden in any year."""
    counting = [
        indicator.id
        for _, indicator in status.policy.indicators()
        if isinstance(indicator.numerator, CaseCount) and indicator.numerator.cases == kind
    ]
    of_city = (pl.col("group") == CITY) & pl.col("indicator").is_in(counting)
    return not status.results.filter(of_city)["shown"].all()


def flows(status: Status, tongue: Tongue) -> list[tuple[str, Markup]]:
    """A flow figure for each kind of case, over all its sources; none where its total is hidden.

    Outcomes that are hidden are drawn as one.
    """
    told, flows = _told_rows(status), []
    for kind in status.policy.case_kinds:
        table, hidden = told.get(kind.id, ({}, set()))
        if not table or (ALL, "read") in hidden:
            continue
        rows = table[ALL]
        outcomes = {one: rows[one] for one in outcome_names(tongue) if (ALL, one) not in hidden}
        outcomes[TOGETHER] = rows["read"] - sum(outcomes.values())
        flows.append((tongue.say(kind.title), Markup(flow_figure(outcomes, tongue))))
    return flows


def sources(status: Status, tongue: Tongue) -> list[dict[str, Any]]:
    told, found = _told_rows(status), []
    for source in status.policy.sources:
        table, hidden = told[source.cases]
        counts = {
            name: tongue._("not shown") if (source.id, name) in hidden else tongue.number(rows)
            for name, rows in table[source.id].items()
        }
        read_as = _read_as(status.profiles[source.id], tongue)
        found.append({"source": source, "read_as": read_as, "counts": counts})
    return found


def _read_as(profile: Profile, tongue: Tongue) -> str:
    """How the file was found to be written."""
    _ = tongue._
    header = _("header in line {line}", line=profile.header_line)
    if profile.encoding == "Excel":
        return ", ".join([_("Excel, sheet {sheet}", sheet=profile.layout), header])
    encoding, without, _rest = profile.encoding.partition(", without ")
    said = [_(encoding), _("without its zero bytes")] if without else [_(encoding)]
    return ", ".join([*said, _(profile.layout), header])
