"""Who of the circle is told by a person of what it tries, as LINE doesn't reach them: each once."""

from typing import get_args

from sqlalchemy import update

from bot.store.events import trial_parts, trials
from bot.store.heard import contacts
from bot.store.tables import line_accounts
from handlers.actions.events.telling_by_hand import news_now, note_trial_told
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from rules.events.trial import TrialNews
from tests.handlers.actions.events.test_circle import answers, invites, leaves
from tests.handlers.actions.events.test_signing_up import user
from tests.handlers.actions.events.trials_tried import (
    SAMPLE,
    circle_of,
    samples,
    steps_on,
    tells,
    tried,
    votes,
)
from tests.handlers.clubs import DESK, SmallClub


def on_paper(cafe: SmallClub, count: int) -> list[int]:
    """So many of the circle who have no LINE."""
    members = [cafe.joins() for _ in range(count)]
    for each in members:
        invites(cafe, each)
        assert answers(cafe, each).done
    return members


def untold(cafe: SmallClub, trial_id: int) -> list[int]:
    """Who stands among the calls for it now."""
    with cafe.store.read() as uow:
        stored = trials.get(uow, trial_id)
        assert stored is not None
        news = news_now(stored, cafe.now)
        return trial_parts.untold(uow, trial_id, news, limit=50) if news else []


def told(cafe: SmallClub, member: int, trial_id: int, news: TrialNews) -> str | None:
    with cafe.work(DESK, key=cafe.key()) as work:
        return note_trial_told(work, member, trial_id, news, "ja").refused


def spoken(cafe: SmallClub, member: int) -> list[str]:
    with cafe.store.read() as uow:
        return [each.text for each in contacts.of_members(uow, [member], limit=9)]


def test_what_there_is_is_told_to_who_has_no_line_or_blocked_it(cafe: SmallClub) -> None:
    ken, hana = on_paper(cafe, 2)
    sakura, mei = circle_of(cafe, 2)
    trial = tried(cafe, reward=SAMPLE)
    assert untold(cafe, trial) == [], "nobody is told yet"
    assert steps_on(cafe, trial, "invite") is None
    with cafe.store.begin() as uow:
        uow.run(
            update(line_accounts).where(line_accounts.c.user_id == user(1)).values(blocked=True)
        )
    assert untold(cafe, trial) == [ken, hana, mei]
    assert told(cafe, ken, trial, "invite") is None
    assert told(cafe, ken, trial, "invite") is None, "tapped twice"
    assert spoken(cafe, ken) == ["冬のブレンド"]
    assert votes(cafe, hana, trial).done
    assert untold(cafe, trial) == [mei], "who takes part knows of it"
    assert told(cafe, sakura, trial, "off") == "news_over", "a page of before"


def test_what_came_of_it_is_told_to_who_took_part_for_two_weeks(cafe: SmallClub) -> None:
    ken, hana, mei = on_paper(cafe, 3)
    trial = tried(cafe, reward=SAMPLE)
    assert votes(cafe, ken, trial).done
    assert samples(cafe, hana, trial).done
    assert steps_on(cafe, trial, "invite") is None
    assert told(cafe, mei, trial, "invite") is None
    assert steps_on(cafe, trial, "close") is None
    assert untold(cafe, trial) == []
    assert tells(cafe, trial) is None
    assert untold(cafe, trial) == [ken, hana]
    assert told(cafe, ken, trial, "outcome") is None
    assert untold(cafe, trial) == [hana]
    cafe.passes(days=15)
    assert untold(cafe, trial) == []
    assert told(cafe, hana, trial, "outcome") == "news_over"


def test_that_it_is_off_is_told_to_who_took_part_and_is_in_the_circle(cafe: SmallClub) -> None:
    ken, hana, left = on_paper(cafe, 3)
    trial = tried(cafe)
    for each in (ken, left):
        assert votes(cafe, each, trial).done
    assert leaves(cafe, left).done
    assert steps_on(cafe, trial, "cancel") is None
    assert untold(cafe, trial) == [ken]
    assert hana


def test_who_pauses_is_told_nothing_new_and_what_was_told_goes_with_them(cafe: SmallClub) -> None:
    paused, keep, other, gone = on_paper(cafe, 4)
    trial = tried(cafe)
    assert steps_on(cafe, trial, "invite") is None
    with cafe.work("staff", key=cafe.key()) as work:
        assert change_membership(work, paused, "paused", at=cafe.now).done
    assert untold(cafe, trial) == [keep, other, gone]
    assert told(cafe, other, trial, "invite") is None
    assert told(cafe, gone, trial, "invite") is None
    with cafe.work("staff", key=cafe.key()) as work:
        assert merge(work.acting(DESK), MergeRequest(keep, other)).done
    assert untold(cafe, trial) == [], "one person is told once"
    with cafe.work("staff", key=cafe.key()) as work:
        assert erase(work, gone).done
    with cafe.store.read() as uow:
        assert trial_parts.of_member(uow, gone) == [], "nothing says that they were called"
    assert set(get_args(TrialNews)) == {"invite", "off", "outcome"}
