"""What members did lately: their visits, and what they tapped and wrote in the chat.

What LINE sent is kept for thirty days (`prune`), so that nothing longer ago can be counted.
"""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, bindparam, func, literal, select, tuple_

from rules.heard.engagement import ACTS_DAYS, MemberActs
from rules.shop import Shop

from ..engine.db import Store
from ..engine.statements import PreparedStatement, of_many
from ..members.mergers import by_card
from ..tables import activities, line_accounts, members, webhook_events

#: The text by which somebody checks in is no message: the visit is counted.
_CHECK_IN = re.compile(r"\s*(?:チェックイン|check[\s-]?in)\b", re.I)


#: So many members are summed at once, and so many of LINE's events are read.
PAGE = 1_000


def of_last_days(store: Store, shop: Shop, now: datetime) -> Iterator[dict[int, MemberActs]]:
    """What each active member did in the last `ACTS_DAYS` days, some members at a time."""
    since = now - timedelta(days=ACTS_DAYS)
    return acts(store, since=since, first=shop.business_date(since))


def acts(store: Store, *, since: datetime, first: date) -> Iterator[dict[int, MemberActs]]:
    """What each active member did in the chat since then, and how often they came from that
    business day on, with whichever of their cards: some members at a time. What LINE sent twice is
    one event; of an account with several cards it is of the one that its chat speaks of."""
    in_chat = _in_chat(store, since)
    after, is_more = 0, True
    while is_more:
        with store.read() as uow:
            ids = uow.ids(_ACTIVE, {"after": after, "most": PAGE})
            found = dict.fromkeys(ids, MemberActs())
            owners = by_card(uow, ids)
            came = uow.ask(_CAME, {"cards": list(owners), "first": first})
        for row in came:
            found[owners[row.member_id]] += MemberActs(visits=int(row.visits))
        for card in owners.keys() & in_chat.keys():
            found[owners[card]] += in_chat[card]
        if found:
            yield found
            after = ids[-1]
        is_more = len(ids) == PAGE


_ACTIVE = PreparedStatement(
    select(members.c.id)
    .where(
        members.c.id > bindparam("after"),
        members.c.membership == "active",
        members.c.erased_at.is_(None),
        members.c.merged_into.is_(None),
    )
    .order_by(members.c.id)
    .limit(bindparam("most", type_=Integer))
)
_CAME = of_many(
    select(activities.c.member_id, func.count().label("visits"))
    .where(
        activities.c.what.like("Visit %"),
        activities.c.undone_at.is_(None),
        activities.c.business_date >= bindparam("first"),
    )
    .group_by(activities.c.member_id),
    activities.c.member_id,
    "cards",
)
_PLACE = tuple_(webhook_events.c.received_at, webhook_events.c.event_id)


def _in_chat(store: Store, since: datetime) -> dict[int, MemberActs]:
    """Taps and messages by the card of which the account's chat speaks; only of those who did
    something, which is all that is at hand at once."""
    query = (
        select(
            webhook_events.c.received_at,
            webhook_events.c.event_id,
            line_accounts.c.member_id,
            webhook_events.c.body,
        )
        .join(line_accounts, line_accounts.c.user_id == webhook_events.c.user_id)
        .where(
            webhook_events.c.received_at >= since,
            webhook_events.c.body != "{}",
            line_accounts.c.member_id.is_not(None),
        )
        .order_by(webhook_events.c.received_at, webhook_events.c.event_id)
        .limit(PAGE)
    )
    found: dict[int, MemberActs] = {}
    page = query
    while True:
        with store.read() as uow:
            rows = uow.run(page).all()
        for row in rows:
            found[row.member_id] = found.get(row.member_id, MemberActs()) + _act(row.body)
        if len(rows) < PAGE:
            return found
        last = rows[-1]
        at = literal(last.received_at, webhook_events.c.received_at.type)
        page = query.where(tuple_(at, last.event_id) < _PLACE)


def _act(body: str) -> MemberActs:
    kind = _kind(body)
    return MemberActs(taps=int(kind == "postback"), messages=int(kind == "message"))


def _kind(body: str) -> str:
    event = json.loads(body)
    message = event.get("message") or {}
    if _CHECK_IN.match(str(message.get("text", ""))):
        return "check_in"
    return str(event.get("type", ""))
