"""`flask monday`: the week's five lines, printed or sent."""

import click

from bot.alarms import Alarms
from handlers.showing.monday_note import monday_note
from rules.base import LANGS, Lang

from ..errors import command_errors
from ..installation import WithSettings


def monday_command(ready: WithSettings) -> click.Command:
    """The command `monday`."""

    @click.command("monday")
    @click.option("--lang", type=click.Choice(LANGS), help="Or as the owners have chosen.")
    @click.option("--send", is_flag=True, help="Tell those of NOTIFY_URLS too, now.")
    @command_errors
    def monday(lang: Lang | None, send: bool) -> None:
        """Print the five lines that are sent on Mondays: what matters, the visits, what comes."""
        found = ready()
        note = monday_note(found.club, (lang,) if lang else ())
        if note is None:
            raise click.ClickException("There are no members yet: nothing to tell.")
        click.echo(note.title)
        click.echo()
        click.echo(note.text)
        if not send:
            return
        settings = found.settings
        if not settings.notify_urls:
            raise click.ClickException("NOTIFY_URLS is not set: nobody to tell.")
        told = Alarms(settings.notify_urls, None).tell(note.title, note.text)
        if not told.by_all:
            raise click.ClickException("Not all were reached; the lines above say which.")
        click.echo("\nAll were reached.", err=True)

    return monday
