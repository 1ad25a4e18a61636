"""The demo's edition in the making: eighteen goals of seven administrations, in every state.

Titles and administrations are those of the example's policy, which says which of them are made up.
All that is written is made up.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kvarter.web.accounts.models import User
    from kvarter.web.goals.models import GoalInEdition

ADMINISTRATIONS = {
    "sof": "Socialforvaltningen",
    "oekf": "Økonomiforvaltningen",
    "kff": "Kultur- og Fritidsforvaltningen",
    "buf": "Børne- og Ungdomsforvaltningen",
    "suf": "Sundheds- og Omsorgsforvaltningen",
    "tmf": "Teknik- og Miljøforvaltningen",
    "bif": "Beskæftigelses- og Integrationsforvaltningen",
}
"""By the short name that logins have."""


@dataclass(frozen=True)
class People:
    """The demo's users by what they do: owners and approvers by their administration."""

    coordinator: User
    reader: User
    owners: dict[str, User]
    approvers: dict[str, User]


def begin_work(people: People, editions: Path) -> None:
    """Make an edition of the newest status in `editions`, by the actions that pages use."""
    from django.conf import settings
    from django.utils import timezone

    from kvarter.web.goals.actions.editions import do_edition, plan, settle
    from kvarter.web.goals.models import WorkingEdition
    from kvarter.web.goals.rules.states import EditionAct

    if WorkingEdition.objects.exists():
        return
    drafts = Path(settings.DRAFTS) / "eksempel"
    shutil.copytree(editions, drafts, dirs_exist_ok=True)
    newest = max(path.parent.name for path in drafts.glob("[!.]*/edition.json"))
    today = timezone.localdate()
    edition = plan(people.coordinator, f"eksempel/{newest}", today + dt.timedelta(days=30))
    goals = {goal.number: goal for goal in edition.goals.select_related("edition")}
    for number, goal in goals.items():
        _assign(people, goal, today + dt.timedelta(days=5 + 3 * number if number != 8 else -4))
    do_edition(people.coordinator, edition.pk, EditionAct.OPEN)
    settle(people.coordinator, edition.pk, "Efteråret 2028", "")
    _write(people, goals)


def _assign(people: People, goal: GoalInEdition, deadline: dt.date) -> None:
    from kvarter.web.goals.actions.editions import Assignment, assign

    owner = people.owners[_short(goal)]
    given = Assignment(owner, goal.administration, goal.title, deadline)
    assign(people.coordinator, goal.pk, given)


def _short(goal: GoalInEdition) -> str:
    return next(short for short, name in ADMINISTRATIONS.items() if name == goal.administration)


def _write(people: People, goals: dict[int, GoalInEdition]) -> None:
    """A goal for each state, and what people say of them."""
    from kvarter.web.goals.actions.talk import remark
    from kvarter.web.goals.actions.writing import accept_draft, write
    from kvarter.web.goals.models import GoalInEdition
    from kvarter.web.goals.rules.content import Content
    from kvarter.web.goals.rules.entered import EnteredFigure
    from kvarter.web.goals.rules.states import Act

    def version(number: int) -> int:
        return GoalInEdition.objects.get(pk=goals[number].pk).version

    def say(number: int, content: Content) -> None:
        owner = people.owners[_short(goals[number])]
        write(owner, goals[number].pk, content, version(number))

    accept_draft(people.owners["sof"], goals[5].pk, 0)
    say(
        2,
        Content(
            comment=(
                "Varslingerne for 2023 kommer fra DOMUS, hvor adresser skrives i fritekst. Siden "
                "forrige status har forvaltningen skiftet journalsystem, så udviklingen er usikker."
            ),
            interventions="- Boligrådgivere i områderne\n- Opsøgende gældsrådgivning",
            next_steps=(
                "- Forvaltningen forklarer, hvorfor der er talt færre varslinger end i "
                "ledelsesinformationen."
            ),
        ),
    )
    children = EnteredFigure(
        "Børn med et alderssvarende sprog", "Sprogvurderinger", "2023", 412, 500, "82"
    )
    say(3, Content(comment="Flere børn har et alderssvarende sprog.", figures=(children,)))
    young = EnteredFigure(
        "Unge, der har gennemført", "Skolernes indberetning", "2023", 28, 50, "57"
    )
    say(4, Content(comment="Flere unge gennemfører.", figures=(young,)))
    say(7, Content(no_comment="Rygevaner opgøres først til foråret."))
    say(11, Content(comment="To gårde er blevet grønne i perioden."))
    say(14, Content(comment="Antallet af utrygge er faldet 40 % siden baseline."))
    remark(people.reader, goals[2].pk, "Skal det siges, hvor meget usikkerheden betyder?")
    remark(people.approvers["oekf"], goals[14].pk, "Hvor kommer de 40 % fra?")
    for number in (3, 5, 7, 11):
        _step(people.owners[_short(goals[number])], goals[number].pk, Act.SUBMIT)
    for number in (3, 5):
        _step(people.approvers[_short(goals[number])], goals[number].pk, Act.APPROVE)
    _step(people.coordinator, goals[5].pk, Act.INCLUDE)
    _step(people.approvers["tmf"], goals[11].pk, Act.RETURN, "Skriv også, hvilke områder det er.")
    _step(people.coordinator, goals[16].pk, Act.WAIVE, "Målet opgøres hvert fjerde år.")


def _step(by: User, goal: int, act: str, reason: str = "") -> None:
    from kvarter.web.goals.actions.steps import do
    from kvarter.web.goals.facts import goal_now
    from kvarter.web.goals.models import GoalInEdition
    from kvarter.web.goals.rules.policies import Given
    from kvarter.web.goals.rules.states import Act

    now = goal_now(GoalInEdition.objects.select_related("edition").get(pk=goal))
    do(by, goal, Act(act), Given(reason, now.hash))
