"""Two editions compared, as a document: first what differs and why, then where it comes from."""

from __future__ import annotations

from collections import Counter
from datetime import date

from kvarter import __version__
from kvarter.comparison.compared import (
    UNLIKE,
    Cause,
    Comparison,
    FieldChange,
    Pair,
    Part,
    VerdictPair,
)
from kvarter.comparison.figures import figure
from kvarter.comparison.words import (
    difference_words,
    edition_names,
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
from kvarter.i18n import Locale, _, in_language, locale
from kvarter.policy.model import Language, Policy

_MOST_LISTED = 60
"""Figures in a table of the document; `.csv` has all of them."""


def comparison_document(comparison: Comparison, language: Language) -> Document:
    """The whole comparison."""
    policy = next(iter(comparison.policies()), None)
    spoken = Locale(language).of(policy) if policy else Locale(language)
    with in_language(spoken):
        return _document(comparison, policy)


def _document(comparison: Comparison, policy: Policy | None) -> Document:
    sides = (comparison.then, comparison.now)
    then, now = edition_names(comparison)
    made = _("How these editions were made is on record with the administration.")
    figures_of = (_("Figures of {year}", year=side.record.get("data_year", "?")) for side in sides)
    return Document(
        name="comparison",
        title=_("{then} and {now} compared", then=then, now=now),
        subtitle=locale.say(policy.title) if policy else _("Two editions"),
        publisher=policy.municipality.name if policy else "",
        language=locale.current().language,
        date=date(int(comparison.now.record.get("data_year", 2000)), 12, 31),
        facts=tuple(f"{name}: {said}" for name, said in zip((then, now), figures_of, strict=True)),
        sections=(
            _glance(comparison),
            _why(comparison),
            _verdicts(comparison),
            _definitions(comparison),
            _areas(comparison),
            _files(comparison),
            _made(comparison),
            _one_sided(comparison),
        ),
        footer=f"Kvarter {__version__} · {made}",
    )


def _glance(comparison: Comparison) -> Section:
    differences = Counter(pair.difference for pair in comparison.pairs)
    both = differences["same"] + differences["differs"] + differences["around"]
    said = _("Figures that both editions show: {both}. The same: {same}. Different: {differs}.")
    numbers = {
        "both": both,
        "same": differences["same"] + differences["around"],
        "differs": differences["differs"],
    }
    lines = [said.format(**{name: locale.number(count) for name, count in numbers.items()})]
    if differences["around"]:
        around = locale.number(differences["around"])
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
    notes = tuple(Item(reason_in_words(note), mark="turns") for note in comparison.notes)
    blocks: list[Block] = [Bullets((*(Item(line) for line in lines), *notes))]
    blocks.append(Paragraph(_("Publish this only where both editions are published."), "note"))
    measures = dict.fromkeys((pair.part, pair.measure) for pair in comparison.pairs)
    words_of = difference_words()
    used = [difference for difference in words_of if differences[difference]]
    rows = []
    for measure in measures:
        count = Counter(p.difference for p in comparison.pairs if (p.part, p.measure) == measure)
        cells = [Cell(locale.number(count[difference]), number=True) for difference in used]
        rows.append((Cell(measure_name(*measure, comparison)), *cells))
    if rows:
        counted = (Cell(words_of[difference], number=True) for difference in used)
        headings = (Cell(_("Figures")), *counted)
        caption = _("Figures of the same year and group")
        widths = (5.0, *(1.6 for difference in used))
        blocks.append(Table(caption, headings, tuple(rows), widths=widths))
    return Section(_("At a glance"), tuple(blocks))


def _why(comparison: Comparison) -> Section:
    """The figures that are not alike, those with the same reasons together."""
    together: dict[tuple[Part, str, tuple[Cause, ...]], list[Pair]] = {}
    for pair in comparison.pairs:
        if pair.difference in UNLIKE:
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
        name = measure_name(part, measure, comparison)
        title = f"{name}, {years(pair.period for pair in pairs)}"
        reasons = Bullets(tuple(Item(reason_in_words(each)) for each in why))
        table = _figures(pairs, _("{title}, then and now", title=title), comparison)
        left = len(pairs) - _MOST_LISTED
        blocks: list[Block] = [reasons, table]
        if left > 0:
            words = _("Not listed here: {count} more. A file that ends in .csv has all of them.")
            blocks.append(Paragraph(words.format(count=locale.number(left)), "note"))
        parts.append(Section(title, tuple(blocks)))
    return Section(_("Figures that differ, and why"), tuple(parts))


def _figures(pairs: list[Pair], caption: str, comparison: Comparison) -> Table:
    rows = tuple(
        (
            Cell(str(pair.period)),
            Cell(
                group_name(pair.group, comparison),
                small=(pair.way,) if pair.way else (),
            ),
            figure(pair, pair.then, comparison),
            figure(pair, pair.now, comparison),
        )
        for pair in pairs[:_MOST_LISTED]
    )
    headings = plain([_("Year"), _("Group"), _("Then"), _("Now")])
    return Table(caption, headings, rows, widths=(1, 3, 3, 3))


def _verdicts(comparison: Comparison) -> Section:
    shown = [each for each in comparison.verdicts if each.decides or each.changed]
    if not shown:
        return Section(_("Verdicts"), (Paragraph(_("Neither edition has a verdict.")),))
    rows = tuple(
        (
            Cell(str(each.goal)),
            Cell(*_reading(each, comparison)),
            _verdict(each, each.then, comparison),
            _verdict(each, each.now, comparison),
        )
        for each in shown
    )
    headings = plain([_("Goal"), _("Target"), _("Then"), _("Now")])
    table = Table(_("Verdicts then and now"), headings, rows, widths=(1, 5, 4, 4))
    return Section(_("Verdicts"), (table,))


def _reading(each: VerdictPair, comparison: Comparison) -> tuple[str, tuple[str, ...]]:
    for policy in comparison.policies():
        for goal in policy.goals:
            for target in goal.targets:
                if (goal.number, target.id) == (each.goal, each.target):
                    readings = {one.id: locale.say(one.title) for one in target.readings}
                    return locale.say(target.text), (readings.get(each.reading, each.reading),)
    return each.target, (each.reading,)


def _verdict(each: VerdictPair, row: dict[str, object] | None, comparison: Comparison) -> Cell:
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
        span = f"{amount(row['change'], found[0])}, {span}"
    return Cell(verdict_word(verdict), small=(span,), verdict=verdict)


def _changes(changes: tuple[FieldChange, ...], caption: str) -> Table:
    rows = tuple(
        plain([each.place, each.then or _("not there"), each.now or _("not there")])
        for each in changes
    )
    return Table(caption, plain([_("Field"), _("Then"), _("Now")]), rows, widths=(4, 4, 4))


def _definitions(comparison: Comparison) -> Section:
    found = comparison.definitions
    title = _("Definitions")
    if found is None:
        return Section(title, (_not_compared(),))
    if not found:
        return Section(title, (Paragraph(_("All fields of the policy are the same.")),))
    return Section(title, (_changes(found, _("Fields of the policy file that differ")),))


def _not_compared() -> Paragraph:
    return Paragraph(_("Not compared, as a policy is not known."))


def _areas(comparison: Comparison) -> Section:
    found, title = comparison.areas, _("The area set")
    if found is None:
        return Section(title, (_not_compared(),))
    if found.same:
        said = _("Both editions have the same areas with the same outlines.")
        return Section(title, (Paragraph(said),))
    reasons = []
    if found.added:
        reasons.append(Cause("added", ", ".join(area.name for area in found.added)))
    if found.dropped:
        reasons.append(Cause("dropped", ", ".join(area.name for area in found.dropped)))
    if found.file:
        reasons.append(Cause("outline", found.file))
    blocks: list[Block] = []
    if reasons:
        blocks.append(Bullets(tuple(Item(reason_in_words(each)) for each in reasons)))
    if found.changes:
        blocks.append(_changes(found.changes, _("Fields of the area set that differ")))
    return Section(title, tuple(blocks))


def _files(comparison: Comparison) -> Section:
    title = _("Sources and other inputs")
    if not comparison.files:
        same = _("All inputs are the same, with the same content.")
        return Section(title, (Paragraph(same),))
    roles = role_words()
    rows = tuple(
        plain([roles[each.role], each.id, each.file, file_in_words(each)])
        for each in comparison.files
    )
    headings = plain([_("What"), _("Id"), _("File"), _("What became of it")])
    blocks: list[Block] = [Table(_("Inputs that differ"), headings, rows, widths=(2, 3, 5, 3))]
    fields = tuple(change for each in comparison.files for change in each.changes)
    if fields:
        blocks.append(_changes(fields, _("How inputs are read otherwise")))
    return Section(title, tuple(blocks))


def _made(comparison: Comparison) -> Section:
    title = _("With what they were made")
    if not comparison.made:
        same = _("Both were made with the same versions of Kvarter and its libraries.")
        return Section(title, (Paragraph(same),))
    return Section(title, (_changes(comparison.made, _("Versions that differ")),))


def _one_sided(comparison: Comparison) -> Section:
    """Which years and groups only one edition has."""
    words = difference_words()
    rows = []
    for measure in dict.fromkeys((pair.part, pair.measure) for pair in comparison.pairs):
        for difference in ("only_then", "only_now", "hidden"):
            pairs = [
                p
                for p in comparison.pairs
                if (p.part, p.measure, p.difference) == (*measure, difference)
            ]
            if pairs:
                name = measure_name(*measure, comparison)
                groups = dict.fromkeys(group_name(p.group, comparison) for p in pairs)
                rows.append(
                    plain(
                        [name, words[difference], years(p.period for p in pairs), ", ".join(groups)]
                    )
                )
    title = _("Figures that are in one edition only, or hidden in both")
    if not rows:
        return Section(title, (Paragraph(_("There are none.")),), kind="fold")
    headings = plain([_("Figures"), _("Where"), _("Years"), _("Groups")])
    return Section(title, (Table(title, headings, tuple(rows), widths=(3, 2, 2, 6)),), kind="fold")
