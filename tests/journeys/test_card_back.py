"""Nobody's card is taken over quietly: whoever has it is told, and has it back with one tap."""

from datetime import timedelta
from uuid import uuid4

from bot.codes import RewardUse, page_nonce
from bot.store.members import members
from bot.store.members.members import Member
from bot.store.staff import flags
from handlers.actions.counter.adjust import adjust
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.recording.actor import Actor
from tests.handlers.pages.staff.counters import Counter, of
from tests.journeys.test_rewards import promised
from tests.journeys.town import Customer, Said, Town
from tests.journeys.ways import regular

BOSS = Actor(99, "森はるか", "owner", "ekimae")
UNDO = "do=card_back"


def sends(counter: Counter, path: str, **fields: str) -> str:
    """A form of the staff's, and what the page it leads to says."""
    counter.browser.get("/staff/members")
    answer = counter.browser.post(path, key=str(uuid4()), **fields)
    assert answer.status_code == 303, answer.text
    return counter.browser.get(answer.location).text


def moves(counter: Counter, old: Member, new: Member) -> None:
    """Onto a new telephone, at the counter's page."""
    path = f"/staff/members/{old.number}/transfer"
    assert "移しました" in sends(counter, path, other=new.number, checked="known")


def merges(counter: Counter, keep: Member, other: Member) -> None:
    assert "まとめました" in sends(
        counter, f"/staff/members/{keep.number}/merge", other=other.number, checked="known"
    )


def told(town: Town, who: Customer) -> Said:
    """What has come to them by itself within a few minutes."""
    who.reads()
    town.travels(days=0.01)
    return who.reads()


def flagged(town: Town) -> list[str]:
    with town.club.store.read() as uow:
        return [flag.kind for flag in flags.page(uow, store=None, limit=9)]


def balance(town: Town, member_id: int) -> int:
    with town.club.store.read() as uow:
        found = members.get(uow, member_id)
    assert found is not None
    return found.facts.balance


def test_a_card_that_staff_moved_away_comes_back_with_one_tap(shop: Town, counter: Counter) -> None:
    sakura, taken_by = regular(shop), regular(shop)
    card, own = sakura.member, taken_by.member
    moves(counter, card, own)
    assert taken_by.member.id == card.id
    said = told(shop, sakura)
    assert "別のLINEに移しました" in said
    assert "元に戻す" in said
    # The other's chat has it for now; they are told as well.
    assert "1枚にまとめました" in taken_by.reads()
    shown = shop.club.codes.card_code(card.number, card.issue + 1)
    shop.travels(days=1)
    back = sakura.taps(said.data(UNDO))
    assert "元に戻しました" in back
    assert "レジで見せる" in back
    assert "ようこそ" not in back
    assert sakura.member.id == card.id
    assert sakura.member.line_user_id == sakura.user_id
    assert taken_by.member.id == own.id
    assert (sakura.member.facts.visits, taken_by.member.facts.visits) == (1, 1)
    # The code that was first counts again, and the one that the other has seen counts no more.
    assert counter.scans(sakura.member)["result"] == "checked_in"
    seen = counter.posts("scan", {"code": shown, "scanId": str(uuid4())})
    assert of(seen)["result"] == "refused"
    assert "もう元に戻っています" in sakura.taps(said.data(UNDO))
    assert "会員証を元に戻しました" in told(shop, taken_by)
    assert flagged(shop).count("card_back") == 1
    assert shop.count_members() == 2
    assert shop.adds_up()


def test_whose_card_is_moved_at_night_is_told_at_once(shop: Town, counter: Counter) -> None:
    sakura, taken_by, other = regular(shop), regular(shop), regular(shop)
    shop.travels_to_day(shop.today(), hour=23)
    for who in (sakura, other):
        who.reads()
    with shop.club.work(BOSS, key="staff:gives") as work:
        assert adjust(work, other.member.id, 9_000, reason="おわび").done
    moves(counter, sakura.member, taken_by.member)
    said = told(shop, sakura)
    # News waits for the morning, as ever.
    assert other.reads().messages == []
    assert "元に戻しました" in sakura.taps(said.data(UNDO))
    assert "会員証を元に戻しました" in told(shop, taken_by)
    shop.travels_to_day(shop.today() + timedelta(days=1), hour=11)
    assert "交換できる" in other.reads()


def test_nothing_is_lost_whatever_the_other_side_did_meanwhile(
    shop: Town, counter: Counter
) -> None:
    sakura, other, third = regular(shop), regular(shop), regular(shop)
    mine, theirs, last = (each.member for each in (sakura, other, third))
    points = mine.facts.balance
    merges(counter, theirs, mine)
    assert sakura.member.id == theirs.id
    said = told(shop, sakura)
    shop.travels(days=1)
    counter.scans(other.member)
    spent = balance(shop, theirs.id)
    with shop.club.work(BOSS, key="staff:spends") as work:
        assert adjust(work, theirs.id, -spent, reason="交換").done
        assert merge(work.under("staff:again"), MergeRequest(last.id, theirs.id)).done
    assert sakura.member.id == last.id
    assert "元に戻しました" in sakura.taps(said.data(UNDO))
    assert (sakura.member.id, sakura.member.facts.visits) == (mine.id, 1)
    assert balance(shop, mine.id) == points
    assert (other.member.id, other.member.facts.visits) == (theirs.id, 2)
    assert (third.member.id, third.member.facts.visits) == (last.id, 1)
    assert balance(shop, theirs.id) >= 0
    assert shop.adds_up()


def test_who_joined_anew_meanwhile_has_both_and_the_chat_speaks_of_the_old_one(
    shop: Town, counter: Counter
) -> None:
    sakura, taken_by = regular(shop), regular(shop)
    card = sakura.member
    moves(counter, card, taken_by.member)
    said = told(shop, sakura)
    # Their chat gave them another card when they asked for theirs.
    sakura.writes("カード")
    anew = sakura.member
    assert anew.id != card.id
    assert "元に戻しました" in sakura.taps(said.data(UNDO))
    assert sakura.member.id == card.id
    with shop.club.store.read() as uow:
        assert members.cards(uow, sakura.user_id) == [card.id, anew.id]
    assert shop.adds_up()


def test_a_card_that_others_came_to_share_is_shown_by_its_holder_alone_again(
    shop: Town, counter: Counter
) -> None:
    sakura, sharer = regular(shop), regular(shop)
    card = sakura.member
    page = counter.browser.post(f"/staff/members/{card.number}/code", key=str(uuid4())).text
    code = page.partition('class="big-code">')[2].partition("<")[0]
    asked = sharer.writes(f"カード連携 {code}")
    assert "まとめ" in sharer.taps(asked.data("do=link&code"))
    assert sharer.member.id == card.id
    said = told(shop, sakura)
    assert "元に戻しました" in sakura.taps(said.data(UNDO))
    assert (sakura.member.id, sakura.member.issue) == (card.id, 2)
    assert sharer.member.id != card.id
    assert "会員証を元に戻しました" in told(shop, sharer)


def test_the_button_is_of_who_was_told_and_for_a_week(shop: Town, counter: Counter) -> None:
    sakura, other, stranger = regular(shop), regular(shop), regular(shop)
    merges(counter, other.member, sakura.member)
    button = told(shop, sakura).data(UNDO)
    assert "見つかりません" in stranger.taps(button)
    assert "見つかりません" in sakura.taps(button[:-4] + "AAAA")
    shop.travels(days=7)
    assert "元に戻せる期間" not in stranger.taps(button)
    shop.travels(days=1)
    assert "元に戻せる期間" in sakura.taps(button)
    assert sakura.member.id == other.member.id


def test_no_reward_of_much_worth_is_handed_out_while_it_can_be_undone(
    shop: Town, counter: Counter
) -> None:
    sakura, other = regular(shop), regular(shop)
    merges(counter, sakura.member, other.member)
    card = sakura.member
    programme = shop.club.timeline().latest.programme
    most = programme.limits.moved_reward_yen_max
    dear = next(r for r in programme.rewards if r.cost and not r.ranks and r.value_yen > most)
    cheap = next(r for r in programme.rewards if r.cost and not r.ranks and r.value_yen <= most)
    with shop.club.work(BOSS, key="staff:gives") as work:
        assert adjust(work, card.id, 9_000, reason="おわび").done

    def uses(reward: str) -> dict[str, object]:
        now = shop.club.now()
        use = RewardUse(reward)
        code = shop.club.codes.use_code(card.number, card.issue, use, page_nonce(), now)
        return of(counter.posts("scan", {"code": code, "scanId": str(uuid4())}))

    held = uses(dear.id)
    assert held["result"] == "refused"
    assert "移したばかり" in str(held["line"])
    assert "お渡しできると" in str(held["next"])
    assert uses(cheap.id)["result"] == "redeemed"
    came = counter.scans(sakura.member)
    assert "held" in came["marks"]
    offered = [each["id"] for each in came["member"]["rewards"]]
    assert cheap.id in offered
    assert dear.id not in offered
    assert "1週間たつと" in sakura.writes("特典")
    shop.travels(days=8)
    assert "1週間たつと" not in sakura.writes("特典")
    assert uses(dear.id)["result"] == "redeemed"


def test_what_moved_on_meanwhile_stays_where_it_went(shop: Town, counter: Counter) -> None:
    sakura, other, phone = regular(shop), regular(shop), regular(shop)
    mine, theirs = sakura.member, other.member
    merges(counter, theirs, mine)
    said = told(shop, sakura)
    moves(counter, theirs, phone.member)
    # Of both, and by the account that had it: the latest is what the chat speaks of.
    assert "元に戻しました" in sakura.taps(said.data(UNDO))
    assert sakura.member.id == mine.id
    assert (phone.member.id, phone.member.line_user_id) == (theirs.id, phone.user_id)
    assert "元に戻しました" in other.taps(told(shop, other).data(UNDO))
    assert (other.member.id, other.member.line_user_id) == (theirs.id, other.user_id)
    assert phone.member.id not in (mine.id, theirs.id)
    assert [who.member.facts.visits for who in (sakura, other, phone)] == [1, 1, 1]
    assert shop.adds_up()


def test_a_gift_that_the_other_side_used_is_in_its_holders_hand_again(
    shop: Town, counter: Counter
) -> None:
    sakura, other = regular(shop), regular(shop)
    promised(shop, sakura)
    shop.travels(days=1)
    sakura.opens(shop.counter_link())
    mine, theirs = sakura.member, other.member
    [gift] = mine.facts.vouchers
    merges(counter, theirs, mine)
    said = told(shop, sakura)
    both = other.member
    [held] = [voucher for voucher in both.facts.vouchers if voucher.reward == gift.reward]
    code = shop.club.codes.use_code(
        both.number, both.issue, RewardUse(held.reward, held.n), page_nonce(), shop.club.now()
    )
    used = of(counter.posts("scan", {"code": code, "scanId": str(uuid4())}))
    assert used["result"] == "redeemed"
    assert "元に戻しました" in sakura.taps(said.data(UNDO))
    assert sakura.member.facts.vouchers == (gift,)
    assert other.member.facts.vouchers == ()
    assert balance(shop, theirs.id) == theirs.facts.balance
    assert shop.adds_up()
