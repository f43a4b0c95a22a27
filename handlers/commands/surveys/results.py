"""`flask surveys results`: who answered, and what; each survey by itself."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from handlers.showing.survey_results import survey_result
from rules.base import Lang
from rules.explaining.explain_answers import survey_lines, survey_title
from rules.wording.words import Words

from ..errors import command_errors
from ..installation import Installed
from ..reader import LANG


def survey_commands(ready: Installed) -> AppGroup:
    """The group `surveys`."""
    group = AppGroup("surveys", help="What members are asked, and what they answer.")

    @group.command("results")
    @click.argument("survey", required=False)
    @click.option(
        "--days", default=365, show_default=True, type=click.IntRange(1, 3650),
        help="How many days up to now.",
    )  # fmt: skip
    @LANG
    @command_errors
    def results(survey: str | None, days: int, lang: Lang) -> None:
        """Show what surveys, or the one with that id, came to in the last days: who was asked and
        finished, each question's answers, the NPS and means with their margins, and what was hoped
        for beside what was found. Each member counts once, by their latest answer."""
        club = ready().club
        programme = club.timeline().at(club.now()).programme
        words = Words(programme, lang)
        known = programme.surveys
        shown = [each for each in known if survey in (None, each.id)]
        if not shown:
            there = ", ".join(each.id for each in known)
            key = "unknown" if known else "none"
            raise click.ClickException(words.say(f"survey_results.{key}", id=survey, there=there))
        with club.store.read() as uow:
            since = club.now() - timedelta(days=days)
            found = [survey_result(uow, programme, each, since) for each in shown]
        for result in found:
            click.echo()
            click.secho(f"{survey_title(words, result)} [{result.survey.id}]", bold=True)
            for line in survey_lines(words, result):
                click.echo(f"  {line}")

    return group
