"""The newsletter in the chat of somebody with two cards."""

from bot.store.members import line_accounts, members
from bot.store.messages import newsletters
from handlers.actions.members.join import JoinRequest, join
from tests.handlers.actions.newsletter.test_subscribe import PROGRAMME

from ..conftest import Person, World, taps, words


def _subscribers(world: World) -> list[int]:
    with world.club.store.read() as uow:
        return list(newsletters.subscribers(uow, after=0, limit=9))


def _gets_another_card(world: World, person: Person) -> None:
    """From now on the person's chat speaks of that one."""
    request = JoinRequest(at=world.now(), language="ja", purpose="x", source="counter")
    with world.club.work("system", key="another") as work:
        other = join(work, request).member_id
        members.set_line_account(work.uow, other, person.user_id)
        line_accounts.link(work.uow, person.user_id, other)


def test_what_a_tap_stops_is_the_card_it_names_whichever_the_chat_speaks_of(world: World) -> None:
    world.publish_text(PROGRAMME)
    person, stranger = world.member(), world.member("花子")
    first = person.card
    person.tap("newsletter", on=1)
    _gets_another_card(world, person)
    stop: dict[str, str | int] = {"on": 0, "of": first.number}
    # Nobody stops somebody else's.
    assert "止めました" not in words(stranger.tap("newsletter", **stop))
    assert _subscribers(world) == [first.id]
    stopped = person.tap("newsletter", **stop)
    assert "止めました" in words(stopped)
    assert _subscribers(world) == []
    # The button below takes up the same card's again, and not the other's.
    person.tap_data(next(data for data in taps(stopped).values() if "do=newsletter&on=1" in data))
    assert _subscribers(world) == [first.id]
    person.tap("newsletter", on=1)
    assert len(_subscribers(world)) == 2
