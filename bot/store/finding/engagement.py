"""What members did lately: their visits, and what they tapped and wrote in the chat.

What LINE sent is kept for thirty days (`prune`), so that nothing longer ago can be counted.
"""

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from rules.heard.engagement import ACTS_DAYS, MemberActs
from rules.shop import Shop

from ..engine.db import UnitOfWork
from ..members import mergers
from ..tables import activities, line_accounts, members, webhook_events

#: The text by which somebody checks in is no message: the visit is counted.
_CHECK_IN = re.compile(r"\s*(?:チェックイン|check[\s-]?in)\b", re.I)


def of_last_days(uow: UnitOfWork, shop: Shop, now: datetime) -> dict[int, MemberActs]:
    """What each active member did in the last `ACTS_DAYS` days."""
    since = now - timedelta(days=ACTS_DAYS)
    return acts(uow, since=since, first=shop.business_date(since))


def acts(uow: UnitOfWork, *, since: datetime, first: date) -> dict[int, MemberActs]:
    """What each active member did in the chat since then, and how often they came from that
    business day on, with whichever of their cards. What LINE sent twice is one event."""
    stands = members.c.erased_at.is_(None) & members.c.merged_into.is_(None)
    active = select(members.c.id).where(stands, members.c.membership == "active")
    ids = list(uow.run(active.order_by(members.c.id)).scalars())
    owners = {each: each for each in ids}
    owners |= {card: by for card, by in mergers.merged(uow).items() if by in owners}
    visits: Counter[int] = Counter()
    came = (
        select(activities.c.member_id, func.count())
        .where(
            activities.c.what.like("Visit %"),
            activities.c.undone_at.is_(None),
            activities.c.business_date >= first,
        )
        .group_by(activities.c.member_id)
    )
    for card, count in uow.run(came):
        visits[owners.get(card, 0)] += int(count)
    taps, messages = _in_chat(uow, since, owners)
    return {each: MemberActs(visits[each], taps[each], messages[each]) for each in ids}


def _in_chat(
    uow: UnitOfWork, since: datetime, owners: dict[int, int]
) -> tuple[Counter[int], Counter[int]]:
    """Taps and messages by member; of an account with several cards they are of the one that its
    chat speaks of."""
    found: dict[str, Counter[int]] = {"postback": Counter(), "message": Counter()}
    told = (
        select(line_accounts.c.member_id, webhook_events.c.body)
        .join(line_accounts, line_accounts.c.user_id == webhook_events.c.user_id)
        .where(webhook_events.c.received_at >= since, webhook_events.c.body != "{}")
    )
    for row in uow.run(told):
        kind, owner = _kind(row), owners.get(row.member_id or 0)
        if owner is not None and kind in found:
            found[kind][owner] += 1
    return found["postback"], found["message"]


def _kind(row: Row[Any]) -> str:
    event = json.loads(row.body)
    message = event.get("message") or {}
    if _CHECK_IN.match(str(message.get("text", ""))):
        return "check_in"
    return str(event.get("type", ""))
