"""`journeys decide` and `journeys roll-out`: a test is ended, and its winner sent to everybody."""

from collections.abc import Callable

import click

from bot.store.messages import decisions
from handlers.actions.staff.deciding import note_decision
from handlers.club import Club
from handlers.showing.journey_audience import journeys_to_queue
from rules.base import Lang
from rules.explaining.result_words import decision_text, no_decision_text
from rules.journeys.arms import share_held_back
from rules.journeys.deciding import Decider, JourneyDecision, NoDecision, decide, roll_out, undo
from rules.journeys.results import JourneyResult
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed
from ..reader import LANG
from .chosen import ONE, chosen
from .results import results_now

_YES = click.option("--yes", is_flag=True, help="Don't ask, for scripts.")
_UNDO = click.option("--undo", is_flag=True, help="Take back what was decided.")

#: Of all journeys, why nothing is decided of these.
_WORTH_SAYING = ("fails", "unknown", "early", "no_winner")

_Deciding = Callable[[JourneyResult, Decider], JourneyDecision | NoDecision]


def decide_command(ready: Installed) -> click.Command:
    """The command `decide`."""

    @click.command("decide")
    @ONE
    @_UNDO
    @_YES
    @LANG
    @command_errors
    def decide_(journey: str | None, undo: bool, yes: bool, lang: Lang) -> None:
        """End a test with what is known now: fewer are held back from then on. Without --journey,
        every test of which it is known what the message brings."""
        rule = _undoing if undo else decide if journey else _decide_known
        _decide(ready().club, rule, journey, lang, yes=yes)

    return decide_


def roll_out_command(ready: Installed) -> click.Command:
    """The command `roll-out`."""

    @click.command("roll-out")
    @ONE
    @click.option("--arm", help="The version to send; the one that surely does best if not named.")
    @_UNDO
    @_YES
    @LANG
    @command_errors
    def roll_out_(journey: str | None, arm: str | None, undo: bool, yes: bool, lang: Lang) -> None:
        """Send the version that does best to everybody, but for a share that stays held back."""
        if arm and not journey:
            raise click.ClickException("--arm needs --journey.")

        def rule(result: JourneyResult, decider: Decider) -> JourneyDecision | NoDecision:
            return roll_out(result, decider, arm)

        _decide(ready().club, _undoing if undo else rule, journey, lang, yes=yes)

    return roll_out_


def _undoing(result: JourneyResult, decider: Decider) -> JourneyDecision | NoDecision:
    return undo(result.journey, decider)


def _decide_known(result: JourneyResult, decider: Decider) -> JourneyDecision | NoDecision:
    found = decide(result, decider)
    is_open = isinstance(found, JourneyDecision) and found.word == "unknown"
    return NoDecision("unknown") if is_open else found


def _decide(club: Club, rule: _Deciding, journey: str | None, lang: Lang, *, yes: bool) -> None:
    """Shows for each journey what would be decided, asks, and puts it down."""
    now = club.now()
    programme = club.timeline().at(now).programme
    names = {each.id for each in chosen(journeys_to_queue(programme), journey)}
    words, is_silent = Words(programme, lang), True
    for result in results_now(club, programme).journeys:
        if result.journey.id not in names:
            continue
        with club.store.read() as uow:
            decider = Decider("owner", now, decisions.last(uow, result.journey))
        found = rule(result, decider)
        if isinstance(found, JourneyDecision):
            is_silent = False
            _ask(club, words, result, found, yes=yes)
        elif journey:
            raise click.ClickException(no_decision_text(words, journey, found))
        elif found.code in _WORTH_SAYING:
            click.echo(no_decision_text(words, result.journey.id, found))
    if is_silent:
        click.echo(words.say("journey.deciding.none"))


def _ask(
    club: Club, words: Words, result: JourneyResult, decision: JourneyDecision, *, yes: bool
) -> None:
    is_over = decision.step != "undone"
    share = share_held_back(result.journey, words.programme, decided=is_over)
    for line in decision_text(words, decision, share=share):
        click.echo(line)
    if not yes and not click.confirm(words.say("journey.deciding.sure")):
        click.echo(words.say("journey.deciding.left"))
        return
    with club.work("staff", key=f"cli:{decision.step}:{decision.journey}") as work:
        done = note_decision(work, decision)
    if not done:
        moment = NoDecision("moment")
        raise click.ClickException(no_decision_text(words, decision.journey, moment))
    click.echo(words.say("journey.deciding.done"))
