"""Telephone calls to members who stay away, as they are noted and as the list takes them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store.heard import contacts
from bot.store.tables import audit_log
from handlers.actions.heard.contacting import ByHand, Deed, note_contact
from handlers.actions.heard.refusing import WayChoice, choose_way
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Acknowledgement
from handlers.showing.call_list import CALLS_MAX, waiting_for_a_call
from tests.handlers.calling import stays_away, switch_on
from tests.handlers.clubs import SmallClub

DESK = Actor(staff_id=7, name="佐藤", role="staff", store="ekimae", device_id=3)


@pytest.fixture(autouse=True)
def _after_new_year(cafe: SmallClub) -> None:
    """Days on which the shop is specially closed don't count as away."""
    cafe.passes(days=60)


def _calls(
    cafe: SmallClub, member: int, key: str, kind: ByHand = "called", *, words: str = ""
) -> Acknowledgement:
    with cafe.work(DESK, key=key) as work:
        return note_contact(work, Deed(member, kind, words))


def _logged(cafe: SmallClub) -> list[tuple[str, int | None, str]]:
    with cafe.store.read() as uow:
        rows = uow.run(select(audit_log).order_by(audit_log.c.id)).all()
    return [(row.action, row.member_id, row.details) for row in rows]


def _done(cafe: SmallClub, member: int) -> list[tuple[str, str]]:
    with cafe.store.read() as uow:
        done = contacts.of_members(uow, [member], limit=9)
    return [(each.kind, each.text) for each in done]


def _waiting(cafe: SmallClub) -> list[int]:
    return [each.member.id for each in waiting_for_a_call(cafe.club)]


def test_who_stays_away_waits_for_a_call_for_some_days(cafe: SmallClub) -> None:
    late = stays_away(cafe.club, "late", days=20)
    first = stays_away(cafe.club, "first", days=14)
    for name, days, visits in (("early", 13, 2), ("over", 21, 2), ("seldom", 15, 1)):
        stays_away(cafe.club, name, days=days, visits=visits)
    assert _waiting(cafe) == []
    switch_on(cafe.club)
    assert _waiting(cafe) == [late, first]


def test_who_was_spoken_with_is_called_no_more_until_they_stay_away_again(cafe: SmallClub) -> None:
    switch_on(cafe.club)
    member = stays_away(cafe.club, "さくら", days=15)
    assert _calls(cafe, member, "c1").done
    assert _calls(cafe, member, "c1").done
    assert _logged(cafe) == [("called", member, "{}")]
    assert _waiting(cafe) == []
    cafe.passes(days=1)
    cafe.visits(member)
    cafe.passes(days=15)
    assert _waiting(cafe) == [member]


def test_who_did_not_answer_stays_on_the_list_with_when_it_was_tried(cafe: SmallClub) -> None:
    switch_on(cafe.club)
    member = stays_away(cafe.club, "さくら", days=15)
    assert _calls(cafe, member, "c1", "called_no_answer", words="留守電").done
    assert _logged(cafe) == [("called_no_answer", member, "{}")]
    assert [(each.member.id, each.tried_at) for each in waiting_for_a_call(cafe.club)] == [
        (member, cafe.now)
    ]


def test_a_word_stands_with_the_call_and_not_in_the_log(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert _calls(cafe, member, "c1", words=" 出張が\n続いている ").done
    assert _done(cafe, member) == [("called", "出張が 続いている")]
    assert _logged(cafe) == [("called", member, "{}")]
    assert _calls(cafe, member, "c2", "mailed").done
    assert _done(cafe, member)[0] == ("mailed", "")


def test_who_wants_no_calls_is_called_no_more_until_they_say_otherwise(cafe: SmallClub) -> None:
    switch_on(cafe.club)
    member = stays_away(cafe.club, "さくら", days=15)
    other = stays_away(cafe.club, "花子", days=15)
    assert _calls(cafe, member, "c1", "called_refused").done
    assert _waiting(cafe) == [other]
    cafe.passes(days=1)
    cafe.visits(member)
    cafe.passes(days=15)
    assert _waiting(cafe) == []
    said_at = cafe.now
    for choice in (
        WayChoice("phone", True, said_at),
        WayChoice("phone", False, said_at - timedelta(hours=1)),
        WayChoice("mail", False, said_at),
    ):
        with cafe.work("member", key=cafe.key()) as work:
            assert choose_way(work, member, choice).done
    assert _waiting(cafe) == [member], "the newest word counts, whatever comes last"
    with cafe.store.read() as uow:
        assert contacts.ways_refused(uow, [member]) == {"mail"}
        assert contacts.refused(uow, "mail", [member, other]) == {member}


def test_a_no_at_the_same_moment_is_a_no(cafe: SmallClub) -> None:
    member = cafe.joins()
    for wanted in (False, True):
        with cafe.work("member", key=cafe.key()) as work:
            choose_way(work, member, WayChoice("phone", wanted, cafe.now))
    with cafe.store.read() as uow:
        assert contacts.ways_refused(uow, [member]) == {"phone"}


def test_no_more_are_listed_than_anybody_calls(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CALLS_MAX == 100
    monkeypatch.setattr("handlers.showing.call_list.CALLS_MAX", 2)
    switch_on(cafe.club)
    people = [stays_away(cafe.club, f"m{days}", days=days) for days in (18, 17, 16)]
    assert _waiting(cafe) == people[:2]
    _calls(cafe, people[0], "c1")
    assert _waiting(cafe) == people[1:]
