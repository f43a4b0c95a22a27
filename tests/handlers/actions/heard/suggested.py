"""What tests of suggestions do and ask alike."""

from sqlalchemy import select

from bot.store.heard import suggestions
from bot.store.heard.cases import CaseName
from bot.store.heard.suggestions import StoredSuggestion
from bot.store.messages import inbox
from bot.store.staff import staff
from bot.store.tables import outbox
from handlers.actions.heard.suggesting import (
    SuggestionDecision,
    decide_suggestion,
    mark_letter,
)
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.outcome import Acknowledgement
from handlers.actions.staff.signing import desk_of
from handlers.actions.staff.staffing import Assignment, hire
from rules.heard.suggestions import SuggestionState
from tests.handlers.actions.heard.test_adopting import RULE
from tests.handlers.actions.heard.test_answering import DESK, writes
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE

WORD = "来月から、ひざかけをお貸しします。"


def user(n: int) -> str:
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
    sakura, kaede = cafe.joins(user(1)), cafe.joins(user(2))
    its = marks(cafe, writes(cafe, sakura, "ひざかけがほしい", "suggestion", user=user(1)))
    same = writes(cafe, kaede, "足もとが寒い", "suggestion", user=user(2))
    assert marks(cafe, same, into=its) == its
    return its, sakura, kaede
