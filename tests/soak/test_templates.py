"""A month of a small club that has just begun, by each of the programmes for it."""

from datetime import date

import pytest

from rules.checking.reading import InvalidProgramme, review
from rules.editing.templates import TEMPLATES, TemplateId, template

from .club import founded, run

#: A month, and the first days of the next: a month's end is in it, and weeks.
FIRST, DAYS = date(2026, 9, 10), 35


@pytest.mark.parametrize("trade", TEMPLATES)
def test_a_club_lives_through_its_first_month(trade: TemplateId) -> None:
    programme = review(template(trade))
    assert not isinstance(programme, InvalidProgramme)
    club = founded(programme, seed=7, plan=200, by_hand=programme.sending.quota_reserve)
    # The watch stops at the first cap, quiet hour, quota or topic that is not kept.
    for _ in run(club, members=40, first=FIRST, days=DAYS, ask_all=5):
        pass

    assert len(club.people) == 40
    assert any(person.facts.rank.id for person in club.people)
    assert any(person.facts.badges for person in club.people)
    assert all(person.facts.balance > 0 for person in club.people)
    assert sum(club.watch.by_kind.values()) > 0
