"""What is written down for other systems, whichever door it came by; and what isn't."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.codes import RewardUse
from bot.store.history import history
from bot.store.hooks import events as hook_events_store
from bot.store.members.profiles import Profile
from bot.store.tables import hook_deliveries, hook_events
from handlers.actions.counter.redeem import redeem
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.recording.record import Request, record
from handlers.actions.recording.work import Work
from handlers.jobs.night import nightly
from rules.activity import Membership, Purchase
from rules.hooks.kinds import TOPICS, TYPES, topic_of
from tests.handlers.actions.counter.test_take_goods_back import buys, returns, uses
from tests.handlers.actions.importing.test_many_rows import brought_in, taken_back
from tests.handlers.actions.members.test_counted_once import merges, undoes
from tests.handlers.clubs import MANAGER, MONDAY_NOON, SmallClub
from tests.handlers.receivers import Telling

URL = "https://hooks.example.jp/"


def written(cafe: SmallClub, member: int | None = None) -> list[dict[str, Any]]:
    """What was written, as it goes out, in the order of the members' counting."""
    with cafe.store.read() as uow:
        rows = uow.run(
            select(hook_events).order_by(hook_events.c.member_id, hook_events.c.sequence)
        ).all()
    return [json.loads(row.body) for row in rows if row.body and member in (None, row.member_id)]


def types(cafe: SmallClub, member: int | None = None) -> list[str]:
    return [each["type"] for each in written(cafe, member)]


def last(cafe: SmallClub, event_type: str) -> dict[str, Any]:
    """The data of the last event of that type."""
    found = [each["data"] for each in written(cafe) if each["type"] == event_type]
    data: dict[str, Any] = found[-1]
    return data


@contextmanager
def statements(cafe: SmallClub) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    for engine in cafe.store.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        for engine in cafe.store.engines:
            event.remove(engine, "before_cursor_execute", note)


def test_a_visit_says_where_and_when_and_what_it_brought(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    member = cafe.joins()
    cafe.visits(member)

    data = last(cafe, "visit.recorded")

    assert data["member"] == {"id": member, "card_number": cafe.member(member).number}
    assert (data["store"], data["day"], data["via"]) == ("ekimae", "2026-01-05", "staff")
    assert data["points"] == cafe.granted(member)[data["activity"], "visit"] + sum(
        points for (seq, rule), points in cafe.granted(member).items()
        if seq == data["activity"] and rule != "visit"
    )  # fmt: skip
    assert data["balance"] == cafe.balance(member)


def test_events_of_a_member_are_numbered_and_of_each_by_itself(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    first, second = cafe.joins(), cafe.joins()
    for _ in range(3):
        cafe.visits(first, at=cafe.passes(days=1))
    cafe.visits(second, at=cafe.now)

    for member in (first, second):
        numbers = [each["data"]["sequence"] for each in written(cafe, member)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_nothing_is_written_that_nobody_wants_to_hear(telling: Telling) -> None:
    cafe = telling.cafe
    cafe.visits(cafe.joins())
    telling.to(URL, topics=("rank",))
    cafe.visits(cafe.joins())

    assert types(cafe) == []


def test_without_receivers_a_visit_asks_no_question_more(telling: Telling) -> None:
    """And with one, three: the counting, the events, and to whom they go."""
    cafe = telling.cafe
    member, other = cafe.joins(), cafe.joins()
    cafe.visits(member)
    cafe.passes(days=1)
    cafe.club.hooks.receivers(cafe.store)
    with statements(cafe) as before:
        cafe.visits(member)
    assert [each for each in before if "hook" in each] == []
    telling.to(URL, topics=("visit",))
    cafe.club.hooks.receivers(cafe.store)
    with statements(cafe) as after:
        cafe.visits(other)
    asked = [each.split()[:3] for each in after if "hook" in each]

    assert [" ".join(each) for each in asked if each[0] == "INSERT"] == ["INSERT INTO hook_counts"]


def test_a_store_hears_of_what_happens_in_it_alone(telling: Telling) -> None:
    cafe = telling.cafe
    here = telling.to(URL, store="ekimae")
    everywhere = telling.to(URL)
    member = cafe.joins()
    cafe.visits(member, store="kawabe")
    cafe.passes(days=1)
    cafe.visits(member, store="ekimae")
    with cafe.store.read() as uow:
        heard = uow.run(
            select(hook_deliveries.c.endpoint_id, hook_events.c.type, hook_events.c.body).join(
                hook_events, hook_events.c.id == hook_deliveries.c.event_id
            )
        ).all()

    visits = [row for row in heard if row.type == "visit.recorded"]
    assert sorted(row.endpoint_id for row in visits) == [here, everywhere, everywhere]
    assert "member.joined" not in {row.type for row in heard if row.endpoint_id == here}


def test_what_is_undone_and_returned_is_told_as_that(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    member = cafe.joins()
    cafe.passes(days=1)
    before = cafe.balance(member)
    cafe.visits(member, key="visit")
    cafe.undoes(member, "visit")
    seq = buys(cafe, member, 3300)
    assert returns(cafe, member, seq, 1100).refused is None
    key = cafe.key()
    assert returns(cafe, member, seq, 1100, key).refused is None
    assert cafe.undoes(member, key).done

    visited, gone = last(cafe, "visit.recorded"), last(cafe, "visit.undone")
    assert gone["activity"] == visited["activity"]
    assert gone["points"] == -visited["points"]
    assert gone["balance"] == before
    bought = last(cafe, "purchase.recorded")
    assert (bought["activity"], bought["yen"]) == (seq, 3300)
    back = last(cafe, "purchase.returned")
    assert (back["of"], back["yen"]) == (seq, 1100)
    assert last(cafe, "purchase.return_undone")["of"] == seq
    assert last(cafe, "purchase.return_undone")["balance"] == cafe.balance(member)


def test_a_reward_is_told_when_it_is_used_and_when_that_is_undone(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    member = cafe.joins()
    cafe.passes(days=1)
    buys(cafe, member, 30000)
    key = cafe.key()
    with cafe.work(key=key) as work:
        outcome = redeem(work.acting("staff"), member, RewardUse("off_100"), at=cafe.now)
    assert outcome.done
    assert cafe.undoes(member, key).done

    used, cancelled = last(cafe, "reward.used"), last(cafe, "reward.cancelled")
    assert used["reward"] == "off_100"
    assert used["voucher"] is None
    assert used["points"] < 0
    assert cancelled["activity"] == used["activity"]
    assert cancelled["points"] == -used["points"]


def test_badges_ranks_and_vouchers_are_told_and_so_is_their_going(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    member = cafe.joins()
    cafe.passes(days=1)
    ranks = []
    for _ in range(40):
        cafe.visits(member, at=cafe.passes(days=1), key=f"visit:{cafe.now}")
        ranks.append(cafe.member(member).facts.rank.id)

    facts = cafe.member(member).facts
    told = written(cafe, member)
    earned = [each["data"]["badge"] for each in told if each["type"] == "badge.earned"]
    assert sorted(earned) == sorted(facts.badges)
    steps = [each["data"] for each in told if each["type"] == "rank.changed"]
    assert steps[-1]["after"] == facts.rank.id
    assert [each["before"] for each in steps[1:]] == [each["after"] for each in steps[:-1]]
    assert set(ranks) == {each["after"] for each in steps} | {ranks[0]}
    # The very visit that brought the last badge goes.
    bringing = next(each["data"] for each in reversed(told) if each["type"] == "badge.earned")
    same = [
        each["data"]["activity"] for each in told
        if each["type"] == "visit.recorded" and each["data"]["sequence"] < bringing["sequence"]
    ][-1]  # fmt: skip
    with cafe.store.read() as uow:
        key = history.key_of(uow, member, same)
    assert cafe.undoes(member, key, force=True).done
    lost = {each["data"]["badge"] for each in written(cafe) if each["type"] == "badge.lost"}
    assert bringing["badge"] in lost or bringing["badge"] in cafe.member(member).facts.badges


@pytest.mark.parametrize(("state", "told"), [("paused", "member.paused"), ("left", "member.left")])
def test_membership_is_told(telling: Telling, state: Membership, told: str) -> None:
    cafe = telling.cafe
    telling.to(URL)
    member = cafe.joins()
    cafe.passes(days=1)
    for each in (state, "active"):
        with cafe.work(key=cafe.key()) as work:
            change_membership(work, member, each, at=cafe.now)

    assert [each for each in types(cafe, member) if each.startswith("member.")] == [
        "member.joined", told, "member.resumed",
    ]  # fmt: skip


def test_who_somebody_is_stands_in_no_event(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    profile = Profile(name="山田さくら", kana="ヤマダサクラ", phone="090-1234-5678", note="常連")
    with cafe.work(MANAGER, key=cafe.key()) as work:
        joined = join_at_counter(work, Newcomer("ja", "ポイントのため", profile))
    assert joined.member_id
    cafe.visits(joined.member_id)

    bodies = json.dumps(written(cafe), ensure_ascii=False)
    assert types(cafe, joined.member_id)[0] == "member.joined"
    for said in ("山田", "ヤマダ", "1234", "常連"):
        assert said not in bodies.replace(cafe.member(joined.member_id).number, "")


def test_cards_put_together_and_taken_apart_are_told_by_their_ids(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    keep, other = cafe.joins("U1"), cafe.joins()
    cafe.passes(days=1)
    cafe.visits(other)
    key = merges(cafe, keep, other)
    assert last(cafe, "member.merged")["into"] == keep
    assert types(cafe, other)[-1] == "member.merged"
    undoes(cafe, keep, key)

    assert last(cafe, "member.separated")["from"] == keep


def test_an_erasure_leaves_an_id_and_nothing_else(telling: Telling) -> None:
    cafe = telling.cafe
    to = telling.to(URL)
    member = cafe.joins("U1")
    buys(cafe, member, 3300)
    with cafe.work(key=cafe.key()) as work:
        assert erase(work, member).done

    (told,) = written(cafe, member)
    assert told["type"] == "member.erased"
    assert told["data"]["member"] == {"id": member, "card_number": None}
    assert set(told["data"]) == {"member", "sequence"}
    states = {each.type: each.status for each in telling.deliveries(to)}
    assert states.pop("member.erased") == "queued"
    assert set(states.values()) == {"dropped"}


def test_an_erasure_empties_what_was_told_before_although_nobody_hears_any_more(
    telling: Telling,
) -> None:
    cafe = telling.cafe
    to = telling.to(URL)
    member = cafe.joins("U1")
    cafe.visits(member)
    telling.steps(to, "off")
    with cafe.work(key=cafe.key()) as work:
        assert erase(work, member).done

    assert written(cafe, member) == []


def test_what_is_done_twice_is_told_once(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL, topics=("visit",))
    member = cafe.joins()
    for _ in range(2):
        cafe.visits(member, key="the same scan")

    assert types(cafe) == ["visit.recorded"]


def test_what_is_refused_or_rolled_back_is_told_to_nobody(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL, topics=("purchase",))
    member = cafe.joins()
    receipt = Request(member, Purchase(500), cafe.now, "ekimae")

    def breaks(work: Work) -> None:
        assert record(work, receipt).done
        raise RuntimeError

    def breaks_apart(work: Work) -> None:
        with work.apart():
            breaks(work)

    with pytest.raises(RuntimeError), cafe.work(key=cafe.key()) as work:
        breaks(work)
    with cafe.work(key=cafe.key()) as work, pytest.raises(RuntimeError):
        breaks_apart(work)

    assert types(cafe) == []
    assert uses(cafe, member).refused
    assert types(cafe) == []


def test_what_runs_out_by_the_calendar_is_told_too(telling: Telling) -> None:
    """A rank that goes at the end of a month, by the night's work and by nobody's doing."""
    cafe = telling.cafe
    telling.to(URL, topics=("rank",))
    member = cafe.joins()
    for _ in range(12):
        cafe.visits(member, at=cafe.passes(days=1))
    risen = cafe.member(member).facts.rank.id
    while cafe.member(member).facts.rank.id == risen:
        cafe.passes(days=31)
        nightly.run_if_due(cafe.club)

    step = last(cafe, "rank.changed")
    assert (step["before"], step["after"]) == (risen, cafe.member(member).facts.rank.id)
    assert step["member"]["id"] == member


def test_every_type_has_a_topic_that_somebody_can_choose() -> None:
    assert {topic_of(each) for each in TYPES} == {*TOPICS, "test"}


def test_numbers_are_given_in_the_order_of_the_ids(cafe: SmallClub) -> None:
    """So that two works that tell of the same members never wait in a circle."""
    first, second = cafe.joins(), cafe.joins()
    with cafe.store.begin() as uow:
        assert hook_events_store.number(uow, [second, first, second]) == {first: 1, second: 2}
        assert hook_events_store.number(uow, [second]) == {second: 3}
    assert cafe.now == MONDAY_NOON


def test_what_a_file_brings_in_is_no_news_but_that_somebody_is_erased_is(telling: Telling) -> None:
    cafe = telling.cafe
    telling.to(URL)
    people = brought_in(cafe, "カード番号,入会日\nP1,2025/1/1\n")
    visits = brought_in(cafe, "カード番号,来店日\nP1,2025/5/1\nP1,2025/5/2\n", "visits")
    taken_back(cafe, visits)
    assert types(cafe) == []
    taken_back(cafe, people)
    assert types(cafe) == ["member.erased"]
