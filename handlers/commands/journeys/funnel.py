"""`funnel`: how those who began in a period went on, from following to coming regularly."""

from datetime import date, datetime, timedelta
from itertools import chain

import click

from bot.store.finding import funnel as ways
from handlers.club import Club
from rules.base import Lang
from rules.explaining.explain_funnel import funnel_lines
from rules.outlook.funnel import Funnel, funnel
from rules.programme.programme import Programme
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed
from ..reader import LANG

_DAY = timedelta(days=1)
#: Those of the last year, unless days are named.
_YEAR = timedelta(days=364)
_ON = click.DateTime(["%Y-%m-%d"])


def funnel_command(ready: Installed) -> click.Command:
    """The command `funnel`."""

    @click.command("funnel")
    @click.option("--since", type=_ON, help="The first day on which they began; or a year back.")
    @click.option("--until", type=_ON, help="The last one; or today.")
    @LANG
    @command_errors
    def funnel_(since: datetime | None, until: datetime | None, lang: Lang) -> None:
        """Show how those who began in a period went on: how many followed, joined, looked, came,
        came again and became regulars, where they stopped, and where they stand now."""
        club = ready().club
        programme = club.timeline().at(club.now()).programme
        last = until.date() if until else programme.shop.business_date(club.now())
        first = since.date() if since else last - _YEAR
        if first > last:
            raise click.ClickException("--since lies after --until.")
        found = funnel_of(club, programme, first, last)
        for line in funnel_lines(Words(programme, lang), found, since=first, until=last):
            click.echo(line)

    return funnel_


def funnel_of(club: Club, programme: Programme, first: date, last: date) -> Funnel:
    """Those who began from `first` to `last`, both included, as it is now."""
    shop, store = programme.shop, club.store
    since, until = shop.opens(first), shop.opens(last + _DAY)
    members = ways.members_since(store, since, until, shop.business_date)
    others = ways.followers_since(store, since, until, shop.business_date)
    return funnel(programme, chain(members, others), shop.business_date(club.now()))
