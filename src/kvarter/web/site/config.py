"""The configuration of a site: one folder, with `site.toml` in it.

site/site.toml           what this page explains; may be shown to anyone who runs the site
site/secret.key          signs sessions and cookies; only its owner reads it
site/site.sqlite3        the database, where no other is named
site/published/          the files of published editions, never changed
site/audit.jsonl         the audit log, a line for each event
site/uploads/, work/     extracts that were uploaded, encrypted; and what runs work in
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kvarter.errors import InputError, Problem
from kvarter.web.accounts.limits import Limits
from kvarter.web.accounts.roles import ROLES

FILE, SECRET = "site.toml", "secret.key"
FOLDER_VARIABLE = "KVARTER_SITE"
DATABASE_VARIABLE = "DATABASE_URL"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Look(_Part):
    """How the municipality shows itself: the one place for its name, logo and colour."""

    name: str = "Eksempel Kommune"
    logo: str = Field("", description="An SVG or PNG file in this folder; empty: the name alone")
    colour: str = Field("#1b4a7a", pattern=r"^#[0-9a-fA-F]{6}$")
    contact: str = Field("", description="An address for mail, shown at the foot of every page")

    @field_validator("colour")
    @classmethod
    def _is_read_on_white(cls, colour: str) -> str:
        if contrast(colour, "#ffffff") < 4.5:
            raise ValueError("white letters cannot be read on this colour (contrast below 4.5)")
        return colour


class Serving(_Part):
    """Where the site is reached. `https` is false only where nobody but the machine gets to it."""

    hosts: tuple[str, ...] = ("localhost", "127.0.0.1")
    https: bool = True
    proxies: int = Field(1, ge=0, le=5, description="Reverse proxies between the reader and here")


class Database(_Part):
    """`url`: empty for SQLite in the folder, or `postgresql://user:password@host:5432/name`."""

    url: str = ""


class Mail(_Part):
    """The server that takes mail. Without one, mail is kept in the folder `mail`."""

    server: str = ""
    port: int = 587
    user: str = ""
    password_file: str = ""
    sender: str = "kvarter@localhost"


class GivenRole(_Part):
    """A role with its limits, as a claim gives it."""

    role: str
    administration: str = ""
    area: str = ""
    organisation: str = ""
    subject: str = ""

    @field_validator("role")
    @classmethod
    def _is_declared(cls, role: str) -> str:
        if role not in ROLES:
            raise ValueError(f"no role {role!r}; there are: {', '.join(ROLES)}")
        return role

    def limits(self) -> Limits:
        return Limits(self.administration, self.area, self.organisation, self.subject)


class OpenIdConnect(_Part):
    """A provider of logins, and what its claims give.

    claim: a list of names, each looked up in `roles`.
    privileges_claim: the privilege list of Danish access management (OIO basic privilege profile,
    XML in base64), whose privileges are looked up in `roles` by their last part.
    constraints: which limit a constraint of that list is, by its name.
    """

    title: str
    issuer: str
    client_id: str
    client_secret_file: str
    claim: str = "roles"
    privileges_claim: str = "privileges"
    roles: dict[str, GivenRole] = Field({})
    constraints: dict[str, Literal["administration", "area", "organisation", "subject"]] = Field({})


class Runs(_Part):
    """Runs from the site. Paths are relative to the site's folder.

    policy: the policy file; without one the site makes no runs. key_file: the key for pseudonyms.
    keep_uploads: whether an extract stays, encrypted, after the run that has read it.
    """

    policy: str = ""
    key_file: str = ""
    keep_uploads: bool = False
    largest_mb: int = Field(200, ge=1, le=2000)


class SiteConfig(_Part):
    """All that `site.toml` says; every field has a value that works on a developer's machine."""

    look: Look = Look()
    serving: Serving = Serving()
    database: Database = Database()
    mail: Mail = Mail()
    runs: Runs = Runs()
    second_factor: bool = Field(True, description="Whether local accounts need a second factor")
    demo: bool = Field(False, description="Shows on every page that the site is an example")
    openid_connect: OpenIdConnect | None = None


def load_config(folder: Path) -> SiteConfig:
    """What `site.toml` in `folder` says. Raises InputError where it is missing or wrong."""
    path = folder / FILE
    try:
        with path.open("rb") as file:
            return SiteConfig.model_validate(tomllib.load(file))
    except FileNotFoundError as error:
        remedy = f"Make a site there first: kvarter site init {folder}"
        raise InputError(Problem("there is no site in this folder", remedy, str(folder))) from error
    except tomllib.TOMLDecodeError as error:
        remedy = "Put it right; docs/operating.md has an example."
        raise InputError(Problem(f"this is not TOML: {error}", remedy, str(path))) from error
    except ValidationError as error:
        raise InputError(
            *(
                Problem(
                    one["msg"],
                    "Put it right; docs/operating.md explains every field.",
                    str(path),
                    field=".".join(map(str, one["loc"])),
                )
                for one in error.errors()
            )
        ) from error


def site_folder() -> Path | None:
    """The folder named by the environment; None where none is."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).resolve() if named else None


def read_secret(folder: Path, name: str) -> str:
    """A secret in a file of the folder. Raises InputError where others can read it, or none is."""
    path = folder / name
    try:
        readable = path.stat().st_mode & 0o077
        secret = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        remedy = "Make it, or bring it back from a backup."
        raise InputError(Problem("this secret is missing", remedy, str(path))) from error
    if readable:
        remedy = f"chmod 600 {path}"
        raise InputError(Problem("others can read this secret", remedy, str(path)))
    return secret


def contrast(one: str, other: str) -> float:
    """The contrast of two colours such as `#1b4a7a`, 1 to 21. Source: WCAG 2.2, 1.4.3."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
