"""The shop's own voice: who speaks in its messages, and who the shop is."""

import io
from datetime import timedelta

from PIL import Image

from bot.line.messages import Message
from handlers.actions.programme.art import add_art
from handlers.actions.telling.messages import SayAnswer, tell
from handlers.jobs.delivery.line import Delivery
from rules.wording.texts import say

from .conftest import World, words

STORY, REST = "坂の途中で20年、豆を焼いています。", "雨の日も灯りをつけて待っています。"
ENGLISH = "Roasting on the hill for 20 years."
VOICE = f"""[voice]
sender = {{ ja = "店主のゆき", en = "Yuki, the owner" }}
story = {{ ja = "{STORY}\\n\\n{REST}", en = "{ENGLISH}" }}
"""


def speaks(world: World, voice: str = VOICE) -> None:
    world.publish(("\n[points]\n", f"\n{voice}\n[points]\n"))


def senders(messages: list[Message]) -> list[object]:
    return [message.get("sender") for message in messages]


def test_replies_and_pushes_come_from_who_speaks_for_the_shop(any_world: World) -> None:
    person, guest = any_world.member(), any_world.member("Sakura", "en")
    assert not any(senders(person.write("ポイント"))), "the account speaks for itself"
    icon = io.BytesIO()
    Image.new("RGBA", (300, 200), "#2266AA").save(icon, "PNG")
    with any_world.club.work("staff", key="test:art") as work:
        name = add_art(work, icon.getvalue(), "icon.png")
    speaks(any_world, f'{VOICE}icon = "{name}"\n')
    digest = any_world.club.art.read(str(name)).digest
    address = f"{any_world.club.base_url}/icons/{name}?{digest}"
    yuki = {"name": "店主のゆき", "iconUrl": address}
    answer = person.write("ポイント")
    assert senders(answer) == [yuki] * len(answer)
    assert senders(guest.write("points")) == [{"name": "Yuki, the owner", "iconUrl": address}]
    seen = max(line.id for line in any_world.simulator.lines(person.user_id))
    with any_world.club.work("staff", key="test:push") as work:
        said = SayAnswer(text="お待ちしています", quote="あいてますか", asked_on=work.day)
        assert tell(work, person.card, said, period="1", topic=None, useful=timedelta(days=1))
    assert Delivery(any_world.club).deliver_due() == 1
    (push,) = person.heard(after=seen)
    assert "お待ちしています" in words([push])
    assert push["sender"] == yuki


def test_a_shop_without_a_picture_is_heard_by_its_name_alone(world: World) -> None:
    speaks(world)
    assert senders(world.member().write("カード"))[0] == {"name": "店主のゆき"}


def test_whoever_joins_hears_how_the_story_begins_and_who_asks_all_of_it(world: World) -> None:
    asked = world.member().write("お店について")
    assert STORY not in words(asked)
    speaks(world)
    person = world.stranger()
    welcome = words(person.follow())
    assert STORY in welcome
    assert REST not in welcome
    assert say("ja", "chat.button.open_card") in welcome
    told, listed = person.write("お店について")
    assert told["text"] == f"{STORY}\n\n{REST}"
    assert say("ja", "chat.button.hours") in words([listed])
    (english, _) = world.member("Sakura", "en").write("about the shop")
    assert english["text"] == ENGLISH
