"""What other systems call: the API below /api/v1, and the doors of connected tills and web shops
(`sellers.py`).

`frame/` is what every door stands in: the key that is shown, how often one may ask, problems, the
key of a request, pages of lists, the document. `resources/` has a file for each resource. Nothing
lists them: a file adds its doors to the one blueprint when it is imported, and the document is made
from the doors.

A resource is a file like `resources/check_ins.py`: models of what it takes (`RequestPart`) and
gives (`AnswerPart`), and a function for each door, under `@reads(rule, model, scope)` or
`@does(rule, model, scope, *refusals)`, whose docstring is what the document says of it. It calls an
action under `api_work()`, which has the system as `work.client` and the request's key as
`work.key`. A refusal is raised (`done(outcome)`) after that block, not in it: what was refused is
kept with its key, too, and an exception would undo that. There is no SQL and no rule in it.
"""

from importlib import import_module
from pkgutil import walk_packages

from flask import Flask

from handlers.club import Club

from . import sellers
from .frame import current, problems
from .frame.blueprint import pages

for _file in walk_packages(__path__, f"{__name__}."):
    import_module(_file.name)


def install(app: Flask, club: Club) -> None:
    """Gives `app` the API, about `club`. All pages must be installed by now."""
    current.install(app, club)
    app.register_blueprint(pages)
    app.register_blueprint(sellers.pages)
    problems.install(app)
