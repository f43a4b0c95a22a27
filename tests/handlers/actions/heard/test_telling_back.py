"""What became of what members suggest is told back to each of them once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.store.heard import contacts, suggestions
from bot.store.heard.cases import CaseName
from bot.store.heard.suggestions import StoredSuggestion
from bot.store.members import members
from bot.store.members.profiles import Profile
from bot.store.messages import inbox
from bot.store.tables import inbox as letters
from handlers.actions.heard.adopting import adopt_letter
from handlers.actions.heard.suggesting import (
    HeardSuggestion,
    hear_suggestion,
    join_suggestion,
    part_letter,
)
from handlers.actions.heard.telling_back import note_called, tell_writer
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import change_membership
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.recording.work import Work
from handlers.jobs.many import suggestions as job
from rules.heard.suggestions import SuggestionState
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
from tests.waiting import is_held_up, until


def test_everybody_who_suggested_it_is_told_once_and_earns(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    # A second letter of the same person.
    again = writes(cafe, sakura, "ひざかけ、まだですか", "suggestion", user=user(1))
    marks(cafe, again, into=its)
    points = cafe.balance(sakura)
    assert decides(cafe, its, "adopted").done
    for _ in range(2):
        job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "adopted"), (kaede, "adopted")]
    assert cafe.balance(sakura) == points + 3
    assert case_of(cafe, again).state == "answered"
    assert not of(cafe, its).is_telling


def test_who_joins_later_what_was_adopted_is_told_too(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    momo = cafe.joins(user(3))
    marks(cafe, writes(cafe, momo, "寒いです", "suggestion", user=user(3)), into=its)
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "adopted"), (kaede, "adopted"), (momo, "adopted")]


def test_not_this_time_is_told_where_it_is_wished_and_a_changed_mind_withdraws_it(
    cafe: SmallClub,
) -> None:
    its, sakura, kaede = two_suggest(cafe)
    assert decides(cafe, its, "considered", tells=False).done
    job.run_if_due(cafe.club)
    assert queued(cafe) == []
    assert decides(cafe, its, "declined").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "suggestion"), (kaede, "suggestion")]
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "adopted"), (kaede, "adopted")]


def test_whom_line_does_not_reach_stands_on_the_list_of_calls_until_told(cafe: SmallClub) -> None:
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    with cafe.work(DESK, key="paper") as work:
        purpose = work.programme.privacy.purpose.ja
        paper = join_at_counter(work, Newcomer("ja", purpose, Profile("田村和子"))).member_id
    with cafe.work(DESK, key="said") as work:
        assert hear_suggestion(work, HeardSuggestion(paper, "ひざかけがほしい")).done
        letter = work.uow.run(select(letters.c.id, letters.c.suggestion_id)).one()
    points = cafe.balance(paper)
    assert decides(cafe, letter.suggestion_id, "adopted").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == []
    assert cafe.balance(paper) == points + 3
    with cafe.store.read() as uow:
        assert [each.id for each, _ in suggestions.to_call(uow, limit=9)] == [letter.id]
    for _ in range(2):
        with cafe.work(DESK, key="called") as work:
            assert note_called(work, letter.id).done
    with cafe.store.read() as uow:
        assert suggestions.to_call(uow, limit=9) == []


def test_who_left_is_told_nothing_and_earns_nothing(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    with cafe.work("member", key="left") as work:
        change_membership(work, sakura, "left", at=cafe.now)
    points = cafe.balance(sakura)
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert cafe.balance(sakura) == points
    assert (kaede, "adopted") in queued(cafe)


def test_two_cards_of_one_person_are_told_once_after_a_merging(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    with cafe.work(DESK, key="merged") as work:
        assert merge(work, MergeRequest(sakura, kaede)).done
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "adopted")]


def test_who_could_only_read_of_it_is_told_as_soon_as_the_shop_wishes_so(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    assert decides(cafe, its, "considered", tells=False).done
    job.run_if_due(cafe.club)
    assert decides(cafe, its, "considered").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "suggestion"), (kaede, "suggestion")]
    # What was told stays told, and nobody is told it twice.
    for tells in (False, True):
        assert decides(cafe, its, "considered", tells=tells).done
        job.run_if_due(cafe.club)
        assert of(cafe, its).tells
    assert queued(cafe) == [(sakura, "suggestion"), (kaede, "suggestion")]


def test_what_is_not_so_any_more_is_not_sent(cafe: SmallClub) -> None:
    its, *_ = two_suggest(cafe)
    states: tuple[SuggestionState, ...] = ("received", "declined")
    for state in states:
        assert decides(cafe, its, "considered").done
        job.run_if_due(cafe.club)
        assert len(queued(cafe)) == 2
        assert decides(cafe, its, state, tells=False).done
        job.run_if_due(cafe.club)
        assert queued(cafe) == []


def test_a_letter_that_was_parted_hears_of_its_own_suggestion(cafe: SmallClub) -> None:
    its, _, kaede = two_suggest(cafe)
    assert decides(cafe, its, "considered", tells=False).done
    job.run_if_due(cafe.club)
    with cafe.store.read() as uow:
        letter = suggestions.letters(uow, its, limit=9)[1].id
    with cafe.work(MANAGER, key="p1") as work:
        assert part_letter(work, its, letter).done
        own = suggestions.of_letter(work.uow, letter)
    assert own is not None
    job.run_if_due(cafe.club)
    assert decides(cafe, own, "considered").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(kaede, "suggestion")]


def test_a_call_is_noted_once_by_whomever_and_only_where_one_was_due(cafe: SmallClub) -> None:
    its, sakura, _ = two_suggest(cafe)
    with cafe.work(DESK, key="paper") as work:
        purpose = work.programme.privacy.purpose.ja
        paper = join_at_counter(work, Newcomer("ja", purpose, Profile("田村和子"))).member_id
    with cafe.work(DESK, key="said") as work:
        assert hear_suggestion(work, HeardSuggestion(paper, "さむい", into=its)).done
    assert decides(cafe, its, "considered").done
    job.run_if_due(cafe.club)
    with cafe.store.read() as uow:
        wrote = suggestions.letters(uow, its, limit=9)
    for key, letter in [(f"{n} {each.id}", each.id) for n in range(2) for each in wrote]:
        with cafe.work(DESK, key=key) as work:
            assert note_called(work, letter).done
    with cafe.store.read() as uow:
        assert len(contacts.of_members(uow, [paper], limit=9)) == 1
        assert contacts.of_members(uow, [sakura], limit=9) == []


def test_nobody_is_called_who_has_left_since(cafe: SmallClub) -> None:
    with cafe.work(DESK, key="paper") as work:
        purpose = work.programme.privacy.purpose.ja
        paper = join_at_counter(work, Newcomer("ja", purpose, Profile("田村和子"))).member_id
    with cafe.work(DESK, key="said") as work:
        assert hear_suggestion(work, HeardSuggestion(paper, "ひざかけがほしい")).done
        its = work.uow.run(select(letters.c.suggestion_id)).scalar_one()
    assert decides(cafe, its, "considered").done
    job.run_if_due(cafe.club)
    with cafe.store.read() as uow:
        assert len(suggestions.to_call(uow, limit=9)) == 1
    with cafe.work(DESK, key="left") as work:
        change_membership(work, paper, "left", at=cafe.now)
    with cafe.store.read() as uow:
        assert suggestions.to_call(uow, limit=9) == []


def _hears(work: Work, its: int, sakura: int, letter: int) -> Acknowledgement:
    return hear_suggestion(work, HeardSuggestion(sakura, "さむい", into=its))


def _adopts(work: Work, its: int, sakura: int, letter: int) -> Acknowledgement:
    case = suggestions.letters(work.uow, its, limit=1)[0].case_number or 0
    return adopt_letter(work, CaseName(sakura, case), letter_id=letter, text=WORD)


def _calls(work: Work, its: int, sakura: int, letter: int) -> Acknowledgement:
    return note_called(work, letter)


@pytest.mark.parametrize("acts", [_hears, _adopts, _calls])
def test_nobody_at_it_meets_the_clock_in_a_circle(
    cafe: SmallClub, acts: Callable[[Work, int, int, int], Acknowledgement]
) -> None:
    if cafe.store.is_sqlite:
        # Whoever writes there is alone.
        return
    its, sakura, _ = two_suggest(cafe)
    with cafe.store.read() as uow:
        letter = suggestions.letters(uow, its, limit=1)[0].id

    def goes() -> None:
        with cafe.work(DESK, key="meets") as work:
            acts(work, its, sakura, letter)

    with ThreadPoolExecutor() as pool:
        # As the clock: the suggestion, the member, their letter.
        with cafe.store.begin() as uow:
            suggestions.get(uow, its, lock=True)
            if acts is not _hears:
                members.lock(uow, sakura)
            going = pool.submit(goes)
            until(lambda: is_held_up(cafe.store), "somebody who waits for the clock")
            members.lock(uow, sakura)
            inbox.lock(uow, letter)
        going.result()


def test_a_letter_that_comes_to_a_second_of_the_same_number_is_told_again(
    cafe: SmallClub,
) -> None:
    one, _, kaede = two_suggest(cafe)
    with cafe.store.read() as uow:
        letter = suggestions.letters(uow, one, limit=9)[1].id

    def parts(key: str) -> int:
        with cafe.work(MANAGER, key=key) as work:
            assert part_letter(work, one, letter).done
            own = suggestions.of_letter(work.uow, letter)
        assert own is not None
        assert decides(cafe, own, "considered", word=f"{key} {WORD}").done
        job.run_if_due(cafe.club)
        return own

    own = parts("p1")
    with cafe.work(MANAGER, key="j") as work:
        seen = of(cafe, own).moved
        assert join_suggestion(work, own, into=one, seen=seen).done
    job.run_if_due(cafe.club)
    # SQLite gives the number of the one that is gone to the next.
    parts("p2")
    assert queued(cafe) == [(kaede, "suggestion")]


def test_whom_it_could_not_be_told_the_staff_tell(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    its, sakura, kaede = two_suggest(cafe)

    def fails(work: Work, its: StoredSuggestion, letter: suggestions.SuggestedLetter) -> None:
        if letter.member_id == sakura:
            raise ValueError("of one member")
        tell_writer(work, its, letter)

    monkeypatch.setattr(job, "tell_writer", fails)
    assert decides(cafe, its, "considered").done
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(kaede, "suggestion")]
    with cafe.store.read() as uow:
        assert [each.member_id for each, _ in suggestions.to_call(uow, limit=9)] == [sakura]


def test_points_that_a_merging_keeps_from_being_taken_back_are_said_in_the_log(
    cafe: SmallClub,
) -> None:
    its, sakura, kaede = two_suggest(cafe)
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    with cafe.work(DESK, key="merged") as work:
        assert merge(work, MergeRequest(sakura, kaede)).done
    assert decides(cafe, its, "declined", tells=False).done
    with capture_logs() as logs:
        job.run_if_due(cafe.club)
    stay = [each["refused"] for each in logs if each["event"] == "suggestion_points_stay"]
    assert stay == ["undo_merged"]
