"""What somebody who wants to come asks about a place: when it is open, where it is, how to call."""

from typing import Annotated

from pydantic import Field, StringConstraints

from .base import Hours, LocalText, Strict

#: As it is written on a card: "03-1234-5678", "+81 3-1234-5678".
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9() -]{3,28}[0-9]$")]
HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[!-~]{1,500}$")]


class Spot(Strict):
    """A point on the map (WGS 84, as LINE and telephones take it), in degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class Premises(Strict):
    """What is told of a shop, or of a branch where that differs. Without a fact, whoever asks for
    it is answered by people."""

    hours: Hours | None = None
    address: LocalText | None = None
    map: Spot | None = None
    phone: Phone | None = None
    booking_url: HttpsUrl | None = None
    menu_url: HttpsUrl | None = None
    parking: LocalText | None = None

    @property
    def phone_link(self) -> str:
        """The number as a telephone dials it: "tel:0312345678"."""
        digits = "".join(char for char in self.phone or "" if char.isdigit() or char == "+")
        return f"tel:{digits}" if digits else ""
