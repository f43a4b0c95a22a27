"""Moments as they are typed into a command."""

from datetime import datetime

import click

from rules.shop import Shop


def moment_of(text: str | None, shop: Shop, now: datetime) -> datetime:
    """The moment meant, read on the shop's own clock unless it names an offset."""
    if text is None:
        return now
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise click.ClickException(
            f'"{text}" is no moment. Write it as "2026-12-01 10:00".'
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=shop.zone)
