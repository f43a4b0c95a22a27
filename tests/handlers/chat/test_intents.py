"""What people type, and what it means to us."""

from datetime import date

import pytest

from handlers.chat import intents
from handlers.chat.conversations import CONVERSATIONS
from rules.base import LANGS, Lang
from rules.texts import say

PHRASES = {
    "card": (
        "カード", "かーど", "ｶｰﾄﾞ", "カード見せて", "カードを見せてください", "会員証", "会員証を表示したい", "会員カード",
        "会員番号は？", "会員番号を教えて", "QRコード", "ＱＲ", "バーコード", "マイページ", "card", "Card!", "my card",
        "show me my card", "Please show me my card", "member card", "membership card", "MEMBER CARD",
        "カード番号", "メンバーズカード", "スタンプカード", "私のカード",
    ),
    "points": (
        "ポイント", "ﾎﾟｲﾝﾄ", "ぽいんと", "ポイントは？", "ポイント残高", "残高", "何ポイント？", "ポイントを確認したい",
        "今のポイントを教えてください", "わたしのポイント", "ポイント数", "ポイントの有効期限", "有効期限は？", "ポイント失効",
        "points", "my points", "How many points do I have?", "point balance", "what are my points",
        "when do points expire", "balance", "ポイント照会", "いつまで使える？",
    ),
    "rank": (
        "ランク", "らんく", "ランクは？", "今のランク", "次のランク", "ランクアップ", "あと何回？", "あと何回で昇格", "ステージ",
        "rank", "my rank", "next rank", "what is my status", "level", "perks", "シルバー", "ファン認定ステップ",
    ),
    "badges": ("バッジ", "ばっじ", "バッヂ", "バッジを見せて", "badges", "my badges", "badge", "実績", "バッチ"),
    "history": (
        "履歴", "りれき", "来店履歴", "利用履歴を見たい", "履歴を見せて", "history", "my history",
        "前回いつ", "last visit", "記録",
    ),
    "earn": (
        "貯め方", "ためかた", "ポイントの貯め方", "ポイントのため方を教えて", "ポイントを貯める", "ポイントはどう貯まる？",
        "ポイントもらえる？", "キャンペーン", "how to earn", "How do I earn points?", "how do i get points",
        "earn points", "campaign",
    ),
    "rewards": (
        "特典", "とくてん", "特典を見せて", "クーポン", "クーポンある？", "景品", "交換", "ポイントを使う", "ポイント使いたい",
        "ポイントの使い方", "ポイント交換", "ごほうび", "割引", "寄付", "rewards", "reward", "coupon", "use points",
        "redeem my points", "What can I get?", "プレゼント",
    ),
    "profile": ("プロフィール", "プロフ", "登録情報", "会員情報の変更", "profile", "my profile", "設定", "settings"),
    "birthday": ("誕生日", "お誕生日", "誕生日を登録したい", "たんじょうび", "誕生日の変更", "生年月日", "birthday", "my birthday"),
    "language": ("言語", "言語設定", "language", "change language", "ことば"),
    "topics": (
        "配信停止", "通知", "通知を止める", "お知らせ設定", "配信をストップ", "unsubscribe", "stop",
        "notifications", "いらない",
    ),
    "my_data": ("個人情報", "わたしの情報", "プライバシーポリシー", "my data", "privacy", "データ削除", "delete my data"),
    "leave": ("退会", "退会したい", "退会します", "たいかい", "会員をやめたい", "解約", "leave the club", "quit"),
    "resume": ("再開", "再開する", "再入会", "resume", "rejoin"),
    "help": (
        "ヘルプ", "へるぷ", "help", "Help me", "使い方", "何ができるの", "？", "?", "わからない", "how to use", "困った",
        "説明",
    ),
    "feedback": (
        "意見", "ご意見", "要望", "感想", "問い合わせ", "お問い合わせ", "クレーム", "feedback", "suggestion", "complaint",
        "お店に伝える", "意見を送る",
    ),
    "referral": (
        "紹介", "友達紹介", "お友だち紹介", "友だちを紹介したい", "招待", "紹介コード", "招待コード", "invite a friend",
        "referral", "referral code", "シェア",
    ),
    "check_in_how": (
        "チェックイン", "ちぇっくいん", "チェックインしたい", "チェックインの方法", "check in", "check-in", "checkin",
        "来店", "来ました", "着いた", "I'm here", "how to check in", "スタンプ",
    ),
    "hello": (
        "こんにちは", "こんにちわ", "こんばんは！", "おはようございます", "はじめまして", "よろしくお願いします", "hi", "Hello!",
        "hey", "good morning",
    ),
    "thanks": (
        "ありがとう", "ありがとうございます！", "ありがとうございました", "ごちそうさまでした", "美味しかったです", "thanks",
        "Thank you!", "thx",
    ),
    "okay": ("はい", "了解です", "OK", "わかりました", "いいえ", "大丈夫です"),
    "cancel": ("キャンセル", "やっぱりやめる", "cancel", "never mind", "中止"),
    "sticker": ("😊", "👍🏽", "！！"),
}  # fmt: skip

#: For people, not for us.
FOR_STAFF = (
    "予約したいのですが", "明日は何時までやっていますか", "クレジットカードは使えますか", "クレカ使えますか？",
    "子ども連れでも大丈夫ですか", "駐車場はありますか", "忘れ物をしました", "コーヒー豆は売っていますか", "賞味期限は？",
    "席は空いていますか", "メニュー", "アレルギー対応はありますか", "今日やってる？", "電話番号は", "カードをなくしました",
    "ポイントカードをなくしました", "Do you have oat milk?", "What time do you close?", "Is there parking?",
    "I lost my bag yesterday at your shop", "Wi-Fiありますか", "12/24", "先日いただいたケーキがとても美味しくて、ポイントも貯まりました",
    "あ" * 5000, "セールはいつまで",
)  # fmt: skip


def understood(text: str) -> intents.Asked | None:
    return intents.codes(text) or intents.whole(text) or intents.near(text)


@pytest.mark.parametrize(
    ("text", "intent"),
    [(text, intent) for intent, texts in PHRASES.items() for text in texts if text],
)
def test_a_wish_is_understood_however_it_is_written(text: str, intent: str) -> None:
    asked = understood(text)
    assert asked is not None
    assert asked.intent == intent


def test_the_table_is_as_long_as_it_should_be() -> None:
    assert sum(len(texts) for texts in PHRASES.values()) >= 150


@pytest.mark.parametrize("text", FOR_STAFF)
def test_what_is_for_people_is_left_to_people(text: str) -> None:
    assert understood(text) is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "intent",
    ["card", "points", "rank", "badges", "history", "earn", "rewards", "profile", "language",
     "topics", "my_data", "help", "feedback", "referral", "check_in_how", "resume", "leave"],
)  # fmt: skip
def test_what_a_button_says_can_be_typed_as_well(intent: str, lang: Lang) -> None:
    asked = understood(say(lang, f"chat.button.{intent}"))
    assert asked is not None
    assert asked.intent == intent


def test_every_word_leads_to_a_conversation() -> None:
    assert set(intents._words().whole.values()) <= {
        *CONVERSATIONS, *(f"language.{lang}" for lang in LANGS),
    }  # fmt: skip


def test_no_phrase_is_claimed_by_two_conversations() -> None:
    claimed = intents.claims()
    assert {phrase: found for phrase, found in claimed.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("text", "to"), [("English", "en"), ("英語", "en"), ("日本語にして", "ja"), ("japanese", "ja")]
)
def test_a_language_is_chosen_by_its_name(text: str, to: str) -> None:
    assert understood(text) == intents.Asked("language", {"to": to})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("チェックイン 7K2M-Q9XD", "7K2M-Q9XD"),
        ("ﾁｪｯｸｲﾝ　７Ｋ２Ｍ－Ｑ９ＸＤ", "7K2M-Q9XD"),
        ("チェックイン：7k2mq9xd", "7k2mq9xd"),
        ("checkin 7K2M-Q9XD", "7K2M-Q9XD"),
        ("Check-in: ABCDEFGH", "ABCDEFGH"),
        ("check in 7K2M Q9XD", "7K2M Q9XD"),
        ("チェックイン7K2M-Q9X", "7K2M-Q9X"),
    ],
)
def test_a_counter_code_is_found_in_its_message(text: str, code: str) -> None:
    assert intents.codes(text) == intents.Asked("check_in", {"code": code})


@pytest.mark.parametrize(
    "text", ["チェックイン", "checkin please", "チェックインはどうやるの", "check in"]
)
def test_words_after_check_in_are_no_code(text: str) -> None:
    assert intents.codes(text) is None


@pytest.mark.parametrize(
    "text", ["紹介 6SM78D", "紹介コード 6sm78d", "Referral 6SM78D", "招待：６ＳＭ７８Ｄ"]
)
def test_a_friends_code_is_found_in_its_message(text: str) -> None:
    assert intents.codes(text) == intents.Asked("referred", {"code": "6SM78D"})


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("1990-05-12", True), ("平成2年5月12日", True), ("19900512", True), ("S58.5.12", True),
        ("5/12", False), ("2030-01-01", False), ("1800-01-01", False), ("ポイント", False),
    ],
)  # fmt: skip
def test_a_whole_date_of_the_past_may_be_a_birthday(text: str, is_one: bool) -> None:
    assert intents.is_birthday(text, date(2026, 11, 23)) is is_one
