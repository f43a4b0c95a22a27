"""The commands about what is given to good causes: `flask --app app charity …`."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import click
from flask.cli import AppGroup

from bot.store.history.handovers import Donation
from handlers.actions.counter.hand_over import hand_over, take_back
from handlers.club import Club
from handlers.showing.charity import all_causes
from rules.wording.refusals import refusal_text
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed


def charity_commands(ready: Installed) -> AppGroup:
    """The group `charity`."""
    group = AppGroup("charity", help="What members gave to good causes, and was handed over.")

    @group.command("list")
    @command_errors
    def listing() -> None:
        """List the good causes: what was given, and each sum that was handed over."""
        for line in _list(ready().club):
            click.echo(line)

    @group.command("hand-over")
    @click.argument("reward")
    @click.argument("yen", type=int)
    @click.argument("recipient")
    @click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day; today without it.")
    @click.option("--receipt", default="", help="The number of the charity's receipt.")
    @command_errors
    def handed(reward: str, yen: int, recipient: str, on: date | None, receipt: str) -> None:
        """Write down that YEN was handed over to RECIPIENT: members read it from then on."""
        club = ready().club
        with club.work(key=f"command:{uuid4()}") as work:
            day = date(on.year, on.month, on.day) if on else work.day
            given = Donation(reward, yen, day, recipient.strip(), receipt.strip())
            outcome = hand_over(work, given)
        _or_fail(club, outcome.refused)
        click.echo("Written down.")

    @group.command("take-back")
    @click.argument("number", type=int)
    @command_errors
    def back(number: int) -> None:
        """Take back what was written down under NUMBER by mistake."""
        club = ready().club
        with club.work(key=f"command:{uuid4()}") as work:
            outcome = take_back(work, number)
        _or_fail(club, outcome.refused)
        click.echo("Taken back.")

    return group


def _or_fail(club: Club, refused: str | None) -> None:
    if refused is not None:
        words = Words(club.timeline().at(club.now()).programme, "en")
        no = refusal_text(words, refused, "staff")
        raise click.ClickException(f"{no.why} {no.then}")


def _list(club: Club) -> Iterator[str]:
    timeline = club.timeline()
    with club.store.read() as uow:
        found = all_causes(uow, timeline, timeline.at(club.now()).programme)
    if not found:
        yield "The programme has no reward of the kind charity."
    for cause in found:
        yield (
            f"{cause.reward.id}: given {cause.times} time(s), ¥{cause.given_yen:,}; "
            f"handed over ¥{cause.handed_yen:,}"
        )
        for each in cause.handed:
            receipt = f", receipt {each.receipt}" if each.receipt else ""
            yield f"  {each.number}. {each.on}  ¥{each.yen:,}  {each.recipient}{receipt}"
