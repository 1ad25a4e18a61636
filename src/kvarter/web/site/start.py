"""`kvarter site init` and what every command of a site begins with."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from kvarter.errors import InputError, Problem
from kvarter.files.outputs import writing
from kvarter.web.site.config import FILE, FOLDER_VARIABLE, SECRET, load_config

_TEMPLATE = """\
# The site of {name}. docs/operating.md explains every field.
# Try it: kvarter site check {folder}

demo = {demo}
second_factor = {second_factor}

[look]
name = "{name}"
colour = "#1b4a7a"
# logo = "logo.svg"
# contact = "statistik@eksempel.dk"

[serving]
hosts = {hosts}
https = {https}

[database]
# url = "postgresql://kvarter:password@localhost:5432/kvarter"   # SQLite here if left out

[runs]
{runs}

[mail]
# server = "smtp.eksempel.dk"
# sender = "status@eksempel.dk"
"""


def make_site(
    folder: Path, name: str, hosts: list[str], *, demo: bool = False, policy: Path | None = None
) -> None:
    """Write the configuration and the secret key of a new site, and make its database.

    policy: of which the demo makes runs, with the key `demo.key` beside it.

    Raises InputError where there is a site already, or the folder cannot be written.
    """
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if (folder / FILE).exists():
            what = "there is a site in this folder already"
            raise InputError(Problem(what, "Give another folder.", str(folder)))
        secret = folder / SECRET
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(64) + "\n", encoding="ascii")
        (folder / "published").mkdir(exist_ok=True)
        text = _TEMPLATE.format(
            folder=folder,
            name=name.replace('"', "'"),
            hosts=str(hosts).replace("'", '"'),
            demo=str(demo).lower(),
            second_factor=str(not demo).lower(),
            https=str(not demo).lower(),
            runs=_runs(policy),
        )
        (folder / FILE).write_text(text, encoding="utf-8")
    set_up(folder)
    bring_up_to_date()


def _runs(policy: Path | None) -> str:
    """The lines that say which policy runs are made of; as an example where there is none."""
    key = policy.parent / "demo.key" if policy else "kvarter.key"
    lines = [f"policy = {json.dumps(str(policy or '../policy.yaml'))}"]
    lines += [f"key_file = {json.dumps(str(key))}"]
    return "\n".join(line if policy else f"# {line}" for line in lines)


def set_up(folder: Path) -> None:
    """Let Django know the site in `folder`. Raises InputError where its configuration is wrong."""
    load_config(folder)
    os.environ[FOLDER_VARIABLE] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "kvarter.web.site.settings"
    import django

    django.setup()


def bring_up_to_date() -> None:
    """Bring the database to the form that this version has, and gather static files."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)


def check_site() -> list[str]:
    """What Django's own checks for a site in production find, and files that were changed."""
    from django.conf import settings
    from django.core import checks

    from kvarter.web.audit.log import first_broken_event
    from kvarter.web.status.models import PublishedEdition
    from kvarter.web.status.prepare.prepare import changed_files

    found = [str(each) for each in checks.run_checks(include_deployment_checks=True)]
    if (broken := first_broken_event()) is not None:
        found.append(f"audit log: event {broken} is not as it was written")
    for row in PublishedEdition.objects.all():
        folder = Path(settings.PUBLISHED) / row.folder
        found += [f"{row.folder}: {name} is not as published" for name in changed_files(folder)]
    return found


def make_first_administrator(email: str, name: str, password: str) -> None:
    """The account that opens a new site. Raises InputError where its password is too weak."""
    from django.core.exceptions import ValidationError

    from kvarter.web.accounts.actions.accounts import first_administrator

    try:
        first_administrator(email, name, password)
    except ValidationError as error:
        raise InputError(
            *(Problem(each, "Choose another one.") for each in error.messages)
        ) from error


def publish_as(email: str, edition: Path, note: str) -> int:
    """Publish an edition in the name of a user; its version.

    Raises InputError where there is no such user, or they may not publish.
    """
    from kvarter.web.accounts.models import User
    from kvarter.web.accounts.permissions import NotAllowedError
    from kvarter.web.status.actions.publish import publish

    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        remedy = "Give the address of a coordinator."
        raise InputError(Problem("there is no account with this address", remedy, field="--by"))
    try:
        return publish(user, edition, note).version
    except NotAllowedError as error:
        remedy = "An edition is published by a coordinator."
        raise InputError(Problem(str(error), remedy, field="--by")) from error
