"""Every conversation in a language that nobody speaks: what a member reads stands in the files of
the texts, and nowhere else."""

from collections.abc import Iterator
from typing import Any

from handlers.actions.members.card_numbers import referral_code
from handlers.chat.conversations import CONVERSATIONS
from tests.handlers.chat.conftest import World
from tests.pseudo import in_no_file, known_words, pseudo_english

__all__ = ["pseudo_english"]

_READ = ("text", "label", "altText", "displayText", "title")


def said_in(part: Any) -> Iterator[str]:
    match part:
        case list():
            for each in part:
                yield from said_in(each)
        case dict():
            for name, each in part.items():
                if isinstance(each, str):
                    if name in _READ:
                        yield each.replace("\u2060", "")
                else:
                    yield from said_in(each)


def test_no_conversation_says_what_stands_in_no_file(world: World, pseudo_english: None) -> None:
    member = world.stranger("さくら", "en")
    found = {"welcome": list(said_in(member.follow()))}
    assert found["welcome"]
    with world.club.work() as work:
        code = referral_code(work.uow, member.card.id)
    for intent in sorted(CONVERSATIONS):
        found[intent] = list(said_in(member.tap(intent)))
    known = known_words(world.club.timeline().latest.programme, code)
    wrong = {name: lines for name, said in found.items() if (lines := in_no_file(said, known))}
    assert sum(map(len, found.values())) > 200
    assert wrong == {}
