"""Which journeys a command is about."""

import click

from rules.journeys.journey import Journey

ONE = click.option("--journey", help="The id of one journey; all of them if not named.")


def chosen(all_of_them: tuple[Journey, ...], journey: str | None) -> tuple[Journey, ...]:
    """The one that is named, or all; ClickException where there is none of that name."""
    found = tuple(each for each in all_of_them if journey in (None, each.id))
    if not found:
        names = ", ".join(each.id for each in all_of_them) or "none"
        raise click.ClickException(f"There is no journey {journey} for this. There is: {names}.")
    return found
