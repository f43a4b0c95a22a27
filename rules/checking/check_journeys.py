"""What is unwise about a programme's journeys: messages that come too often, gifts beyond the law
on prizes, tests that show nothing, words that ask for reviews."""

import re
from collections.abc import Iterator

from ..base import LANGS
from ..journeys.due import journeys_of
from ..journeys.samples import months_to_see
from ..programme.badges import Season, VisitCount
from ..programme.journeys import DEFAULTS, Journey
from ..programme.programme import Programme
from .caution import Caution, prize_limit
from .journeys import offers_in, texts_in
from .schema_errors import part_path

#: More than these, and people leave the account (being messaged too often is what they name first).
OFTEN_DAY, OFTEN_WEEK, OFTEN_MONTH = 1, 3, 12
#: A test that takes longer is overtaken by the seasons.
TEST_MONTHS_MAX = 12
#: Messages that are sent to bring somebody in: whether they do can only be seen against silence.
_PERSUADING = (
    "lapsed", "rhythm", "one_short", "rank_lost", "badge_missed", "first_visit", "reward_ready",
    "ask_why",
)  # fmt: skip
#: Words that ask for stars, or send people to a site for reviews.
_REVIEWS = re.compile(
    r"google|グーグル|口コミ|クチコミ|くちこみ|食べログ|ホットペッパー|トリップアドバイザー"
    r"|tripadvisor|yelp|レビュー|星を?[5５五]|[★⭐]|\breview",
    re.IGNORECASE,
)


def journey_cautions(programme: Programme) -> Iterator[Caution]:
    """Everything unwise about the journeys, and about how often members are written."""
    yield from _often(programme)
    if programme.journeys is DEFAULTS:
        return
    for place, journey in enumerate(programme.journeys):
        path = part_path("journeys", place, journey.id)
        if journey.off:
            continue
        if _never(programme, journey):
            yield Caution(f"{path} .kind", "journey_never")
        if journey.kind in _PERSUADING and not journey.holdout:
            yield Caution(f"{path} .holdout", "no_holdout")
        yield from _prizes(programme, journey, path)
        yield from _reviews(journey, path)


def lengths_of_tests(programme: Programme, *, members: int) -> Iterator[Caution]:
    """For each test, how many months it needs in a club of so many `members`: no fault, but good to
    know before one is begun."""
    places = {journey.id: place for place, journey in enumerate(programme.journeys)}
    for journey in sorted(journeys_of(programme), key=lambda j: places.get(j.id, len(places))):
        months = months_to_see(journey, members=members)
        if months is not None:
            code = "test_months" if months <= TEST_MONTHS_MAX else "test_long"
            place = places.get(journey.id)
            # One of the five that this programme leaves as they are stands nowhere in its file.
            path = part_path("journeys", place, journey.id) if place is not None else journey.id
            yield Caution(path, code, {"count": months, "members": members})


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


def _never(programme: Programme, journey: Journey) -> bool:
    """Whether the club has nothing that this journey could be about."""
    needs = [badge.needs for badge in programme.badges if not badge.hidden]
    match journey.kind:
        case "one_short":
            by_visits = programme.ranks is not None and programme.ranks.measure == "visits"
            return not by_visits and not any(isinstance(need, VisitCount) for need in needs)
        case "badge_missed":
            return not any(isinstance(need, Season) for need in needs)
        case "reward_ready" | "reward_expiring":
            return not programme.rewards
        case "first_visit":
            return journey.visits_min > 1
        case "points_expiring":
            return programme.points.expiry.kind == "never"
        case _:
            return False


def _prizes(programme: Programme, journey: Journey, path: str) -> Iterator[Caution]:
    """A promised gift is one to everybody who comes (総付景品): see `check._prizes`."""
    for where, offer in offers_in(journey, path):
        reward = programme.reward(offer.reward or "")
        if reward is None or reward.kind not in ("gift", "sample"):
            continue
        limit = prize_limit(reward.min_purchase_yen)
        if reward.value_yen > limit:
            values = {"reward": reward.name, "value": reward.value_yen, "limit": limit}
            yield Caution(f"{where}.reward", "prize", values)


def _reviews(journey: Journey, path: str) -> Iterator[Caution]:
    """Sites forbid asking for reviews in return for something, and a review that was paid for and
    doesn't say so is an unfair representation (景品表示法 第5条第3号, ステマ規制)."""
    for where, text, _ in texts_in(journey, path):
        if any(_REVIEWS.search(text.in_(lang)) for lang in LANGS):
            yield Caution(where, "review_asking")
