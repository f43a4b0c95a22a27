"""Pictures beside a form: as addresses that hold them, since nobody else is to fetch them."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

from handlers.showing.addresses import Drawing
from handlers.showing.views import fingerprint
from images.look import Look

from ...pictures import drawn

_PNG = b"\x89PNG"


def held(picture: bytes) -> str:
    """A PNG or JPEG as an address."""
    kind = "png" if picture.startswith(_PNG) else "jpeg"
    return f"data:image/{kind};base64,{b64encode(picture).decode()}"


def held_drawing(draw: Callable[[Any, Look], bytes], view: object, look: Look) -> str:
    """What `draw` makes of the view as an address; drawn once while nothing of it changes."""
    key = f"{draw.__name__} {fingerprint(view, look)}"
    return held(drawn(Drawing(view, look, draw, key)))
