"""`journeys results`: what the club's messages brought."""

import click
from tqdm import tqdm

from bot.store.messages import decisions
from handlers.club import Club
from handlers.showing.journey_audience import journeys_to_queue
from handlers.showing.journey_counts import counted
from rules.base import Lang
from rules.explaining.explain_results import ResultText, footer, journey_text, together_text
from rules.journeys.deciding import in_force
from rules.journeys.results import ClubResults, JourneyResult, club_results
from rules.programme.programme import Programme
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed
from ..reader import LANG
from .chosen import ONE, chosen


def results_command(ready: Installed) -> click.Command:
    """The command `results`."""

    @click.command("results")
    @ONE
    @LANG
    @command_errors
    def results_(journey: str | None, lang: Lang) -> None:
        """Show what the messages brought, all together and one by one: how many more come for every
        100 of them, how far that may be believed, and whether it pays."""
        club = ready().club
        programme = club.timeline().at(club.now()).programme
        names = {each.id for each in chosen(journeys_to_queue(programme), journey)}
        words = Words(programme, lang)
        found = results_now(club, programme)
        shown = [each for each in found.journeys if each.journey.id in names]
        told = {each.journey.id: _text(club, words, each) for each in shown}
        first = None if journey else together_text(words, found)
        for text in filter(None, [first, *told.values()]):
            _print(text)
        click.echo()
        for line in footer(words, [each for each in shown if not told[each.journey.id]]):
            click.echo(line)

    return results_


def results_now(club: Club, programme: Programme) -> ClubResults:
    """What all journeys of `programme` brought until now."""
    journeys = journeys_to_queue(programme)
    counting = counted(club, programme, journeys, now=club.now())
    with tqdm(counting, total=len(journeys), unit=" journeys", leave=False, disable=None) as found:
        return club_results(programme, list(found))


def _text(club: Club, words: Words, result: JourneyResult) -> ResultText | None:
    with club.store.read() as uow:
        decision = in_force(decisions.last(uow, result.journey))
    return journey_text(words, result, decision)


def _print(text: ResultText) -> None:
    click.echo()
    click.secho(text.title, bold=True)
    for sentence in (*text.sentences, *text.more):
        click.echo(f"  {sentence}")
