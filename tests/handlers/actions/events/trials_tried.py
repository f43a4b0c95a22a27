"""Trials of the inner circle to try actions and jobs on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.store.events import trial_parts, trials
from handlers.actions.events.taking_part import PartOutcome, PartWish, take_sample, vote
from handlers.actions.events.trials import TrialStep, make_trial, step_trial, tell_outcome
from handlers.actions.recording.actor import Actor
from rules.base import LocalText
from rules.events.trial import CircleTrial, TrialFigures
from tests.handlers.actions.events.test_circle import answers, invites
from tests.handlers.actions.events.test_signing_up import people
from tests.handlers.clubs import DAY, SmallClub

BOSS = Actor(1, "店主", "owner", "ekimae", everywhere=True)
#: Given on the birthday, and so a voucher.
SAMPLE = "birthday_dessert"


def trial_at(now: datetime, **more: Any) -> CircleTrial:
    """A vote between two blends, for a week."""
    said = {
        "title": {"ja": "冬のブレンド", "en": "The winter blend"},
        "about": {"ja": "どちらにするか、決めてください。", "en": "Help us choose."},
        "question": {"ja": "どちらがお好きですか", "en": "Which do you prefer?"},
        "choices": [
            {"id": "a", "name": {"ja": "ブレンドA", "en": "Blend A"}},
            {"id": "b", "name": {"ja": "ブレンドB", "en": "Blend B"}},
        ],
        "ends_at": now + 7 * DAY,
    }
    return CircleTrial.model_validate(said | more)


def tried(cafe: SmallClub, *, steps: Sequence[TrialStep] = ("open",), **more: Any) -> int:
    """A trial that the circle can take part in; gives its id."""
    with cafe.work(BOSS, key=cafe.key()) as work:
        trial_id = make_trial(work, trial_at(cafe.now, **more))
    for step in steps:
        assert steps_on(cafe, trial_id, step) is None
    return trial_id


def steps_on(cafe: SmallClub, trial_id: int, step: TrialStep) -> str | None:
    with cafe.work(BOSS, key=cafe.key()) as work:
        stored = trials.get(work.uow, trial_id)
        assert stored is not None
        no = step_trial(work, trial_id, stored.revision, step)
    return no.code if no else None


def tells(cafe: SmallClub, trial_id: int, said: str = "ブレンドBに決まりました。") -> str | None:
    with cafe.work(BOSS, key=cafe.key()) as work:
        stored = trials.get(work.uow, trial_id)
        assert stored is not None
        no = tell_outcome(work, trial_id, stored.revision, LocalText(ja=said))
    return no.code if no else None


def circle_of(cafe: SmallClub, count: int) -> list[int]:
    """So many members who are in the circle."""
    members = people(cafe, count)
    for each in members:
        invites(cafe, each)
        assert answers(cafe, each).done
    return members


def votes(cafe: SmallClub, member: int, trial_id: int, choice: str = "a") -> PartOutcome:
    with cafe.work("member", key=cafe.key()) as work:
        return vote(work, PartWish(member, trial_id, "chat", choice))


def samples(cafe: SmallClub, member: int, trial_id: int, key: str | None = None) -> PartOutcome:
    with cafe.work("member", key=key or cafe.key()) as work:
        return take_sample(work, PartWish(member, trial_id, "chat"))


def figures(cafe: SmallClub, trial_id: int) -> TrialFigures:
    with cafe.store.read() as uow:
        return trial_parts.figures(uow, [trial_id])[trial_id]
