"""Where events may go, by whatever spelling somebody tries."""

import pytest

from bot.hooks.addresses import (
    URL_MAX,
    InsideAddress,
    Reach,
    checked,
    problem_of,
    problem_there,
)

LIVE, PLAYED = Reach(), Reach(own_machine=True)


@pytest.mark.parametrize(
    "address",
    [
        "https://hooks.example.jp/", "https://hooks.example.jp:8443/a?b=c", "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/", "https://日本語.jp/フック", "https://1.example.jp/",
    ],
)  # fmt: skip
def test_what_is_on_the_internet_may_be_told(address: str) -> None:
    assert problem_of(address, LIVE) is None


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd00::1]",
        "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]",
        "[64:ff9b::a00:1]", "[2002:7f00:1::]", "[2001:db8::1]", "2130706433", "0x7f000001",
        "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "localhost.", "hooks.example.jp.",
        "metadata",
        "metadata.google.internal", "printer.local", "router.lan", "nas.home.arpa",
        "a.localhost", "１２７.0.0.1",
    ],
)  # fmt: skip
def test_what_only_we_can_reach_is_never_told(host: str) -> None:
    assert problem_of(f"https://{host}/", LIVE) == "hook_url_inside"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://hooks.example.jp/", "hook_url_https"),
        ("ftp://hooks.example.jp/", "hook_url_https"),
        ("//hooks.example.jp/", "hook_url_https"),
        ("hooks.example.jp", "hook_url_shape"),
        ("", "hook_url_shape"),
        ("https://", "hook_url_shape"),
        ("https://hooks.example.jp/ a", "hook_url_shape"),
        ("https://hooks.example.jp/\n", "hook_url_shape"),
        ("https://hooks.example.jp/#there", "hook_url_shape"),
        ("https://hooks.example.jp\\@10.0.0.1/", "hook_url_shape"),
        (f"https://hooks.example.jp/{'a' * URL_MAX}", "hook_url_shape"),
        ("https://hooks.example.jp:99999/", "hook_url_shape"),
        ("https://user:secret@hooks.example.jp/", "hook_url_login"),
        ("https://user@hooks.example.jp/", "hook_url_login"),
        ("https://hooks.example.jp@10.0.0.1/", "hook_url_login"),
        ("https://hooks.example.jp:22/", "hook_url_port"),
        ("https://hooks.example.jp:80/", "hook_url_port"),
    ],
)
def test_what_is_no_address_to_send_to_says_why(address: str, problem: str) -> None:
    assert problem_of(address, LIVE) == problem


def test_where_line_is_only_played_our_own_machine_may_be_told_and_nothing_else_inside() -> None:
    assert problem_of("http://127.0.0.1:80/", PLAYED) is None
    assert problem_of("http://localhost:8000/", PLAYED) is None
    assert problem_of("http://[::1]:8000/", PLAYED) is None
    assert problem_of("http://10.0.0.1/", PLAYED) == "hook_url_https"
    assert problem_of("https://10.0.0.1/", PLAYED) == "hook_url_inside"
    assert problem_of("https://169.254.169.254/", PLAYED) == "hook_url_inside"


def test_a_name_that_leads_inside_is_not_taken_when_it_is_typed() -> None:
    def ask(host: str, port: int) -> list[str]:
        assert (host, port) == ("hooks.example.jp", 8443)
        return ["8.8.8.8", "10.0.0.1"]

    there = "https://hooks.example.jp:8443/"
    assert problem_there(there, LIVE, ask=ask) == "hook_url_inside"
    assert problem_there(there, LIVE, ask=lambda _host, _port: ["8.8.8.8"]) is None


def test_a_name_that_leads_nowhere_is_told() -> None:
    def ask(host: str, port: int) -> list[str]:
        raise OSError

    assert problem_there("https://hooks.example.jp/", LIVE, ask=ask) == "hook_url_unknown"
    nobody = problem_there("https://hooks.example.jp/", LIVE, ask=lambda _host, _port: [])
    assert nobody == "hook_url_unknown"


@pytest.mark.parametrize("inside", ["10.0.0.1", "::1", "::ffff:10.0.0.1", "fe80::1%eth0", "what"])
def test_no_connection_goes_to_one_of_several_addresses_that_leads_inside(inside: str) -> None:
    with pytest.raises(InsideAddress):
        checked(["8.8.8.8", inside], LIVE)
    assert checked(["8.8.8.8"], LIVE) == ["8.8.8.8"]
