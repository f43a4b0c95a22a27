"""What members suggest: put together, decided on, and told back to each of them once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text
from structlog.testing import capture_logs

from bot.store.heard import contacts, suggestions
from bot.store.heard.cases import CaseName
from bot.store.heard.suggestions import StoredSuggestion
from bot.store.members import members
from bot.store.members.profiles import Profile
from bot.store.messages import inbox
from bot.store.staff import staff
from bot.store.tables import inbox as letters
from bot.store.tables import outbox
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.heard.adopting import adopt_letter
from handlers.actions.heard.suggesting import (
    HeardSuggestion,
    SuggestionDecision,
    decide_suggestion,
    hear_suggestion,
    join_suggestion,
    mark_letter,
    part_letter,
)
from handlers.actions.heard.telling_back import note_called, tell_writer
from handlers.actions.members.counter_join import Newcomer, join_at_counter
from handlers.actions.members.membership import change_membership, erase
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.recording.work import Work
from handlers.actions.staff.signing import desk_of
from handlers.actions.staff.staffing import Assignment, hire
from handlers.jobs.many import suggestions as job
from rules.heard.suggestions import SuggestionState
from tests.handlers.actions.heard.test_adopting import RULE
from tests.handlers.actions.heard.test_answering import DESK, case_of, writes
from tests.handlers.clubs import MANAGER, SmallClub
from tests.rules.examples import CAFE
from tests.waiting import until

WORD = "来月から、ひざかけをお貸しします。"


def _user(n: int) -> str:
    return f"U{n:032x}"


def marks(cafe: SmallClub, case: CaseName, into: int | None = None, title: str = "") -> int:
    with cafe.store.read() as uow:
        letter = inbox.of_case(uow, *case)[-1].id
    with cafe.work(DESK, key=cafe.key()) as work:
        done = mark_letter(work, case, letter, into=into, title=title)
        assert done.done, done.refused
        found = suggestions.of_letter(work.uow, letter)
    assert found is not None
    return found


def of(cafe: SmallClub, suggestion_id: int) -> StoredSuggestion:
    with cafe.store.read() as uow:
        found = suggestions.get(uow, suggestion_id)
    assert found is not None
    return found


def decides(
    cafe: SmallClub,
    suggestion_id: int,
    state: SuggestionState,
    *,
    title: str = "ひざかけ",
    word: str = WORD,
    tells: bool = True,
    shown: bool = False,
    seen: int | None = None,
) -> Acknowledgement:
    seen = of(cafe, suggestion_id).moved if seen is None else seen
    decision = SuggestionDecision(seen, state, title, word, tells, shown)
    with cafe.work(_owner(cafe), key=cafe.key()) as work:
        return decide_suggestion(work, suggestion_id, decision)


def _owner(cafe: SmallClub) -> Actor:
    """An owner who is one of the staff: the clock acts as them."""
    with cafe.work() as work:
        known = [each for each in staff.everybody(work.uow) if each.login == "boss"]
        if not known:
            place = Assignment("owner", None)
            stores = [each.id for each in work.programme.stores]
            hire(work, login="boss", name="森", place=place, stores=stores, language="ja")
            known = [each for each in staff.everybody(work.uow) if each.login == "boss"]
        return desk_of(known[0], None, "ekimae")


def queued(cafe: SmallClub, *, status: str = "queued") -> list[tuple[int, str]]:
    with cafe.store.read() as uow:
        found = select(outbox.c.member_id, outbox.c.journey).where(
            outbox.c.status == status, outbox.c.journey.in_(("adopted", "suggestion"))
        )
        return sorted((row.member_id, row.journey) for row in uow.run(found))


def two_suggest(cafe: SmallClub) -> tuple[int, int, int]:
    """The same from two members, put together."""
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    sakura, kaede = cafe.joins(_user(1)), cafe.joins(_user(2))
    its = marks(cafe, writes(cafe, sakura, "ひざかけがほしい", "suggestion", user=_user(1)))
    same = writes(cafe, kaede, "足もとが寒い", "suggestion", user=_user(2))
    assert marks(cafe, same, into=its) == its
    return its, sakura, kaede


def test_everybody_who_suggested_it_is_told_once_and_earns(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    # A second letter of the same person.
    again = writes(cafe, sakura, "ひざかけ、まだですか", "suggestion", user=_user(1))
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
    momo = cafe.joins(_user(3))
    marks(cafe, writes(cafe, momo, "寒いです", "suggestion", user=_user(3)), into=its)
    job.run_if_due(cafe.club)
    assert queued(cafe) == [(sakura, "adopted"), (kaede, "adopted"), (momo, "adopted")]


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
    sakura, kaede = cafe.joins(_user(1)), cafe.joins(_user(2))
    one = marks(cafe, writes(cafe, sakura, "寒い", "suggestion", user=_user(1)), title="暖房")
    two = marks(cafe, writes(cafe, kaede, "冷える", "suggestion", user=_user(2)))
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


def test_of_who_is_erased_no_word_stays_and_what_only_they_suggested_goes(
    cafe: SmallClub,
) -> None:
    its, sakura, kaede = two_suggest(cafe)
    own = marks(cafe, writes(cafe, sakura, "デカフェ", "suggestion", user=_user(1)))
    named = marks(
        cafe, writes(cafe, sakura, "夜も開けて", "suggestion", user=_user(1)), title="夜の営業"
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
    sakura = cafe.joins(_user(1))
    case = writes(cafe, sakura, "寒い", "suggestion", user=_user(1))
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
    sakura = cafe.joins(_user(1))
    case = writes(cafe, sakura, "寒い", "suggestion", user=_user(1))
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


def test_what_it_brought_is_taken_back_before_it_is_put_together(cafe: SmallClub) -> None:
    its, sakura, kaede = two_suggest(cafe)
    points = cafe.balance(sakura)
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert decides(cafe, its, "declined", tells=False).done
    momo = cafe.joins(_user(3))
    waits = marks(cafe, writes(cafe, momo, "寒いです", "suggestion", user=_user(3)))
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
    sakura = cafe.joins(_user(1))
    case = writes(cafe, sakura, "何時まで開いていますか", "suggestion", user=_user(1))
    with cafe.work(DESK, key="said") as work:
        assert hear_suggestion(work, HeardSuggestion(sakura, "ひざかけがほしい")).done
        said = work.uow.run(select(letters.c.suggestion_id).where(letters.c.key == "said"))
        its = said.scalar_one()
    assert case_of(cafe, case).state == "open"
    assert decides(cafe, its, "adopted").done
    job.run_if_due(cafe.club)
    assert case_of(cafe, case).state == "open"


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

    def waits() -> bool:
        with cafe.store.read() as uow:
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            return bool(uow.run(text(waiting)).scalar_one())

    with ThreadPoolExecutor() as pool:
        # As the clock: the suggestion, the member, their letter.
        with cafe.store.begin() as uow:
            suggestions.get(uow, its, lock=True)
            if acts is not _hears:
                members.lock(uow, sakura)
            going = pool.submit(goes)
            until(waits, "somebody who waits for the clock")
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
