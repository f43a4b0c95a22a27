"""A draft's texts in the shop's own words, in sentences: for the owner, and for nobody else."""

from rules.explaining.differences import differences
from rules.explaining.explain import explain
from rules.own_texts import OwnText
from tests.rules.examples import CAFE, programme


def test_the_owner_reads_what_is_said_otherwise() -> None:
    before = programme(CAFE)
    hello = OwnText(id="chat.talk.hello", ja="{name}、ようこそ！", en="Hi, {name}!")
    after = before.model_copy(update={"words": (hello, OwnText(id="chat.long_gone", ja="むかし"))})
    [change] = differences(before, after, "ja")
    assert change.added == (
        "日本語：「{name}、こんにちは！」を「{name}、ようこそ！」とお伝えします。"
        "英語：「Hello, {name}!」を「Hi, {name}!」とお伝えします。",
    )
    [section] = [each for each in explain(after, "en", hidden=True) if each.name == "words"]
    assert section.entries == ("chat.talk.hello",)
    assert "words" not in {each.name for each in explain(after, "ja")}


def test_a_sentence_of_the_rules_in_own_words_is_what_members_read() -> None:
    own = OwnText(id="explain.visits.per_day", ja="スタンプは1日{count}回まで。")
    said = [
        sentence
        for section in explain(programme(CAFE).model_copy(update={"words": (own,)}), "ja")
        for sentence in section.sentences
    ]
    assert "スタンプは1日1回まで。" in said
