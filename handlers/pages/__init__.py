"""Web pages: for members, for staff and the owner, and for the machines that watch over us.

A view is a function of its module; the module's `pages`, a blueprint, has its address.
"""

from datetime import timedelta

from flask import Flask

from handlers.club import Club

from . import (
    card,
    counter,
    current,
    health,
    lost,
    messages,
    newsletter,
    owner,
    pictures,
    programme,
    share,
    sms,
    staff,
    transport,
    voices,
)


def install(
    app: Flask,
    club: Club,
    *,
    hosts: tuple[str, ...] = (),
    metrics_token: str | None = "",
    idle: timedelta = timedelta(hours=1),
) -> None:
    """Gives `app` all of them, about `club`. `hosts`: by which it is asked, beside its address.
    `metrics_token`: what `/metrics` wants to be shown; nothing if "", and None closes it. `idle`:
    how long the staff's sessions last while nothing is asked."""
    transport.install(app, base_url=club.base_url, hosts=hosts)
    app.config["METRICS_TOKEN"] = metrics_token
    current.install(app, club)
    for part in (
        counter,
        card,
        messages,
        pictures,
        programme,
        newsletter,
        share,
        sms,
        voices,
        health,
    ):
        app.register_blueprint(part.pages)
    lost.install(app)
    card.install(app)
    staff.install(app, club, idle=idle)
    owner.install(app)
