"""Who isn't signed in yet is counted by where they are."""

from werkzeug.middleware.proxy_fix import ProxyFix

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


def test_who_walks_through_the_networks_of_one_site_is_seen(desks: Desks) -> None:
    walk = (f"2001:db8:1:{network:x}::1" for network in range(70))
    answers = [desks.browser(address).logs_in("nobody", "no").status_code for address in walk]
    assert answers == [401] * 60 + [429] * 10
    assert desks.browser("2001:db8:2::1").logs_in("nobody", "no").status_code == 401
    # IPv4 as a socket for both shows it: neighbours there are strangers.
    for last in range(12):
        assert desks.browser(f"::ffff:192.0.2.{last}").logs_in("x", "no").status_code == 401


def _through(desks: Desks, said: str, who: str, password: str | None = None) -> int:
    """What a browser is answered that comes through a proxy, which says for whom."""
    browser = desks.browser("10.0.0.7")
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = said
    answer = browser.logs_in(who, password) if password else browser.logs_in(who)
    return answer.status_code


def test_behind_a_proxy_that_nobody_named_a_stranger_stands_in_nobodys_way(desks: Desks) -> None:
    desks.hires("boss", "owner", None)
    wrong = [_through(desks, "198.51.100.9", "nobody", "no") for _ in range(12)]
    assert wrong == [401] * 10 + [429] * 2
    assert _through(desks, "203.0.113.5", "boss") == 303
    assert desks.logged()[-1].details["forwarded"] == 1
    # Who makes the line up is counted with everybody who may have.
    made_up = [_through(desks, f"192.0.2.{last}", "nobody", "no") for last in range(60)]
    assert made_up.count(429) == 11


def test_behind_a_proxy_that_is_named_only_its_own_word_counts(desks: Desks) -> None:
    desks.app.wsgi_app = ProxyFix(desks.app.wsgi_app, x_for=1)  # type: ignore[method-assign]
    made_up = [_through(desks, f"192.0.2.{n}, 198.51.100.9", "x", "no") for n in range(12)]
    assert made_up == [401] * 10 + [429] * 2


def test_a_browser_they_signed_in_with_is_counted_by_itself(desks: Desks) -> None:
    desks.hires("boss", "owner", None)
    owners = desks.browser("10.0.0.7")
    owners.logs_in("boss")
    owners.post("/staff/logout")
    # A proxy that says nothing of its customers, then one of whose customers many strangers are.
    assert desks.browser("10.0.0.7").logs_in("nobody", "no").status_code == 401
    for _ in range(10):
        desks.browser("10.0.0.7").logs_in("boss", "no")
    assert desks.browser("10.0.0.7").logs_in("boss").status_code == 429
    strangers = [_through(desks, f"192.0.2.{last}", "boss", "no") for last in range(55)]
    assert strangers[-1] == 429
    assert owners.logs_in("boss").status_code == 303
    # It guesses no faster than others.
    owners.post("/staff/logout")
    guesses = [owners.logs_in("nobody", "no").status_code for _ in range(10)]
    assert guesses == [401] * 9 + [429]
