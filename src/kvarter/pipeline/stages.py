"""The way of a case, from an extract to an edition. Read `STAGES` first: it is the story.

    extract --read--> cases --match--> located --place--> placed
      --deduplicate--> households and persons
      --measure--> figures --suppress--> figures that may be shown --judge--> verdicts
      --protect--> edition --write--> documents, data

The first half, to `deduplicate`, is as long as the extracts. From `measure` on nothing grows with
the number of rows: cases are known by their `Tally`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from kvarter.addresses import index_of, match_cases
from kvarter.areas import (
    AreaPolygons,
    Outline,
    place_cases,
    place_points,
    read_areas,
    read_layer,
    split_units,
)
from kvarter.cases import Ledger, Pseudonyms, deduplicate_all, read_sources, rows_by_outcome
from kvarter.cases.tally import Tally, tally
from kvarter.disclosure import (
    FigureAttackers,
    LevelAttackers,
    Protected,
    RowAttackers,
    RowCounts,
    alternatives,
    audit,
    choices_of,
    choose_row_counts,
    find_parts,
    not_placed,
    protect_distance,
    protect_judgement,
    published_by_results,
    published_cells,
    row_outcomes,
    sensitive_rows,
    words_held_back,
)
from kvarter.disclosure import protect as protect_figures
from kvarter.editions import Edition, Geography, InternalEdition, save_internal
from kvarter.editions.folder import INTERNAL, RECORD, REVIEWS
from kvarter.editions.record import Record, RunOptions
from kvarter.editions.releases import Released, parted
from kvarter.engine import Engine
from kvarter.errors import InputError
from kvarter.files import Profile
from kvarter.files.outputs import write_aside
from kvarter.indicators import (
    Cells,
    Lost,
    Measured,
    Places,
    Quantities,
    lost_years,
    measure_all,
    note_lost,
    note_split,
    read_criteria,
    without_lost,
)
from kvarter.judgement import (
    Judge,
    Judgement,
    bridges,
    case_systems,
    dispersions,
    interventions,
    judge_all,
    judge_distance,
    systems_table,
    widened,
    with_intervals,
)
from kvarter.judgement.dispersion import Dispersions
from kvarter.notes import Note
from kvarter.pipeline.joins import (
    note_areas,
    note_borders,
    note_extracts,
    note_unused,
    note_years,
    require_own_addresses,
)
from kvarter.pipeline.stage import way
from kvarter.policy import Policy
from kvarter.policy.designation import sets_compared
from kvarter.policy.model import CITY, EditionDefinition
from kvarter.register import entrances_of, read_register
from kvarter.register.read import ReadRegister
from kvarter.review.decisions import look_up, read_decisions
from kvarter.review.file import write_review
from kvarter.review.uncertain import by_hand, decide, place_outside
from kvarter.statement import Statement
from kvarter.tables import public_tables, table


@dataclass(frozen=True)
class Extracts:
    """What is to be read: all that the policy names, relative to the folder `home`.

    pseudonyms: None for a policy without extracts.
    strict: a row that has to be set aside stops the run.
    """

    policy: Policy
    home: Path
    pseudonyms: Pseudonyms | None
    strict: bool = False


@dataclass(frozen=True)
class Task:
    """Which edition is to be made, of the policy as the edition can know it.

    released: all that was published before.
    statement: what people write of the edition; no figure depends on it.
    """

    policy: Policy
    home: Path
    definition: EditionDefinition
    released: Released
    statement: Statement


@dataclass(frozen=True)
class Read:
    """Every file of the policy but for the areas: cases, the register, layers and decisions."""

    cases: pl.DataFrame
    ledger: Ledger
    register: ReadRegister
    decisions: pl.DataFrame
    layers: dict[str, dict[str, Outline]]
    profiles: dict[str, Profile]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Located:
    """The cases with the addresses they were found at, or that were decided by hand.

    entrances: those of the whole register, with `place, x, y, municipality_code`.
    """

    cases: pl.DataFrame
    ledger: Ledger
    decisions: pl.DataFrame
    entrances: pl.DataFrame


@dataclass(frozen=True)
class Placed:
    """The cases with the areas they lie in.

    in_areas: `place, area` of every entrance that lies in one.
    places: what statistics by entrance or unit are placed by, in all area sets that count.
    figures, levels: what was released before, of indicators and of criteria.
    """

    cases: pl.DataFrame
    ledger: Ledger
    areas: AreaPolygons
    in_areas: pl.DataFrame
    places: Places
    figures: pl.DataFrame
    levels: pl.DataFrame
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Background:
    """What an edition says besides its figures.

    tables: `ledger`, `rows` and `decisions`, which stay in the house.
    sources: how the file of each source was written.
    rows_by_outcome, by_hand: counts, as in `InternalEdition`.
    """

    geography: Geography
    sources: pl.DataFrame
    tables: dict[str, pl.DataFrame]
    rows_by_outcome: dict[str, dict[str, int]]
    by_hand: dict[str, int]


@dataclass(frozen=True)
class Deduplicated:
    """Households and persons, one row for each row that was read in its kind and year.

    tally: cases and rows counted by all that is asked of them later.
    overlaps: of case systems that were in use at once, in columns BRIDGE.
    lost: years that lost too many rows, with small numbers of them as large as they can be;
        exactly_lost: with these as they are.
    """

    cases: pl.DataFrame
    tally: Tally
    background: Background
    overlaps: pl.DataFrame
    lost: Lost
    exactly_lost: Lost
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Figures:
    """What was measured: the figures of indicators, the amounts of criteria.

    parts: which kinds of case are part of which, and so are protected together.
    before, levels_before: figures and levels of criteria that were released before.
    notes: all that a reader must know of the data.
    """

    measured: Measured
    criteria: list[Cells]
    parts: dict[str, str]
    before: pl.DataFrame
    levels_before: pl.DataFrame
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Suppressed:
    """The figures and the numbers of rows that may be shown.

    policy: with the kinds that were found to be part of another.
    results: the figures, with intervals by how counts scatter among those shown (`spread`).
    rows: what may be published of the rows of each kind of case.
    """

    policy: Policy
    protected: Protected
    results: pl.DataFrame
    spread: Dispersions
    rows: dict[str, RowCounts]


@dataclass(frozen=True)
class Judged:
    """Everything that is judged, with nothing hidden in it yet.

    measures: the figures with intervals; judgement: what is judged of them, with years that lost
    too many rows by `Deduplicated.lost`; verdicts: the same by `exactly_lost`, for the analyst.
    distance, overall: of the criteria. effects: of interventions, from the figures that are shown.
    """

    measures: pl.DataFrame
    judgement: Judgement
    judge: Judge
    verdicts: pl.DataFrame
    distance: pl.DataFrame
    overall: pl.DataFrame
    effects: pl.DataFrame


@dataclass(frozen=True)
class Written:
    """Where an edition lies."""

    folder: Path


def read(extracts: Extracts, engine: Engine) -> Read:
    """Read every file that the policy names, but for the areas.

    Raises InputError where one cannot be used.
    """
    policy, home = extracts.policy, extracts.home
    ledger, cases = Ledger(), table("cases").empty()
    profiles: dict[str, Profile] = {}
    layers = {name: read_layer(layer, home) for name, layer in policy.layers.items()}
    register = read_register(engine, home, policy.register_)
    notes = (*register.notes, *(note for layer in layers.values() for note in layer.notes))
    if extracts.pseudonyms is not None:
        found = read_sources(policy, home, extracts.pseudonyms, ledger, strict=extracts.strict)
        cases, profiles, notes = found.cases, found.profiles, (*notes, *found.notes)
    decisions = read_decisions(home / name for name in policy.decision_files())
    return Read(cases, ledger, register, decisions, {**layers}, profiles, notes)


def match(extracts: Extracts, engine: Engine, read: Read) -> Located:
    """Find every address of the extracts in the register; what was decided by hand wins."""
    policy, register = extracts.policy, read.register.table
    file = extracts.home / policy.register_.file if policy.register_ else None
    index = index_of(engine, register, file)
    cases = match_cases(read.cases, index)
    decisions = look_up(read.decisions, index, engine, register)
    cases = decide(cases, decisions)
    read.ledger.note_match(cases)
    entrances = entrances_of(engine, register)
    require_own_addresses(policy, entrances, extracts.home)
    return Located(cases, read.ledger, decisions, entrances)


def place(task: Task, read: Read, located: Located) -> Placed:
    """Place the cases in the areas of the edition, whose outlines are read here.

    Only the sources that the edition can know are kept. Raises InputError where the areas and the
    register do not fit together.
    """
    policy, edition, home = task.policy, task.definition, task.home
    sources = [source.id for source in policy.sources]
    ledger = located.ledger.of_sources(sources)
    cases, entrances = located.cases.filter(pl.col("source").is_in(sources)), located.entrances
    areas = read_areas(policy.area_set(edition.area_set), home)
    compared = {each.id: read_areas(each, home) for each in sets_compared(policy, edition)}
    own = entrances.filter(pl.col("municipality_code") == policy.municipality.code)
    in_areas = place_points(entrances, areas)
    if not own.is_empty() and in_areas.join(own, on="place", how="semi").is_empty():
        raise InputError.of(
            "no address of the municipality lies in any of the areas",
            "Check `crs` and the file of the areas, and the municipality's code.",
            home / policy.area_set(edition.area_set).file,
            field=f"area_sets[{edition.area_set}]",
        )
    cases = place_outside(place_cases(cases, entrances, in_areas, policy.municipality.code))
    ledger.note_place(cases)
    figures, levels = parted(task.released.figures)
    of_sets = {edition.area_set: areas} | compared | _released_sets(policy, edition, home, figures)
    places = Places.of(entrances, policy, read.layers, of_sets)
    own_set = pl.col("area_set") == edition.area_set
    units_in_areas = {name: units.filter(own_set) for name, units in places.units_lie_in.items()}
    notes = [
        *note_areas(policy, areas, in_areas, own, units_in_areas),
        *(note for each in (areas, *compared.values()) for note in each.notes),
        *note_borders(areas, read.layers),
    ]
    return Placed(
        cases=cases,
        ledger=ledger,
        areas=areas,
        in_areas=in_areas,
        places=places,
        figures=figures,
        levels=levels,
        notes=tuple(notes),
    )


def deduplicate(task: Task, read: Read, located: Located, placed: Placed) -> Deduplicated:
    """Unite the rows of a household or person in a year to one case, and count what became of all.

    Raises LedgerError where a row has no outcome in the end, or two.
    """
    policy, ledger = task.policy, placed.ledger
    united = deduplicate_all(placed.cases, policy.case_kinds, ledger)
    cases, settled, entries = united.cases, ledger.settle(), ledger.table()
    background = Background(
        geography=Geography.of(
            *(placed.areas, read.layers, located.entrances, placed.in_areas),
            policy.municipality.code,
        ),
        sources=table("sources").frame(
            (name, one.encoding, one.layout, one.header_line) for name, one in read.profiles.items()
        ),
        tables={"ledger": entries, "rows": cases, "decisions": located.decisions},
        rows_by_outcome=rows_by_outcome(settled, list(read.profiles)),
        by_hand=by_hand(cases, located.decisions),
    )
    return Deduplicated(
        cases=cases,
        tally=tally(cases, settled, policy.case_kinds, policy.sources),
        background=background,
        overlaps=bridges(policy, cases, placed.in_areas),
        lost=lost_years(policy, cases, entries),
        exactly_lost=lost_years(policy, cases, entries, exactly=True),
        notes=tuple(united.notes),
    )


def measure(
    task: Task, engine: Engine, read: Read, placed: Placed, deduplicated: Deduplicated
) -> Figures:
    """Count the cases, and divide them: the figures of every indicator, year and group."""
    policy, edition, cases = task.policy, task.definition, deduplicated.cases
    areas, places = placed.areas, placed.places
    quantities = Quantities(policy, task.home, cases, places)
    measured = measure_all(engine, policy, edition, quantities)
    parts, of_parts = find_parts(cases, measured.cube, policy)
    criteria = read_criteria(engine, policy, edition, quantities)
    notes = [
        *read.notes,
        *deduplicated.notes,
        *measured.notes,
        *of_parts,
        *note_extracts(policy, cases, deduplicated.background.tables["ledger"]),
        *placed.notes,
        *note_years(policy, edition, measured),
        *note_unused(policy, edition, measured),
        *note_lost(policy, edition, deduplicated.lost),
    ]
    for name, units in places.units.items():
        notes += note_split(name, split_units(units, areas))
    each_once = tuple(note for at, note in enumerate(notes) if note not in notes[:at])
    return Figures(measured, criteria, parts, placed.figures, placed.levels, each_once)


def suppress(task: Task, deduplicated: Deduplicated, figures: Figures) -> Suppressed:
    """Choose which figures and which numbers of rows are not shown.

    How counts scatter is found from the figures that are shown, and all is judged by it, so that
    no interval reveals a hidden one.
    """
    policy = task.policy.with_parts(figures.parts)
    measured = figures.measured
    measures = with_intervals(measured.measures, policy)
    protected = protect_figures(
        *(measures, policy, measured.cube, figures.before, task.definition.area_set)
    )
    spread = dispersions(protected.results, policy)
    results = widened(protected.results, policy, spread)
    rows = choose_row_counts(
        *(deduplicated.tally.rows, policy, task.definition, results, task.released.rows)
    )
    return Suppressed(policy, protected, results, spread, rows)


def judge(
    task: Task, deduplicated: Deduplicated, figures: Figures, suppressed: Suppressed
) -> Judged:
    """Judge every reading of every target, and the distance of the criteria."""
    policy, edition, spread = suppressed.policy, task.definition, suppressed.spread
    measures = with_intervals(figures.measured.measures, policy, spread)
    lost = deduplicated.lost
    judge = Judge(
        *(edition, case_systems(policy, deduplicated.tally.systems), deduplicated.overlaps),
        *(lost, spread),
    )
    judgement = judge_all(measures, policy, deduplicated.tally, judge)
    distance, overall = judge_distance(figures.criteria, task.policy, edition)
    return Judged(
        measures=measures,
        judgement=judgement,
        judge=judge,
        verdicts=replace(judge, lost=deduplicated.exactly_lost)(measures, policy),
        distance=distance,
        overall=overall,
        effects=interventions(without_lost(suppressed.results, policy, lost), policy, edition),
    )


def protect(
    task: Task,
    deduplicated: Deduplicated,
    figures: Figures,
    suppressed: Suppressed,
    judged: Judged,
) -> InternalEdition:
    """Take out what rests on a hidden figure, and attack what is left.

    Raises DisclosureError where a hidden number can be worked out.
    """
    policy, edition, results = suppressed.policy, task.definition, suppressed.results
    protected, rows = suppressed.protected, suppressed.rows
    judgement = protect_judgement(judged.judgement, results, policy, edition, rows)
    attackers = FigureAttackers(
        *(results, judgement, policy, figures.measured.cube, protected.released, edition.area_set)
    )
    of_figures = audit(protected.sensitive, attackers)
    judgement = words_held_back(
        *(judged.measures, judgement, protected.sensitive, attackers, judged.judge)
    )
    of_results = published_by_results(results, figures.criteria, policy, edition)
    levels = pl.concat([figures.levels_before, of_results])
    distance = protect_distance(judged.distance, judged.overall, figures.criteria, policy, levels)
    of_levels = audit(
        distance.sensitive(), LevelAttackers(distance.distance, figures.criteria, policy, levels)
    )
    of_rows = audit(sensitive_rows(rows), RowAttackers(rows, judgement.missing, results))
    schema = table("results").schema
    tables = {
        "results": results.select(
            pl.lit(edition.id).alias("edition"),
            *(pl.col(name).cast(dtype) for name, dtype in schema.items() if name != "edition"),
        ),
        "verdicts": judgement.verdicts,
        "gaps": judgement.gaps,
        "trends": judgement.trends,
        "bridges": judgement.bridges,
        "totals": judgement.totals,
        "missing": judgement.missing,
        "sensitivity": judgement.sensitivity,
        "interventions": judged.effects,
        "row_outcomes": row_outcomes(rows),
        "not_placed": not_placed(rows),
        "case_systems": systems_table(judgement.systems),
        "sources": deduplicated.background.sources,
    }
    if policy.ambition is not None:
        tables |= {"distance": distance.distance, "distance_overall": distance.overall}
    by = ["indicator", "period", "cell"]  # so that the same status gives the same bytes
    background = deduplicated.background
    hand = background.by_hand["rows"]
    return InternalEdition(
        public=Edition(
            policy=task.policy,
            definition=edition,
            statement=task.statement,
            tables={name: tables[name] for name in public_tables() if name in tables},
            observations=tuple(judgement.observations),
            notes=tuple(note.without_counts() for note in figures.notes),
            geography=background.geography,
            rows_by_hand=None if 0 < hand < policy.disclosure_of_rows().threshold else hand,
        ),
        tables={
            **background.tables,
            "disclosure": pl.concat([protected.choices, distance.rows(), choices_of(rows)]),
            "alternatives": alternatives(judged.measures, results, policy),
            "audit": pl.concat([of_figures, of_rows, of_levels]).sort(by),
            "rows_told": published_cells(rows),
            "exact_results": judged.measures,
            "exact_verdicts": judged.verdicts,
        },
        rows_by_outcome=background.rows_by_outcome,
        by_hand=background.by_hand,
        notes=figures.notes,
    )


def write(options: RunOptions, record: Record, made: InternalEdition) -> Written:
    """Write everything of a status, whole or not at all. Raises InputError where it cannot."""
    # To draw and to write takes libraries that `check` does without.
    from kvarter.documents.write import Wanted
    from kvarter.pipeline.write import template_of, write_public

    with write_aside(options.place, RECORD, REVIEWS) as aside:
        save_internal(made, aside)
        if made.policy.sources:
            write_review(made.rows, aside / INTERNAL, options.language)
        template = template_of(made.policy, options.home)
        wanted = Wanted(options.language, template, tell=record.part("write"))
        write_public(made.public, aside, wanted)
        record.write(aside, options, made)
    return Written(options.place)


LOCATE = way((Extracts, Engine), read, match)
"""What is the same for every edition."""

COUNT = way((Engine, Read, Located, Task), place, deduplicate, measure)
"""What is made anew for each edition, to its figures."""

CONCLUDE = way((Task, Deduplicated, Figures), suppress, judge, protect)
"""From figures to an edition."""

WRITE = way((RunOptions, Record, InternalEdition), write)

STAGES = (*LOCATE, *COUNT, *CONCLUDE, *WRITE)


def _released_sets(
    policy: Policy, edition: EditionDefinition, folder: Path, released: pl.DataFrame
) -> dict[str, AreaPolygons]:
    """The areas of other sets that figures were `released` of, where the policy has them yet."""
    of_other = released.filter((pl.col("area_set") != edition.area_set) & (pl.col("group") != CITY))
    wanted = set(of_other["area_set"])
    return {each.id: read_areas(each, folder) for each in policy.area_sets if each.id in wanted}
