"""A suggestion from the chat to the word of what came of it."""

import re

from tests.handlers.pages.owner.heard.test_suggestions import LIST, seen_of
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Town


def test_what_somebody_suggests_is_decided_and_told_back_in_the_chat(
    shop: Town, counter: Counter
) -> None:
    sakura, momo = shop.newcomer("さくら"), shop.newcomer("もも")
    for each, words in ((sakura, "ひざかけがほしいです"), (momo, "足もとが寒いです")):
        each.follows()
        assert "提案する" in each.taps("do=feedback").text
        each.taps("do=idea")
        each.writes(words)
    assert "ご提案として受け付けました" in sakura.taps("do=my_letters").text
    owner = counter.desks.signed_in("editor", "owner", None)
    two, one = re.findall(rf'href="{LIST}/(\d+)"', owner.get(LIST).text)
    owner.post(f"{LIST}/{two}/join", into=one, seen=seen_of(owner, two), key="j1")
    for each in (sakura, momo):
        each.reads()
    word = "来月から、ひざかけをお貸しします。"
    decided = {"state": "adopted", "title": "ひざかけ", "word": word, "shown": "1", "key": "d1"}
    sent = owner.post(f"{LIST}/{one}", seen=seen_of(owner, one), **decided)
    assert sent.headers["Location"].endswith("done=decided")
    momo.blocks()
    shop.travels(days=2)
    came = sakura.reads().text
    assert "ご意見を取り入れました" in came
    assert word in came
    assert "「ひざかけがほしいです」" in came
    assert word not in momo.reads().text
    # Once only, whatever time goes by.
    shop.travels(days=3)
    assert word not in sakura.reads().text
    assert word in sakura.taps("do=adopted_ideas").text
    assert f"採用しました。{word}" in sakura.taps("do=my_letters").text
