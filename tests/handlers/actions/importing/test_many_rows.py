"""Files with many rows, on either database: a page at a time, whoever dies on the way."""

import io

import pytest
from sqlalchemy import func, select

from bot.store.many import imports
from bot.store.many.imports import StoredImport
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.tables import members as everybody
from bot.store.tables import outbox
from handlers.actions.importing.keeping import (
    ArrivingFile,
    begin_doing,
    begin_looking,
    begin_undoing,
    keep_file,
)
from handlers.jobs.many import imports as job
from handlers.jobs.night.audit import audit
from rules.importing.columns import ImportKind
from tests.handlers.clubs import MANAGER, SmallClub

#: A paper card each, with the points and visits that its stamps are worth here.
CARDS = 1_000


def looked_at(cafe: SmallClub, data: str, kind: ImportKind = "members") -> int:
    arriving = ArrivingFile(io.BytesIO(data.encode("cp932")), "list.csv", kind, "ekimae")
    made = keep_file(lambda: cafe.club.work(MANAGER), arriving)
    assert isinstance(made, int)
    stored = stored_at(cafe, made)
    with cafe.club.work(MANAGER) as work:
        assert begin_looking(work, made, stored.columns, has_head=stored.has_head) is None
    goes_on(cafe, made)
    return made


def stored_at(cafe: SmallClub, import_id: int) -> StoredImport:
    with cafe.store.read() as uow:
        stored = imports.get(uow, import_id)
    assert stored is not None
    return stored


def goes_on(cafe: SmallClub, import_id: int) -> None:
    while job.go_on(cafe.club, import_id):
        pass


def begins(cafe: SmallClub, import_id: int) -> None:
    count = fates(cafe, import_id)["new"]
    with cafe.club.work(MANAGER) as work:
        assert begin_doing(work, import_id, count) is None


def fates(cafe: SmallClub, import_id: int) -> dict[str | None, int]:
    with cafe.store.read() as uow:
        return imports.fates(uow, import_id)


def of_card(cafe: SmallClub, number: str) -> Member:
    with cafe.store.read() as uow:
        found = members.get(uow, members.by_code(uow, "old", number) or 0)
    assert found is not None
    return found


def cards(count: int) -> str:
    rows = (f"P{n:05},{n % 10 * 5},{n % 10}" for n in range(count))
    return "\n".join(["カード番号,ポイント,来店回数", *rows])


def test_a_thousand_paper_cards_come_in_though_the_process_dies_on_the_way(
    cafe: SmallClub, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = looked_at(cafe, cards(CARDS))
    assert fates(cafe, made) == {"head": 1, "new": CARDS}
    begins(cafe, made)
    for _ in range(3):
        assert job.go_on(cafe.club, made)
    # The next page dies after its rows, before its transaction ends.
    with monkeypatch.context() as patched:
        patched.setattr(imports, "settle", _dies)
        with pytest.raises(KeyboardInterrupt):
            job.go_on(cafe.club, made)
    assert fates(cafe, made) == {"head": 1, "new": CARDS - 300, "done": 300}
    # Another process goes on.
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "done": CARDS}
    with cafe.store.read() as uow:
        assert uow.run(select(func.count()).select_from(everybody)).scalar_one() == CARDS
    last = of_card(cafe, "P00999").facts
    assert (last.balance, last.visits) == (45, 9)
    # Nobody keeps what the rows said.
    with cafe.store.read() as uow:
        assert {row.cells for row in imports.first_rows(uow, made, limit=50)[1:]} == {()}


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_members_visits_are_judged_together_and_taken_back_together(cafe: SmallClub) -> None:
    goes = looked_at(cafe, "カード番号,入会日\nP1,2025/1/1\nP2,2025/1/1\n")
    begins(cafe, goes)
    goes_on(cafe, goes)
    # 60 days of two members, in the order of the days as systems write them: the pages cut them.
    days = [f"P{who},2025/{3 + n // 28}/{n % 28 + 1}" for n in range(60) for who in (1, 2)]
    made = looked_at(cafe, "\n".join(["カード番号,来店日", *days]), "visits")
    begins(cafe, made)
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "done": 120}
    assert [of_card(cafe, each).facts.visits for each in ("P1", "P2")] == [60, 60]
    assert of_card(cafe, "P1").facts.balance == of_card(cafe, "P2").facts.balance > 0
    assert not any(audit(cafe.club))
    with cafe.club.work(MANAGER) as work:
        assert begin_undoing(work, made) is None
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "back": 120}
    facts = of_card(cafe, "P1").facts
    assert (facts.visits, facts.balance) == (0, 0)
    assert not any(audit(cafe.club))


def test_nobody_hears_of_what_is_brought_in(cafe: SmallClub) -> None:
    """Not even who has LINE: what is long past is no news."""
    known = cafe.joins("U1")
    cafe.passes(days=60)
    number = cafe.member(known).number
    days = [f"{number},2026/{1 + n // 28}/{n % 28 + 1}" for n in range(6, 50)]
    before = letters(cafe)
    made = looked_at(cafe, "\n".join(["カード番号,来店日", *days]), "visits")
    begins(cafe, made)
    goes_on(cafe, made)
    assert fates(cafe, made) == {"head": 1, "done": len(days)}
    facts = cafe.member(known).facts
    assert facts.visits == len(days)
    # There was something to tell of.
    assert facts.badges
    assert letters(cafe) == before
    assert not cafe.differences(known)


def letters(cafe: SmallClub) -> int:
    """How many messages were queued, ever."""
    with cafe.store.read() as uow:
        return int(uow.run(select(func.count()).select_from(outbox)).scalar_one())
