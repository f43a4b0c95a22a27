"""The commands about the programme's file: `flask --app app program …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from bot.clock import Clock
from bot.settings import PROJECT, SettingsError
from bot.store.engine.db import DatabaseUnreachable
from bot.store.finding import due_members
from rules.base import Lang
from rules.checking.journey_cautions import lengths_of_tests
from rules.checking.warnings import warnings
from rules.explaining.explain import explain

from .errors import command_errors
from .installation import Installed
from .pictures import check_art
from .serving import publish_programme, read_programme, with_database

_LANG = click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True)


def _program_path(installed: Installed, path: Path | None) -> Path:
    """The file named, or PROGRAM_FILE; program.toml where the settings can't be read."""
    if path is not None:
        return path
    try:
        return installed().settings.program_file
    except SettingsError:
        return PROJECT / "program.toml"


def _club_size(installed: Installed) -> int | None:
    """How many members the club has; None where there is none yet, or its database is away."""
    try:
        store = with_database(installed)().club.store
    except (SettingsError, DatabaseUnreachable, click.ClickException):
        return None
    with store.read() as uow:
        return due_members.count_members(uow) or None


_FILE = click.argument("path", required=False, type=click.Path(path_type=Path, dir_okay=False))


def programme_commands(installed: Installed) -> AppGroup:
    """The group `program`."""
    group = AppGroup("program", help="The club's programme: check, explain, publish.")

    @group.command("check")
    @_FILE
    @_LANG
    @click.option(
        "--members",
        type=click.IntRange(min=1),
        help="How many members to plan for; as many as there are, if not named.",
    )
    @command_errors
    def check(path: Path | None, lang: Lang, members: int | None) -> None:
        """Check the programme's file: what is wrong in it, and what may be unwise."""
        path = _program_path(installed, path)
        _, programme = read_programme(path)
        check_art(programme, path)
        today = programme.shop.business_date(Clock().now())
        members = members or _club_size(installed)
        found = warnings(programme, members=members, today=today)
        for caution in found:
            click.secho(f"! {caution.path}: {caution.message(lang)}", fg="yellow")
        for length in lengths_of_tests(programme, members=members or 0):
            click.echo(f"  {length.path}: {length.message(lang)}")
        click.echo(f"{path.name} is valid, with {len(found)} warning(s).")

    @group.command("explain")
    @_FILE
    @_LANG
    @command_errors
    def explain_(path: Path | None, lang: Lang) -> None:
        """Print each rule of the programme as one plain sentence."""
        _, programme = read_programme(_program_path(installed, path))
        for section in explain(programme, lang, hidden=True):
            click.secho(section.title, bold=True)
            for sentence in section.sentences:
                click.echo(f"  ・{sentence}" if lang == "ja" else f"  - {sentence}")

    @group.command("publish")
    @_FILE
    @command_errors
    def publish(path: Path | None) -> None:
        """Put the file's programme into force. What happened before stays judged as it was."""
        installation = with_database(installed)()
        text, programme = read_programme(_program_path(installed, path))
        check_art(programme, _program_path(installed, path))
        published = publish_programme(installation.club, text)
        if published.new:
            local = programme.shop.local(published.since)
            click.echo(
                f"Version {published.number} comes into force at {local:%Y-%m-%d %H:%M:%S}, "
                "the shop's time."
            )
        else:
            click.echo(f"Nothing changed: version {published.number} says the same.")

    return group
