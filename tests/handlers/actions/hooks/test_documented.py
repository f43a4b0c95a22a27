"""docs/webhooks.md shows each event as it is sent, and its way to check a signature works."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.codes import RewardUse
from bot.hooks.sender import SECONDS_MAX
from bot.hooks.signing import new_secret, signed_headers
from bot.store.finding.prune import HOOKS_KEPT
from bot.store.history import history
from bot.store.members import members
from bot.store.members.profiles import Profile
from bot.store.messages.attempts import MessageEnded
from bot.store.tables import hook_events
from handlers.actions.counter.redeem import redeem
from handlers.actions.hooks.receivers import RECEIVERS_MAX, ROTATION
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.profile import ProfileEdit, set_profile
from rules.facts import Voucher, changed
from rules.hooks.kinds import TYPES
from rules.hooks.schedule import REST_MAX, TRIES_MAX
from tests.handlers.actions.counter.test_take_goods_back import buys, returns
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import MANAGER, SmallClub
from tests.handlers.receivers import Telling
from tests.rules.examples import ROOT

TEXT = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")


def examples() -> dict[str, dict[str, Any]]:
    blocks = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    found = [json.loads(line) for block in blocks for line in block.splitlines()]
    return {each["type"]: each for each in found}


def shape(event: dict[str, Any]) -> dict[str, Any]:
    """What is there, without what it says."""
    member = event["data"].get("member")
    return {
        "event": list(event),
        "data": sorted(event["data"]),
        "member": list(member) if member else None,
    }


def lives(cafe: SmallClub) -> None:
    """Something of every kind happens."""
    member, other = cafe.joins("U1"), cafe.joins()
    cafe.passes(days=1)
    cafe.visits(member, key="visit")
    cafe.undoes(member, "visit")
    seq = buys(cafe, member, 30000)
    key = cafe.key()
    returns(cafe, member, seq, 1100, key)
    cafe.undoes(member, key)
    used = cafe.key()
    with cafe.work(key=used) as work:
        assert redeem(work.acting("staff"), member, RewardUse("off_100"), at=cafe.now).done
    assert cafe.undoes(member, used).done
    with cafe.store.read() as uow:
        bought = history.key_of(uow, member, seq)
    assert cafe.undoes(member, bought, force=True).done
    _facts_change(cafe, member)
    with cafe.work(MANAGER, key=cafe.key()) as work:
        set_profile(work, member, ProfileEdit(Profile(name="山田さくら")))
    for state in ("paused", "active"):
        with cafe.work(key=cafe.key()) as work:
            change_membership(work, member, state, at=cafe.now)
    for status in ("sent", "failed"):
        with cafe.work() as work:
            work.uow.journal.append(MessageEnded(member, "birthday", status, "LineRejected"))
    merged = merges(cafe, member, other)
    undoes(cafe, member, merged)
    with cafe.work(key=cafe.key()) as work:
        change_membership(work, other, "left", at=cafe.now)


def _facts_change(cafe: SmallClub, member_id: int) -> None:
    """A rank, a badge and a voucher come and go."""
    with cafe.work() as work:
        member = members.lock(work.uow, member_id)
        voucher = Voucher(9, "coffee", "birthday", work.day, work.day + timedelta(days=9))
        facts = changed(
            member.facts,
            vouchers=(*member.facts.vouchers, voucher),
            badges={**member.facts.badges, "ten_visits": work.day},
            rank=replace(member.facts.rank, id="silver"),
        )
        members.save(work.uow, replace(member, facts=facts), work.foresight)
    with cafe.work() as work:
        again = members.lock(work.uow, member_id)
        members.save(work.uow, replace(again, facts=member.facts), work.foresight)


def test_each_event_is_shown_as_it_is_sent(telling: Telling) -> None:
    cafe = telling.cafe
    to = telling.to("https://hooks.example.jp/")
    telling.steps(to, "test")
    lives(cafe)
    with cafe.store.read() as uow:
        bodies = list(uow.run(select(hook_events.c.body)).scalars())
    gone = cafe.joins()
    with cafe.work(key=cafe.key()) as work:
        erase(work, gone)
    with cafe.store.read() as uow:
        bodies += [body for body in uow.run(select(hook_events.c.body)).scalars() if body]
    sent = {each["type"]: shape(each) for each in map(json.loads, bodies)}

    assert set(examples()) == set(TYPES)
    assert set(sent) == set(TYPES)
    assert {each: shape(example) for each, example in examples().items()} == sent


def test_the_python_that_is_shown_knows_what_is_ours() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    there: dict[str, Any] = {}
    exec(code, there)  # noqa: S102
    receive: Callable[[str, dict[str, str], bytes], Any] = there["receive"]
    secret, body = new_secret(), json.dumps(examples()["visit.recorded"])
    headers = signed_headers([secret], "msg_1", body, at=datetime.now(UTC))

    assert receive(secret, headers, body.encode()) == examples()["visit.recorded"]
    assert receive(new_secret(), headers, body.encode()) is None


def test_its_figures_are_those_of_the_rules() -> None:
    assert TRIES_MAX == 10
    assert "tried ten times" in TEXT
    assert timedelta(hours=6) == REST_MAX
    assert "for six hours at the most" in TEXT
    assert timedelta(days=7) == ROTATION
    assert "For seven days" in TEXT
    assert timedelta(days=30) == HOOKS_KEPT
    assert "after 30 days" in TEXT
    assert RECEIVERS_MAX == 20
    assert SECONDS_MAX == 15
