"""The month's messages: what is there, what used it, what doesn't go out and why."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, update

from bot.store.messages import quota
from bot.store.tables import message_figures
from bot.store.tables import outbox as table
from handlers.actions.telling.say_kind import SayKind
from rules.sending.quota import month_of
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.jobs.messages import queue, user
from tests.handlers.pages.staff.conftest import Browser
from tests.journeys.counting import counting, plans

NOON = datetime(2026, 1, 20, 3, tzinfo=UTC)


def told(owner: Browser, asked: str = "") -> str:
    answer = owner.get(f"/owner/quota{asked}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def known(shop: SmallClub, *, plan: int | None, used: int) -> None:
    """LINE has told of this month."""
    month = month_of(shop.timeline.latest.programme.shop, shop.now)
    with shop.store.begin() as uow:
        quota.begin_month(uow, month)
        quota.note_figures(uow, month, plan=plan, used=used, now=shop.now)


def ends(shop: SmallClub, member: int, status: str, reason: str | None) -> None:
    """What became of the message to the member."""
    values = {"status": status, "reason": reason, "sent_at": shop.now if status == "sent" else None}
    with shop.store.begin() as uow:
        uow.run(update(table).where(table.c.member_id == member).values(values))


def below(kind: type[SayKind]) -> Iterator[type[SayKind]]:
    for each in kind.__subclasses__():
        yield from (each, *below(each))


def test_before_line_was_asked_nothing_is_claimed(shop: SmallClub, owner: Browser) -> None:
    shop.clock.set(NOON)
    page = told(owner)
    assert say("ja", "owner.quota.not_asked") in page
    assert say("ja", "owner.quota.unknown") in page
    assert say("ja", "owner.quota.none_unsent") in page
    known(shop, plan=None, used=3)
    assert say("ja", "owner.quota.no_limit") in told(owner)


def test_every_kind_of_message_stands_under_a_name_of_the_shops(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(NOON)
    kinds = sorted({each.journey() for each in below(SayKind) if "kind" in each.model_fields})
    # What the programme has is queued by its own name.
    kinds.remove("journey")
    assert {"suggestion", "circle_invite", "event_invite", "trial_outcome"} < set(kinds)
    for n, kind in enumerate(kinds):
        queue(shop, shop.joins(user(n)), journey=kind)
    words = re.sub(r"<[^>]*>", " ", told(owner)).split()
    assert [kind for kind in kinds if kind in words] == []


def test_what_is_used_and_wanted_stands_beside_what_there_is(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(NOON)
    people = [shop.joins(user(n)) for n in range(4)]
    for member in people:
        queue(shop, member, journey="journey:lapsed")
    ends(shop, people[0], "sent", None)
    known(shop, plan=200, used=198)
    page = told(owner)
    row = page[page.index(say("ja", "journey.kind.lapsed")) :]
    cells = [each.partition("</td>")[0].partition(">")[2] for each in row.split("<td")[1:4]]
    # Three wait, and one more is expected, as one was sent lately.
    assert cells == ["1", "4", "2"], "sent, to come, and what there is no room for"
    assert say("ja", "owner.quota.short", count="2") in page
    plans = page[page.index('class="plans"') :]
    assert say("ja", "owner.quota.yours") in plans.split("<li>")[1]
    assert say("ja", "owner.quota.fits") in plans.split("<li>")[2]


def test_each_reason_for_which_something_stays_here_is_told_in_words(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(NOON)
    ways = {
        ("queued", None): "waits.turn",
        ("queued", "quota"): "waits.quota",
        ("queued", "LineUnavailable"): "waits.trouble",
        ("skipped", "blocked"): "ended.blocked",
        ("skipped", "left"): "ended.left",
        ("failed", "LineRejected"): "ended.trouble",
        ("held_out", None): "ended.held_out",
    }
    for n, (status, reason) in enumerate(ways):
        member = shop.joins(user(n))
        queue(shop, member)
        ends(shop, member, status, reason)
    page = told(owner)
    for key in ways.values():
        assert say("ja", f"owner.quota.{key}") in page, key
    shop.clock.set(NOON + timedelta(days=40))
    page = told(owner)
    assert say("ja", "owner.quota.ended.blocked") not in page
    assert say("ja", "owner.quota.waits.quota") in page, "what waits is told however old it is"


def test_a_month_that_is_used_up_is_told_with_when_it_goes_on(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(NOON)
    known(shop, plan=200, used=200)
    month = month_of(shop.timeline.latest.programme.shop, shop.now)
    with shop.store.begin() as uow:
        quota.hold(uow, month, until=NOON + timedelta(hours=6), reason="monthly_limit")
    assert say("ja", "owner.quota.held.monthly_limit", until="X").split("X")[0] in told(owner)


def test_the_page_asks_a_dozen_times_whatever_the_club(shop: SmallClub, owner: Browser) -> None:
    shop.clock.set(NOON)
    asked = []
    for count in (2, 20):
        for n in range(count):
            queue(shop, shop.joins(user(100 * count + n)), journey="journey:lapsed")
        with counting(shop.store) as counted:
            told(owner)
        asked.append(len(counted.statements))
    assert asked[0] == asked[1] <= 20


def test_the_page_reads_of_the_outbox_what_its_indexes_name(
    shop: SmallClub, owner: Browser
) -> None:
    shop.clock.set(NOON)
    told(owner)
    with counting(shop.store) as counted:
        told(owner)
    asked = [each for each in counted.statements if "FROM outbox" in each.sql]
    steps = plans(shop.store, asked)
    assert len(asked) >= 6
    whole = [each for each in steps if each == "SCAN outbox" or "Seq Scan on outbox" in each]
    assert whole == []


def test_a_month_that_is_over_is_shown_with_what_it_cost(shop: SmallClub, owner: Browser) -> None:
    shop.clock.set(NOON)
    sent = [("journey:lapsed", date(2025, 12, 31), 40), ("messages", date(2025, 12, 1), 2),
            ("messages", date(2026, 1, 2), 9)]  # fmt: skip
    with shop.store.begin() as uow:
        rows = [{"journey": name, "day": day, "sent": count} for name, day, count in sent]
        uow.run(insert(message_figures), rows)
    page = told(owner, "?month=2025-12")
    assert say("ja", "owner.quota.over", month="2025年12月", count="42", yen="126円") in page
    assert say("ja", "journey.kind.lapsed") in page
    now = told(owner)
    assert "2025年12月" in now, "it can be chosen"
    before = now[now.index(say("ja", "owner.quota.before")) :].partition("</div>")[0]
    assert "42通" in before
    assert "126円" in before
    assert say("ja", "owner.quota.plans") in told(owner, "?month=1999-01"), "none is this one"


def test_after_midnight_it_is_the_month_of_the_shops_day_until_that_ends(
    shop: SmallClub, owner: Browser
) -> None:
    """At two in the morning of the first it is the last day of the month, as on every page."""
    shop.clock.set(datetime(2026, 1, 31, 17, tzinfo=UTC))
    assert shop.timeline.latest.programme.shop.business_date(shop.now) == date(2026, 1, 31)
    page = told(owner)
    assert say("ja", "owner.quota.is_new", month="2026年2月") in page
    assert say("ja", "owner.quota.over", month="2026年1月", count="0", yen="0円") in page
    assert say("ja", "owner.quota.plans") in told(owner, "?month=2026-02")
