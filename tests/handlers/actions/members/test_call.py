"""Telephone calls to members who stay away, as they are noted and as the list takes them."""

import pytest
from sqlalchemy import select

from bot.store.members import profiles
from bot.store.members.profiles import Profile
from bot.store.tables import audit_log
from handlers.actions.members.call import note_call
from handlers.actions.members.profile import NOTE_MAX
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
    cafe: SmallClub, member: int, key: str, *, spoke: bool = True, words: str = ""
) -> Acknowledgement:
    with cafe.work(DESK, key=key) as work:
        return note_call(work, member, spoke=spoke, words=words)


def _logged(cafe: SmallClub) -> list[tuple[str, int | None, str]]:
    with cafe.store.read() as uow:
        rows = uow.run(select(audit_log).order_by(audit_log.c.id)).all()
    return [(row.action, row.member_id, row.details) for row in rows]


def _note(cafe: SmallClub, member: int) -> str:
    with cafe.store.read() as uow:
        return profiles.get(uow, member).note


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
    assert _calls(cafe, member, "c1", spoke=False, words="留守電").done
    assert _logged(cafe) == [("called_no_answer", member, "{}")]
    assert [(each.member.id, each.tried_at) for each in waiting_for_a_call(cafe.club)] == [
        (member, cafe.now)
    ]


def test_a_word_is_added_to_the_note_and_not_to_the_log(cafe: SmallClub) -> None:
    member = cafe.joins()
    with cafe.store.begin() as uow:
        profiles.put(uow, member, Profile("高橋", note="窓ぎわがお好き"), at=cafe.now)
    assert _calls(cafe, member, "c1", words=" 出張が\n続いている ").done
    day = cafe.timeline.at(cafe.now).programme.shop.business_date(cafe.now)
    assert _note(cafe, member) == f"窓ぎわがお好き\n{day.isoformat()} ☎ 出張が 続いている"
    assert _logged(cafe) == [("called", member, "{}")]


@pytest.mark.parametrize("spoke", [True, False])
def test_a_note_without_room_keeps_what_it_says_and_no_call_is_logged(
    cafe: SmallClub, spoke: bool
) -> None:
    member = cafe.joins()
    full = Profile("高橋", note="あ" * (NOTE_MAX - 5))
    with cafe.store.begin() as uow:
        profiles.put(uow, member, full, at=cafe.now)
    assert _calls(cafe, member, "c1", spoke=spoke, words="出張").refused == "call_note_full"
    assert _note(cafe, member) == full.note
    assert _logged(cafe) == [("refused", None, '{"code": "call_note_full"}')]


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
