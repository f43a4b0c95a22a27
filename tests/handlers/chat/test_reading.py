"""What we have answered is marked as read in LINE's own chat; what waits for a person is not."""

import json
from collections.abc import Callable
from dataclasses import replace

from bot.line.errors import LineError, LineRejected, LineUnavailable
from bot.line.event_types import Text
from bot.line.events import parse
from bot.store.messages import inbox
from handlers.chat.reading import ReadMarks
from handlers.chat.worker import EventWorkers

from .conftest import Person, World
from .test_worker import wait_until_done


def _write(world: World, person: Person, *texts: str) -> None:
    """They write, one after another, and are answered; all that was begun is over then."""
    for text in texts:
        workers = EventWorkers(world.club, threads=1)
        workers.start()
        try:
            world.simulator.customers.write(person.user_id, text)
            workers.wake()
            wait_until_done(world)
        finally:
            workers.stop()


def _unread(world: World, person: Person) -> list[str]:
    """What the person wrote that stands unread in LINE's own chat."""
    read = world.simulator.read_up_to(person.user_id)
    lines = world.simulator.lines(person.user_id)
    return [str(line.body["text"]) for line in lines if line.side == "user" and line.id > read]


def test_what_was_answered_is_read_and_what_waits_for_a_person_is_not(any_world: World) -> None:
    world = any_world
    person = world.member()
    _write(world, person, "ポイント")
    assert _unread(world, person) == []
    # What comes after it would be marked with it.
    _write(world, person, "ベビーカーで入れますか", "カード")
    assert _unread(world, person) == ["ベビーカーで入れますか", "カード"]
    assert world.calls.count(("mark_as_read", "ok")) == 1
    with world.club.store.begin() as uow:
        inbox.mark_answered(uow, person.card.id, 1, at=world.now(), staff_id=1)
    _write(world, person, "ランク")
    assert _unread(world, person) == []


def test_only_who_waits_stays_unread(world: World) -> None:
    sakura, hana = world.member(), world.member("花子")
    _write(world, sakura, "ベビーカーで入れますか")
    _write(world, hana, "カード")
    assert _unread(world, hana) == []
    assert len(_unread(world, sakura)) == 1


def test_a_chat_that_is_off_is_left_alone_for_an_hour(world: World) -> None:
    clock, marks = [0.0], []

    class Refusing:
        trouble: LineError = LineRejected("no", status=400)

        def mark_as_read(self, token: str, then: Callable[[LineError | None], None]) -> None:
            marks.append(token)
            then(self.trouble)

    marker = Refusing()
    gathering = ReadMarks(world.club, marker, lambda: clock[0])
    event = parse(json.dumps({
        "type": "message", "source": {"type": "user", "userId": "U1"}, "replyToken": "r",
        "message": {"type": "text", "id": "1", "text": "x", "markAsReadToken": "t"},
    }))  # fmt: skip
    assert isinstance(event, Text)
    for at, expected in ((0, 1), (3_599, 1), (3_600, 2)):
        clock[0] = at
        gathering.gather(event)
        gathering.gather(replace(event, mark_as_read_token=None))
        gathering.send()
        assert len(marks) == expected
    marker.trouble = LineUnavailable("late")
    clock[0] = 7_300
    for _ in range(2):
        gathering.gather(event)
        gathering.send()
        gathering.send()
    assert len(marks) == 4, "what fails for now is tried with the next message"
