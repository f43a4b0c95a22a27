"""Rewards in the chat: vouchers first, a button that opens a page, and what is missing."""

import json
import re
from datetime import timedelta

import pytest

from bot.codes import LiveCode, RewardUse
from bot.store.history import stock
from handlers.actions.calendar.offer import Promise, offer
from handlers.actions.recording.actor import ApiClient
from handlers.actions.recording.record import Request, record
from handlers.actions.systems.reserving import ReserveRequest, reserve
from handlers.showing.card_links import open_card, open_use, use_page_path
from rules.activity import Adjustment, BirthdayTold, Occasion, What
from tests.bot.line.strict import texts

from ..conftest import Message, Person, World, taps, words


def happens(person: Person, what: What) -> None:
    world = person.world
    with world.club.work() as work:
        request = Request(person.card.id, what, world.now())
        assert record(work.acting("system").under(f"test:{what!r}"), request).done


#: In place of the cookie's cost.
CONDITIONS = "cost = 150\nvalue_yen = 180\nper_member = 1\nends = 2037-11-30\nstock = 8\n"


def has_birthday(person: Person) -> None:
    today = person.world.now().date()
    happens(person, BirthdayTold(today.month, today.day))
    happens(person, Occasion("birthday"))


def promised(person: Person) -> None:
    world = person.world
    with world.club.work() as work:
        promise = Promise("lapsed", (world.now() + timedelta(days=9)).date(), "welcome_back")
        assert offer(work.under("test:offer"), person.card.id, promise, at=work.now).done


def tickets(messages: list[Message]) -> list[str]:
    """What stands on each reward, from its head to its button."""
    return ["\n".join(texts(bubble)) for bubble in messages[-1]["contents"]["contents"]]


def opened(person: Person, link: str) -> LiveCode:
    """What the page says that a tap on `link` opens."""
    club = person.world.club
    tap = link.removeprefix(f"{club.base_url}/card/tap/").rstrip("/")
    path = use_page_path(club, tap)
    assert path is not None
    page = open_use(club, path.removeprefix("/card/use/").rstrip("/"))
    assert page is not None
    code = club.codes.use_code(page.number, page.issue, page.use, page.nonce, club.now())
    live = club.codes.open_live(code, club.now())
    assert isinstance(live, LiveCode)
    return live


def test_a_ready_reward_has_a_button_that_opens_its_page(world: World) -> None:
    person = world.member()
    happens(person, Adjustment(60))  # 110: enough for ¥100 off, and for nothing dearer
    live = opened(person, taps(person.write("特典"))["使う"])
    assert live.number == person.card.number
    assert live.use == RewardUse("off_100")


def test_what_was_promised_for_the_next_visit_is_found_again(world: World) -> None:
    sakura = world.member()
    promised(sakura)
    [found] = [one for one in tickets(sakura.write("特典")) if "おかえりなさいの焼き菓子" in one]
    assert "次のご来店でお渡しします" in found
    assert "まで" in found
    world.travel(timedelta(days=10))
    assert not [one for one in tickets(sakura.write("特典")) if "次のご来店" in one]


def test_each_tap_on_the_button_is_a_page_of_its_own(world: World) -> None:
    person = world.member()
    happens(person, Adjustment(60))
    link = taps(person.write("特典"))["使う"]
    assert opened(person, link).nonce != opened(person, link).nonce


def test_what_is_in_hand_comes_first_then_what_can_be_had_then_what_is_near(world: World) -> None:
    person = world.member()
    has_birthday(person)  # 50 for joining, 100 for the birthday, 30 for the profile
    said = person.write("特典")
    assert "いま180ポイントお持ちです" in words(said)
    shown = tickets(said)
    assert [one.splitlines()[0] for one in shown] == [
        "お手元の特典",
        "いまお使いいただけます",
        "いまお使いいただけます",
        "あと220ポイント",
        "あと270ポイント",
        "シルバーファン・ゴールドファン限定",
        "お誕生月にお贈りします",
        "ゴールドファンになったときにお贈りします",
        "お買い物10回ごとにお贈りします",
        "ここから寄付できます",
    ]
    for line in ("お誕生月の焼きプリン", "プレゼント", "12月17日まで", "お誕生月のお祝い", "使う"):
        assert line in shown[0].splitlines(), line
    first = re.search(r'"uri": "([^"]+/card/tap/[^"]+)"', json.dumps(said))
    assert first is not None
    assert opened(person, first[1]).use == RewardUse("birthday_dessert", 1)


def takes(world: World, reward: str) -> None:
    """One more of it was handed out."""
    offered = world.club.timeline().latest.programme.reward(reward)
    assert offered is not None
    with world.club.store.begin() as uow:
        assert stock.take(uow, offered, now=world.club.now())


def test_each_reward_says_what_it_is_and_its_conditions(world: World) -> None:
    world.publish(
        ("cost = 150\nvalue_yen = 180\n", CONDITIONS),
        ('note = { ja = "レジで500円お値引きします。", en = "Taken off at the till." }\n', ""),
    )
    person = world.member()
    happens(person, Adjustment(500))
    takes(world, "cookie")
    found = {one.splitlines()[1]: one.splitlines()[2:] for one in tickets(person.write("特典"))}
    assert found["100円引き"] == ["レジで100円お値引きします。", "100ポイント", "使う"]
    assert found["500円引き"] == ["レジで500円お値引きします", "450ポイント", "使う"]
    assert found["珈琲豆のお取り寄せ 送料無料"] == [
        "送料が無料になります", "400ポイント", "3,000円以上のお買い物で", "使う",
    ]  # fmt: skip
    assert found["試作ブレンドのお試しパック"] == [
        "お試し", "100ポイント", "お一人さま3回まで ・ あと3回",
    ]  # fmt: skip
    assert found["本日の焼き菓子"] == [
        *("プレゼント", "150ポイント", "11月30日まで", "お一人さま1回かぎり"),
        *("限定8 ・ 残り7", "使う"),
    ]  # fmt: skip


def test_more_rewards_than_a_carousel_holds_are_all_reached_by_taps(world: World) -> None:
    dear = "".join(
        f'\n[[rewards]]\nid = "dear_{n}"\nname = {{ ja = "{n}番の{"とてもよい品" * 40}" }}\n'
        f'kind = "gift"\ncost = {1000 + n}\nvalue_yen = 100\nmin_purchase_yen = 500\n'
        f'note = {{ ja = "{"ポイント" * 70}" }}\n'
        for n in range(20)
    )
    world.publish(("# Given into the member's hand, as a voucher", f"{dear}\n# Given"))
    person = world.member()
    said = person.write("特典")
    names: list[str] = []
    while "続きを見る" in (buttons := taps(said)):
        names += [one.splitlines()[1] for one in tickets(said)[:-1]]
        said = person.tap_data(buttons["続きを見る"])
    names += [one.splitlines()[1] for one in tickets(said)]
    assert len(names) == len(set(names)) == 29
    assert names[-1] == "子ども食堂へ50円の寄付"


def test_what_is_given_says_how_it_is_come_by_and_costs_nothing(world: World) -> None:
    said = words(world.member().write("特典"))
    for how in ("お誕生月に", "ゴールドファンになったときに", "お買い物10回ごとに"):
        assert f"{how}お贈りします" in said
    # What is given to who stayed away is nothing to wait for.
    assert "おかえりなさい" not in said


def test_what_is_all_gone_says_so_and_has_no_button(world: World) -> None:
    world.publish(("cost = 100\nvalue_yen = 100\n", "cost = 100\nvalue_yen = 100\nstock = 1\n"))
    person = world.member()
    happens(person, Adjustment(60))
    assert "使う" in taps(person.write("特典"))
    takes(world, "off_100")
    said = person.write("特典")
    assert "ご用意した分は終了しました" in words(said)
    assert "使う" not in taps(said)


def set_aside(person: Person, reward: str) -> None:
    """A till of the shop's has it set aside for fifteen minutes."""
    till = ApiClient(1, "レジ", "ekimae")
    with person.world.club.work(till, key=till.key("sale")) as work:
        asked = ReserveRequest(person.card.id, RewardUse(reward, None), "ekimae")
        assert reserve(work, asked).refused is None


def test_what_a_till_has_set_aside_says_until_when(world: World) -> None:
    person = world.member()
    happens(person, Adjustment(100))
    offered = taps(person.write("特典"))["寄付する"]
    set_aside(person, "off_100")
    until = world.club.timeline().latest.programme.shop.local(world.now() + timedelta(minutes=15))
    said = person.write("特典")
    [ticket] = [one for one in tickets(said) if "100円引き" in one]
    assert f"お支払いのためお取り置き中です（{until:%-H:%M}まで）" in ticket
    # There are points for the donation, too, until it is given.
    assert "寄付する" in taps(said)
    person.tap_data(offered)
    person.tap("give", reward="donation", yes=1)
    assert person.card.facts.balance == 100
    no = words(person.tap_data(offered))
    assert "ただいまお取り置きしています" in no
    assert f"きょうの{until:%-H:%M}からお使いいただけます" in no
    world.travel(timedelta(minutes=15))
    assert "50ポイントを使います" in words(person.tap_data(offered))


def test_a_promise_is_kept_at_the_visit_and_the_answer_says_so(world: World) -> None:
    person = world.member()
    promised(person)
    assert "おかえりなさいの焼き菓子" not in [v.reward for v in person.card.facts.vouchers]
    said = words(person.check_in())
    assert "おかえりなさいの焼き菓子" in said
    assert [v.reward for v in person.card.facts.vouchers] == ["welcome_back"]


def test_the_card_mentions_vouchers_and_opens_at_the_till(world: World) -> None:
    person = world.member()
    has_birthday(person)
    said = person.write("会員証")
    assert "お誕生月の焼きプリン\n12月17日まで" in words(said)
    link = taps(said)["レジで見せる"]
    token = link.removeprefix(f"{world.club.base_url}/card/").rstrip("/")
    page = open_card(world.club, token)
    assert page is not None
    assert page.number == person.card.number


def test_below_its_picture_the_card_says_what_that_does_not(world: World) -> None:
    person = world.member()
    has_birthday(person)
    for _ in range(4):
        person.check_in()
        world.travel(timedelta(days=7))
    promised(person)
    [card] = person.write("会員証")
    drawn = texts(card["contents"]["body"])
    # Four weeks later it is the 15th of the next month, of whose visits there were two.
    assert drawn == [
        *("今月のスタンプ", "2回"),
        *("✨", "本日開催中：5のつく日は2倍"),
        *("🔥", "週1カフェ 4週連続", "お休み券 1枚"),
        *("🎁", "お誕生月の焼きプリン", "12月17日まで ・ ほか1つ"),
        *("🌱", "よろしければ、ご感想をトークでお聞かせください（20ポイント）"),
    ]
    assert json.dumps(card).count('"height": "18px"') == 3  # Bronze asks for three in a month
    # The next step is on the picture, and in the words for who can't see it.
    assert "今月あと1回のご来店で「ブロンズファン」に昇格" in card["altText"]


def test_in_english_too(world: World) -> None:
    person = world.member("Sakura", "en")
    has_birthday(person)
    said = person.write("rewards")
    assert "A birthday custard" in words(said)
    assert "Use" in taps(said)
    assert "Show at the till" in taps(person.write("card"))


@pytest.mark.parametrize("word", ["特典", "会員証"])
def test_links_are_such_as_line_takes(world: World, word: str) -> None:
    # `write` itself holds every answer against LINE's own limits.
    person = world.member("さくら" * 20)
    happens(person, Adjustment(5_000))
    assert person.write(word)


def test_rewards_say_what_is_missing_and_where_they_are_used(world: World) -> None:
    said = words(world.member().write("特典"))
    assert "あと50ポイント" in said
    assert "シルバーファン" in said
    assert "レジで「使う」" not in said  # nothing can be used yet


def test_a_donation_is_asked_about_and_then_given_once(world: World) -> None:
    person = world.member()
    person.check_in()
    offered = taps(person.write("特典"))["寄付する"]
    asked = person.tap_data(offered)
    assert "50ポイントを使います" in words(asked)
    assert person.card.facts.balance == 60
    yes = taps(asked)["はい、寄付します"]
    assert "ありがとうございます" in words(person.tap_data(yes))
    assert person.card.facts.balance == 10
    assert "もう一度お選びください" in words(person.tap_data(yes))
    assert person.card.facts.balance == 10


def test_a_donation_that_points_do_not_reach_is_refused(world: World) -> None:
    person = world.member()
    person.tap("give", reward="donation")
    person.tap("give", reward="donation", yes=1)
    assert "まだ足りません" in words(person.tap("give", reward="donation"))
    assert person.card.facts.balance == 0


def test_a_yes_that_comes_too_late_gives_nothing(world: World) -> None:
    person = world.member()
    person.tap("give", reward="donation")
    world.travel(timedelta(minutes=11))
    person.tap("give", reward="donation", yes=1)
    assert person.card.facts.balance == 50
