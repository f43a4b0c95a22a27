"""Broadcasts as an owner writes and leads them, and what became of them."""

from collections import Counter
from typing import Any

from sqlalchemy import select

from bot.store.messages import broadcasts, crowds
from bot.store.messages.broadcasts import BroadcastFigures, StoredBroadcast
from bot.store.messages.crowds import CrowdAsked
from bot.store.tables import outbox
from handlers.actions.broadcasts.leading import pause, resume, send, stop
from handlers.actions.broadcasts.writing import add_broadcast
from handlers.actions.recording.actor import Actor
from rules.base import Refusal
from rules.broadcasts.broadcast import Broadcast, Whom
from rules.broadcasts.life import Crowd
from tests.handlers.clubs import SmallClub

OWNER = Actor(9, "オーナー", "owner", "ekimae", everywhere=True)
STEPS = {"pause": pause, "resume": resume, "stop": stop}
TITLE = "新しい豆が入りました"


def broadcast(**more: Any) -> Broadcast:
    said = {"name": "冬の豆", "title": {"ja": TITLE}, "body": {"ja": "お待ちしています。"}}
    return Broadcast.model_validate_json(_json({**said, **more}))


def _json(values: Any) -> str:
    import json

    return json.dumps(values, ensure_ascii=False)


def writes(cafe: SmallClub, **more: Any) -> int:
    with cafe.work(OWNER, key=cafe.key()) as work:
        return add_broadcast(work, broadcast(**more))


def sends(cafe: SmallClub, broadcast_id: int) -> Refusal | None:
    revision = stored(cafe, broadcast_id).revision
    with cafe.work(OWNER, key=cafe.key()) as work:
        return send(work, broadcast_id, revision=revision)


def takes(cafe: SmallClub, step: str, broadcast_id: int) -> Refusal | None:
    with cafe.work(OWNER, key=cafe.key()) as work:
        return STEPS[step](work, broadcast_id)


def stored(cafe: SmallClub, broadcast_id: int) -> StoredBroadcast:
    with cafe.store.read() as uow:
        found = broadcasts.get(uow, broadcast_id)
    assert found is not None
    return found


def figures(cafe: SmallClub, broadcast_id: int) -> BroadcastFigures:
    with cafe.store.read() as uow:
        return broadcasts.figures(uow, stored(cafe, broadcast_id))


def fates(cafe: SmallClub, broadcast_id: int) -> Counter[str]:
    """How many messages of it are in each status, for each reason ("skipped: left")."""
    found = figures(cafe, broadcast_id).fates
    return Counter({f"{status}: {why}" if why else status: n for (status, why), n in found.items()})


def crowd(cafe: SmallClub, whom: Whom) -> Crowd:
    programme = cafe.timeline.at(cafe.now).programme
    asked = CrowdAsked(whom, programme.shop, programme.shop.business_date(cafe.now))
    with cafe.store.read() as uow:
        return crowds.count(uow, asked, programme.sending, cafe.now)


def ids(cafe: SmallClub, whom: Whom) -> list[int]:
    programme = cafe.timeline.at(cafe.now).programme
    asked = CrowdAsked(whom, programme.shop, programme.shop.business_date(cafe.now))
    with cafe.store.read() as uow:
        return crowds.page(uow, asked, after=0, limit=10_000)


def messages_of(cafe: SmallClub, member_id: int) -> list[tuple[str, str]]:
    """What the member was queued, by journey, with its status."""
    mine = select(outbox.c.journey, outbox.c.status).where(outbox.c.member_id == member_id)
    with cafe.store.read() as uow:
        return [(row.journey, row.status) for row in uow.run(mine)]
