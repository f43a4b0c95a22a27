"""The commands do what they say; where they can't go on, one sentence says what to do."""

from collections.abc import Iterator
from datetime import timedelta

import click
import pytest
from flask import Flask

from bot.store.messages.inbox import ChatText
from handlers.actions.heard.hearing import Heard, hear
from handlers.commands.installation import Installation
from tests.handlers.commands.conftest import run


def every_command(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {rest}", each) for rest, each in every_command(command))
        else:
            yield name, command


def test_each_command_and_option_says_what_it_is(bare: Flask) -> None:
    commands = dict(every_command(bare.cli))
    assert "pictures poster" in commands
    assert not [name for name, command in commands.items() if not command.help]
    options = (
        (name, each)
        for name, command in commands.items()
        for each in command.params
        if isinstance(each, click.Option)
    )
    assert not [(name, each.opts) for name, each in options if not each.help]


@pytest.mark.parametrize(
    "words",
    [
        ["serve"],
        ["demo"],
        ["counter-link"],
        ["program", "publish"],
        ["ledger", "audit"],
        ["events", "retry"],
        ["outbox", "status"],
        ["campaign", "switch", "rain"],
    ],
    ids=" ".join,
)
def test_without_a_database_it_says_to_migrate(bare: Flask, words: list[str]) -> None:
    result = run(bare, *words)
    assert result.exit_code == 1
    assert "flask --app app migrate" in result.output
    assert len(result.output.splitlines()) == 1


def test_a_demo_is_filled_once_and_adds_up(cafe: Flask) -> None:
    assert "6 members" in run(cafe, "demo", "--members", "5").output
    assert "members already" in run(cafe, "demo").output
    assert "6 members: everything adds up." in run(cafe, "ledger", "audit").output


def test_a_member_is_erased_by_number_after_a_question(cafe: Flask) -> None:
    run(cafe, "demo", "--members", "1")
    installation: Installation = cafe.extensions["kayoi"]
    with installation.club.store.read() as uow:
        number = uow.connection.exec_driver_sql("SELECT number FROM members").scalar_one()
    assert "Aborted" in run(cafe, "members", "erase", number, types="n\n").output
    assert "Erased" in run(cafe, "members", "erase", number, types="y\n").output
    assert "no card" in run(cafe, "members", "erase", number, types="y\n").output


def test_the_counter_s_link_opens_its_page(cafe: Flask) -> None:
    link = run(cafe, "counter-link").output.strip()
    tablet = cafe.test_client()
    assert tablet.get(link, follow_redirects=True).status_code == 200
    assert cafe.test_client().get(link).status_code == 404
    assert "There is no store" in run(cafe, "counter-link", "--store", "moon").output


def test_a_rainy_day_is_switched_on_and_off(cafe: Flask) -> None:
    assert "is on until" in run(cafe, "campaign", "switch", "rain").output
    assert "is off" in run(cafe, "campaign", "switch", "rain", "--off").output
    assert "there is: rain" in run(cafe, "campaign", "switch", "snow").output


def test_cases_that_wait_are_listed_and_summed_up(cafe: Flask) -> None:
    assert "Nobody waits" in run(cafe, "cases", "list").output
    assert "No cases" in run(cafe, "cases", "summary").output
    run(cafe, "demo", "--members", "1")
    installation: Installation = cafe.extensions["kayoi"]
    club = installation.club
    with club.work() as work:
        rude = ChatText("\x1b[2Jおいしかった", None, club.now() - timedelta(days=30))
        hear(work.under("k"), Heard(1, rude, "feedback", "suggestion"))
    listed = run(cafe, "cases", "list").output
    assert "OVERDUE  suggestion  card" in listed
    assert "おいしかった" in listed
    assert "\x1b" not in listed
    summed = run(cafe, "cases", "summary").output
    assert "suggestion     1  waiting 1, overdue 1, median to first answer -" in summed


def test_events_and_messages_are_counted(cafe: Flask) -> None:
    assert "No events yet" in run(cafe, "events", "status").output
    assert "0 event(s)" in run(cafe, "events", "retry").output
    assert "empty" in run(cafe, "outbox", "status").output
    assert "0 message(s)" in run(cafe, "outbox", "drain").output
