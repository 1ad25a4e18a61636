"""`kvarter run`: a policy and its extracts to a status, by the way in `kvarter.pipeline.stages`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kvarter.cases.key import find_key
from kvarter.editions import InternalEdition, open_internal
from kvarter.editions.folder import INTERNAL, RECORD, REVIEWS
from kvarter.editions.record import (
    Record,
    RunOptions,
    input_files,
    look_at,
    note_statement,
    says_the_same,
    still_fits,
)
from kvarter.editions.releases import drafts_beside, ledger_hash, read_releases
from kvarter.errors import PolicyError
from kvarter.files.outputs import refuse_to_replace
from kvarter.notes import Note
from kvarter.policy import Policy, load_policy
from kvarter.policy.model import EditionDefinition, Language
from kvarter.policy.unfilled import unfilled
from kvarter.review.file import refuse_to_lose
from kvarter.statement import Statement, statement_file, statement_of

if TYPE_CHECKING:
    from kvarter.pipeline.runner import Known
    from kvarter.pipeline.stages import Extracts, Task

Tell = Callable[[str], None]
"""Called with the name of each stage as it begins."""


def run(  # noqa: PLR0913 the choices of one who calls it, each by its name
    policy_file: str | Path,
    *,
    edition: str | None = None,
    out: str | Path | None = None,
    language: Language = "da",
    strict: bool = False,
    key_file: str | Path | None = None,
    again: bool = False,
    home: str | Path | None = None,
    tell: Tell = lambda stage: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> InternalEdition:
    """Make the status of an edition (the last in the policy) and write it to `out/EDITION`.

    `out`: the folder `status` beside the policy file, unless given. A status that was made of the
    same by the same program is opened and not made, unless `again`; where only the statement is
    another, its documents alone are written again. `home`: where the record says that the inputs
    lie, where the policy file is read from a folder of links to them. `tell` is called with the
    name of each stage; between two of them, `cancelled` is asked whether to stop.

    Returns the edition with all that stays in the house; `public` is what may be shown. Raises
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
    refuse_to_replace(place, RECORD, REVIEWS)
    if policy.word_template is not None:  # before all that takes long
        from kvarter.documents.word_template import check_template

        check_template(path.parent / policy.word_template)
    file = statement_file(path.parent, chosen.id)
    seen |= look_at(file, *(path.parent / name for name in input_files(policy, chosen)))
    statement = statement_of(path.parent, chosen.id, policy)
    key = pseudonyms.fingerprint() if pseudonyms else ""
    options = RunOptions(
        *(path, path.parent, seen, place, language, strict, ledger_hash(statuses), key),
        statement=note_statement(file, seen),
        lies_in=Path(home) if home else None,
    )
    # What lies beside it is no part of the status, which can be made again without.
    beside = [*drafts_beside(statuses, chosen.id), *note_unfilled(path)]
    if not again and still_fits(policy, chosen, options):
        made = _opened(options, statement, tell)
    else:
        # They load all that a status is made with, and one that still fits is not made.
        from kvarter.pipeline.runner import take
        from kvarter.pipeline.stages import WRITE, Extracts, Task

        record = Record(tell)
        released = read_releases(statuses, options.releases)
        extracts = Extracts(policy, path.parent, pseudonyms, strict)
        task = Task(policy, path.parent, chosen, released, statement)
        known = make(extracts, task, record, cancelled)
        made = known.of(InternalEdition)
        refuse_to_lose(made.decisions, place, place / INTERNAL)
        take(WRITE, known.with_(options, record), record, cancelled)
    return replace(made, notes=(*made.notes, *beside))


def _opened(options: RunOptions, statement: Statement, tell: Tell) -> InternalEdition:
    """A status that still fits; written with another statement, where there is another now."""
    made = open_internal(options.place)
    if says_the_same(made.record, options):
        tell("skip")
        return made
    # With libraries that a status as it was needs not.
    from kvarter.documents.write import Wanted
    from kvarter.pipeline.write import rewrite

    tell("rewrite")
    edition = replace(made.public, statement=statement)
    record = {**made.record, "statement": options.statement}
    wanted = Wanted(options.language, tell=lambda part: tell(f"rewrite: {part}"))
    rewrite(options.place, edition, record, wanted)
    return open_internal(options.place)


def make(
    extracts: Extracts,
    task: Task,
    record: Record,
    cancelled: Callable[[], bool] = lambda: False,
) -> Known:
    """An edition, and all that was known on the way to it; nothing is written."""
    from kvarter.engine import Engine
    from kvarter.pipeline.runner import Known, take
    from kvarter.pipeline.stages import CONCLUDE, COUNT, LOCATE

    engine = Engine()
    known = take((*LOCATE, *COUNT, *CONCLUDE), Known(extracts, task, engine), record, cancelled)
    engine.close()
    return known


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


def choose_edition(policy: Policy, wanted: str | None, path: Path) -> EditionDefinition:
    """The edition called `wanted`, else the last of the policy. Raises PolicyError for none."""
    if wanted is None:
        return policy.editions[-1]
    known = {edition.id: edition for edition in policy.editions}
    if wanted not in known:
        raise PolicyError.of(
            f"there is no edition called {wanted!r}",
            f"The policy has: {', '.join(known)}.",
            path,
            field="--edition",
        )
    return known[wanted]
