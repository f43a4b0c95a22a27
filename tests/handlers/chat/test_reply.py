"""Answers that can't be replied any more: pushed where they would be missed, otherwise let go."""

from datetime import timedelta

from bot.store.messages import outbox
from bot.store.messages.unsaid import reasons
from handlers.actions.telling import messages
from handlers.chat.claims import TOKEN_LIFE

from .conftest import Person, World, event, text_event, words

DAY = timedelta(days=1)
LATE = TOKEN_LIFE + timedelta(seconds=1)


def queued(world: World) -> list[outbox.QueuedMessage]:
    with world.club.store.begin() as uow:
        return outbox.claim(uow, now=world.now(), limit=10)


def late(world: World, person: Person, text: str) -> None:
    world.simulator.customers.write(person.user_id, text)
    world.travel(LATE)
    world.handle()


def test_a_check_ins_result_is_pushed_when_its_token_grew_old(world: World) -> None:
    person = world.member()
    before = len(person.heard())
    late(world, person, f"チェックイン {world.code()}")
    assert len(person.heard()) == before
    (message,) = queued(world)
    assert message.topic is None
    assert message.name.member_id == person.card.id
    said = messages.read(message.say)
    assert isinstance(said, messages.SayMessages)
    assert "+10" in words(list(said.messages))
    assert message.useful_until > world.now() + timedelta(hours=5)


def test_who_asked_gets_it_by_push_for_an_hour(world: World) -> None:
    person = world.member()
    before = len(person.heard())
    late(world, person, "ポイント")
    assert len(person.heard()) == before
    (message,) = queued(world)
    assert message.useful_until <= world.now() + timedelta(hours=1)
    assert world.waiting() == 0


def test_what_can_be_asked_for_again_is_pushed_no_more_often_than_the_caps_allow(
    world: World,
) -> None:
    person = world.member()
    late(world, person, "ポイント")
    late(world, person, "ランク")
    assert world.outbox() == {"queued": 1}
    assert unsaid(world) == {"too_late": 1}
    world.travel(DAY)
    late(world, person, "ランク")
    assert world.outbox() == {"queued": 2}


def test_what_nobody_asked_for_is_let_go(world: World) -> None:
    """A second beacon of the day brings nothing that would be missed."""
    person = world.member()
    for _ in range(2):
        world.post([event(person, "beacon", beacon={"hwid": "0a1b2c3d01", "type": "enter"})])
        world.handle()
    assert world.outbox() == {"queued": 1}


def unsaid(world: World) -> dict[str, int]:
    with world.club.store.read() as uow:
        return reasons(uow, since=world.now() - DAY)


def test_a_reply_token_that_line_no_longer_takes_is_a_token_grown_old(world: World) -> None:
    person = world.member()
    token = world.token(person)
    world.use_up(token)
    world.post([text_event(person, f"チェックイン {world.code()}", replyToken=token)])
    world.handle()
    assert person.card.facts.visits == 1
    assert len(queued(world)) == 1


def test_a_beacon_without_a_reply_token_is_told_by_push(world: World) -> None:
    person = world.member()
    world.post([event(person, "beacon", beacon={"hwid": "0a1b2c3d01", "type": "enter"})])
    world.handle()
    assert len(queued(world)) == 1


def test_who_blocked_us_meanwhile_has_it_queued_and_not_more(world: World) -> None:
    """Whether it goes out is decided when it is sent."""
    person = world.member()
    world.simulator.customers.write(person.user_id, f"チェックイン {world.code()}")
    world.travel(LATE)
    world.simulator.customers.block(person.user_id)
    world.handle()
    assert world.outbox() == {"queued": 1}
    account = person.account
    assert account is not None
    assert account.blocked


def test_replies_cost_no_push(world: World) -> None:
    person = world.member()
    person.check_in()
    person.write("ポイント")
    assert {call for call, _ in world.calls} == {"profile", "reply"}
    assert world.club.line.quota().used == 0
