"""A draft comes into force once, as it was seen, and what waits can be taken back."""

import tomllib
from datetime import timedelta

from bot.store.history import drafts, programs
from bot.store.history.programs import NOTICE, Publication
from handlers.actions.programme.drafting import CHANGED, begin_with
from handlers.actions.programme.publishing import publish_draft, withdraw_waiting
from handlers.actions.recording.actor import Actor
from rules.base import Refusal
from tests.handlers.clubs import DAY, SmallClub
from tests.rules.examples import CAFE, changed

OWNER = Actor(1, "オーナー", "owner", "ekimae", everywhere=True)
TWO = changed(CAFE, ("per_day_max = 1   ", "per_day_max = 2   "))
THREE = changed(CAFE, ("per_day_max = 1   ", "per_day_max = 3   "))


def test_it_holds_from_when_every_process_can_know_of_it(cafe: SmallClub) -> None:
    with cafe.work(OWNER) as work:
        begin_with(work, TWO, 0)
        assert publish_draft(work, 2) == CHANGED
        done = publish_draft(work, 1)
        assert done == Publication(2, work.now + NOTICE, new=True)
        assert publish_draft(work, 1) == CHANGED, "a second tap"
        assert drafts.find(work.uow) is None
        assert programs.newest(work.uow).text == TWO


def test_a_moment_is_one_to_come_and_one_waits_at_a_time(cafe: SmallClub) -> None:
    with cafe.work(OWNER) as work:
        begin_with(work, TWO, 0)
        assert publish_draft(work, 1, work.now) == Refusal("too_early")
        done = publish_draft(work, 1, work.now + DAY)
        assert isinstance(done, Publication)
        assert done.since == work.now + DAY
        begin_with(work, THREE, 0)
        assert publish_draft(work, 1) == Refusal("programme_waits")
        assert withdraw_waiting(work) is None
        assert withdraw_waiting(work) == Refusal("nothing_waits")
        kept = drafts.find(work.uow)
        assert kept is not None
        assert (kept.base, kept.revision) == (1, 2), "what it began with is no more"
        assert isinstance(publish_draft(work, 2), Publication)
        assert tomllib.loads(programs.newest(work.uow).text)["visits"]["per_day_max"] == 3


def test_what_was_begun_before_a_newer_version_is_not_put_over_it(cafe: SmallClub) -> None:
    with cafe.work(OWNER) as work:
        begin_with(work, TWO, 0)
        programs.publish(work.uow, THREE, since=work.now + timedelta(seconds=1))
        assert publish_draft(work, 1) == Refusal("programme_moved")
        assert drafts.find(work.uow) is not None
