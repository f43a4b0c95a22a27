"""What members suggest: put together, decided on, and taken apart again."""

from sqlalchemy import select

from bot.store.heard import suggestions
from bot.store.messages import inbox
from bot.store.tables import inbox as letters
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.heard.adopting import adopt_letter
from handlers.actions.heard.suggesting import (
    HeardSuggestion,
    hear_suggestion,
    join_suggestion,
    mark_letter,
    part_letter,
)
from handlers.actions.members.membership import erase
from handlers.jobs.many import suggestions as job
from tests.handlers.actions.heard.suggested import (
    WORD,
    decides,
    marks,
    of,
    queued,
    two_suggest,
    user,
)
from tests.handlers.actions.heard.test_adopting import RULE
from tests.handlers.actions.heard.test_answering import DESK, case_of, writes
from tests.handlers.clubs import MANAGER, SmallClub
from tests.rules.examples import CAFE


def test_taken_back_it_takes_points_and_messages_and_can_be_adopted_anew(
    cafe: SmallClub,
) -> None:
    its, sakura, kaede = two_suggest(cafe)
    points = cafe.balance(sakura)
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert decides(cafe, its, "considered", tells=False).done
    job.run_if_due(cafe.club)
    assert cafe.balance(sakura) == points
    assert queued(cafe) == []
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert cafe.balance(sakura) == points + 3
    assert queued(cafe) == [(sakura, "adopted"), (kaede, "adopted")]
    assert cafe.differences(sakura, kaede) == []


def test_what_is_decided_needs_its_words_and_who_read_it_before_another_is_told(
    cafe: SmallClub,
) -> None:
    its, *_ = two_suggest(cafe)
    assert decides(cafe, its, "adopted", title=" ").refused == "suggestion_title"
    assert decides(cafe, its, "adopted", word=" ").refused == "suggestion_word"
    assert decides(cafe, its, "declined", word=" ").refused == "suggestion_word"
    assert decides(cafe, its, "declined", word=" ", tells=False).done
    assert decides(cafe, its, "adopted", seen=1).refused == "suggestion_moved"
    assert decides(cafe, its, "adopted", word="あ" * 501).refused == "suggestion_long"


def test_two_that_mean_the_same_are_put_together_and_taken_apart(cafe: SmallClub) -> None:
    sakura, kaede = cafe.joins(user(1)), cafe.joins(user(2))
    one = marks(cafe, writes(cafe, sakura, "寒い", "suggestion", user=user(1)), title="暖房")
    two = marks(cafe, writes(cafe, kaede, "冷える", "suggestion", user=user(2)))
    with cafe.work(MANAGER, key="j1") as work:
        assert join_suggestion(work, two, into=one, seen=of(cafe, two).moved).done
    with cafe.store.read() as uow:
        assert suggestions.get(uow, two) is None
        wrote = suggestions.letters(uow, one, limit=9)
    assert [each.text for each in wrote] == ["寒い", "冷える"]
    with cafe.work(MANAGER, key="p1") as work:
        assert part_letter(work, one, wrote[1].id).done
    with cafe.store.read() as uow:
        assert suggestions.of_letter(uow, wrote[1].id) not in (None, one)
    assert decides(cafe, one, "adopted").done
    with cafe.work(MANAGER, key="j2") as work:
        refused = join_suggestion(work, one, into=one + 2, seen=9).refused
    assert refused in ("suggestion_gone", "suggestion_moved")


def test_of_who_is_erased_no_word_stays_and_what_only_they_suggested_goes(
    cafe: SmallClub,
) -> None:
    its, sakura, kaede = two_suggest(cafe)
    own = marks(cafe, writes(cafe, sakura, "デカフェ", "suggestion", user=user(1)))
    named = marks(
        cafe, writes(cafe, sakura, "夜も開けて", "suggestion", user=user(1)), title="夜の営業"
    )
    with cafe.work("member", key="gone") as work:
        erase(work, sakura)
    with cafe.store.read() as uow:
        assert suggestions.get(uow, own) is None
        assert suggestions.get(uow, named) is not None
        assert [each.member_id for each in suggestions.letters(uow, its, limit=9)] == [kaede]
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(kaede, "adopted")]


def test_a_letter_adopted_from_its_case_stands_among_the_suggestions(cafe: SmallClub) -> None:
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    sakura = cafe.joins(user(1))
    case = writes(cafe, sakura, "寒い", "suggestion", user=user(1))
    with cafe.store.read() as uow:
        letter = inbox.of_case(uow, *case)[-1].id
    with cafe.work(DESK, key="a1") as work:
        assert adopt_letter(work, case, letter_id=letter, text=WORD).done
    with cafe.store.read() as uow:
        found = suggestions.listed(uow, ("adopted",), limit=9)
    assert [(each.suggestion.word, each.letters) for each in found] == [(WORD, 1)]
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "adopted")]
    # Undone with the member, it takes its message back.
    with cafe.work(MANAGER, key="u1") as work:
        assert undo(work, UndoRequest(sakura, "a1")).done
    assert queued(cafe) == []


def test_what_is_marked_is_adopted_there_alone(cafe: SmallClub) -> None:
    sakura = cafe.joins(user(1))
    case = writes(cafe, sakura, "寒い", "suggestion", user=user(1))
    its = marks(cafe, case)
    with cafe.store.read() as uow:
        letter = inbox.of_case(uow, *case)[-1].id
    with cafe.work(DESK, key="a1") as work:
        refused = adopt_letter(work, case, letter_id=letter, text=WORD).refused
    assert refused == "adopt_suggestion"
    with cafe.work(DESK, key="a2") as work:
        again = mark_letter(work, case, letter, into=None).refused
    assert again == "suggestion_again"
    assert of(cafe, its).state == "received"


def test_what_it_brought_is_taken_back_before_it_is_put_together(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    points = cafe.balance(sakura)
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert decides(cafe, its, "declined", tells=False).done
    momo = cafe.joins(user(3))
    waits = marks(cafe, writes(cafe, momo, "寒いです", "suggestion", user=user(3)))
    seen = of(cafe, its).moved
    with cafe.work(MANAGER, key="j1") as work:
        assert join_suggestion(work, its, into=waits, seen=seen).refused == "suggestion_adopted"
    job.run_if_due(cafe.club)
    with cafe.work(MANAGER, key="j2") as work:
        assert join_suggestion(work, its, into=waits, seen=seen).done
    assert cafe.balance(sakura) == points
    assert queued(cafe) == []
    assert cafe.differences(sakura, kaede) == []


def test_what_else_waits_for_an_answer_goes_on_waiting(cafe: SmallClub) -> None:
    sakura = cafe.joins(user(1))
    case = writes(cafe, sakura, "何時まで開いていますか", "suggestion", user=user(1))
    with cafe.work(DESK, key="said") as work:
        assert hear_suggestion(work, HeardSuggestion(sakura, "ひざかけがほしい")).done
        said = work.uow.run(select(letters.c.suggestion_id).where(letters.c.key == "said"))
        its = said.scalar_one()
    assert case_of(cafe, case).state == "open"
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert case_of(cafe, case).state == "open"
