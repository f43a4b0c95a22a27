"""What is unwise about a programme's journeys: messages that come too often, gifts beyond the law
on prizes, tests that show nothing, words that ask for reviews."""

from collections.abc import Iterator, Sequence
from typing import Any

from ..journeys.arms import share_held_back
from ..journeys.journey import Journey
from ..journeys.kinds.lapsed import Lapsed
from ..journeys.kinds.rhythm import Rhythm
from ..journeys.programme import DEFAULTS, journeys_of, whole
from ..journeys.samples import ClubSize, Outlook, before_it_starts, of_versions
from ..programme.programme import Programme
from .caution import Caution, prize_limit
from .journey_problems import offers_in
from .review_cautions import journey_reviews
from .schema_errors import part_path
from .trial_advice import trial_advice

#: More than these, and people leave the account (being messaged too often is what they name first).
OFTEN_DAY, OFTEN_WEEK, OFTEN_MONTH = 1, 3, 12


def journey_cautions(
    programme: Programme, *, size: ClubSize | None, sms: bool | None
) -> Iterator[Caution]:
    """Everything unwise about the journeys, and about how often members are written: in a club of
    that `size`, which can send `sms` or not; None where that isn't known."""
    yield from _often(programme)
    named = whole(programme).journeys
    if named is DEFAULTS:
        return
    for place, journey in enumerate(named):
        path = part_path("journeys", place, journey.id)
        if journey.off:
            continue
        share = share_held_back(journey, programme)
        if journey.persuades and not share:
            yield Caution(f"{path} .holdout", "no_holdout")
        if journey.holdout and not share:
            yield Caution(f"{path} .holdout", "holdout_owed")
        if isinstance(journey, Rhythm):
            yield from _rhythm(programme, journey, path)
        if sms is False and "sms" in journey.channels:
            yield Caution(f"{path} .channels", "sms_unset")
        # That we have two versions of our own is not the shop's doing.
        versions = of_versions(journey, size, share=share) if size and journey.arms else None
        if size and versions and versions.lift is None:
            yield Caution(f"{path} .arms", "test_versions", _told(versions, size))
        yield from _prizes(programme, journey, path)
        yield from journey_reviews(journey, path)


def _rhythm(programme: Programme, rhythm: Rhythm, path: str) -> Iterator[Caution]:
    """What it doesn't ask any more, and that another speaks of the same absence meanwhile."""
    if rhythm.times is not None:
        yield Caution(f"{path} .times", "rhythm_times")
    to_all = (
        each
        for each in journeys_of(programme)
        if isinstance(each, Lapsed) and "active" in each.states
        if not (each.ranks or each.segments)
    )
    first = min((each.steps[0].days for each in to_all), default=rhythm.days_max + 1)
    if rhythm.days_min < first <= rhythm.days_max:
        values = {"first": first, "last": first - 1}
        yield Caution(f"{path} .days_max", "rhythm_meets_lapsed", values)


def what_a_year_shows(
    programme: Programme, size: ClubSize, past: Sequence[Programme] = ()
) -> Iterator[Caution]:
    """Of all messages of which some are held back, and of each, what a year can show in a club of
    that size; and what had better be tried first, seeing the programmes there were: no fault, but
    good to know before it starts."""
    places = {journey.id: place for place, journey in enumerate(whole(programme).journeys)}
    in_order = sorted(journeys_of(programme), key=lambda j: places.get(j.id, len(places)))
    shares = [(journey, share_held_back(journey, programme)) for journey in in_order]
    tested = [(journey, share) for journey, share in shares if share]
    if len(tested) > 1 and (together := before_it_starts(tested, size)):
        yield Caution("journeys", f"tests_{_found(together)}", _told(together, size))
    for journey, share in shares:
        place = places.get(journey.id)
        # One of the six that this programme leaves as they are stands nowhere in its file.
        path = part_path("journeys", place, journey.id) if place is not None else journey.id
        if ahead := before_it_starts([(journey, share)], size):
            yield Caution(path, f"test_{_found(ahead)}", _told(ahead, size))
        versions = of_versions(journey, size, share=share) if journey.arms else None
        if versions and versions.lift is not None:
            yield Caution(f"{path} .arms", "versions_find", _told(versions, size))
            yield from trial_advice(journey, f"{path} .arms", past)


def _found(ahead: Outlook) -> str:
    return "nothing" if ahead.lift is None else "finds"


def _told(ahead: Outlook, size: ClubSize) -> dict[str, Any]:
    told: dict[str, Any] = {"members": size.members, "count": round(ahead.episodes)}
    return told if ahead.lift is None else {**told, "lift": f"{ahead.lift:.1f}"}


def _often(programme: Programme) -> Iterator[Caution]:
    policy = programme.sending
    most = (
        ("per_day_max", policy.per_day_max, OFTEN_DAY),
        ("per_week_max", policy.per_week_max, OFTEN_WEEK),
        ("per_month_max", policy.per_month_max, OFTEN_MONTH),
    )
    for key, count, enough in most:
        if count > enough:
            yield Caution(f"sending.{key}", "too_often", {"count": count, "most": enough})


def _prizes(programme: Programme, journey: Journey, path: str) -> Iterator[Caution]:
    """A promised gift is one to everybody who comes (総付景品): see `check._prizes`."""
    for where, offer in offers_in(journey, path):
        if caution := prize_caution(programme, offer.reward or "", f"{where}.reward"):
            yield caution


def prize_caution(programme: Programme, reward_id: str, path: str) -> Caution | None:
    """What is to be said of promising that to everybody who comes; None for nothing."""
    reward = programme.reward(reward_id)
    if reward is None or reward.kind not in ("gift", "sample"):
        return None
    limit = prize_limit(reward.min_purchase_yen)
    if reward.value_yen <= limit:
        return None
    values = {"reward": reward.name, "value": reward.value_yen, "limit": limit}
    return Caution(path, "prize", values)
