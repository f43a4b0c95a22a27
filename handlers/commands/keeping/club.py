"""`flask club`: which of the clubs of this machine runs, and another one in its place."""

import tomllib
from contextlib import suppress
from pathlib import Path

import click

from bot.choice import ClubFolder, begun, choose, choose_demo, chosen

from ..errors import command_errors
from ..installation import Installed

_DEMO = "demo"


def club_command(installed: Installed) -> click.Command:
    """The command."""

    @click.command("club")
    @click.argument("name", required=False)
    @command_errors
    def club(name: str | None) -> None:
        """Say which clubs there are, or have another one run: its NAME, or "demo"."""
        clubs = installed().origin.clubs
        if clubs is None:
            raise click.ClickException(
                "DATABASE_URL says which club it is: set another one there, and start again."
            )
        there = {each.path.name: each for each in begun(clubs)}
        if name is None:
            _tell(clubs, there)
            return
        if name == _DEMO:
            choose_demo(clubs)
        elif name in there:
            choose(there[name])
        else:
            known = ", ".join([_DEMO, *there])
            raise click.ClickException(f'There is no club "{name}"; there is: {known}.')
        click.echo(f"{name} is the club now: what is served starts anew in some seconds.")

    return club


def _tell(clubs: Path, there: dict[str, ClubFolder]) -> None:
    now = chosen(clubs)
    lines = {_DEMO: "the demo's"} | {name: _shop(each) for name, each in there.items()}
    running = now.path.name if now else _DEMO
    for name, shop in lines.items():
        click.echo(f"{'*' if name == running else ' '} {name}  {shop}")


def _shop(folder: ClubFolder) -> str:
    with suppress(OSError, ValueError, KeyError):
        data = tomllib.loads(folder.programme.read_text(encoding="utf-8"))
        return str(data["shop"]["name"]["ja"])
    return ""
