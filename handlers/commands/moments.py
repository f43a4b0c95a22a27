"""Moments as they are typed into a command."""

from datetime import datetime, timedelta

import click

from rules.shop import Shop

#: Nobody plans a shop further ahead, and what was longer ago is no moment of its club.
FAR = timedelta(days=3 * 366)


def moment_of(text: str | None, shop: Shop, now: datetime) -> datetime:
    """The moment meant, read on the shop's own clock unless it names an offset; within three years
    of now."""
    if text is None:
        return now
    try:
        read = datetime.fromisoformat(text)
        moment = read if read.tzinfo else read.replace(tzinfo=shop.zone)
        is_near = abs(moment - now) <= FAR
    except (ValueError, OverflowError):
        raise click.ClickException(
            f'"{text}" is no moment. Write it as "2026-12-01 10:00".'
        ) from None
    if not is_near:
        raise click.ClickException(f'"{text}" is more than three years from now.')
    return moment
