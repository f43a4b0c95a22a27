"""Web pages: for members, for staff and the owner, and for the machines that watch over us.

A view is a function of its module; the module's `pages`, a blueprint, has its address.
"""

from flask import Flask

from handlers.club import Club

from . import card, counter, current, health, pictures, programme, sms, staff


def install(app: Flask, club: Club) -> None:
    """Gives `app` all of them, about `club`."""
    current.install(app, club)
    for part in (counter, card, pictures, programme, sms, health):
        app.register_blueprint(part.pages)
    staff.install(app, club)
