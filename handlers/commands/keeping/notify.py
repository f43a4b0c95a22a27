"""`flask notify`: whether those who are told of a bad night are reached."""

import click

from bot.alarms import Alarms
from rules.base import LANGS
from rules.wording.texts import say

from ..errors import command_errors
from ..installation import Installed


def notify_command(installed: Installed) -> click.Command:
    """The command `notify`."""

    @click.command("notify")
    @command_errors
    def notify() -> None:
        """Tell those of NOTIFY_URLS a word on trial, and ask for PING_URL."""
        found = installed()
        settings = found.settings
        if not settings.notify_urls and settings.ping_url is None:
            raise click.ClickException("NOTIFY_URLS and PING_URL are not set: nobody to tell.")
        name = found.club.timeline().latest.programme.shop.name
        alarms = Alarms(settings.notify_urls, settings.ping_url)
        lines = [say(lang, "alarm.night.try", shop=name.in_(lang)) for lang in LANGS]
        told = alarms.tell(say("ja", "alarm.title", shop=name.ja), "\n\n".join(lines))
        if not (alarms.ping() and told.by_all):
            raise click.ClickException("Not all were reached; the lines above say which.")
        click.echo("All were reached.")

    return notify
