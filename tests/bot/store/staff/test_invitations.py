import threading

from bot.store import Store
from bot.store.staff import invitations
from bot.store.staff.invitations import Invitation
from tests.bot.store.staff.conftest import HOUR, NOW


def test_an_invitation_is_used_by_the_first_of_many(store: Store) -> None:
    made = Invitation("t", "device", "till", "ekimae", None, None, NOW + HOUR)
    with store.begin() as uow:
        invitations.add(uow, made, at=NOW)
        assert invitations.find(uow, "t", at=NOW) == made
        assert invitations.find(uow, "t", at=NOW + HOUR) is None
    won: list[bool] = []

    def use() -> None:
        with store.begin() as uow:
            won.append(invitations.use(uow, "t", at=NOW))

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 7 + [True]
    with store.read() as uow:
        assert invitations.find(uow, "t", at=NOW) is None


def test_a_new_invitation_replaces_the_persons_last_of_its_kind(store: Store) -> None:
    with store.begin() as uow:
        for token, kind, person in (
            ("a", "password", 1),
            ("b", "sign_in", 1),
            ("c", "password", 2),
            ("d", "password", 1),
        ):
            made = Invitation(token, kind, "x", None, person, None, NOW + HOUR)  # type: ignore[arg-type]
            invitations.add(uow, made, at=NOW)
        assert [t for t in "abcd" if invitations.find(uow, t, at=NOW)] == ["b", "c", "d"]
        invitations.withdraw(uow, 1)
        assert [t for t in "abcd" if invitations.find(uow, t, at=NOW)] == ["c"]
