"""Forms that are sent once: their keys, and what is said after them."""

from uuid import uuid4

from flask import request

from rules.wording.texts import keys

from . import layout
from .access import language


def told(argument: str) -> str:
    """What the address says was done, in words; empty for anything else."""
    key = f"staff.members.done.{request.args.get(argument, '')}"
    return layout.words(key) if key in keys(language()) else ""


def new_key() -> str:
    """A form's own key, so that sending it twice does it once."""
    return str(uuid4())


def form_key() -> str:
    """The outside key of the form that was sent."""
    return f"staff:{layout.field('key', 36) or uuid4()}"
