"""Every conversation in a language that nobody speaks, and all that its buttons lead to: what a
member reads stands in the files of the texts, and nowhere else."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import timedelta

from handlers.actions.members.card_numbers import referral_code
from handlers.chat.conversations import CONVERSATIONS
from handlers.chat.conversations.survey import REASONS
from tests.handlers.chat.conftest import Message, Person, World, actions
from tests.pseudo import in_no_file, known_words, pseudo_english, said_in

__all__ = ["pseudo_english"]

#: What isn't tapped on the way: whoever does speaks another language from then on, or is no member
#: any more (those who leave and are forgotten are walked by themselves).
_ENDS = ("do=language", "do=erase", "sure=", "do=leave", "do=membership", "do=my_data&")
#: What is written where something is asked for, by the conversation that asks.
_WRITTEN = ("Saoirse", "1990-04-05", "5", "090-1234-5678", "100-0001", "?", "...")
#: So many taps come to all of it, and many more never end.
_TAPS_MAX = 400


def test_no_conversation_says_what_stands_in_no_file(world: World, pseudo_english: None) -> None:
    member = world.stranger("さくら", "en")
    found = {"welcome": list(said_in(member.follow()))}
    assert found["welcome"]
    for _ in range(12):
        member.check_in()
        world.travel(timedelta(days=1))
    with world.club.work() as work:
        code = referral_code(work.uow, member.card.id)
    found |= {step: list(said_in(messages)) for step, messages in walked(member)}
    known = known_words(world.club.timeline().latest.programme, code, *_WRITTEN)
    wrong = {name: lines for name, said in found.items() if (lines := in_no_file(said, known))}
    assert wrong == {}
    assert len(found) > len(CONVERSATIONS) + 40


def walked(member: Person) -> Iterator[tuple[str, Sequence[Message]]]:
    """Whatever somebody taps who taps everything, each once, with what is said then."""
    waiting = deque(f"do={intent}" for intent in sorted(CONVERSATIONS))
    known = set(waiting)
    for _ in range(_TAPS_MAX):
        if not waiting:
            return
        data = waiting.popleft()
        said = hears(member, "postback", data)
        yield data, said
        for text in _WRITTEN:
            if (account := member.account) is None or not account.awaiting:
                break
            answered = hears(member, "write", text)
            said = [*said, *answered]
            yield f"{data}: {text}", answered
        new = {str(each["data"]) for each in actions(said) if each.get("data")} - known
        known |= new
        waiting += sorted(each for each in new if not each.startswith(_ENDS))
    raise AssertionError(f"there is no end to it: {waiting}")


def test_who_leaves_and_is_forgotten_reads_nothing_that_stands_in_no_file(
    world: World, pseudo_english: None
) -> None:
    member = world.member("さくら", "en")
    member.check_in()
    member.write("Saoirse?")
    found = {step: list(said_in(messages)) for step, messages in ways_out(member)}
    known = known_words(world.club.timeline().latest.programme, *_WRITTEN)
    wrong = {name: lines for name, said in found.items() if (lines := in_no_file(said, known))}
    assert wrong == {}
    assert all(found.values())
    assert {f"do=leave_why&reason={each}" for each in REASONS} < set(found)


def ways_out(member: Person) -> Iterator[tuple[str, Sequence[Message]]]:
    """Out, with each reason in turn, and back in; then out for good: what is said at each step."""
    for reason in REASONS:
        yield from asked_on(member, "do=my_data", "do=leave", "do=leave&yes=1")
        why = f"do=leave_why&reason={reason}"
        yield why, hears(member, "postback", why)
        for text in ("Saoirse", "..."):
            yield f"{why}: {text}", hears(member, "write", text)
        for each in ("do=card", "do=my_letters", "do=my_note"):
            yield f"left: {each}", hears(member, "postback", each)
        yield from asked_on(member, "do=my_data", "do=resume", left=True)
        yield "once more", hears(member, "postback", "do=resume")
    yield from asked_on(member, "do=my_data", "do=erase", "do=erase&step=1", "do=erase&step=2")
    yield "forgotten", hears(member, "write", "...")
    yield "forgotten, and taps", hears(member, "postback", "do=my_data")


def asked_on(
    member: Person, *taps: str, left: bool = False
) -> Iterator[tuple[str, Sequence[Message]]]:
    """One tap after the other, each of which the answer before offers."""
    offered = {taps[0]}
    for data in taps:
        assert data in offered
        said = hears(member, "postback", data)
        yield f"left: {data}" if left else data, said
        offered = {str(each["data"]) for each in actions(said) if each.get("data")}


def hears(member: Person, act: str, said: str) -> list[Message]:
    """What comes of it, the answer and what is pushed at once."""
    world = member.world
    before = max((line.id for line in world.simulator.lines(member.user_id)), default=0)
    getattr(world.simulator.customers, act)(member.user_id, said)
    world.handle()
    return member.heard(after=before)
