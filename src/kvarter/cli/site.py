"""Commands of the site: serve it, make one, publish in it, keep it."""

from __future__ import annotations

from getpass import getpass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from kvarter.cli.options import console
from kvarter.errors import InputError, Problem

commands = typer.Typer()
site = typer.Typer(no_args_is_help=True, help="Make a site, publish in it and look after it.")
commands.add_typer(site, name="site")

SiteFolder = Annotated[
    Path, typer.Argument(help="Folder of the site, with its site.toml.", metavar="SITE")
]


def _needs_the_extra() -> None:
    """Raises InputError where Kvarter was installed without the site."""
    if find_spec("django") is None:
        what = "Kvarter is installed without the site"
        raise InputError(Problem(what, "Install it: pip install 'kvarter[site]'"))


@commands.command()
def serve(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder of the site; with --demo, where the example is made.", metavar="SITE"
        ),
    ] = Path("site"),
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Make an example site of the editions in --editions first."),
    ] = False,
    editions: Annotated[
        Path, typer.Option("--editions", help="With --demo: the folder with the editions.")
    ] = Path("kvarter-demo/status"),
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Port to listen at.")] = 8000,
    workers: Annotated[
        int, typer.Option("--workers", help="Processes that answer; one does for thousands.")
    ] = 1,
) -> None:
    """Serve a site: its pages, and beside them the worker that sends mail.

    Examples:
        kvarter serve --demo

        kvarter serve /srv/status --port 8000
    """
    _needs_the_extra()
    from kvarter.web.site.demo import make_demo
    from kvarter.web.site.serve import serve as run

    if demo:
        folder = folder if folder != Path("site") else editions.parent / "site"
        console.print(f"The example site lies in {folder}; its editions are those of {editions}.")
        for login in make_demo(folder, editions):
            console.print(f"  {login.role:<14} {login.email:<28} {login.password}", markup=False)
    console.print(f"http://{host}:{port}/  (stop with Ctrl-C)", markup=False)
    run(folder, host, port, workers)


@site.command("init")
def init(
    folder: SiteFolder,
    name: Annotated[str, typer.Option("--name", help="Of the municipality, as pages show it.")],
    host: Annotated[
        list[str],
        typer.Option("--host", help="Name it is reached by. May be given more than once."),
    ],
    email: Annotated[str, typer.Option("--email", help="Address of the first administrator.")],
    full_name: Annotated[str, typer.Option("--full-name", help="Their name.")],
) -> None:
    """Make a site: its configuration, its secret key, its database and its first administrator.

    The password is asked for, and shown nowhere.

    Example:
        kvarter site init /srv/status --name "Eksempel Kommune" --host status.eksempel.dk
        --email anna@eksempel.dk --full-name "Anna Berg"
    """
    _needs_the_extra()
    from kvarter.web.site.start import make_first_administrator, make_site

    password = getpass("Password of the first administrator: ")
    make_site(folder, name, host)
    make_first_administrator(email, full_name, password)
    console.print(f"The site lies in {folder}. Check it: kvarter site check {folder}")


@site.command("check")
def check(folder: SiteFolder) -> None:
    """Check a site: its settings, its audit log, and that nothing published was changed.

    Example:
        kvarter site check /srv/status
    """
    _needs_the_extra()
    from kvarter.web.site.start import check_site, set_up

    set_up(folder)
    if found := check_site():
        what = "Put it right; docs/operating.md says how."
        raise InputError(*(Problem(each, what, str(folder)) for each in found))
    console.print("Nothing is wrong.")


@site.command("publish")
def publish_command(
    folder: SiteFolder,
    status: Annotated[
        Path,
        typer.Argument(help="The folder of an edition, such as status/2024.", metavar="STATUS"),
    ],
    by: Annotated[str, typer.Option("--by", help="Address of the coordinator who publishes.")],
    note: Annotated[
        str, typer.Option("--note", help="Of a correction: what readers are told of it.")
    ] = "",
) -> None:
    """Publish an edition in a site; one that is there already is corrected by a new version.

    Every figure it shows is put on record in releases.jsonl, beside the edition, as by
    `kvarter release`.

    Example:
        kvarter site publish /srv/status status/2024 --by karen@eksempel.dk
    """
    _needs_the_extra()
    from kvarter.web.site.start import publish_as, set_up

    set_up(folder)
    version = publish_as(by, status, note)
    console.print(f"{status.name} is published in {folder}, version {version}.")


@commands.command("backup")
def backup_command(
    folder: SiteFolder,
    archive: Annotated[
        Path, typer.Argument(help="File to write, such as site.tar.gz.", metavar="ARCHIVE")
    ],
) -> None:
    """Write a whole site into one file, while it is served: database, editions, configuration.

    The file holds the secret key and must be kept as safely as the site itself.

    Example:
        kvarter backup /srv/status site.tar.gz
    """
    _needs_the_extra()
    from kvarter.web.site.backup import backup

    backup(folder, archive)
    console.print(f"{folder} is saved in {archive}.")


@commands.command("restore")
def restore_command(
    archive: Annotated[
        Path, typer.Argument(help="File that `kvarter backup` wrote.", metavar="ARCHIVE")
    ],
    folder: SiteFolder,
) -> None:
    """Make a site again from a backup, in a new folder, and check it.

    Example:
        kvarter restore site.tar.gz /srv/status
    """
    _needs_the_extra()
    from kvarter.web.site.backup import restore

    restore(archive, folder)
    console.print(f"{archive} is restored into {folder}.")
