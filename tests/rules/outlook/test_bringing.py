"""What is worth a look in whom somebody brought, and what isn't."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rules.outlook.bringing import Person, hints

NOON = datetime(2026, 1, 5, 3, tzinfo=UTC)
SAKURA = Person(1, NOON, phone="+819012345678", account="U1", home="1000001 千代田")
#: Three who have nothing to do with each other.
FRIENDS = [Person(n, NOON + timedelta(days=n), phone=f"+8190{n}") for n in (2, 3, 4)]


def test_ordinary_friends_are_worth_no_look_and_neither_is_what_nobody_knows() -> None:
    assert hints(SAKURA, FRIENDS) == ()
    assert hints(replace(SAKURA, phone="", account="", home=""), [Person(2, NOON)]) == ()
    assert hints(SAKURA, []) == ()


def test_each_thing_they_share_is_named_once() -> None:
    friend = FRIENDS[0]
    assert hints(SAKURA, [*FRIENDS, replace(friend, phone=SAKURA.phone)]) == ("phone",)
    assert hints(SAKURA, [replace(friend, account="U1")] * 2) == ("account",)
    assert hints(SAKURA, [replace(friend, home=SAKURA.home)]) == ("household",)
    one = replace(SAKURA, device="browser")
    assert hints(one, [replace(friend, device="browser")]) == ("device",)


def test_three_within_ten_minutes_are_together_and_two_are_not() -> None:
    minutes = [Person(n, NOON + timedelta(minutes=5 * n)) for n in range(3)]
    assert hints(SAKURA, minutes) == ("together",)
    assert hints(SAKURA, minutes[:2]) == ()
    late = [*minutes[:2], Person(9, NOON + timedelta(minutes=11))]
    assert hints(SAKURA, late) == ()


def test_a_ring_is_somebody_brought_who_had_brought_them() -> None:
    assert hints(replace(SAKURA, brought_by=(8, 2)), FRIENDS) == ("ring",)
