"""Who isn't signed in yet is counted by where they are."""

from tests.handlers.pages.staff.conftest import Desks


def test_one_address_can_try_only_so_often(desks: Desks) -> None:
    answers = [desks.browser().logs_in("nobody", "no").status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_each_door_is_counted_by_itself(desks: Desks) -> None:
    stranger = desks.browser()
    for _ in range(11):
        stranger.logs_in("nobody", "no")
    assert stranger.logs_in("nobody", "no").status_code == 429
    assert stranger.post("/staff/join/nothing").status_code == 404


def test_one_customer_of_a_provider_is_one_asker(desks: Desks) -> None:
    near, far = "2001:db8:1:2:3:4:5:6", "2001:db8:1:9::1"
    for _ in range(11):
        desks.browser(near).logs_in("nobody", "no")
    assert desks.browser("2001:db8:1:2::7").logs_in("nobody", "no").status_code == 429
    assert desks.browser(far).logs_in("nobody", "no").status_code == 401
