"""Asking for the newsletter: what counts, on one card and on two that become one."""

from datetime import timedelta

import pytest

from bot.store import UnitOfWork
from bot.store.members import consents
from bot.store.messages import newsletters
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.membership import erase
from handlers.actions.newsletter.issue import open_issue
from handlers.actions.newsletter.subscribe import NewsletterChoice, choose_newsletter
from handlers.actions.recording.outcome import Outcome
from rules.programme.newsletter import Issue
from tests.handlers.actions.members.two_cards import merges
from tests.handlers.clubs import MANAGER, SmallClub
from tests.rules.examples import CAFE

PROGRAMME = CAFE.replace(
    "[[campaigns]]",
    """
[newsletter]
name = { ja = "通い路だより" }
about = { ja = "月に1回です。" }

[[earning]]
id = "letter"
name = { ja = "会報誌のお申し込み" }
on = "newsletter"
award = { kind = "fixed", points = 7 }

[[campaigns]]""",
    1,
)
ISSUE = Issue.model_validate(
    {
        "id": "n1",
        "title": {"ja": "冬"},
        "lead": {"ja": "豆"},
        "sections": [{"body": {"ja": "本文"}}],
    }
)


def says(cafe: SmallClub, member: int, *, yes: bool, late: float = 0) -> Outcome:
    at = cafe.now - timedelta(hours=late)
    with cafe.work("member", key=cafe.key()) as work:
        return choose_newsletter(work, NewsletterChoice(member, yes, at, wording="月に1回です。"))


def subscribers(cafe: SmallClub) -> list[int]:
    with cafe.store.read() as uow:
        return list(newsletters.subscribers(uow, after=0, limit=9))


def readers(uow: UnitOfWork) -> int:
    return newsletters.figures(uow, newsletters.issues(uow))["n1"].readers


def test_of_two_words_the_newer_counts_whichever_comes_first(cafe: SmallClub) -> None:
    cafe.publishes(PROGRAMME)
    member = cafe.joins("U1")
    cafe.passes(days=1)
    assert says(cafe, member, yes=False).points == 0
    # Said before the no, and heard of after it.
    assert says(cafe, member, yes=True, late=2).points == 0
    assert subscribers(cafe) == []
    cafe.passes(hours=1)
    assert says(cafe, member, yes=True).points == 7
    assert says(cafe, member, yes=True).points == 0
    assert subscribers(cafe) == [member]


def test_undone_it_is_not_earned_by_asking_again(cafe: SmallClub) -> None:
    cafe.publishes(PROGRAMME)
    member = cafe.joins("U1")
    cafe.passes(hours=1)
    with cafe.work("member", key="first") as work:
        choose_newsletter(work, NewsletterChoice(member, wanted=True, at=cafe.now, wording="x"))
    balance = cafe.balance(member)
    with cafe.work(MANAGER, key="undo") as work:
        assert undo(work, UndoRequest(member, "first", reason="まちがい")).done
    assert cafe.balance(member) == balance - 7
    for yes in (False, True):
        cafe.passes(minutes=1)
        assert says(cafe, member, yes=yes).points == 0


def test_of_two_cards_that_become_one_the_last_word_counts(cafe: SmallClub) -> None:
    cafe.publishes(PROGRAMME)
    keep, other = cafe.joins("U1"), cafe.joins("U2")
    for member, yes in ((keep, True), (keep, False), (other, True)):
        cafe.passes(hours=1)
        says(cafe, member, yes=yes)
    with cafe.store.begin() as uow:
        newsletters.put(uow, ISSUE, None, at=cafe.now)
        newsletters.begin(uow, "n1", at=cafe.now)
        newsletters.note_read(uow, other, "n1", at=cafe.now)
    assert merges(cafe, keep, other).done
    assert subscribers(cafe) == [keep]
    assert "newsletter" not in cafe.member(keep).topics_left
    # Opened by the old card's link, it was opened before.
    with cafe.work() as work:
        assert open_issue(work, cafe.member(other).number, "n1") == "ja"
        assert readers(work.uow) == 2
    # Nothing is earned twice, and being forgotten ends it.
    cafe.passes(hours=1)
    assert says(cafe, keep, yes=False).points == says(cafe, keep, yes=True).points == 0
    with cafe.work() as work:
        assert erase(work, keep).done
        assert readers(work.uow) == 0
    assert subscribers(cafe) == []
    with cafe.store.read() as uow:
        assert not consents.wants_newsletter(uow, keep)


@pytest.mark.parametrize("last", [True, False], ids=["their yes", "their no"])
def test_taken_apart_again_each_card_has_its_own_word(cafe: SmallClub, *, last: bool) -> None:
    cafe.publishes(PROGRAMME)
    keep, other = cafe.joins("U1"), cafe.joins("U2")
    for member, yes in ((keep, not last), (other, not last), (other, last)):
        cafe.passes(hours=1)
        says(cafe, member, yes=yes)
    own, off = consents_of(cafe, keep), cafe.member(keep).topics_left
    with cafe.store.begin() as uow:
        newsletters.put(uow, ISSUE, None, at=cafe.now)
        newsletters.note_read(uow, other, "n1", at=cafe.now)
    cafe.passes(hours=1)
    assert merges(cafe, keep, other, key="merge").done
    assert subscribers(cafe) == ([keep] if last else [])
    cafe.passes(hours=1)
    with cafe.work(MANAGER, key="undo") as work:
        assert undo(work, UndoRequest(keep, "merge", reason="別の人")).done
    assert subscribers(cafe) == ([other] if last else [keep])
    assert (consents_of(cafe, keep), cafe.member(keep).topics_left) == (own, off)
    with cafe.store.read() as uow:
        assert not newsletters.read_by(uow, keep)
        assert newsletters.read_by(uow, other)


def test_what_the_keeper_said_of_the_newsletter_since_stands(cafe: SmallClub) -> None:
    cafe.publishes(PROGRAMME)
    keep, other = cafe.joins("U1"), cafe.joins("U2")
    cafe.passes(hours=1)
    says(cafe, other, yes=True)
    cafe.passes(hours=1)
    assert merges(cafe, keep, other, key="merge").done
    for yes in (False, True, False):
        cafe.passes(hours=1)
        says(cafe, keep, yes=yes)
    with cafe.work(MANAGER, key="undo") as work:
        assert undo(work, UndoRequest(keep, "merge", reason="別の人")).done
    assert subscribers(cafe) == [other]
    assert "newsletter" in cafe.member(keep).topics_left


def consents_of(cafe: SmallClub, member: int) -> list[consents.Consent]:
    with cafe.store.read() as uow:
        return consents.of(uow, member)
