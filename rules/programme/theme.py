"""How the shop's pictures look: a pattern, and files of its own beside the programme."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from ..base import Strict

#: The name of a PNG file in the folder `art` beside the programme's file, or of what was handed in
#: from a browser; never a path.
ART_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.png$"
ArtFile = Annotated[str, StringConstraints(pattern=ART_NAME)]


class Theme(Strict):
    """What cards, posters and menus look like."""

    #: The pattern on them.
    texture: Literal["waves", "hemp", "stripes", "dots", "plain"] = "waves"
    #: The shop's own.
    logo: ArtFile | None = None
    #: The shop's own.
    mascot: ArtFile | None = None
