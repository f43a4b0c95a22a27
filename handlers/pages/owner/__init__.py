"""The owner's console, all below /owner: for who has the programme in hand. A file in one of the
rooms here adds its views to the one blueprint when it is imported; nothing lists them."""

from importlib import import_module
from pkgutil import walk_packages

from flask import Flask

from .frame.blueprint import pages

for _file in walk_packages(__path__, f"{__name__}."):
    import_module(_file.name)


def install(app: Flask) -> None:
    """Gives `app` the console, whose people are the staff's (see `staff`)."""
    app.register_blueprint(pages)
