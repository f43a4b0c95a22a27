import pytest

from rules.base import LANGS, Lang
from rules.explaining.explain import explain
from rules.journeys.programme import journeys_of
from rules.programme.programme import Programme
from tests.rules.examples import CAFE, GYM, cafe, least, programme


def sentences(shop: Programme, section: str, lang: Lang) -> tuple[str, ...]:
    return next((s.sentences for s in explain(shop, lang) if s.name == section), ())


def rule(on: str, award: str, more: str = "", *parts: str) -> Programme:
    return least(
        "[purchase]",
        '[[streaks]]\nid = "weekly"\nname = { ja = "週1", en = "Weekly" }\ngoal = 1',
        '[ranks]\nwindow = { kind = "calendar_month" }',
        '[[ranks.steps]]\nid = "gold"\nname = { ja = "金", en = "Gold" }\nat = 3',
        *parts,
        f'[[earning]]\nid = "x"\nname = {{ ja = "ある事", en = "A thing" }}\non = "{on}"',
        f"award = {{ {award} }}\n{more}",
        'streak = "weekly"' if on == "streak" else "",
    )


CAMPAIGNS = [
    ("days_of_month = [25, 5, 15]\n" 'effect = { kind = "multiplier", times = 2 }',
     "毎月5・15・25日は、ご来店・お買い物のポイントが2倍です。",
     "You get 2 times the points for visits and purchases on days 5, 15 and 25 of each month."),
    ('on = ["visit"]\nstaff_switch = true\neffect = { kind = "bonus", points = 10 }',
     "スタッフがお知らせした日は、ご来店で、さらに10ポイント差し上げます。",
     "You get 10 points more for visits on days we announce."),
    ('on = ["visit"]\nstarts = 2027-07-01\nends = 2027-07-15\nweekdays = ["sun", "sat"]\n'
     'hours = { start = "10:00", end = "14:30" }\neffect = { kind = "bonus", points = 10 }',
     "2027年7月1日から2027年7月15日まで、毎週土・日曜日、10:00〜14:30は、ご来店で、"
     "さらに10ポイント差し上げます。",
     "You get 10 points more for visits from Jul 1, 2027 to Jul 15, 2027, on Saturdays and "
     "Sundays, at 10:00–14:30."),
    ('on = ["visit"]\nholidays = true\nstarts = 2027-07-01\nlimit = { ever = 1 }\n'
     'effect = { kind = "bonus", points = 10 }\nneeds_staff = true',
     "2027年7月1日から、祝日は、ご来店で、さらに10ポイント差し上げます（お一人さま1回まで）。"
     "スタッフが確認してからお付けします。",
     "You get 10 points more for visits from Jul 1, 2027, on public holidays, at most once per "
     "member. Our staff confirm it first."),
    ('on = ["visit"]\nbirth_month = true\nends = 2027-07-01\nranks = ["gold"]\n'
     'stores = ["main"]\neffect = { kind = "multiplier", times = 3 }',
     "2027年7月1日まで、お誕生月は、ご来店のポイントが3倍です。金の方限定です。本店限定です。",
     "You get 3 times the points for visits until Jul 1, 2027, in your birthday month. For Gold. "
     "At 本店 only."),
    ('on = ["visit"]\neffect = { kind = "bonus", points = 10 }',
     "ご来店で、さらに10ポイント差し上げます。", "You get 10 points more for visits."),
]  # fmt: skip


@pytest.mark.parametrize(("campaign", "ja", "en"), CAMPAIGNS)
def test_a_campaign_is_one_plain_sentence(campaign: str, ja: str, en: str) -> None:
    written = f'[[campaigns]]\nid = "c"\nname = {{ ja = "企画" }}\n{campaign}'
    shop = rule("visit", 'kind = "fixed", points = 10', "", written)

    assert sentences(shop, "campaigns", "ja") == (ja,)
    assert sentences(shop, "campaigns", "en") == (en,)


def test_where_campaigns_can_meet_it_is_said_how_they_add_up() -> None:
    assert sentences(cafe(), "campaigns", "ja")[-1] == (
        "キャンペーンが重なったときは、それぞれの上乗せ分を合わせます（2倍が2つなら3倍）。"
    )
    assert len(sentences(programme(GYM), "campaigns", "ja")) == len(programme(GYM).campaigns)


BADGES = [
    ('kind = "visits", count = 1', "はじめてのご来店", "your first visit"),
    ('kind = "visits", count = 30', "ご来店30回", "30 visits"),
    ('kind = "time_of_day", count = 5, hours = { start = "20:00", end = "02:00" }',
     "20:00〜2:00のご来店5回", "5 visits at 20:00–2:00"),
    ('kind = "time_of_day", count = 1, hours = { start = "07:00", end = "09:00" }, '
     'weekdays = ["fri", "mon"]',
     "毎週月・金曜日、7:00〜9:00のご来店1回", "one visit on Mondays and Fridays, at 7:00–9:00"),
    ('kind = "season", count = 2, starts = "12-25", ends = "02-29"',
     "12月25日〜2月29日のご来店2回", "2 visits between Dec 25 and Feb 29"),
    ('kind = "stores", count = 2', "2か所へのご来店", "a visit to 2 different branches"),
    ('kind = "streak", streak = "weekly", weeks = 8',
     "「週1」8週連続", "8 weeks in a row of “Weekly”"),
    ('kind = "anniversary", years = 1', "ご入会から1年", "one year with us"),
    ('kind = "times", on = "purchase", count = 3', "お買い物3回", "3 purchases"),
    ('kind = "times", on = "review", count = 3', "トークでのご感想3回", "3 reviews in the chat"),
    ('kind = "times", on = "share", count = 3', "SNSでのシェア3回", "sharing us 3 times"),
    ('kind = "times", on = "referral", count = 3',
     "お友だちのご紹介3回", "3 friends you bring"),
    ('kind = "times", on = "eco", count = 3', "エコな取り組み3回", "3 eco actions"),
    ('kind = "times", on = "feedback", count = 3',
     "ご意見3回", "telling us 3 times what you think"),
]  # fmt: skip


@pytest.mark.parametrize(("needs", "ja", "en"), BADGES)
def test_a_badge_says_what_it_takes(needs: str, ja: str, en: str) -> None:
    badge = f'[[badges]]\nid = "b"\nname = {{ ja = "名", en = "Name" }}\nneeds = {{ {needs} }}'
    shop = rule("visit", 'kind = "fixed", points = 10', "", f"{badge}\npoints = 20")

    assert sentences(shop, "badges", "ja") == (
        f"🏅 「名」は、{ja}でお渡しします。いっしょに20ポイント差し上げます。",
    )
    assert sentences(shop, "badges", "en") == (f"🏅 “Name”: {en}. It brings 20 points.",)


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_visit_earns_is_told_to_the_owner_only(lang: Lang) -> None:
    shop = cafe(("quota_reserve", "visit_margin_yen = 1234\nmessage_yen = 2.5\nquota_reserve"))
    told = " ".join(s for section in explain(shop, lang) for s in section.sentences)
    owner = " ".join(s for section in explain(shop, lang, hidden=True) for s in section.sentences)
    assert "1,234" not in told
    assert "2.5" not in told
    assert "1,234" in owner
    assert "2.5" in owner


@pytest.mark.parametrize("lang", LANGS)
def test_a_hidden_badge_is_spelled_out_for_the_owner_only(lang: Lang) -> None:
    secret = [badge for badge in cafe().badges if badge.hidden]
    told = " ".join(s for section in explain(cafe(), lang) for s in section.sentences)
    owner = " ".join(s for section in explain(cafe(), lang, hidden=True) for s in section.sentences)

    assert len(secret) == 2
    for badge in secret:
        assert badge.name.in_(lang) not in told
        assert badge.icon not in told
        assert badge.name.in_(lang) in owner


def test_members_read_how_many_badges_are_secret() -> None:
    assert sentences(cafe(), "badges", "ja")[-1] == "ほかに、秘密のバッジが2個あります。"
    assert sentences(cafe(), "badges", "en")[-1] == "And there are 2 secret badges."


#: What holds of whoever can't be told, and of a pause.
UNSEEN = {
    "ja": (
        "お知らせをお届けできない方には、レジと会員証の画面でお伝えします。"
        "それもできないまま90日お会いできないときは、お知らせなしでなくなります。",
        "休会中は、期限が進みません。",
    ),
    "en": (
        "Where we can't write to you, our staff at the till and your card tell you. "
        "If they couldn't either, and we haven't seen you for 90 days, they go without a word.",
        "While your membership rests, the clock stands still.",
    ),
}
EXPIRIES = [
    ('kind = "never"', ("ポイントに期限はありません。",), ("Your points never run out.",)),
    ('kind = "lot", months = 6, month_end = false, warn_days = [7, 30]',
     ("ポイントは、差し上げた日から6か月間お使いいただけます。",
      "なくなる30・7日前にお知らせし、お知らせが届くまではなくなりません。", *UNSEEN["ja"]),
     ("Your points last 6 months from the day we gave them.",
      "We tell you 30 and 7 days before they go, and they stay until our word has left.",
      *UNSEEN["en"])),
    ('kind = "lot", months = 12, warn_days = [30]',
     ("ポイントは、差し上げた月の12か月後の月末までお使いいただけます。",
      "なくなる30日前にお知らせし、お知らせが届くまではなくなりません。", *UNSEEN["ja"]),
     ("Your points last until the end of the month 12 months after we gave them.",
      "We tell you 30 days before they go, and they stay until our word has left.",
      *UNSEEN["en"])),
    ('kind = "inactivity", months = 6, warn_days = [30], also_active = ["review"]',
     ("ポイントは、最後のご利用（ご来店・お買い物・特典のご利用・レビュー）から6か月間お使いいただけます。",
      "ご利用のないあいだにお贈りしたポイントも、30日間はお使いいただけます。",
      "なくなる30日前にお知らせし、お知らせが届くまではなくなりません。", *UNSEEN["ja"]),
     ("Your points go 6 months after you last did one of these: a visit, a purchase, a reward used "
      "and a review.",
      "The points that we give you while you stay away last for 30 days at least.",
      "We tell you 30 days before they go, and they stay until our word has left.",
      *UNSEEN["en"])),
]  # fmt: skip


@pytest.mark.parametrize(("expiry", "ja", "en"), EXPIRIES)
def test_points_say_how_long_they_last(
    expiry: str, ja: tuple[str, ...], en: tuple[str, ...]
) -> None:
    shop = cafe(('kind = "inactivity", months = 12, warn_days = [60, 14]', expiry))

    assert sentences(shop, "points", "ja") == ja
    assert sentences(shop, "points", "en") == en


def test_ranks_say_how_they_are_reached_kept_and_regained() -> None:
    assert sentences(cafe(), "ranks", "ja") == (
        "ランクは、毎月1日から月末までのご来店回数で決まります。届いたその日に昇格します。",
        "ブロンズファンは、3回から。特典は「新しい豆をひとくち味見（カードをお見せください・月に1回）」です。",
        "シルバーファンは、6回から。特典は「試作メニューの試食会にご招待（店頭でお誘いします）」です。",
        "ゴールドファンは、10回から。"
        "特典は「焙煎所の見学会にご招待（店頭でお申し込み）」"
        "「季節のブレンドを一緒に選ぶ会（トークでお誘いします）」です。",
        "月末に届かない月があっても、一度はそのままです。"
        "2か月つづけて届かないと、ひとつ下のランクになります。",
        "下がりそうなときは、月末の7日前からお知らせします。",
        "下がっても、30日以内にあと1回ご来店いただければ復活します。",
        "臨時のお休みがあった月は、その日数を差し引いて判定します。",
    )
    assert sentences(cafe(), "fan_steps", "ja") == (
        "ひと月に3回ご来店いただいた方を、「ファン認定ステップ」にご招待します。"
        "ステップ開始後のご来店・プロフィールのご登録・イベントへのご参加がそろうと、"
        "ファンに認定します。すべて終えると、バッジ「認定ファン」をお贈りします。",
    )


def test_a_rolling_window_of_spend_without_grace_or_revival_is_said_so() -> None:
    shop = least(
        "[purchase]",
        '[ranks]\nmeasure = "spend"\nwindow = { kind = "rolling", days = 90 }\ngrace_periods = 0',
        '[[ranks.steps]]\nid = "gold"\nname = { ja = "金", en = "Gold" }\nat = 50000',
    )

    assert sentences(shop, "ranks", "ja")[:3] == (
        "ランクは、直近90日間のお買い上げ金額で決まります。届いたその日に昇格します。",
        "金は、50,000円から。",
        "月末に届いていない月があると、ひとつ下のランクになります。",
    )
    assert sentences(shop, "ranks", "en")[:3] == (
        "Your rank follows from what you spend within the last 90 days; you rise the very day "
        "you get there.",
        "Gold: from ¥50,000.",
        "A month that ends short of it takes you one rank down.",
    )


def test_ranks_by_points_use_the_shops_word_for_points() -> None:
    shop = cafe(('measure = "visits"', 'measure = "points"'), ('ja = "ポイント"', 'ja = "豆"'))

    assert sentences(shop, "ranks", "ja")[1].startswith("ブロンズファンは、3豆から。")


def test_the_gym_speaks_of_visits_in_its_own_words() -> None:
    gym = programme(GYM)

    assert sentences(gym, "visits", "ja") == (
        "ご来館は、1日2回まで記録します。",
        "次のご来館は、前の記録から3時間たってから数えます。",
        "受付での会員証のご提示・カウンターのQRコード・入り口のビーコンで記録できます。",
        "QRコードは、表示から10分以内にお送りください。",
        "4:00より前のご来館は、前の日の分として数えます。",
    )
    assert "来店" not in " ".join(s for x in explain(gym, "ja") for s in x.sentences)


def test_a_gap_of_odd_minutes_is_told_in_minutes() -> None:
    gym = programme(GYM.replace("gap_minutes_min = 180", "gap_minutes_min = 90"))

    assert "90分たって" in sentences(gym, "visits", "ja")[1]
    assert "90 minutes after" in sentences(gym, "visits", "en")[1]


def test_purchases_say_what_counts() -> None:
    assert sentences(cafe(), "purchase", "ja") == (
        "税込の金額で計算し、端数はお会計ごとに切り捨てます。",
        "ポイントでお支払いの分には、ポイントはつきません。",
        "ギフトカードは対象外です。",
        "付け忘れのレシートは、7日以内にお持ちください。",
    )
    other = cafe(
        ('amount = "tax_included"', 'amount = "tax_excluded"'),
        ('"deducted"', '"counted"'),
        ("late_receipt_days = 7", "late_receipt_days = 0"),
    )
    assert sentences(other, "purchase", "en") == (
        "We count the amount without tax, and round down once per receipt.",
        "What you pay with points earns points too.",
        "Not counted: gift cards.",
        "A receipt can't be brought later.",
    )
    assert "（税抜）" in sentences(other, "earning", "ja")[2]


def test_what_is_sent_is_said_with_its_hours_and_caps() -> None:
    assert sentences(cafe(), "sending", "ja")[0] == (
        "お知らせは10:00から20:00のあいだに、1日1通、1週間に3通、30日で8通までお送りします。"
    )


def test_a_referral_says_when_it_counts() -> None:
    joined = cafe(('counts_at = "first_visit"', 'counts_at = "registration"'))

    assert sentences(cafe(), "referral", "ja") == (
        "ご紹介のポイントは、お友だちがはじめてご来店されたときにお付けします。",
    )
    assert sentences(joined, "referral", "en") == (
        "For a referral, the points are given when the friend joins.",
    )


def test_the_profile_says_how_often_a_birthday_can_change() -> None:
    never = cafe(("birthday_changes_max = 1", "birthday_changes_max = 0"), ("= 16", "= 0"))

    assert sentences(cafe(), "profile", "ja") == (
        "お誕生日の変更は、1回まで承ります。",
        "16歳未満の方には、保護者の同意をお願いしています。",
    )
    assert sentences(never, "profile", "en") == ("A birthday can't be changed once it is noted.",)


def test_parts_a_club_does_without_are_left_out() -> None:
    assert [section.name for section in explain(least(), "ja")] == [
        "shop", "points", "visits", "profile", "sending",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("text", [CAFE, GYM])
def test_every_rule_of_the_examples_has_its_sentence(text: str, lang: Lang) -> None:
    shop = programme(text)
    said = {section.name: section.sentences for section in explain(shop, lang, hidden=True)}

    assert len(said["earning"]) == len(shop.earning)
    assert len(said["badges"]) == len(shop.badges)
    assert len(said["rewards"]) == len(shop.rewards)
    assert len(said["streaks"]) == len(shop.streaks)
    assert len(said["journeys"]) == len(journeys_of(shop))
    for sentence in (s for section in said.values() for s in section):
        assert sentence.strip() == sentence
        assert "{" not in sentence
        assert "  " not in sentence


def test_opening_hours_are_said_and_a_branchs_own() -> None:
    shop = cafe(('beacons = ["0a1b2c3d01"]', "hours = { start = 10:00:00, end = 18:00:00 }"))
    assert sentences(shop, "shop", "ja")[1:3] == (
        "営業時間は7:30〜22:00です。",
        "駅前店の営業時間は10:00〜18:00です。",
    )
    assert sentences(shop, "shop", "en")[1:3] == (
        "Open 7:30–22:00.",
        "Station is open 10:00–18:00.",
    )


def test_what_is_told_of_the_shop_and_of_its_branches_is_said() -> None:
    said = sentences(cafe(), "shop", "en")
    assert "Booking at Kayoiji Coffee: https://example.com/booking" in said
    assert "Telephone of Riverside: 03-0000-0102" in said
    assert "Parking at Riverside: Four places behind the house." in said
    assert "川辺店の所在地：東京都台東区花川戸1丁目1" in sentences(cafe(), "shop", "ja")


def test_what_an_old_stamp_is_worth_is_told_where_they_are_taken() -> None:
    stamps = "[stamp_cards]\npoints = 10\nstamps_max = 20\nuntil = 2027-03-31"
    assert sentences(least(stamps), "stamp_cards", "ja") == (
        "前のスタンプカードは、スタンプ1個を10ポイントとして、お一人さま1回、レジでお移しします（1枚20個まで）。",
        "受け付けは2027年3月31日までです。",
    )
    assert sentences(least(stamps), "stamp_cards", "en") == (
        "We move your old stamp card once, at the till: a stamp is worth 10 points, "
        "and a card has up to 20.",
        "Until Mar 31, 2027.",
    )
    assert sentences(least(), "stamp_cards", "ja") == ()
