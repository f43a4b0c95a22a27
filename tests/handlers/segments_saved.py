"""Segments that an owner has saved, to try what asks for them."""

from typing import Any

from bot.store.messages import segments
from bot.store.messages.segments import Segment
from handlers.actions.many.segments import add_segment, change_segment, drop_segment
from rules.base import Refusal
from rules.broadcasts.broadcast import Whom
from tests.handlers.broadcasting import OWNER
from tests.handlers.clubs import SmallClub


def saves(cafe: SmallClub, name: str = "VIP", **whom: Any) -> Segment:
    """Those who read English, unless somebody else is asked for."""
    asked = Whom.model_validate(whom or {"languages": ("en",)})
    with cafe.work(OWNER, key=cafe.key()) as work:
        made = add_segment(work, name, asked)
        assert isinstance(made, int)
        found = segments.get(work.uow, made)
    assert found is not None
    return found


def kept(cafe: SmallClub, slug: str = "vip", **whom: Any) -> Segment:
    """The same under a slug that the programme has already."""
    asked = Whom.model_validate(whom or {"languages": ("en",)})
    with cafe.store.begin() as uow:
        made = segments.add(uow, slug, slug, asked, by=None, at=cafe.now)
        found = segments.get(uow, made or 0)
    assert found is not None
    return found


def becomes(cafe: SmallClub, segment: Segment, *, name: str = "", **whom: Any) -> None:
    """The owner changes it."""
    with cafe.work(OWNER, key=cafe.key()) as work:
        there = segments.get(work.uow, segment.id)
        assert there is not None
        asked = Whom.model_validate(whom) if whom else there.whom
        no = change_segment(
            work, there.id, name=name or there.name, whom=asked, revision=there.revision
        )
    assert no is None


def drops(cafe: SmallClub, segment: Segment) -> Refusal | None:
    with cafe.work(OWNER, key=cafe.key()) as work:
        return drop_segment(work, segment.id)


def english(cafe: SmallClub, user_id: str | None = None) -> int:
    """Somebody of the segment."""
    return cafe.joins(user_id, language="en")
