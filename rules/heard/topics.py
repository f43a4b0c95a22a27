"""What members' words are about: by their own tap, or as staff sort it."""

from typing import Final, Literal, get_args

#: `far` and `busy` are why somebody stays away; the others are the shop's.
CaseTopic = Literal["goods", "service", "wait", "price", "place", "card", "far", "busy", "another"]
TOPICS: Final[tuple[CaseTopic, ...]] = get_args(CaseTopic)


def topic_of(text: str) -> CaseTopic | None:
    """The topic with that id; None for none."""
    return next((each for each in TOPICS if each == text), None)
