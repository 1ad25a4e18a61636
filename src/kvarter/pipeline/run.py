"""The story: a policy and its extracts -> a status. Read it top to bottom.

extract --read--> cases --match--> located --place--> in areas --unite--> households/persons
        (what the match is not sure of goes to a review; what was decided there wins)
        --count--> measures --judge--> verdicts --protect--> status --write--> report, files
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import polars as pl

from kvarter.addresses import index_of, match_cases
from kvarter.areas import (
    AreaPolygons,
    Outline,
    place_cases,
    place_points,
    place_units,
    read_areas,
    read_layer,
    split_units,
)
from kvarter.cases import Ledger, Pseudonyms, read_sources, unite_all
from kvarter.cases.key import find_key
from kvarter.disclosure import (
    Attackers,
    alternatives,
    audit,
    audit_distance,
    audit_fates,
    choices_of,
    choose_fates,
    find_parts,
    protect,
    protect_distance,
    protect_judgement,
    told_by_results,
    told_cells,
    words_held_back,
)
from kvarter.disclosure.ground import WITHIN
from kvarter.editions.record import Asked, Record, input_files, look_at
from kvarter.editions.releases import (
    Released,
    drafts_beside,
    ledger_hash,
    parted,
    read_releases,
)
from kvarter.editions.status import Ground, Status
from kvarter.engine import Engine
from kvarter.errors import InputError, PolicyError, Problem
from kvarter.files import Profile
from kvarter.files.outputs import internal_folder, refuse_to_replace, write_aside
from kvarter.indicators import (
    Cells,
    Lost,
    Measured,
    Places,
    lost_years,
    measure_all,
    note_lost,
    note_split,
    read_criteria,
    without_lost,
)
from kvarter.judgement import (
    dispersions,
    interventions,
    judge,
    judge_all,
    judge_distance,
    widened,
    with_intervals,
)
from kvarter.notes import Note
from kvarter.pipeline.joins import (
    note_areas,
    note_borders,
    note_extracts,
    note_unused,
    note_years,
    require_own_addresses,
)
from kvarter.policy import Policy, load_policy
from kvarter.policy.designation import sets_compared
from kvarter.policy.model import CITY, Edition, InUnit, Language
from kvarter.policy.unfilled import unfilled
from kvarter.register import entrances_of, read_register
from kvarter.review.decisions import look_up, read_decisions
from kvarter.review.file import refuse_to_lose, write_review
from kvarter.review.uncertain import decide, place_outside
from kvarter.tables import table

STAGES = ["read", "match", "place", "unite", "count", "judge", "protect", "write"]
Tell = Callable[[str], None]
"""Called with the name of each stage as it begins."""


def run(
    policy_file: str | Path,
    *,
    edition: str | None = None,
    out: str | Path | None = None,
    language: Language = "da",
    strict: bool = False,
    key_file: str | Path | None = None,
    tell: Tell = lambda stage: None,
) -> Status:
    """Make the status of an edition (the last in the policy) and write it to `out/EDITION`.

    `out`: the folder `status` beside the policy file, unless given.
    Returns the status: its tables are Polars frames, with hidden figures null. Raises
    KvarterError, and writes nothing, where the policy or a file cannot be used, where the ledger
    does not add up, or, if `strict`, where a row is invalid.
    """
    path = Path(policy_file)
    seen = look_at(path)
    policy = load_policy(path)
    chosen = choose_edition(policy, edition, path)
    policy = policy.as_of(chosen)
    pseudonyms = find_key(Path(key_file) if key_file else None) if policy.sources else None
    statuses = statuses_of(path) if out is None else Path(out)
    place = statuses / chosen.id
    refuse_to_replace(place)
    if policy.word_template is not None:  # before all that takes long
        from kvarter.documents.word_template import check_template

        check_template(path.parent / policy.word_template)
    record = Record(tell)
    seen |= look_at(*(path.parent / name for name in input_files(policy, chosen)))
    asked = Asked(path, path.parent, seen, place, language, strict, ledger_hash(statuses))
    status = make_status(
        policy,
        path.parent,
        chosen,
        pseudonyms,
        record,
        strict=strict,
        released=read_releases(statuses, asked.releases),
    )
    refuse_to_lose(status.decisions, place)
    write_status(status, asked, record)
    # What lies beside it is no part of the status, which can be made again without.
    more = [*drafts_beside(statuses, chosen.id), *note_unfilled(path)]
    return replace(status, notes=[*status.notes, *more])


def statuses_of(policy_file: Path) -> Path:
    """Where the statuses of a policy lie, unless they are put elsewhere: beside it."""
    return policy_file.parent / "status"


def note_unfilled(policy_file: Path) -> list[Note]:
    """How many marks of `kvarter init` nobody has taken away."""
    marks = unfilled(policy_file)
    note = Note(
        "{file}: {count} {count:line is|lines are} still marked to be filled in, the first is line "
        "{line}.",
        {"file": policy_file.name, "count": len(marks), "line": marks[0][0] if marks else 0},
    )
    return [note] if marks else []


def internal_tables_of(status: Status) -> dict[str, pl.DataFrame]:
    """Every table of a status that stays in the house, by name."""
    return {
        "ledger": status.ledger,
        "rows": status.rows,
        "disclosure": status.choices,
        "alternatives": status.alternatives,
        "audit": status.told,
        "exact_results": status.exact["results"],
        "exact_verdicts": status.exact["verdicts"],
        "rows_told": told_cells(status.fates),
    }


def write_status(status: Status, asked: Asked, record: Record) -> None:
    """Write everything of a status, whole or not at all. Raises InputError where it cannot."""
    # To draw and to write takes libraries that `check` does without.
    from kvarter.documents import write_claims, write_documents
    from kvarter.exports import write_data

    with record.stage("write"), write_aside(asked.place) as aside:
        write_data(status, aside, asked.language)
        internal = internal_folder(aside)
        for name, frame in internal_tables_of(status).items():
            table(name).write(frame, internal)
        if status.policy.sources:
            write_review(status.rows, internal, asked.language)
        write_claims(status, internal / "claims.csv", asked.language)
        template = status.policy.word_template
        own = None if template is None else asked.home / template
        write_documents(status, aside, asked.language, own, record.part("write"))
        record.write(
            *(aside, asked, status.policy, status.edition),
            counts=status.rows_by_outcome(),
            decisions=status.by_hand(),
        )


@dataclass(frozen=True)
class Located:
    """The cases with the addresses they were found at, and what else is read for any edition.

    `cases` are matched and decided; `entries` of the ledger are in `ledger`; `entrances`: those of
    the whole register.
    """

    engine: Engine
    ledger: Ledger
    cases: pl.DataFrame
    decisions: pl.DataFrame
    entrances: pl.DataFrame
    layers: dict[str, dict[str, Outline]]
    profiles: dict[str, Profile]
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Counted:
    """The first half of a run: all that is counted for an edition, and nothing judged yet.

    `lost`: years that lost too many rows, with small numbers of them as large as they can be;
    `exactly_lost`: with these as they are. `figures` and `levels`: what was released before, see
    `releases.parted`. `parts`: which kinds of case are part of which.
    """

    cases: pl.DataFrame
    ledger: Ledger
    settled: pl.DataFrame
    areas: AreaPolygons
    in_areas: pl.DataFrame
    measured: Measured
    lost: Lost
    exactly_lost: Lost
    criteria: list[Cells]
    figures: pl.DataFrame
    levels: pl.DataFrame
    parts: dict[str, str]
    notes: tuple[Note, ...]


def locate(
    policy: Policy,
    folder: Path,
    pseudonyms: Pseudonyms | None,
    record: Record,
    *,
    strict: bool = False,
) -> Located:
    """Read what the policy names, and find every address of its extracts in the register.

    `folder`: what the paths in the policy are relative to. `pseudonyms` may be None for a policy
    without extracts. Raises InputError where a file cannot be used.
    """
    engine, ledger = Engine(), Ledger()
    cases = table("cases").empty()
    profiles: dict[str, Profile] = {}
    with record.stage("read"):
        read_layers = {name: read_layer(layer, folder) for name, layer in policy.layers.items()}
        layers: dict[str, dict[str, Outline]] = {**read_layers}
        addresses = read_register(engine, folder, policy.register_)
        register, notes = addresses.table, addresses.notes
        notes += tuple(note for layer in read_layers.values() for note in layer.notes)
        if pseudonyms is not None:
            read = read_sources(policy, folder, pseudonyms, ledger, strict=strict)
            cases, profiles, notes = read.cases, read.profiles, (*notes, *read.notes)
        decisions = read_decisions(folder / name for name in policy.decision_files())
    with record.stage("match"):
        file = folder / policy.register_.file if policy.register_ else None
        index = index_of(engine, register, file)
        cases = match_cases(cases, index)
        decisions = look_up(decisions, index, engine, register)
        cases = decide(cases, decisions)
        ledger.note_match(cases)
        entrances = entrances_of(engine, register)
        require_own_addresses(policy, entrances, folder)
    return Located(engine, ledger, cases, decisions, entrances, layers, profiles, notes)


def count(
    located: Located,
    policy: Policy,
    folder: Path,
    edition: Edition,
    record: Record,
    released: Released | None = None,
) -> Counted:
    """Place the cases in the areas of an edition, unite them, and count: what is judged after.

    `policy`: as of the edition; cases of its sources alone are counted. `released`: all that was
    published before. Raises InputError where the areas and the register do not fit together.
    """
    before = released or Released()
    sources = [source.id for source in policy.sources]
    ledger = located.ledger.of_sources(sources)
    cases, entrances = located.cases.filter(pl.col("source").is_in(sources)), located.entrances
    with record.stage("place"):
        areas = read_areas(policy.area_set(edition.area_set), folder)
        compared = {each.id: read_areas(each, folder) for each in sets_compared(policy, edition)}
        own = entrances.filter(pl.col("municipality_code") == policy.municipality.code)
        in_areas = place_points(entrances, areas)
        if not own.is_empty() and in_areas.join(own, on="place", how="semi").is_empty():
            raise InputError(
                Problem(
                    "no address of the municipality lies in any of the areas",
                    "Check `crs` and the file of the areas, and the municipality's code.",
                    str(folder / policy.area_set(edition.area_set).file),
                    field=f"area_sets[{edition.area_set}]",
                )
            )
        cases = place_outside(place_cases(cases, entrances, in_areas, policy.municipality.code))
        ledger.note_place(cases)
        units = {
            statistic.located_by.layer: located.layers[statistic.located_by.layer]
            for statistic in policy.statistics
            if isinstance(statistic.located_by, InUnit)
        }
        figures, levels = parted(before.figures)
        figures, other_sets = find_other_sets(policy, edition, folder, figures)
        places = Places(
            own,
            in_areas,
            units,
            {name: place_units(unit, areas) for name, unit in units.items()},
            within_sets(other_sets, partial(place_points, entrances)),
            {
                name: within_sets(other_sets, partial(place_units, unit))
                for name, unit in units.items()
            },
            entrances.join(own, on="place", how="anti")["place"],
        )
        placed = {
            set_id: Places(
                *(own, place_points(own, then), units),
                {n: place_units(u, then) for n, u in units.items()},
                elsewhere=places.elsewhere,
            )
            for set_id, then in compared.items()
        }
    with record.stage("unite"):
        united = unite_all(cases, policy.case_kinds, ledger)
        cases = united.cases
        settled = ledger.settle()
        lost = lost_years(policy, cases, ledger.table())
        exactly_lost = lost_years(policy, cases, ledger.table(), exactly=True)
    with record.stage("count"):
        engine = located.engine
        measured = measure_all(engine, policy, edition, folder, cases, places, list(areas.outlines))
        parts, of_parts = find_parts(cases, measured.pieces, policy)
        criteria, more = read_criteria(policy, folder, cases, placed) if placed else ([], [])
        notes = [*located.notes, *united.notes, *measured.notes, *of_parts, *more]
        notes += [
            *note_extracts(policy, cases, ledger.table()),
            *note_areas(policy, areas, in_areas, own, places.units_in_areas),
            *(note for each in (areas, *compared.values()) for note in each.notes),
            *note_borders(areas, located.layers),
            *note_years(policy, edition, measured),
            *note_unused(policy, edition, measured),
            *note_lost(policy, edition, lost),
        ]
        notes += [n for name, u in units.items() for n in note_split(name, split_units(u, areas))]
    return Counted(
        cases=cases,
        ledger=ledger,
        settled=settled,
        areas=areas,
        in_areas=in_areas,
        measured=measured,
        lost=lost,
        exactly_lost=exactly_lost,
        criteria=criteria,
        figures=figures,
        levels=levels,
        parts=parts,
        notes=tuple(note for at, note in enumerate(notes) if note not in notes[:at]),
    )


def make_status(
    policy: Policy,
    folder: Path,
    edition: Edition,
    pseudonyms: Pseudonyms | None,
    record: Record,
    *,
    strict: bool = False,
    released: Released | None = None,
) -> Status:
    """The whole way from extracts to a protected status, without writing anything.

    `folder`, `pseudonyms`, `released`: as in `locate` and `count`.
    """
    before = released or Released()
    located = locate(policy, folder, pseudonyms, record, strict=strict)
    counted = count(located, policy, folder, edition, record, before)
    cases, in_areas, pieces = counted.cases, counted.in_areas, counted.measured.pieces
    with record.stage("judge"):
        measures = with_intervals(counted.measured.measures, policy)
        distance, overall = judge_distance(counted.criteria, policy, edition)
    with record.stage("protect"):
        policy = policy.with_parts(counted.parts)
        protected = protect(measures, policy, pieces, counted.figures)
        # How counts scatter is found from the figures that are shown, and all is judged by it, so
        # that no interval tells a hidden one.
        spread = dispersions(protected.results, policy)
        measures = with_intervals(counted.measured.measures, policy, spread)
        results = widened(protected.results, policy, spread)
        judgement = judge_all(measures, policy, edition, cases, in_areas, counted.lost, spread)
        exactly = (judgement.systems, judgement.bridges, counted.exactly_lost, spread)
        exact = {"results": measures, "verdicts": judge(measures, policy, edition, *exactly)}
        fates = choose_fates(cases, counted.settled, policy, edition, results, before.rows)
        judgement = protect_judgement(judgement, results, policy, edition, fates)
        choices = pl.concat([protected.choices, choices_of(fates)])
        attackers = Attackers(results, judgement, policy, pieces, protected.released)
        told = audit(attackers, protected.sensitive)
        judgement = words_held_back(
            *(measures, judgement, protected.sensitive, attackers),
            lambda world, goals: judge(
                *(world, goals, edition, judgement.systems, judgement.bridges),
                *(counted.lost, spread),
            ),
        )
        # From the figures that are shown, so that an estimate tells no hidden one.
        effects = interventions(without_lost(results, policy, counted.lost), policy, edition)
        criteria = counted.criteria
        levels = pl.concat([counted.levels, told_by_results(results, criteria, policy, edition)])
        protected_distance = protect_distance(distance, overall, criteria, policy, levels)
        of_distance = audit_distance(protected_distance, criteria, policy, levels)
        of_fates = audit_fates(fates, judgement.missing, results)
        told = pl.concat([told, of_fates, of_distance])
    located.engine.close()
    layers, entrances = located.layers, located.entrances
    return Status(
        policy=policy,
        edition=edition,
        results=results,
        judgement=judgement,
        ledger=counted.ledger.table(),
        settled=counted.settled,
        rows=cases,
        decisions=located.decisions,
        profiles=located.profiles,
        ground=Ground.of(counted.areas, layers, entrances, in_areas, policy.municipality.code),
        fates=fates,
        choices=choices,
        alternatives=alternatives(measures, results, policy),
        told=told,
        effects=effects,
        notes=list(counted.notes),
        distance=protected_distance.distance,
        distance_overall=protected_distance.overall,
        exact=exact,
    )


def find_other_sets(
    policy: Policy, edition: Edition, folder: Path, released: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, AreaPolygons]]:
    """What was released of other area sets, and the areas of those that the policy still has.

    `released` with the groups of another set written `SET/GROUP`, but for the whole city.
    """
    is_other = (pl.col("area_set") != edition.area_set) & (pl.col("group") != CITY)
    named = pl.when(is_other).then(pl.col("area_set") + WITHIN + pl.col("group"))
    wanted = set(released.filter(is_other)["area_set"])
    return released.with_columns(named.otherwise("group").alias("group")), {
        each.id: read_areas(each, folder) for each in policy.area_sets if each.id in wanted
    }


def within_sets(
    sets: dict[str, AreaPolygons], place: Callable[[AreaPolygons], pl.DataFrame]
) -> pl.DataFrame:
    """`place, area` of several area sets, the areas written `SET/AREA`."""
    tables = [
        place(areas).select("place", area=pl.lit(name + WITHIN) + pl.col("area"))
        for name, areas in sets.items()
    ]
    nothing = pl.DataFrame(schema={"place": pl.String, "area": pl.String})
    return pl.concat([nothing, *tables])


def choose_edition(policy: Policy, wanted: str | None, path: Path) -> Edition:
    """The edition called `wanted`, else the last of the policy. Raises PolicyError for none."""
    if wanted is None:
        return policy.editions[-1]
    known = {edition.id: edition for edition in policy.editions}
    if wanted not in known:
        raise PolicyError(
            Problem(
                f"there is no edition called {wanted!r}",
                f"The policy has: {', '.join(known)}.",
                str(path),
                field="--edition",
            )
        )
    return known[wanted]
