"""By taps alone, from the greeting, the menu and the messages of journeys: where they lead."""

from collections.abc import Iterable
from typing import Any, get_args

import pytest

from bot.line.colours import DANGER
from bot.sms import SmsDoor
from handlers.chat import intents, postbacks
from handlers.chat.conversations import CONVERSATIONS, TAPPED
from handlers.chat.conversations.earn import LEADS
from handlers.showing.menus import menu_object
from rules.activity import Adjustment, Trigger
from rules.base import LANGS, Lang
from rules.journeys.kinds import KINDS
from rules.sending.policy import TOPICS
from rules.wording.texts import say
from tests.rules.examples import ROOT

from .conftest import Message, Person, World, actions, buttons, taps, words
from .conversations.test_link import code, paper
from .conversations.test_rewards import happens

#: Below the message that a card was moved and below the answer of staff, which no tap of theirs
#: brings about; and of what these clubs don't have: a newsletter, steps of the profile, surveys,
#: codes for a web shop, events, suggestions that were adopted; and a seat in the circle, which a
#: rank brings.
ELSEWHERE = {
    "adopted_ideas",
    "card_back",
    "case",
    "circle_answer",
    "circle_leave",
    "code",
    "event_give_up",
    "event_join",
    "event_offer",
    "newsletter",
    "profile_step",
    "question",
    "questions",
    "trial_sample",
    "trial_vote",
}
WAYS_OUT = ("cancel", "no", "policy", "survey_end")
RED = ("erase", "erase_go_on", "erase_for_good", "review_withdraw_yes")
BORN = "1990-05-12"


class Walk:
    """Taps whatever can be tapped, each thing once."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.said: list[Message] = []
        self.tapped: dict[str, list[Message]] = {}
        self._waiting: list[dict[str, Any]] = []

    def goes(self, start: Iterable[Message]) -> None:
        self._finds(start)
        while self._waiting:
            # What was offered last is tapped first: a question is answered while it is open.
            action = max(reversed(self._waiting), key=_urgency)
            self._waiting.remove(action)
            day = BORN if action["type"] == "datetimepicker" else None
            if action["data"] not in self.tapped:
                said = self.person.tap_data(action["data"], day=day)
                self.tapped[action["data"]] = said
                self.said += said
                self._finds(said)

    def _finds(self, messages: Iterable[Message]) -> None:
        found = [each for message in messages for each in actions(message) if "data" in each]
        self._waiting += [each for each in found[::-1] if each["data"] not in self.tapped]

    @property
    def entries(self) -> set[str]:
        """The conversations that were reached, as words.toml names them."""
        read = [postbacks.read(data) for data in self.tapped]
        to = {f"{i}.{p[name]}" for i, p in read for name in ("to", "way") if name in p}
        return {intent for intent, _ in read} | to


def _urgency(action: dict[str, Any]) -> int:
    """After what turns to another card, or erases this one, there is less to see; and who has said
    why they leave is not asked why they stay away."""
    intent, params = postbacks.read(action["data"])
    if intent in ("erase", "leave_why"):
        return -2
    return -1 if intent == "cards" and params else 0


def rich(world: World, lang: Lang) -> Person:
    """Somebody whose chat shows all there is: points, a letter, a child's card beside their own,
    SMS."""
    object.__setattr__(world.club, "sms", SmsDoor("AC", "t", "KAYOI", "http://127.0.0.1:9"))
    person = world.member("Sakura", lang)
    happens(person, Adjustment(5_000))
    person.tap("review", stars=5)
    person.write("The coffee was good")
    person.write("I left my umbrella at your shop")
    asked = person.write(f"link {code(world, paper(world))}")
    person.tap_data(taps(asked)[say(lang, "chat.button.link_add")])
    person.tap("sms", save="+819012345678")
    return person


@pytest.mark.parametrize(
    ("programme", "lang"), [("program.toml", "ja"), ("docs/programs/gym.toml", "en")]
)
def test_all_that_the_bot_understands_is_reached_by_taps_alone(
    world: World, programme: str, lang: Lang
) -> None:
    world.publish_text((ROOT / programme).read_text(encoding="utf-8"))
    person = rich(world, lang)
    club = world.club.timeline().latest.programme
    menu = menu_object(club, lang)
    asked = [{"type": "postback", "label": "a", "data": f"do={intent}"} for intent in _offered()]
    walk = Walk(person)
    walk.goes([*person.heard(), menu, *asked])

    has_charity = any(reward.is_for_others for reward in club.rewards)
    has_eco = any(rule.on == "eco" for rule in club.earning)
    missing = ELSEWHERE | (set() if has_charity else {"give"}) | (set() if has_eco else {"eco"})
    assert set(TAPPED) - walk.entries == missing
    typed = {entry for entries in intents.claims().values() for entry in entries}
    talk = {intent for intent, each in CONVERSATIONS.items() if not each.by_tap}
    # 「やめる」 that is no answer to anything is asked back about: no button needs it. To want
    # neither calls nor letters is two taps.
    assert typed - walk.entries - talk == {"cancel.which", "ways.none"} | (missing & typed)
    assert "do=erase&step=2" in walk.tapped

    for intent in ("help", "earn"):
        (listed,) = walk.tapped[f"do={intent}"]
        rows = listed["contents"]["body"]["contents"][1]["contents"]
        assert all("action" in row for row in rows if row["type"] == "box"), intent
    _look(walk.said)


def _offered() -> set[str]:
    """What the buttons of journeys ask for."""
    return {intent for kind in KINDS for intent in kind.buttons}


def _look(said: list[Message]) -> None:
    """A message has one main button at the most, above all others; ways out are links, erasing is
    red."""
    out, red = _labels(WAYS_OUT), _labels(RED)
    seen = set()
    for bubble in (each for message in said for each in _bubbles(message)):
        shown = buttons(bubble)
        main = [b for b in shown if b["style"] == "primary" and b["color"] != DANGER]
        assert main == shown[: len(main)], words([bubble])
        assert len(main) <= 1, words([bubble])
        for button in shown:
            label = button["action"]["label"]
            seen.add(label)
            assert (button["style"] == "link") or label not in out, label
            assert (button["color"] == DANGER) == (label in red), label
    # On the way they choose another language.
    assert [name for name in (*WAYS_OUT, *RED) if not _labels([name]) & seen] == []


def _bubbles(message: Message) -> list[Message]:
    contents = message.get("contents", {})
    bubbles: list[Message] = contents.get("contents", [contents])
    return bubbles


def _labels(names: Iterable[str]) -> set[str]:
    return {say(lang, f"chat.button.{name}") for name in names for lang in LANGS}


def test_every_way_to_earn_leads_somewhere() -> None:
    assert set(LEADS) == set(get_args(Trigger))
    assert set(LEADS.values()) <= set(TAPPED)


@pytest.mark.parametrize("lang", LANGS)
def test_everything_is_stopped_by_one_tap_sms_too_and_taken_up_again_by_another(
    world: World, lang: Lang
) -> None:
    person = rich(world, lang)
    person.tap("topics", topic="visits", on=0)
    said = person.write({"ja": "配信停止", "en": "unsubscribe"}[lang])
    stopped = person.tap_data(taps(said)[say(lang, "chat.button.topics_none")])
    assert "SMS" in words(stopped)
    assert set(person.card.topics_left) == set(TOPICS)
    assert say(lang, "chat.button.sms_stop") not in taps(stopped)
    person.tap_data(taps(stopped)[say(lang, "chat.button.topics_back")])
    # What was off before stays off.
    assert person.card.topics_left == ("visits",)
    person.write({"ja": "すべて止める", "en": "stop everything"}[lang])
    assert set(person.card.topics_left) == set(TOPICS)
    again = person.tap("topics")
    person.tap_data(taps(again)[say(lang, "chat.button.topics_all")])
    assert person.card.topics_left == ()


def test_a_tap_with_what_no_database_can_hold_is_answered_as_an_old_one(any_world: World) -> None:
    person = any_world.member()
    for data in ("do=questions&of=visit&card=%00", "do=redeem&reward=%00", "do=card&card=a%00b"):
        assert say("ja", "refusal.button_over.why") in words(person.tap_data(data))
