"""`flask engagement`: what members do, how content they are, and whether they would recommend the
shop, under three headings and never as one figure."""

from collections.abc import Iterator
from datetime import timedelta

import click

from bot.store import UnitOfWork
from bot.store.finding import engagement
from bot.store.members import members
from handlers.club import Club
from handlers.showing.survey_results import survey_result
from rules.base import Lang
from rules.explaining.explain_answers import engagement_lines, mean_line, nps_line
from rules.heard.engagement import ACTS_DAYS, MemberActs, sum_up
from rules.heard.surveys import SurveyKind
from rules.science.survey_results import QuestionResult
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed
from ..reader import LANG

#: Surveys are looked back on for longer: nobody is asked every month.
_SURVEY_DAYS = 365


def engagement_command(ready: Installed) -> click.Command:
    """The command `engagement`."""

    @click.command("engagement")
    @click.option("--each", is_flag=True, help="List each member who did anything, by card number.")
    @LANG
    @command_errors
    def engagement_(each: bool, lang: Lang) -> None:
        """Show engagement (visits, taps and messages of the last 30 days), satisfaction and loyalty
        (NPS; both of the last year), each by itself."""
        club = ready().club
        programme = club.timeline().at(club.now()).programme
        words = Words(programme, lang)
        with club.store.read() as uow:
            told = {
                "engagement": list(_engagement(club, uow, words, each=each)),
                "satisfaction": list(_surveys(club, uow, words, ("satisfaction", "experience"))),
                "loyalty": list(_surveys(club, uow, words, ("nps",))),
            }
        for heading, lines in told.items():
            click.secho(words.say(f"survey_results.{heading}"), bold=True)
            for line in lines:
                click.echo(f"  {line}")
            click.echo()
        click.echo(words.say("survey_results.apart"))

    return engagement_


def _engagement(club: Club, uow: UnitOfWork, words: Words, *, each: bool) -> Iterator[str]:
    summary, acts = sum_up(()), dict[int, MemberActs]()
    for page in engagement.of_last_days(club.store, words.programme.shop, club.now()):
        summary += sum_up(page.values())
        acts |= {member: done for member, done in page.items() if done != MemberActs()}
    yield from engagement_lines(words, summary, days=ACTS_DAYS)
    for member_id, done in acts.items() if each else ():
        member = members.get(uow, member_id)
        if member is not None:
            yield words.say(
                "survey_results.each", number=member.number, visits=done.visits, taps=done.taps,
                messages=done.messages,
            )  # fmt: skip


def _surveys(
    club: Club, uow: UnitOfWork, words: Words, kinds: tuple[SurveyKind, ...]
) -> Iterator[str]:
    """The figure of each question of the surveys of those kinds, one by one."""
    programme, since = words.programme, club.now() - timedelta(days=_SURVEY_DAYS)
    named = [survey for survey in programme.surveys if survey.kind in kinds]
    if not named:
        yield words.say("survey_results.not_asked")
    for survey in named:
        asked = survey_result(uow, programme, survey, since).questions
        figures = [
            f"{words.name(each.question.text)}  {figure}"
            for each in asked
            if (figure := _figure(words, each))
        ]
        yield from figures or [
            f"{words.name(survey.title)}  {words.say('survey_results.no_answers')}"
        ]


def _figure(words: Words, result: QuestionResult) -> str:
    if result.nps:
        return nps_line(words, result.nps)
    return mean_line(words, result.mean) if result.mean else ""
