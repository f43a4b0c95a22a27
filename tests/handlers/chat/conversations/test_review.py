"""Reviews in the chat: stars, words, points; shown or not, written anew, withdrawn."""

from datetime import timedelta

from bot.store.heard import cases, reviews
from bot.store.heard.cases import CaseName
from bot.store.heard.reviews import Review
from bot.store.members import line_accounts
from bot.store.messages import inbox
from handlers.actions.heard.answering import CaseAnswer, answer_case, reached_by
from handlers.actions.heard.moderating import confirm_review
from handlers.actions.members.membership import erase, forget_account
from handlers.actions.members.merge import MergeRequest, merge
from tests.handlers.clubs import DESK, MANAGER

from ..conftest import Person, World, event, taps, text_event, words

#: The café's review, given at once.
AT_ONCE = ('on = "review"\naward = { kind = "fixed", points = 20 }\nlimit = { month = 1 }\n'
           'needs_staff = true', 'on = "review"\naward = { kind = "fixed", points = 20 }\n'
           'limit = { month = 1 }')  # fmt: skip


def told(person: Person) -> list[Review]:
    card = person.card.id
    with person.world.club.store.read() as uow:
        return reviews.of_cards(uow, (card,), limit=50)


def shown(world: World) -> list[tuple[str | None, str, bool]]:
    """What the public page has: name, words, and whether it is marked as rewarded."""
    with world.club.store.read() as uow:
        found = reviews.shown(uow, after=0, limit=50)
    return [(each.shown_as, each.words, each.rewarded) for each in found]


def reviewed(person: Person, stars: int, text: str) -> str:
    person.tap("review", stars=stars)
    return words(person.write(text))


def agree(person: Person, under: str) -> str:
    """The newest one may be shown under that name."""
    newest = told(person)[0]
    return words(person.tap("review_show", of=f"{person.card.number}.{newest.n}", under=under))


def test_stars_and_words_earn_the_same_whatever_they_are(world: World) -> None:
    world.publish(AT_ONCE)
    balances = []
    for stars, text in ((1, "席が寒かったです"), (5, "とてもおいしかったです")):
        person = world.member()
        assert "★の数や内容で、ポイントは変わりません" in words(person.write("感想を書く"))
        said = reviewed(person, stars, text)
        assert "+20" in said
        assert "ご感想が届きました" in said
        balances.append(person.card.facts.balance)
        assert [(each.stars, each.words, each.rewarded) for each in told(person)] == [
            (stars, text, True)
        ]
    assert len(set(balances)) == 1
    # It is shown to nobody before its writer says so, and a good one is no letter.
    assert shown(world) == []
    assert world.letters() == [("review", "★☆☆☆☆\n席が寒かったです")]


def test_the_page_has_all_that_may_be_shown_by_date_and_says_what_was_rewarded(
    world: World,
) -> None:
    world.publish(AT_ONCE)
    sakura, momo, ume = world.member("さくら"), world.member("Momo"), world.member("うめ")
    reviewed(sakura, 5, "また来ます")
    assert "「さくら」として" in agree(sakura, "nickname")
    world.travel(timedelta(days=1))
    reviewed(momo, 1, "待ち時間が長い\n<b>です</b>")
    agree(momo, "initial")
    reviewed(ume, 3, "ふつうでした")
    assert "載せません" in agree(ume, "none")
    world.travel(timedelta(days=1))
    # The second of a month: the limit gives nothing, so nothing was given for it.
    reviewed(sakura, 4, "二度めも楽しかったです")
    agree(sakura, "nobody")
    assert shown(world) == [
        ("", "二度めも楽しかったです", False),
        ("M.", "待ち時間が長い\n<b>です</b>", True),
        ("さくら", "また来ます", True),
    ]


def test_a_review_that_waits_for_staff_is_neither_paid_nor_shown(world: World) -> None:
    person = world.member()
    said = reviewed(person, 2, "ぬるかったです")
    assert "スタッフが読ませていただいたあと" in said
    assert "+20" not in said
    assert "スタッフが読ませていただいたあと" in agree(person, "nickname")
    assert person.card.facts.balance == 50
    assert shown(world) == []


def test_one_a_day_and_no_more_words_than_are_read(world: World) -> None:
    world.publish(AT_ONCE)
    person = world.member()
    person.tap("review", stars=4)
    assert "500文字まで" in words(person.write("あ" * 501))
    assert "もう少しだけ" in words(person.write("!"))
    assert "+20" in words(person.write("あ" * 500))
    # The stars that stand there still, and the question for new ones.
    assert "1日に1回まで" in words(person.tap("review", stars=5))
    asked = words(person.write("感想を書く"))
    assert "1日に1回まで" in asked
    assert "★★★★★" not in asked
    assert "★★★★★" in words(person.tap("review", of=f"{person.card.number}.1"))
    assert len(told(person)) == 1
    world.travel(timedelta(days=1))
    reviewed(person, 5, "今日もよかったです")
    assert len(told(person)) == 2


def test_stars_without_words_are_no_review_and_other_words_are_none(world: World) -> None:
    world.publish(AT_ONCE)
    person = world.member()
    person.tap("review", stars=5)
    assert "ポイント" in words(person.write("ポイント"))
    person.write("Wi-Fiはありますか")
    assert world.letters() == [("message", "Wi-Fiはありますか")]
    person.tap("review", stars=1)
    person.write("やめる")
    person.write("感想を書くのはやめました")
    assert told(person) == []
    assert person.card.facts.balance == 50


def test_it_is_written_anew_for_nothing_and_the_page_says_so(world: World) -> None:
    world.publish(AT_ONCE)
    person = world.member()
    reviewed(person, 5, "よかったです")
    agree(person, "nickname")
    of = f"{person.card.number}.1"
    world.travel(timedelta(days=3))
    assert "「さくら」として載せています" in words(person.tap("review_one", of=of))
    person.tap("review", of=of)
    person.tap("review", stars=2, of=of)
    # Until its new words are there, it stands as it was.
    assert [each[1] for each in shown(world)] == ["よかったです"]
    said = words(person.write("二度めは残念でした"))
    assert "書き直しました" in said
    assert "+" not in said
    assert [each[1] for each in shown(world)] == ["二度めは残念でした"]
    assert [(each.stars, each.edited_at is not None) for each in told(person)] == [(2, True)]
    assert person.card.facts.balance == 70


def test_withdrawn_or_unsent_its_words_are_gone_and_the_points_stay(world: World) -> None:
    world.publish(AT_ONCE)
    sakura, momo = world.member(), world.member("もも")
    reviewed(sakura, 5, "よかったです")
    agree(sakura, "nickname")
    of = f"{sakura.card.number}.1"
    assert "取り下げますか" in words(sakura.tap("review_withdraw", of=of))
    assert "取り下げました" in words(sakura.tap("review_withdraw", of=of, sure=1))
    assert "1日に1回まで" in words(sakura.tap("review", stars=5))
    momo.tap("review", stars=3)
    letter = text_event(momo, "ふつうです")
    world.post([letter])
    world.handle()
    agree(momo, "nickname")
    assert [each[0] for each in shown(world)] == ["もも"]
    # What is put right in the chat is put right here.
    edited = {"id": letter["message"]["id"], "type": "text", "text": "ふつうでした"}
    world.post([event(momo, "messageEdited", message=edited)])
    world.handle()
    assert [each[1] for each in shown(world)] == ["ふつうでした"]
    world.post([event(momo, "unsend", unsend={"messageId": letter["message"]["id"]})])
    world.handle()
    assert shown(world) == []
    assert told(sakura) == told(momo) == []
    assert sakura.card.facts.balance == momo.card.facts.balance == 70


def _cases(person: Person) -> list[tuple[str, str, list[str]]]:
    """The cases of theirs: about what, how they stand, and what was said."""
    with person.world.club.store.read() as uow:
        return [
            (case.reason, case.state, [each.text for each in inbox.of_case(uow, *case.name)])
            for case in cases.of_members(uow, [person.card.id])
        ]


def test_few_stars_are_a_case_for_each_review_once(world: World) -> None:
    world.publish(AT_ONCE)
    sakura, momo = world.member(), world.member("もも")
    reviewed(momo, 3, "ふつうです")
    assert _cases(momo) == []
    reviewed(sakura, 2, "ぬるかったです")
    assert _cases(sakura) == [("low_score", "open", ["★★☆☆☆\nぬるかったです"])]
    of = f"{sakura.card.number}.1"
    with world.club.work(DESK, key="staff:1") as work:
        answer = CaseAnswer(CaseName(sakura.card.id, 1), 1, "申し訳ありません。", closes=True)
        assert answer_case(work, answer).done
    # Written anew it is the same case, whatever its stars are by now; so is another low one.
    world.travel(timedelta(days=1))
    sakura.tap("review", stars=1, of=of)
    sakura.write("二度めもぬるい")
    assert _cases(sakura) == [("low_score", "open", ["★☆☆☆☆\n二度めもぬるい"])]
    reviewed(sakura, 1, "三度めもぬるい")
    assert [(len(said), state) for _, state, said in _cases(sakura)] == [(2, "open")]
    sakura.tap("review", stars=5, of=of)
    sakura.write("あつかったです")
    assert _cases(sakura)[0][2] == ["★★★★★\nあつかったです", "★☆☆☆☆\n三度めもぬるい"]
    # One that was good until it was written anew is one, too.
    momo.tap("review", stars=2, of=f"{momo.card.number}.1")
    momo.write("いま思えば、だめでした")
    assert [(reason, state) for reason, state, _ in _cases(momo)] == [("low_score", "open")]


def test_what_is_unsent_edited_or_withdrawn_of_a_low_review_is_so_in_its_case(world: World) -> None:
    world.publish(AT_ONCE)
    sakura, momo = world.member(), world.member("もも")
    letters = []
    for person in (sakura, momo):
        person.tap("review", stars=1)
        letters.append(text_event(person, "ぬるいd"))
        world.post([letters[-1]])
        world.handle()
    message = letters[0]["message"]["id"]
    edited = {"id": message, "type": "text", "text": "ぬるいです"}
    world.post([event(sakura, "messageEdited", message=edited)])
    world.handle()
    assert _cases(sakura) == [("low_score", "open", ["★☆☆☆☆\nぬるいです"])]
    world.post([event(sakura, "unsend", unsend={"messageId": message})])
    world.handle()
    assert _cases(sakura) == [("low_score", "closed", [])]
    of = f"{momo.card.number}.1"
    momo.tap("review_withdraw", of=of)
    momo.tap("review_withdraw", of=of, sure=1)
    assert _cases(momo) == [("low_score", "closed", [])]
    assert world.letters() == []


def test_who_wrote_a_low_review_on_a_card_they_share_is_answered_themselves(world: World) -> None:
    sakura, momo = world.member(), world.member("もも")
    card = sakura.card
    with world.club.work("member") as work:
        line_accounts.link(work.uow, momo.user_id, card.id)
    reviewed(momo, 1, "待ち時間が長いです")
    assert _cases(sakura) == [], "staff read its words before they see its stars"
    world.travel(timedelta(days=3))
    with world.club.work(DESK, key="staff:1") as work:
        assert confirm_review(work, card.id, 1).done
        name = CaseName(card.id, 1)
        case = cases.get(work.uow, name)
        assert case is not None
        assert case.due_at > work.now, "it is owed since it could be read"
        account = reached_by(work.uow, name)
    assert account is not None
    assert account.user_id == momo.user_id
    with world.club.work("member") as work:
        forget_account(work, momo.user_id, at=work.now)
    assert [each.user_id for each in told(sakura)] == [None]
    assert world.letters() == []


def test_nobody_elses_review_is_theirs_to_change(world: World) -> None:
    world.publish(AT_ONCE)
    sakura, momo = world.member(), world.member("もも")
    reviewed(sakura, 5, "よかったです")
    of = f"{sakura.card.number}.1"
    momo.tap("review_show", of=of, under="nickname")
    momo.tap("review_withdraw", of=of)
    momo.tap("review_withdraw", of=of, sure=1)
    momo.tap("review", stars=1, of=of)
    momo.write("だめな店です")
    for odd in ("", "x.y", f"{sakura.card.number}.999999999999", ".1"):
        momo.tap("review_one", of=odd)
    assert [(each.stars, each.words, each.shown_as) for each in told(sakura)] == [
        (5, "よかったです", None)
    ]


def test_who_shares_a_card_neither_reads_nor_changes_its_owners_reviews(world: World) -> None:
    world.publish(AT_ONCE)
    sakura, momo = world.member(), world.member("もも")
    reviewed(sakura, 5, "よかったです")
    with world.club.work("member") as work:
        line_accounts.link(work.uow, momo.user_id, sakura.card.id)
    of = f"{sakura.card.number}.1"
    said = words(momo.tap("my_reviews")) + words(momo.tap("review_one", of=of))
    assert "よかったです" not in said
    assert momo.card == sakura.card
    momo.tap("review_show", of=of, under="nickname")
    momo.tap("review_withdraw", of=of)
    momo.tap("review_withdraw", of=of, sure=1)
    momo.tap("review", stars=1, of=of)
    momo.write("だめな店です")
    assert [(each.words, each.shown_as) for each in told(sakura)] == [("よかったです", None)]
    # A review of their own is taken, and asks for nothing that they couldn't take back.
    world.travel(timedelta(days=1))
    assert "ご感想が届きました" in reviewed(momo, 4, "またきます")
    assert "review_show" not in str(taps(momo.write("感想")))
    assert len(told(sakura)) == 2


def test_who_is_erased_is_read_by_nobody_and_who_left_can_withdraw(world: World) -> None:
    world.publish(AT_ONCE)
    sakura, momo = world.member(), world.member("もも")
    for person in (sakura, momo):
        reviewed(person, 5, f"{person.user_id[:4]}です")
        agree(person, "nickname")
    with world.club.work("staff", key="erase") as work:
        erase(work, sakura.card.id)
    assert [each[0] for each in shown(world)] == ["もも"]
    momo.tap("leave")
    momo.tap("leave", sure=1)
    of = f"{momo.card.number}.1"
    momo.tap("review_withdraw", of=of)
    momo.tap("review_withdraw", of=of, sure=1)
    assert shown(world) == []


def test_everybody_is_shown_the_same_way_on_to_another_site(world: World) -> None:
    site = ("[shop]\n", '[shop]\nreview_url = "https://g.page/r/kayoiji/review"\n')
    world.publish(AT_ONCE, site)
    for stars in (1, 5):
        person = world.member()
        person.tap("review", stars=stars)
        said = person.write("感想です")
        assert "https://g.page/r/kayoiji/review" in str(said)
        assert "こちらにポイントは付きません" in words(said)
    assert "my_reviews" in str(taps(said))


def test_who_chose_stars_on_a_card_that_became_another_can_say_the_words(any_world: World) -> None:
    world = any_world
    world.publish(AT_ONCE)
    person, keep = world.member(), world.member("もも").card.id
    begun = person.card.id
    person.tap("review", stars=4)
    with world.club.work(MANAGER, key="merge") as work:
        assert merge(work, MergeRequest(keep, begun, line=person.user_id)).done
    before = person.card.facts.balance
    assert person.card.id == keep
    assert "+20" in words(person.write("香りがすてき"))
    assert person.card.facts.balance == before + 20
    assert [(each.member_id, each.stars, each.words) for each in told(person)] == [
        (keep, 4, "香りがすてき")
    ]
    with world.club.store.read() as uow:
        assert reviews.opened(uow, (begun, keep)) is None
        assert reviews.next_n(uow, begun) == 1
