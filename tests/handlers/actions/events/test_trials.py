"""What the inner circle tries: samples first come, votes counted once, and what came of it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.codes import RewardUse
from bot.store.events import trial_parts, trials
from handlers.actions.counter.redeem import redeem
from handlers.actions.events.trials import change_trial, say_news
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.jobs.events import trials as job
from handlers.jobs.events.trials import run_if_due
from handlers.showing.exported import export
from handlers.showing.viewer import viewer_of
from rules.events.trial import TrialPart
from tests.handlers.actions.events.occasions import queued
from tests.handlers.actions.events.test_circle import leaves
from tests.handlers.actions.events.test_signing_up import people
from tests.handlers.actions.events.trials_tried import (
    BOSS,
    SAMPLE,
    circle_of,
    figures,
    samples,
    steps_on,
    tells,
    trial_at,
    tried,
    votes,
)
from tests.handlers.clubs import SmallClub


def part_of(cafe: SmallClub, member: int, trial_id: int) -> TrialPart:
    with cafe.store.read() as uow:
        return trial_parts.get(uow, member, trial_id)


def fetches(cafe: SmallClub, member: int, key: str) -> None:
    """The voucher in hand is used at the till."""
    [voucher] = cafe.member(member).facts.vouchers
    with cafe.work(key=key) as work:
        use = RewardUse(voucher.reward, voucher.n)
        assert redeem(work, member, use, at=work.now, store="ekimae").done


def test_a_vote_counts_once_is_changed_up_to_the_end_and_no_longer(cafe: SmallClub) -> None:
    a, b = circle_of(cafe, 2)
    [stranger] = [cafe.joins("U" + "f" * 32)]
    trial = tried(cafe)
    assert votes(cafe, stranger, trial).refused == "circle_not_in"
    assert votes(cafe, a, trial, "z").refused == "trial_choice"
    assert votes(cafe, a, trial + 1).refused == "trial_gone"
    assert votes(cafe, a, trial, "a").done
    assert votes(cafe, a, trial, "a").again
    assert votes(cafe, b, trial, "a").done
    assert votes(cafe, a, trial, "b").changed
    assert figures(cafe, trial).votes == {"a": 1, "b": 1}
    cafe.passes(days=7)
    assert votes(cafe, a, trial, "a").refused == "trial_over"
    assert figures(cafe, trial).votes == {"a": 1, "b": 1}
    draft = tried(cafe, steps=())
    assert votes(cafe, a, draft).refused == "trial_gone"
    closed = tried(cafe, steps=("open", "close"))
    assert votes(cafe, a, closed).refused == "trial_over"


def test_fifty_votes_at_once_are_counted_once_each(cafe: SmallClub) -> None:
    members = circle_of(cafe, 50)
    trial = tried(cafe)
    ballots = [(member, "ab"[n % 2]) for n, member in enumerate(members)]
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda each: votes(cafe, each[0], trial, each[1]), ballots * 2))
    assert all(each.done for each in done)
    assert figures(cafe, trial).votes == {"a": 25, "b": 25}


def test_of_eight_samples_for_twelve_at_once_eight_are_had(cafe: SmallClub) -> None:
    members = circle_of(cafe, 12)
    trial = tried(cafe, reward=SAMPLE, samples=8)
    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(lambda each: samples(cafe, each, trial), members))
    assert sorted(each.refused or "" for each in done) == [""] * 8 + ["trial_samples_gone"] * 4
    had = [m for m, each in zip(members, done, strict=True) if each.done]
    assert [len(cafe.member(m).facts.vouchers) for m in had] == [1] * 8
    numbers = {part_of(cafe, member, trial).sample_no for member in had}
    assert numbers == set(range(1, 9))
    assert samples(cafe, had[0], trial).again
    assert len(cafe.member(had[0]).facts.vouchers) == 1, "one each"
    assert not cafe.differences(*members)


def test_who_fetched_it_is_asked_the_next_morning_once(cafe: SmallClub) -> None:
    a, b = circle_of(cafe, 2)
    trial = tried(cafe, reward=SAMPLE)
    for each in (a, b):
        samples(cafe, each, trial)
    [voucher] = cafe.member(a).facts.vouchers
    assert (voucher.reason, voucher.until.isoformat()) == ("sample", "2026-01-12")
    fetches(cafe, a, "test:used")
    assert part_of(cafe, a, trial).fetched_at == cafe.now
    run_if_due(cafe.club)
    assert queued(cafe, "trial_questions") == []
    due = job.next_due(cafe.club, after=cafe.now)
    assert due is not None
    cafe.clock.set(due)
    for _ in range(2):
        run_if_due(cafe.club)
    assert queued(cafe, "trial_questions") == [(a, str(trial))]
    assert part_of(cafe, b, trial).fetched_at is None


def test_who_never_fetched_the_last_sample_fetches_this_one(cafe: SmallClub) -> None:
    [a] = circle_of(cafe, 1)
    last = tried(cafe, reward=SAMPLE)
    samples(cafe, a, last)
    cafe.passes(days=8)
    this = tried(cafe, reward=SAMPLE)
    samples(cafe, a, this)
    fetches(cafe, a, "test:used")
    assert part_of(cafe, a, this).fetched_at == cafe.now
    assert part_of(cafe, a, last).fetched_at is None, "its voucher had run out"


def test_what_is_undone_is_not_fetched_and_not_taken(cafe: SmallClub) -> None:
    [a] = circle_of(cafe, 1)
    trial = tried(cafe, reward=SAMPLE, samples=1)
    samples(cafe, a, trial, "test:taken")
    fetches(cafe, a, "test:used")
    cafe.undoes(a, "test:used")
    assert part_of(cafe, a, trial).fetched_at is None
    assert len(cafe.member(a).facts.vouchers) == 1
    cafe.undoes(a, "test:taken")
    assert part_of(cafe, a, trial).sample_no is None
    with cafe.store.read() as uow:
        assert trial_parts.of_trial(uow, trial, limit=9) == [], "they took no part"
    assert cafe.member(a).facts.vouchers == ()
    assert samples(cafe, a, trial).done
    assert not cafe.differences(a)


def test_each_step_tells_who_is_to_know_and_nobody_twice(cafe: SmallClub) -> None:
    a, b, c = circle_of(cafe, 3)
    people(cafe, 2)
    trial = tried(cafe, steps=("open", "invite"))
    assert tells(cafe, trial) == "trial_running"
    for _ in range(2):
        run_if_due(cafe.club)
    steps_on(cafe, trial, "invite")
    run_if_due(cafe.club)
    assert queued(cafe, "trial_invite") == [(each, str(trial)) for each in (a, b, c)]
    for each in (a, b):
        votes(cafe, each, trial)
    leaves(cafe, b)
    assert steps_on(cafe, trial, "close") is None
    assert steps_on(cafe, trial, "close") == "trial_over"
    assert tells(cafe, trial) is None
    assert tells(cafe, trial) == "trial_told"
    run_if_due(cafe.club)
    assert queued(cafe, "trial_outcome") == [(a, str(trial))], "who left hears no more of it"
    off = tried(cafe)
    votes(cafe, c, off)
    assert steps_on(cafe, off, "cancel") is None
    assert tells(cafe, off) == "trial_off"
    run_if_due(cafe.club)
    assert queued(cafe, "trial_off") == [(c, str(off))]
    with cafe.store.read() as uow:
        assert trials.to_say(uow) == []


def test_a_worker_killed_between_commits_tells_each_once(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = circle_of(cafe, 5)
    monkeypatch.setattr(job, "_CHUNK", 2)
    trial = tried(cafe, steps=("open", "invite"))
    real, told = say_news, 0

    def dies(*args: object, **more: object) -> object:
        nonlocal told
        told += 1
        if told == 2:
            raise SystemExit
        return real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(job, "say_news", dies)
    with pytest.raises(SystemExit):
        run_if_due(cafe.club)
    assert len(queued(cafe, "trial_invite")) == 2
    run_if_due(cafe.club)
    assert queued(cafe, "trial_invite") == [(each, str(trial)) for each in members]
    with cafe.store.read() as uow:
        stored = trials.get(uow, trial)
    assert stored is not None
    assert (stored.invited, stored.saying) == (5, None)


def test_who_is_told_of_its_end_isnt_forgotten_for_an_invitation_on_its_way(
    cafe: SmallClub,
) -> None:
    [a] = circle_of(cafe, 1)
    trial = tried(cafe, steps=("open", "invite"))
    votes(cafe, a, trial)
    with cafe.store.read() as uow:
        looked_at = trials.get(uow, trial)
    assert looked_at is not None
    assert steps_on(cafe, trial, "cancel") is None
    with cafe.club.work() as work:
        say_news(work, looked_at, 0, limit=9)
    run_if_due(cafe.club)
    assert queued(cafe, "trial_off") == [(a, str(trial))]


def test_what_members_chose_or_took_is_not_changed_below_them(cafe: SmallClub) -> None:
    a, b = circle_of(cafe, 2)
    trial = tried(cafe, reward=SAMPLE, samples=5)
    votes(cafe, a, trial, "b")
    for each in (a, b):
        samples(cafe, each, trial)

    def changes(revision: int = 2, **more: object) -> str | None:
        with cafe.work(BOSS, key=cafe.key()) as work:
            no = change_trial(work, trial, revision, trial_at(cafe.now, **more))
        return no.code if no else None

    others = [{"id": each, "name": {"ja": each}} for each in "ac"]
    assert changes(reward=SAMPLE, samples=5, choices=others) == "trial_choice_taken"
    assert changes(reward=SAMPLE, samples=1) == "trial_samples_taken"
    assert changes(reward="gold_latte") == "trial_samples_taken"
    assert changes(1, reward=SAMPLE) == "trial_changed"
    assert changes(reward=SAMPLE, samples=2) is None


def test_two_cards_have_one_vote_and_one_sample_and_an_erased_one_is_nobodys(
    cafe: SmallClub,
) -> None:
    a, b, c = circle_of(cafe, 3)
    trial = tried(cafe, reward=SAMPLE)
    votes(cafe, a, trial, "a")
    samples(cafe, b, trial)
    fetches(cafe, b, "test:used")
    cafe.passes(hours=1)
    votes(cafe, b, trial, "b")
    votes(cafe, c, trial, "b")
    with cafe.work("member", key=cafe.key()) as work:
        assert merge(work, MergeRequest(a, b)).done
    assert figures(cafe, trial).votes == {"b": 2}
    with cafe.store.read() as uow:
        taken = export(uow, viewer_of(cafe.club, cafe.member(a)), account="", shares=False)
    [tried_it] = taken.data["circle"]["trials"]
    assert (tried_it["title"], tried_it["vote"]) == ("冬のブレンド", "ブレンドB")
    mine = part_of(cafe, a, trial)
    assert (mine.choice, mine.fetched_at is not None) == ("b", True)
    with cafe.work("member", key=cafe.key()) as work:
        assert erase(work, a).done
    assert figures(cafe, trial).votes == {"b": 2}
    assert part_of(cafe, a, trial).fetched_key is None
    assert not cafe.differences(a, c)


def test_what_the_circle_tries_is_no_event_of_the_fan_steps(cafe: SmallClub) -> None:
    [a] = circle_of(cafe, 1)
    trial = tried(cafe, reward=SAMPLE)
    assert votes(cafe, a, trial).done
    assert samples(cafe, a, trial).done
    fetches(cafe, a, "test:used")
    assert "event" not in cafe.member(a).facts.counts
