"""What opens to some first, as those and the others live it."""

from datetime import timedelta

from tests.handlers.pages.owner.messages.test_broadcasts import hidden
from tests.journeys.test_broadcast import WORDS, signs_in
from tests.journeys.test_charity import publishes
from tests.journeys.test_events import does, joined, makes
from tests.journeys.town import Customer, Town, _postbacks
from tests.rules.examples import CAFE, EARLY, changed


def regular(town: Town, name: str, visits: int = 3) -> Customer:
    """Somebody who has come on so many days, and holds a rank for it."""
    customer = joined(town, name)
    for _ in range(visits):
        customer.opens(town.counter_link())
        town.travels(days=1)
    return customer


def test_the_first_are_asked_first_and_the_others_see_until_when_they_wait(cafe: Town) -> None:
    sakura, ken = regular(cafe, "さくら"), joined(cafe, "けん")
    until = cafe.club.now() + timedelta(days=2)
    first = {"guests": "ranks", "ranks": ["bronze"], "until": until}
    event = makes(cafe, places=5, kind="presale", first=first)
    does(cafe, event, "invite")
    cafe.travels(days=1)
    invited = sakura.reads()
    assert "ブロンズファンの方の先行受付です" in invited
    assert "春の豆" not in ken.reads()
    once = ken.taps(f"do=events&of={event}")
    assert "先行受付" in once
    assert "からお申し込みいただけます" in once
    assert "do=event_join" not in str(once.messages)
    assert "先行受付の期間" in ken.taps(f"do=event_join&of={event}&n=1")
    assert "お席をご用意しました" in sakura.taps(f"do=event_join&of={event}&n=1")
    cafe.travels(days=2)
    assert "「春の豆の試食会」のご案内" in ken.reads()
    assert "春の豆" not in sakura.reads(), "each is told once"
    once = ken.taps(f"do=events&of={event}")
    assert "先行受付" not in once
    assert "お席をご用意しました" in ken.taps(once.data("do=event_join"))


def test_a_rank_says_to_which_event_it_invites_or_kindly_that_none_comes(cafe: Town) -> None:
    sakura = regular(cafe, "さくら", 6)
    told = sakura.writes("ランク")
    assert "試作メニューの試食会にご招待" in told
    assert "ただいまの予定はありません" in told
    anybodys = makes(cafe, places=5, title={"ja": "だれでも会"})
    assert f"of={anybodys}" in "".join(_postbacks(sakura.writes("ランク").messages))
    cafe.travels(days=1)
    own = makes(cafe, places=5, guests="ranks", ranks=["silver", "gold"])
    told = sakura.writes("ランク")
    assert "ただいまの予定はありません" not in told
    assert "「春の豆の試食会」" in told
    assert "だれでも会" not in told, "their own go before what all may come to"
    assert "春の豆の試食会" in sakura.taps(told.data(f"do=events&of={own}"))
    does(cafe, own, "cancel")
    does(cafe, anybodys, "cancel")
    assert "ただいまの予定はありません" in sakura.writes("ランク")


CAMPAIGN = """
[[campaigns]]
id = "spring"
name = { ja = "春のポイント祭り", en = "Spring points" }
effect = { kind = "bonus", points = 5 }
starts = %s
first = { ranks = ["bronze"], until = %s }
"""


def test_early_access_leads_to_the_campaign_that_begins_for_them_first(cafe: Town) -> None:
    day = cafe.today()
    until = day + timedelta(days=9)
    silver = '\n[[ranks.steps]]\nid = "silver"\n'
    text = changed(CAFE, (silver, EARLY + silver))
    publishes(cafe, text + CAMPAIGN % (day, until))
    sakura, ken = regular(cafe, "さくら"), joined(cafe, "けん")
    told = sakura.writes("ランク")
    assert "「春のポイント祭り」" in told
    assert "まで先に" in told
    assert "do=today" in "".join(_postbacks(told.messages))
    assert "ただいまの予定はありません" in told, "of the presale nothing comes"
    assert "春のポイント祭り" in sakura.writes("今日")
    assert "春のポイント祭り」" not in ken.writes("今日")


def test_a_message_goes_to_a_rank_first_as_its_form_says(cafe: Town) -> None:
    sakura, ken = regular(cafe, "さくら"), joined(cafe, "けん")
    cafe.travels(days=3)
    sakura.reads()
    ken.reads()
    console = signs_in(cafe)
    console.get("/owner/broadcasts/new")
    first = {"first.__used": "on", "first.ranks": "bronze", "first.until": f"{cafe.today()}"}
    whom = {name: said for name, said in WORDS.items() if not name.startswith("whom")}
    form = {"csrf_token": console.csrf, **whom, **first}
    at = (
        console.client.post("/owner/broadcasts/new", data=form)
        .headers["Location"]
        .partition("?")[0]
    )
    page = console.get(at).text
    assert "先に送る方" in page
    assert "いまのランク：ブロンズファン" in page
    asked = console.post(f"{at}/send", revision="1", when="now").text
    sure = hidden(asked, "sure")
    sent = console.post(f"{at}/send", revision="1", when="now", sure=sure)
    assert sent.status_code == 303
    cafe.travels(days=0.05)
    assert "試飲会へどうぞ" in sakura.reads()
    assert "試飲会へどうぞ" not in ken.reads()
    assert "残りの方へは" in console.get(at).text
    cafe.travels(days=1)
    assert "試飲会へどうぞ" in ken.reads()
    assert "試飲会へどうぞ" not in sakura.reads()
