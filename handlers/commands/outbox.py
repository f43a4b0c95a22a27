"""The commands about what is sent: `flask --app app outbox …`."""

from collections.abc import Iterator

import click
from flask.cli import AppGroup

from bot.store.messages import outbox_figures
from bot.store.messages.quota import QuotaState
from handlers.club import Club
from handlers.showing.month_quota import alarm, quota_state
from rules.explaining.explain_journeys import alarm_text
from rules.shop import Shop
from rules.wording.words import Words

from .errors import command_errors
from .installation import Installed

#: So many uncertain messages are shown, the newest.
_UNCERTAIN_SHOWN = 50
_HELD = {
    "monthly_limit": "the month's messages are used up",
    "credentials": "LINE does not take the channel access token",
}


def outbox_commands(ready: Installed) -> AppGroup:
    """The group `outbox`."""
    group = AppGroup("outbox", help="Messages waiting to be sent, and those that were.")

    @group.command("status")
    @command_errors
    def status() -> None:
        """Count messages by what became of them, list the uncertain ones, show the month's use."""
        for line in _status(ready().club):
            click.echo(line)

    @group.command("drain")
    @command_errors
    def drain() -> None:
        """Deliver now whatever is due now."""
        installation = ready()
        count = installation.clockwork.deliver()
        click.echo(f"Looked at {count} message(s).")
        club, now = installation.club, installation.club.now()
        state = quota_state(club, now)
        if state.held:
            shop = club.timeline().at(now).programme.shop
            click.echo(_held(state, shop))

    return group


def _status(club: Club) -> Iterator[str]:
    now = club.now()
    shop = club.timeline().at(now).programme.shop
    with club.store.read() as uow:
        counts = outbox_figures.breakdown(uow)
        uncertain = outbox_figures.uncertain(uow, limit=_UNCERTAIN_SHOWN)
    if not counts:
        yield "The outbox is empty."
    for count in counts:
        yield f"{count.status:10} {count.journey:24} {count.reason or '':20} {count.messages:6}"
    if uncertain:
        yield "Uncertain: each may or may not have arrived, and is never sent again."
    for message in uncertain:
        tried = message.first_tried_at
        at = f"{shop.local(tried):%Y-%m-%d %H:%M}" if tried else "-"
        yield f"  {at}  card {message.card}  {message.journey}  {message.period}  {message.reason}"
    yield from _month(quota_state(club, now), shop)
    found = alarm(club, now)
    if found is not None:
        yield alarm_text(Words(club.timeline().at(now).programme, "en"), found)


def _month(state: QuotaState, shop: Shop) -> Iterator[str]:
    limit = f"of {state.plan}, {state.left} left" if state.plan is not None else "no known limit"
    by_line = f"{state.used_line} by LINE's count"
    yield f"This month: {state.used_own} sent by the club, {by_line}; {limit}."
    if state.held:
        yield _held(state, shop)


def _held(state: QuotaState, shop: Shop) -> str:
    until = shop.local(state.hold_until) if state.hold_until else None
    when = f"{until:%Y-%m-%d %H:%M}" if until else "-"
    return f"Nothing is pushed until {when}: {_HELD[state.held or 'monthly_limit']}."
