"""What is held of a member, as they read it: in the chat, and on their page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.phones import spoken
from bot.store import UnitOfWork
from bot.store.heard import contacts
from bot.store.heard.contacts import NotedContact
from bot.store.members import consents, members, mergers, profiles, sources
from bot.store.members.consents import Consent
from bot.store.members.profiles import Profile
from handlers.actions.profile.steps import is_known
from rules.base import Lang
from rules.characters import spaced_number
from rules.explaining.explain_letters import letter_name
from rules.facts import FanLadder
from rules.profile.answers import spaced_postcode
from rules.sending.policy import TOPICS
from rules.wording.texts import long_date

from .birthdays import birthday_words
from .profile_steps import answer_words
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class HeldFact:
    """One thing that is held, in words."""

    name: str
    value: str = ""
    note: str = ""


def who(viewer: Viewer, uow: UnitOfWork, *, shares: bool) -> Iterator[HeldFact]:
    """Who they are. `shares`: the card is somebody else's, and what the shop knows of that person
    is for that person alone."""
    yield _fact(viewer, "my_data.line_name", viewer.display_name)
    if not shares:
        known = profiles.get(uow, viewer.member.id)
        yield _fact(viewer, "my_data.name", known.name)
        yield _fact(viewer, "my_data.kana", known.kana)
        phone = spoken(known.phone, viewer.programme.shop.country)
        yield _fact(viewer, "my_data.phone", phone)
        yield from told_steps(viewer, known)
    yield _fact(viewer, "profile.birthday", birthday_words(viewer.words, viewer.facts.birthday))
    yield _fact(viewer, "profile.language", viewer.words.say("chat.language.name"))


def told_steps(viewer: Viewer, known: Profile) -> Iterator[HeldFact]:
    """What else they told about themselves, as far as the shop asks it, and any address."""
    policy = viewer.programme.profile
    shown = ("name", "kana", "phone", "birthday", "address")
    for step in policy.steps:
        if step.id not in shown and is_known(known, step.id):
            yield HeldFact(
                viewer.words.say(f"profile.title.{step.id}"), answer_words(viewer, known, step)
            )
    if known.address:
        address = f"{spaced_postcode(known.postcode)} {known.address}"
        yield HeldFact(viewer.words.say("profile.title.address"), address)


def membership(
    viewer: Viewer, uow: UnitOfWork, *, other_cards: tuple[str, ...] = ()
) -> Iterator[HeldFact]:
    """Their card, and the `other_cards` of their chat by number; since when, and what they get."""
    yield _fact(viewer, "profile.number", spaced_number(viewer.member.number))
    for number in other_cards:
        yield _fact(viewer, "my_data.other_card", spaced_number(number))
    for each in mergers.absorbed(uow, viewer.member.id):
        merged = members.get(uow, each)
        number = spaced_number(merged.number) if merged else ""
        yield _fact(viewer, "my_data.merged_card", number)
    yield _fact(viewer, "profile.joined", long_date(viewer.lang, viewer.facts.joined_on))
    if source := came_by(viewer, uow):
        yield _fact(viewer, "profile.came_by", source)
    yield _topics(viewer)
    yield HeldFact(
        viewer.words.say("chat.my_data.records"),
        viewer.words.say("chat.my_data.visits", count=viewer.facts.visits),
        viewer.words.say("chat.my_data.records_note"),
    )


def came_by(viewer: Viewer, uow: UnitOfWork) -> str:
    """By which poster, flyer or sign they came, as the shop calls it; "" where none is known."""
    found = sources.of_member(uow, viewer.member.id)
    return found.name if found else ""


def _topics(viewer: Viewer) -> HeldFact:
    words, left = viewer.words, viewer.member.topics_left
    name = words.say("chat.my_data.topics")
    off = [words.say(f"chat.topics.name.{topic}") for topic in TOPICS if topic in left]
    if not off:
        return HeldFact(name, words.say("chat.my_data.every_topic"))
    listed = words.say("chat.my_data.and").join(off)
    some = words.say("chat.my_data.some_topics")
    return HeldFact(name, some, words.say("chat.my_data.topics_off", topics=listed))


def contact(viewer: Viewer) -> HeldFact:
    """Whom they ask."""
    name = viewer.words.say("chat.my_data.contact")
    return HeldFact(name, note=viewer.programme.privacy.contact.in_(viewer.lang))


def agreed(viewer: Viewer, uow: UnitOfWork) -> list[HeldFact]:
    """What they agreed to or were told, and when."""
    return [_consent(viewer, each) for each in consents.of(uow, viewer.member.id)]


def _consent(viewer: Viewer, consent: Consent) -> HeldFact:
    day = viewer.programme.shop.local(consent.at).date()
    return HeldFact(
        viewer.words.say(f"chat.my_data.consent.{consent.kind}"),
        long_date(viewer.lang, day),
        consent.wording,
    )


def _fact(viewer: Viewer, text: str, value: str) -> HeldFact:
    words = viewer.words
    return HeldFact(words.say(f"chat.{text}"), value or words.say("chat.profile.unknown"))


def contact_text(done: NotedContact, lang: Lang) -> str:
    """What was said with it: of a letter that the programme asks for its name."""
    return letter_name(lang, done.letter) if done.letter else done.text


def contacts_of(viewer: Viewer, uow: UnitOfWork, *, limit: int) -> list[NotedContact]:
    """What was done for them, by all their cards, the newest first, as they read it."""
    ids = mergers.with_absorbed(uow, viewer.member.id)
    done = contacts.of_members(uow, ids, limit=limit)
    return [replace(each, text=contact_text(each, viewer.lang)) for each in done]


def fan_data(viewer: Viewer) -> dict[str, Any] | None:
    """How they stand to the fan steps; None for who has not been invited."""
    facts, ladder = viewer.facts, viewer.facts.fan or FanLadder()
    days = {
        "invited_on": facts.fan_invited_on, "begun_on": ladder.begun_on,
        "declined_on": ladder.declined_on, "done_on": ladder.done_on,
    }  # fmt: skip
    if not any(days.values()):
        return None
    return {name: on and on.isoformat() for name, on in days.items()} | {"visits": ladder.visits}
