"""By when cases are to be answered, what goes on with them, and what prepared answers may say."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from rules.heard.cases import CasePolicy, CaseReason, CaseState, PreparedAnswer, goes_on, prepared
from rules.heard.summary import CaseTimes, sum_up
from rules.shop import Shop

#: Noon of a Tuesday in Japan.
NOON = datetime(2026, 1, 6, 3, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _shop(**more: object) -> Shop:
    return Shop.model_validate({"name": {"ja": "喫茶"}, "legal_name": "喫茶", **more})


@pytest.mark.parametrize(
    ("closed", "hours", "after"),
    [
        ({}, 24, 24 * HOUR),
        ({}, 8, 8 * HOUR),
        # Wednesday is closed: it doesn't count.
        ({"closed_weekdays": ("wed",)}, 24, 48 * HOUR),
        # The business day ends at four in the morning, sixteen hours on.
        ({"closed_weekdays": ("wed",)}, 16, 16 * HOUR),
        ({"closed_weekdays": ("wed",)}, 17, 41 * HOUR),
        # Said on a closed day: from the next morning on.
        ({"closed_weekdays": ("tue",)}, 1, 17 * HOUR),
        ({"closed": ({"on": "2026-01-07", "until": "2026-01-09"},)}, 24, 4 * DAY),
    ],
)
def test_days_on_which_the_shop_is_closed_do_not_count(
    closed: dict[str, object], hours: int, after: timedelta
) -> None:
    policy = CasePolicy(answer_within_hours=hours)
    assert policy.due(_shop(**closed), NOON, "question") == NOON + after


def test_a_complaint_is_answered_sooner() -> None:
    policy = CasePolicy()
    hours: dict[CaseReason, int] = {
        "complaint": 8, "low_score": 8, "suggestion": 24, "absence": 24,
    }  # fmt: skip
    for reason, within in hours.items():
        assert policy.due(_shop(), NOON, reason) == NOON + within * HOUR


@pytest.mark.parametrize(
    ("state", "days", "same"),
    [("open", 90, True), ("answered", 14, True), ("answered", 15, False), ("closed", 0, False)],
)
def test_what_is_said_later_belongs_to_what_is_not_over(
    state: CaseState, days: int, same: bool
) -> None:
    assert goes_on(state, NOON, NOON + days * DAY) is same


def test_a_prepared_answer_names_the_member_the_shop_and_who_answers() -> None:
    text = {"ja": "{name}、{shop}の{staff}です。"}
    answer = PreparedAnswer.model_validate({"id": "sorry", "name": {"ja": "お詫び"}, "text": text})
    said = prepared(answer, "en", name="さくらさん", shop="喫茶", staff="佐藤")
    assert said == "さくらさん、喫茶の佐藤です。"


@pytest.mark.parametrize(
    "text", ["{points}", "{name", "{name.upper}", "{name!r}", "{name:>9}", "{}"]
)
def test_nothing_else_may_stand_in_one(text: str) -> None:
    with pytest.raises(ValidationError):
        PreparedAnswer.model_validate({"id": "a", "name": {"ja": "あ"}, "text": {"ja": text}})


def test_reasons_are_summed_up_the_most_frequent_first() -> None:
    def case(reason: CaseReason, hours: int | None, *, late: bool = False) -> CaseTimes:
        answered = None if hours is None else NOON + hours * HOUR
        state: CaseState = "open" if hours is None else "closed"
        helped = None if hours is None else hours < 5
        return CaseTimes(reason, state, NOON, answered, late, helped)

    found = sum_up([
        case("complaint", 2), case("question", 1), case("question", 3), case("question", 9),
        case("question", None, late=True),
    ])  # fmt: skip
    assert [(reason, each.opened) for reason, each in found] == [("question", 4), ("complaint", 1)]
    questions = found[0][1]
    assert (questions.waiting, questions.overdue) == (1, 1)
    assert questions.median_time == 3 * HOUR
    assert (questions.helped, questions.not_helped) == (2, 1)
