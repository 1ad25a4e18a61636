"""Two editions compared, as a document: first what differs and why, then where it comes from."""

from __future__ import annotations

from collections import Counter
from datetime import date

from kvarter import __version__
from kvarter.comparison.compared import UNLIKE, Change, Comparison, Judged, Pair, Part, Reason
from kvarter.comparison.figures import figure
from kvarter.comparison.words import (
    edition_names,
    fate_words,
    file_in_words,
    group_name,
    measure_name,
    reason_in_words,
    role_words,
    years,
)
from kvarter.documents.document import (
    Block,
    Bullets,
    Cell,
    Document,
    Item,
    Paragraph,
    Section,
    Table,
    plain,
)
from kvarter.documents.words import amount, verdict_word
from kvarter.i18n.language import Tongue

_MOST_LISTED = 60
"""Figures in a table of the document; `.csv` has all of them."""


def comparison_document(comparison: Comparison, tongue: Tongue) -> Document:
    """The whole comparison."""
    _ = tongue._
    sides = (comparison.then, comparison.now)
    then, now = edition_names(comparison, tongue)
    policy = next(iter(comparison.policies()), None)
    made = _("How these editions were made is on record with the administration.")
    figures_of = (_("Figures of {year}", year=side.record.get("data_year", "?")) for side in sides)
    return Document(
        name="comparison",
        title=_("{then} and {now} compared", then=then, now=now),
        subtitle=tongue.say(policy.title) if policy else _("Two editions"),
        publisher=policy.municipality.name if policy else "",
        language=tongue.language,
        date=date(int(comparison.now.record.get("data_year", 2000)), 12, 31),
        facts=tuple(f"{name}: {said}" for name, said in zip((then, now), figures_of, strict=True)),
        sections=(
            _glance(comparison, tongue),
            _why(comparison, tongue),
            _verdicts(comparison, tongue),
            _definitions(comparison, tongue),
            _areas(comparison, tongue),
            _files(comparison, tongue),
            _made(comparison, tongue),
            _one_sided(comparison, tongue),
        ),
        footer=f"Kvarter {__version__} · {made}",
    )


def _glance(comparison: Comparison, tongue: Tongue) -> Section:
    _ = tongue._
    fates = Counter(pair.fate for pair in comparison.pairs)
    both = fates["same"] + fates["differs"] + fates["around"]
    said = _("Figures that both editions show: {both}. The same: {same}. Different: {differs}.")
    numbers = {"both": both, "same": fates["same"] + fates["around"], "differs": fates["differs"]}
    lines = [said.format(**{name: tongue.number(count) for name, count in numbers.items()})]
    if fates["around"]:
        around = tongue.number(fates["around"])
        words = _("The same, but with another interval or held against something else: {count}.")
        lines.append(words.format(count=around))
    turned = [each for each in comparison.verdicts if each.decides and each.changed]
    decide = [each for each in comparison.verdicts if each.decides]
    lines.append(
        _(
            "Verdicts that are not what they were: {count} of {all}.",
            count=len(turned),
            all=len(decide),
        )
    )
    notes = tuple(Item(reason_in_words(note, tongue), mark="turns") for note in comparison.notes)
    blocks: list[Block] = [Bullets((*(Item(line) for line in lines), *notes))]
    blocks.append(Paragraph(_("Publish this only where both editions are published."), "note"))
    measures = dict.fromkeys((pair.part, pair.measure) for pair in comparison.pairs)
    words_of = fate_words(tongue)
    used = [fate for fate in words_of if fates[fate]]
    rows = []
    for measure in measures:
        count = Counter(p.fate for p in comparison.pairs if (p.part, p.measure) == measure)
        cells = [Cell(tongue.number(count[fate]), number=True) for fate in used]
        rows.append((Cell(measure_name(*measure, comparison, tongue)), *cells))
    if rows:
        counted = (Cell(words_of[fate], number=True) for fate in used)
        headings = (Cell(_("Figures")), *counted)
        caption = _("Figures of the same year and group")
        widths = (5.0, *(1.6 for fate in used))
        blocks.append(Table(caption, headings, tuple(rows), widths=widths))
    return Section(_("At a glance"), tuple(blocks))


def _why(comparison: Comparison, tongue: Tongue) -> Section:
    """The figures that are not alike, those with the same reasons together."""
    _ = tongue._
    together: dict[tuple[Part, str, tuple[Reason, ...]], list[Pair]] = {}
    for pair in comparison.pairs:
        if pair.fate in UNLIKE:
            together.setdefault((pair.part, pair.measure, pair.reasons), []).append(pair)
    if not together:
        none = Paragraph(_("No figure that both editions show differs."))
        return Section(_("Figures that differ, and why"), (none,))
    note = _(
        "What stands as a reason differs between the editions, and the figure depends on it. How "
        "much each of several reasons moved it cannot be told from the two records."
    )
    parts: list[Block] = [Paragraph(note, "note")]
    for (part, measure, why), pairs in together.items():
        name = measure_name(part, measure, comparison, tongue)
        title = f"{name}, {years(pair.period for pair in pairs)}"
        reasons = Bullets(tuple(Item(reason_in_words(each, tongue)) for each in why))
        table = _figures(pairs, _("{title}, then and now", title=title), comparison, tongue)
        left = len(pairs) - _MOST_LISTED
        blocks: list[Block] = [reasons, table]
        if left > 0:
            words = _("Not listed here: {count} more. A file that ends in .csv has all of them.")
            blocks.append(Paragraph(words.format(count=tongue.number(left)), "note"))
        parts.append(Section(title, tuple(blocks)))
    return Section(_("Figures that differ, and why"), tuple(parts))


def _figures(pairs: list[Pair], caption: str, comparison: Comparison, tongue: Tongue) -> Table:
    _ = tongue._
    rows = tuple(
        (
            Cell(str(pair.period)),
            Cell(
                group_name(pair.group, comparison, tongue),
                small=(pair.way,) if pair.way else (),
            ),
            figure(pair, pair.then, comparison, tongue),
            figure(pair, pair.now, comparison, tongue),
        )
        for pair in pairs[:_MOST_LISTED]
    )
    headings = plain([_("Year"), _("Group"), _("Then"), _("Now")])
    return Table(caption, headings, rows, widths=(1, 3, 3, 3))


def _verdicts(comparison: Comparison, tongue: Tongue) -> Section:
    _ = tongue._
    told = [each for each in comparison.verdicts if each.decides or each.changed]
    if not told:
        return Section(_("Verdicts"), (Paragraph(_("Neither edition has a verdict.")),))
    rows = tuple(
        (
            Cell(str(each.goal)),
            Cell(*_reading(each, comparison, tongue)),
            _verdict(each, each.then, comparison, tongue),
            _verdict(each, each.now, comparison, tongue),
        )
        for each in told
    )
    headings = plain([_("Goal"), _("Target"), _("Then"), _("Now")])
    table = Table(_("Verdicts then and now"), headings, rows, widths=(1, 5, 4, 4))
    return Section(_("Verdicts"), (table,))


def _reading(each: Judged, comparison: Comparison, tongue: Tongue) -> tuple[str, tuple[str, ...]]:
    for policy in comparison.policies():
        for goal in policy.goals:
            for target in goal.targets:
                if (goal.number, target.id) == (each.goal, each.target):
                    readings = {one.id: tongue.say(one.title) for one in target.readings}
                    return tongue.say(target.text), (readings.get(each.reading, each.reading),)
    return each.target, (each.reading,)


def _verdict(
    each: Judged, row: dict[str, object] | None, comparison: Comparison, tongue: Tongue
) -> Cell:
    _ = tongue._
    if row is None:
        return Cell(_("no verdict"))
    verdict = str(row["verdict"])
    span = f"{row['baseline_period']}\u2013{row['period']}"
    found = [
        reading
        for policy in comparison.policies()
        for goal in policy.goals
        for target in goal.targets
        for reading in target.readings
        if (goal.number, target.id, reading.id) == (each.goal, each.target, each.reading)
    ]
    if found and isinstance(row["change"], float):
        span = f"{amount(row['change'], found[0], tongue)}, {span}"
    return Cell(verdict_word(verdict, tongue), small=(span,), verdict=verdict)


def _changes(changes: tuple[Change, ...], caption: str, tongue: Tongue) -> Table:
    _ = tongue._
    rows = tuple(
        plain([each.place, each.then or _("not there"), each.now or _("not there")])
        for each in changes
    )
    return Table(caption, plain([_("Field"), _("Then"), _("Now")]), rows, widths=(4, 4, 4))


def _definitions(comparison: Comparison, tongue: Tongue) -> Section:
    _ = tongue._
    found = comparison.definitions
    title = _("Definitions")
    if found is None:
        return Section(title, (_not_compared(tongue),))
    if not found:
        return Section(title, (Paragraph(_("All fields of the policy are the same.")),))
    return Section(title, (_changes(found, _("Fields of the policy file that differ"), tongue),))


def _not_compared(tongue: Tongue) -> Paragraph:
    return Paragraph(tongue._("Not compared, as a policy is not known."))


def _areas(comparison: Comparison, tongue: Tongue) -> Section:
    _ = tongue._
    found, title = comparison.areas, _("The area set")
    if found is None:
        return Section(title, (_not_compared(tongue),))
    if found.same:
        said = _("Both editions have the same areas with the same outlines.")
        return Section(title, (Paragraph(said),))
    reasons = []
    if found.added:
        reasons.append(Reason("added", ", ".join(area.name for area in found.added)))
    if found.dropped:
        reasons.append(Reason("dropped", ", ".join(area.name for area in found.dropped)))
    if found.file:
        reasons.append(Reason("outline", found.file))
    blocks: list[Block] = []
    if reasons:
        blocks.append(Bullets(tuple(Item(reason_in_words(each, tongue)) for each in reasons)))
    if found.changes:
        blocks.append(_changes(found.changes, _("Fields of the area set that differ"), tongue))
    return Section(title, tuple(blocks))


def _files(comparison: Comparison, tongue: Tongue) -> Section:
    _ = tongue._
    title = _("Sources and other inputs")
    if not comparison.files:
        same = _("All inputs are the same, with the same content.")
        return Section(title, (Paragraph(same),))
    roles = role_words(tongue)
    rows = tuple(
        plain([roles[each.role], each.id, each.file, file_in_words(each, tongue)])
        for each in comparison.files
    )
    headings = plain([_("What"), _("Id"), _("File"), _("What became of it")])
    blocks: list[Block] = [Table(_("Inputs that differ"), headings, rows, widths=(2, 3, 5, 3))]
    fields = tuple(change for each in comparison.files for change in each.changes)
    if fields:
        blocks.append(_changes(fields, _("How inputs are read otherwise"), tongue))
    return Section(title, tuple(blocks))


def _made(comparison: Comparison, tongue: Tongue) -> Section:
    _ = tongue._
    title = _("With what they were made")
    if not comparison.made:
        same = _("Both were made with the same versions of Kvarter and its libraries.")
        return Section(title, (Paragraph(same),))
    return Section(title, (_changes(comparison.made, _("Versions that differ"), tongue),))


def _one_sided(comparison: Comparison, tongue: Tongue) -> Section:
    """Which years and groups only one edition has."""
    _ = tongue._
    words = fate_words(tongue)
    rows = []
    for measure in dict.fromkeys((pair.part, pair.measure) for pair in comparison.pairs):
        for fate in ("only_then", "only_now", "hidden"):
            pairs = [p for p in comparison.pairs if (p.part, p.measure, p.fate) == (*measure, fate)]
            if pairs:
                name = measure_name(*measure, comparison, tongue)
                groups = dict.fromkeys(group_name(p.group, comparison, tongue) for p in pairs)
                rows.append(
                    plain([name, words[fate], years(p.period for p in pairs), ", ".join(groups)])
                )
    title = _("Figures that are in one edition only, or hidden in both")
    if not rows:
        return Section(title, (Paragraph(_("There are none.")),), kind="fold")
    headings = plain([_("Figures"), _("Where"), _("Years"), _("Groups")])
    return Section(title, (Table(title, headings, tuple(rows), widths=(3, 2, 2, 6)),), kind="fold")
