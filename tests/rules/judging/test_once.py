"""What one person gets once, whichever card it came by."""

from datetime import date

from rules.activity import Activity, Anniversary, BirthdayTold, Occasion, TakenBack, Visit, What
from rules.judging.once import once
from rules.judging.replay import RecordedActivity
from tests.rules.builders import does, joins


def history(*whats: tuple[date, What]) -> list[RecordedActivity]:
    done: list[Activity] = [joins(), *(does(what, day) for day, what in whats)]
    return [RecordedActivity(seq, activity) for seq, activity in enumerate(done, 1)]


def test_each_has_the_number_of_what_brought_it_first() -> None:
    day, later = date(2026, 3, 1), date(2027, 3, 1)
    told = (day, BirthdayTold(3, 3)), (later, BirthdayTold(3, 4))
    came = (day, Visit("staff")), (day, Occasion("birthday")), (later, Occasion("birthday"))
    found = once(history(*told, *came, (later, Anniversary(1))))
    assert found == {
        "welcome": 1, "profile": 2, "birthday 2026": 5, "birthday 2027": 6, "anniversary 1": 7,
    }  # fmt: skip


def test_what_was_taken_back_is_not_among_it() -> None:
    day = date(2026, 3, 1)
    back = (day, TakenBack(1)), (day, TakenBack(2)), (day, TakenBack(3))
    found = once(history((day, BirthdayTold(3, 3)), (day, Occasion("birthday")), *back))
    assert found == {}
