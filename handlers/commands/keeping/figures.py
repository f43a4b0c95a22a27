"""`flask figures`: the owner's figures, made anew from the histories."""

import click
from flask.cli import AppGroup

from bot.progress import progress
from bot.store.figures import keeping
from handlers.jobs.night.figures import corrected

from ..errors import command_errors
from ..installation import WithClub

#: So many members in a transaction.
_PAGE = 200


def figure_commands(installed: WithClub) -> AppGroup:
    """The commands `figures …`."""
    group = AppGroup("figures", help="The owner's figures.")

    @group.command("rebuild")
    @command_errors
    def rebuild() -> None:
        """Count everything anew. The server may run meanwhile, with figures that grow."""
        club = installed().club
        keeping.begin_anew(club.store)
        with club.store.read() as uow:
            due = keeping.count_due(uow)
        done = sum(progress(corrected(club, page=_PAGE), "Pages of members"))
        click.echo(f"{max(done, due)} members counted.")

    return group
