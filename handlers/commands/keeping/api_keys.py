"""`flask api-keys …`: the keys by which other systems ask, for who sets one up on the server."""

from datetime import date, timedelta

import click
from flask.cli import AppGroup

from bot.store import UnitOfWork
from bot.store.staff import api_keys
from bot.store.staff.api_keys import ApiKey
from handlers.actions.staff.api_keys import KeyAsked, end_key, make_key
from handlers.club import Club
from rules.base import Refusal
from rules.scopes import SCOPES, TILL, known_scopes
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed

#: No installation has more keys than are shown.
_SHOWN_MAX = 1000
_NO_KEY = "There is no such key, or it was stopped."


def api_key_commands(installed: Installed) -> AppGroup:
    group = AppGroup("api-keys", help="Keys by which tills and other systems ask the API.")

    @group.command("add")
    @click.argument("name")
    @click.option("--store", help="The branch where it acts; every one if not named.")
    @click.option(
        "--scope",
        "scopes",
        multiple=True,
        type=click.Choice(SCOPES),
        help="What it may do; can be said several times. A till's if not said.",
    )
    @click.option("--days", default=365, show_default=True, help="How long it works.")
    @command_errors
    def add(name: str, store: str | None, scopes: tuple[str, ...], days: int) -> None:
        """Make a key and print it, this one time."""
        club = installed().club
        _make(club, KeyAsked(name, known_scopes(scopes) or TILL, store, _last_day(club, days)))

    @group.command("list")
    @command_errors
    def list_() -> None:
        """Show the keys, without the keys themselves: whether each works, its last day, and when it
        was last used."""
        club = installed().club
        now, local = club.wall.now(), club.timeline().latest.programme.shop.local
        with club.store.read() as uow:
            found = api_keys.newest(uow, limit=_SHOWN_MAX)
        for key in found:
            state = "works" if key.is_good(now) else "stopped" if key.ended_at else "run out"
            used = key.used_on.isoformat() if key.used_on else "never used"
            where = key.store or "every store"
            # It ends with the day before.
            last = local(key.expires_at - timedelta(seconds=1)).date().isoformat()
            line = f"{key.prefix}…  {state:8} until {last}  {used:10}  {where:16} {key.name}"
            click.echo(line)
        if not found:
            click.echo("There are none.")

    @group.command("end")
    @click.argument("begins")
    @command_errors
    def end(begins: str) -> None:
        """Stop the key that begins so, as `list` shows it."""
        club = installed().club
        with club.work() as work:
            named = _named(work.uow, begins)
            done = end_key(work, named.id) if named else Refusal("key_unknown")
        if isinstance(done, Refusal):
            raise click.ClickException(_NO_KEY)
        click.echo(f"The key for {done.name} works no more.")

    _add_renewal(group, installed)
    return group


def _add_renewal(group: AppGroup, installed: Installed) -> None:
    @group.command("renew")
    @click.argument("begins")
    @click.option("--days", default=365, show_default=True, help="How long it works.")
    @command_errors
    def renew(begins: str, days: int) -> None:
        """Make the next key for the system whose key begins so, and print it, this one time.

        It may do the same, and goes on with what the system did and sold. The old key works until
        it is stopped.
        """
        club = installed().club
        with club.store.read() as uow:
            old = _named(uow, begins)
        if old is None:
            raise click.ClickException(_NO_KEY)
        scopes, last_day = known_scopes(old.scopes), _last_day(club, days)
        _make(club, KeyAsked(old.name, scopes, old.store, last_day, old.id))


def _last_day(club: Club, days: int) -> date:
    today = club.timeline().latest.programme.shop.local(club.wall.now()).date()
    return today + timedelta(days=min(max(days, 0), 100_000))


def _make(club: Club, asked: KeyAsked) -> None:
    """Makes the key and prints it; says why not."""
    with club.work() as work:
        made = make_key(work, asked, stores=[each.id for each in work.programme.stores])
    if isinstance(made, Refusal):
        words = Words(club.timeline().latest.programme, "en")
        raise click.ClickException(refusal_text(words, made.code, "staff").whole)
    click.echo(made.token)


def _named(uow: UnitOfWork, begins: str) -> ApiKey | None:
    """The key that begins so, stopped or not."""
    found = api_keys.newest(uow, limit=_SHOWN_MAX)
    return next((key for key in found if key.prefix == begins.rstrip("…")), None)
