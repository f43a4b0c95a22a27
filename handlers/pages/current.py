"""The club of the application that answers this request, for the views of every page.

Views are functions of their modules, and a module knows no club: a process may serve several
applications, as the tests do, each with its own.
"""

from flask import Flask, current_app

from handlers.club import Club
from rules.programme.programme import Programme

_EXTENSION = "kayoi.club"


def install(app: Flask, club: Club) -> None:
    """Makes `club` the one that the pages of `app` are about."""
    app.extensions[_EXTENSION] = club


def current_club() -> Club:
    club: Club = current_app.extensions[_EXTENSION]
    return club


def current_programme() -> Programme:
    """The programme in force now."""
    club = current_club()
    return club.timeline().at(club.now()).programme
