"""The staff's pages, all below /staff. A file in one of the rooms here adds its views to the one
blueprint when it is imported, which all of them are; nothing lists them."""

from datetime import timedelta
from importlib import import_module
from pkgutil import walk_packages

from flask import Flask

from handlers.club import Club

from .frame import access, blueprint, errors, tries

for _file in walk_packages(__path__, f"{__name__}."):
    import_module(_file.name)


def install(app: Flask, club: Club, *, idle: timedelta) -> None:
    """Gives `app` the staff's pages, on which a session lasts for `idle` while nothing is asked."""
    access.install(app, club, idle=idle)
    tries.limiter.init_app(app)
    blueprint.install(app)
    errors.install(app)
