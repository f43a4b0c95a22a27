"""What follows from what, by what is known of a member: worked out anew in every replay."""

from datetime import timedelta

from rules.activity import (
    Activity,
    Anniversary,
    BirthdayTold,
    Invited,
    MembershipChanged,
    Occasion,
    Purchase,
    Visit,
)
from rules.judging.decide import Decision
from rules.judging.replay import RecordedActivity, replay
from rules.programme.programme import Programme
from tests.rules.builders import (
    DAY,
    JOINED,
    Part,
    club,
    does,
    fixed,
    joins,
    of_day,
    rule,
    timeline,
    visits,
)

GIFTS = [
    rule("profile", fixed(30)),
    rule("birthday", fixed(100)),
    rule("anniversary", fixed(50)),
    rule("referred", fixed(70)),
]


def paid(*activities: Activity, referral: Part | None = None) -> list[int]:
    """The points of each of the activities after joining."""
    return points(club(earning=GIFTS, **({"referral": referral} if referral else {})), *activities)


def points(programme: Programme, *activities: Activity) -> list[int]:
    told = [RecordedActivity(n, each) for n, each in enumerate((joins(), *activities))]
    judged = replay(timeline(programme), told, of_day("12-31"))
    assert judged.refused == ()
    ordered = [judged.decision(n) for n in range(1, len(told))]
    return [each.points for each in ordered if isinstance(each, Decision)]


def test_the_first_birthday_of_the_history_completes_the_profile() -> None:
    told = [does(BirthdayTold(month, 3), JOINED + DAY * 3) for month in (5, 6)]
    assert paid(*told) == [30, 0]
    assert paid(told[1]) == [30]
    # Told before, brought later.
    assert paid(told[0], does(BirthdayTold(7, 3), JOINED + DAY)) == [0, 30]


def test_a_birthdays_gift_is_for_a_birthday_that_is_known() -> None:
    told, gift = does(BirthdayTold(2, 3), JOINED), does(Occasion("birthday"), of_day("02-03"))
    assert paid(told, gift) == [30, 100]
    assert paid(gift) == [0]
    assert paid(does(BirthdayTold(5, 3), JOINED), gift) == [30, 0]
    # What came to nothing keeps nobody from the gift of the true one.
    true = does(Occasion("birthday"), of_day("05-03"))
    assert paid(does(BirthdayTold(5, 3), JOINED), gift, true) == [30, 0, 100]


def test_years_of_membership_are_those_since_joining() -> None:
    year = JOINED.replace(year=2027)
    assert paid(does(Anniversary(1), year)) == [50]
    assert paid(does(Anniversary(1), year - DAY)) == [0]
    assert paid(does(Anniversary(3), year), does(Anniversary(1), year, 13)) == [0, 50]


def test_a_referral_counts_at_the_first_visit_of_who_was_invited() -> None:
    invited = does(Invited(), JOINED, 5)
    assert paid(invited, visits(JOINED + DAY), visits(JOINED + DAY * 2)) == [0, 70, 0]
    assert paid(invited, visits(JOINED + DAY * 2), visits(JOINED + DAY)) == [0, 0, 70]
    assert paid(visits(JOINED + DAY)) == [0]


def test_or_at_joining() -> None:
    invited = does(Invited(), JOINED, 5)
    at_joining = {"counts_at": "registration"}
    assert paid(invited, visits(JOINED + DAY), referral=at_joining) == [70, 0]


def test_or_at_the_first_purchase_and_then_at_no_visit() -> None:
    invited = does(Invited(), JOINED, 5)
    bought = does(Purchase(1_000), JOINED + DAY * 2)
    told = (invited, visits(JOINED + DAY), bought, does(Purchase(1_000), JOINED + DAY * 3))
    shop = club(earning=GIFTS, referral={"counts_at": "first_purchase"}, purchase={})
    assert points(shop, *told) == [0, 0, 70, 0]
    assert points(shop, bought) == [0]


def test_a_referral_not_counted_at_joining_counts_at_the_visit_whatever_holds_by_then() -> None:
    before = club(earning=GIFTS)
    after = club(earning=GIFTS, referral={"counts_at": "registration"})
    line = timeline(before, after, since=joins().at - timedelta(days=364))
    told = [joins(), does(Invited(), JOINED, 5), visits(JOINED + DAY * 3)]
    judged = replay(line, [RecordedActivity(n, each) for n, each in enumerate(told)], JOINED)
    assert judged.facts.balance == 70


def test_what_earns_nothing_has_no_trigger() -> None:
    decision = replay(
        timeline(club()),
        [
            RecordedActivity(1, joins()),
            RecordedActivity(2, does(Visit("staff"), JOINED)),
            RecordedActivity(3, does(MembershipChanged("paused"), JOINED, 13)),
        ],
        JOINED,
    )
    found = [step.outcome.triggers for step in decision.steps if isinstance(step.outcome, Decision)]
    assert found == [("registration",), ("visit",), ()]
