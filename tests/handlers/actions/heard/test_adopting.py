"""What a member wrote is taken up."""

from sqlalchemy import select

from bot.store.heard.cases import CaseName
from bot.store.messages import inbox
from bot.store.tables import audit_log, outbox
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.heard.adopting import adopt_letter
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.outcome import Acknowledgement
from tests.handlers.actions.heard.test_answering import DESK, USER, case_of, writes
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE

RULE = """
[[earning]]
id = "adopted"
name = { ja = "ご意見の採用" }
on = "adopted"
award = { kind = "fixed", points = 3 }
"""
THANKS = "お昼の席に、ひざかけを置きました。"


def adopts(cafe: SmallClub, case: CaseName, key: str, text: str = THANKS) -> Acknowledgement:
    with cafe.store.read() as uow:
        letter = inbox.of_case(uow, *case)[-1].id
    with cafe.work(DESK, key=key) as work:
        return adopt_letter(work, case, letter_id=letter, text=text)


def _logged(cafe: SmallClub) -> list[tuple[str, int | None]]:
    with cafe.store.read() as uow:
        done = select(audit_log).where(audit_log.c.action == "adopted")
        return [(row.action, row.member_id) for row in uow.run(done)]


def _waiting(cafe: SmallClub) -> list[str]:
    with cafe.store.read() as uow:
        queued = select(outbox.c.journey).where(outbox.c.status == "queued")
        return list(uow.run(queued).scalars())


def test_an_idea_taken_up_earns_and_is_told_once(cafe: SmallClub) -> None:
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    member = cafe.joins(USER)
    points = cafe.balance(member)
    case = writes(cafe, member, "お昼の席が寒いです")

    assert adopts(cafe, case, "a0", "  ").refused == "adopt_empty"
    assert adopts(cafe, case, "a0x", "あ" * 1_001).refused == "answer_too_long"
    assert adopts(cafe, case, "a1").done
    assert adopts(cafe, case, "a1").done
    assert adopts(cafe, case, "a2").refused == "adopt_again"

    assert cafe.balance(member) == points + 3
    assert _waiting(cafe) == ["adopted"]
    assert _logged(cafe) == [("adopted", member)]
    assert case_of(cafe, case).state == "answered"


def test_undone_it_takes_points_and_message_back_and_can_be_taken_up_anew(cafe: SmallClub) -> None:
    cafe.publishes(CAFE.replace("[[campaigns]]", f"{RULE}\n[[campaigns]]", 1))
    member = cafe.joins(USER)
    points = cafe.balance(member)
    case = writes(cafe, member)
    assert adopts(cafe, case, "a1").done
    with cafe.work(DESK, key="u1") as work:
        assert undo(work, UndoRequest(member, "a1")).done
    assert cafe.balance(member) == points
    assert _waiting(cafe) == []
    assert adopts(cafe, case, "a2").done
    assert cafe.balance(member) == points + 3
    assert _waiting(cafe) == ["adopted"]


def test_it_is_of_the_card_that_the_letters_writer_has_now(cafe: SmallClub) -> None:
    member, keeper = cafe.joins(USER), cafe.joins("U" + "2" * 32)
    case = writes(cafe, member)
    with cafe.work(DESK, key="m1") as work:
        assert merge(work, MergeRequest(keeper, member)).done
    assert adopts(cafe, case, "a1").done
    assert _logged(cafe) == [("adopted", keeper)]


def test_a_letter_is_taken_up_in_its_own_case_alone(cafe: SmallClub) -> None:
    case, other = writes(cafe, cafe.joins(USER)), writes(cafe, cafe.joins("U" + "2" * 32))
    with cafe.store.read() as uow:
        letter = inbox.of_case(uow, *case)[-1].id
    with cafe.work(DESK, key="a1") as work:
        assert adopt_letter(work, other, letter_id=letter, text=THANKS).refused == "case_gone"
