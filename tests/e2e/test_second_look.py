"""A reward handed out on a paper card at the counter: whose it is, a password, and once."""

from uuid import uuid4

from bot.store.members import members, profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from handlers.actions.counter.adjust import adjust
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.actor import Actor
from tests.journeys.town import Town

from .shop import PASSWORD, PHONE, Counter
from .test_access import barriers, is_wider_than_the_window, small_targets


def paper_card(cafe: Town, name: str, points: int) -> Member:
    """Somebody without LINE, who has so many points."""
    club = cafe.club
    with club.work(Actor(1, "山田はな", "owner", "ekimae"), key=f"test:{uuid4()}") as work:
        joining = JoinRequest(work.now, "ja", "目的", source="counter")
        who = join(work.acting("member").under(f"test:{uuid4()}"), joining).member_id
        profiles.put(work.uow, who, Profile(name), at=work.now)
        assert adjust(work, who, points, reason="はじめに").done
    with club.store.read() as uow:
        found = members.get(uow, who)
    assert found is not None
    return found


def test_a_paper_card_gets_its_reward_after_a_look_and_a_password_where_it_is_worth_much(
    cafe: Town, desk: Counter
) -> None:
    tamura, page = paper_card(cafe, "田村 和子", 700), desk.page
    other = paper_card(cafe, "佐藤 一郎", 700)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    def balance(member: Member) -> int:
        with cafe.club.store.read() as uow:
            found = members.get(uow, member.id)
        assert found is not None
        return found.facts.balance

    def code(member: Member) -> str:
        return cafe.club.codes.card_code(member.number, member.issue)

    desk.scans(code(tamura), "田村 和子様", "いま使える特典")
    before = balance(tamura)
    page.get_by_role("button", name="「100円引き」を使う").click()
    look = page.locator("#use[open]", has_text="田村 和子様")
    look.wait_for()
    assert not page.is_visible("#use-secret")
    page.get_by_role("button", name="使わずに戻る").click()
    # With the sheet open another card is scanned: nothing is handed out, and the other is shown.
    page.get_by_role("button", name="「100円引き」を使う").click()
    look.wait_for()
    desk.types(code(other))
    desk.says("佐藤 一郎様")
    assert not page.is_visible("#use")
    assert balance(tamura) == before

    desk.scans(code(tamura), "田村 和子様")
    page.get_by_role("button", name="「500円引き」を使う").click()
    assert "値引き" in page.inner_text("#use-terms")
    assert barriers(desk.page) == []
    assert small_targets(desk.page) == []
    page.fill("#use-secret", "not the password")
    page.get_by_role("button", name="ご本人と確かめて、使う").click()
    page.locator("#use-problem", has_text="パスワードが違います").wait_for()
    page.fill("#use-secret", PASSWORD)
    page.get_by_role("button", name="ご本人と確かめて、使う").dblclick()
    page.locator(".result-line", has_text="レジで500円お値引きします").wait_for()
    assert balance(tamura) == before - 450
    # Whoever is on the screen is meant by what is added next.
    assert "田村 和子様" in page.inner_text("#add-title")
    page.locator("#result").get_by_role("button", name="取り消す").click()
    desk.says("取り消しました")
    assert (balance(tamura), balance(other)) == (before, before)
    assert cafe.adds_up()


def test_the_members_page_and_its_second_look_have_no_barriers_on_a_phone(
    cafe: Town, desk: Counter
) -> None:
    tamura, page = paper_card(cafe, "田村 和子", 700), desk.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    desk.scans(cafe.club.codes.card_code(tamura.number, tamura.issue), "田村 和子様")
    page.click(".result-name a")
    page.locator(".past summary").first.click()
    for opened in (None, "「500円引き」を使う"):
        if opened:
            page.get_by_role("link", name=opened).click()
            page.locator("input[name=secret]").wait_for()
        assert barriers(desk.page) == [], opened
        assert small_targets(desk.page) == [], opened
        assert not is_wider_than_the_window(desk.page), opened
    page.fill("input[name=secret]", PASSWORD)
    page.get_by_role("button", name="ご本人と確かめて、使う").click()
    page.locator(".done", has_text="特典を使いました").wait_for()
    page.get_by_role("button", name="ご来店を記録する").click()
    page.locator("[role=alert]", has_text="本日のご来店は記録済み").wait_for()
    assert cafe.adds_up()


def test_without_network_nothing_is_handed_out_and_asked_again_it_is_once(
    cafe: Town, desk: Counter
) -> None:
    tamura, page = paper_card(cafe, "田村 和子", 300), desk.page
    desk.scans(cafe.club.codes.card_code(tamura.number, tamura.issue), "田村 和子様")
    desk.goes_offline(cafe)
    page.get_by_role("button", name="「100円引き」を使う").click()
    page.get_by_role("button", name="ご本人と確かめて、使う").click()
    page.locator("#use-problem", has_text="つながりませんでした").wait_for()
    assert not [item for item in desk.waiting() if item["kind"] == "redeem"]
    desk.comes_online(cafe)
    page.get_by_role("button", name="ご本人と確かめて、使う").click()
    page.locator(".result-line", has_text="レジで100円お値引きします").wait_for()
    assert cafe.adds_up()
