"""The shop's own words reach members once they are published, and ours come back with the version
before: in an answer, in a message nobody asked for, on the card."""

from bot.store.history import programs
from tests.handlers.pages.staff.conftest import Browser
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Customer, Town

OURS, OWN = "こんにちは！", "{name}、まいど！"


def publishes_words(town: Town, counter: Counter, **words: str) -> None:
    """As the owner does it in the console: each text's form, then the draft."""
    owner = counter.desks.signed_in("editor", "owner", None)
    for key, said in words.items():
        done = owner.post(f"/owner/words/{key.replace('__', '.')}", ja=said)
        assert done.status_code == 303, key
    publishes_draft(town, owner, revision=len(words))


def publishes_draft(town: Town, owner: Browser, revision: int) -> None:
    done = owner.post("/owner/draft/publish", revision=str(revision), when="now")
    assert done.status_code == 303
    town.skips(days=0.001)


def visits_to_bronze(town: Town, counter: Counter, sakura: Customer) -> str:
    """What comes unasked after the visit that brings the rank."""
    for _ in range(3):
        assert counter.scans(sakura.member)["result"] == "checked_in"
        town.skips(days=1)
    sakura.reads()
    town.travels(days=1)
    return sakura.reads().text


def card_of(customer: Customer) -> str:
    return str(customer.writes("会員証").messages)


def test_an_answer_and_the_card_are_said_in_the_shops_words_until_it_goes_back(
    shop: Town, counter: Counter
) -> None:
    sakura, emma = shop.newcomer(), shop.newcomer("Emma", "en")
    for each in (sakura, emma):
        each.follows()
    hello, thanks = sakura.writes("こんにちは").text, emma.writes("hello").text
    card = card_of(sakura)
    assert ("さくらさん、こんにちは！" in hello, "Hello, Emma!" in thanks) == (True, True)

    publishes_words(shop, counter, chat__talk__hello=OWN, card__no_rank="はじめの一歩")
    said = sakura.writes("こんにちは").text
    assert ("さくらさん、まいど！" in said, "こんにちは！" in said) == (True, False)
    assert "Hello, Emma!" in emma.writes("hello").text, "the other language stays as it was"
    own_card = card_of(sakura)
    assert "はじめの一歩" in own_card
    assert own_card != card

    owner = counter.desks.signed_in("again", "owner", None)
    assert owner.post("/owner/history/1/back", revision="0").status_code == 303
    publishes_draft(shop, owner, revision=1)
    back = sakura.writes("こんにちは").text
    assert ("さくらさん、こんにちは！" in back, "まいど" in back) == (True, False)
    assert "はじめの一歩" not in card_of(sakura)
    assert shop.adds_up()


def test_a_message_nobody_asked_for_is_worded_by_the_programme_of_that_moment(
    shop: Town, counter: Counter
) -> None:
    sakura = shop.newcomer()
    sakura.follows()
    publishes_words(shop, counter, reached__rank_reached="🎊 ようこそ、{rank}へ！")
    told = visits_to_bronze(shop, counter, sakura)
    assert "🎊 ようこそ、ブロンズファンへ！" in told
    with shop.club.store.read() as uow:
        assert programs.newest(uow).number == 2
    momo = shop.newcomer("もも")
    momo.follows()
    owner = counter.desks.signed_in("again", "owner", None)
    assert owner.post("/owner/history/1/back", revision="0").status_code == 303
    publishes_draft(shop, owner, revision=1)
    told = visits_to_bronze(shop, counter, momo)
    assert ("ようこそ、ブロンズファンへ" in told, "ブロンズファン" in told) == (False, True)
    assert shop.adds_up()
