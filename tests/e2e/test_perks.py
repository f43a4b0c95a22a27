"""What a rank brings, at the counter: shown after the scan, given with a tap, and so said."""

from datetime import timedelta
from uuid import uuid4

from bot.store.members import members, profiles
from bot.store.members.members import Member
from bot.store.members.profiles import Profile
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.actor import Actor
from handlers.actions.recording.record import Request, record
from rules.activity import Visit
from tests.journeys.town import Town

from .shop import Counter
from .test_access import barriers_at_all_widths, small_targets

_DAY = timedelta(days=1)
PERK = "新しい豆をひとくち味見"


def bronze(cafe: Town, name: str) -> Member:
    """Somebody without LINE who has come on three days of this month, and not today."""
    club = cafe.club
    cafe.skips_to_day(cafe.today().replace(day=20))
    with club.work(Actor(1, "山田はな", "owner", "ekimae"), key=f"test:{uuid4()}") as work:
        joining = JoinRequest(work.now - 9 * _DAY, "ja", "目的", source="counter")
        who = join(work.acting("member").under(f"test:{uuid4()}"), joining).member_id
        profiles.put(work.uow, who, Profile(name), at=work.now)
        for days in (8, 7, 6):
            came = Request(who, Visit("staff"), work.now - days * _DAY, "ekimae")
            assert record(work.under(f"test:{uuid4()}"), came).done
    with club.store.read() as uow:
        found = members.get(uow, who)
    assert found is not None
    return found


def test_what_the_rank_brings_is_given_with_one_tap_and_can_be_taken_back(
    cafe: Town, desk: Counter
) -> None:
    member = bronze(cafe, "田村 和子")
    desk.reopens()
    desk.scans(cafe.club.codes.card_code(member.number, member.issue), "田村 和子様", PERK)
    assert barriers_at_all_widths(desk) == []
    assert small_targets(desk.page) == []
    desk.page.get_by_role("button", name=f"「{PERK}」をお渡し済みにする").click()
    desk.says(f"「{PERK}」をお渡し済みにしました", "にお渡し済み")
    assert barriers_at_all_widths(desk) == []
    desk.page.locator("#result").get_by_role("button", name="取り消す").click()
    desk.says(PERK)
    desk.page.get_by_role("button", name=f"「{PERK}」をお渡し済みにする").wait_for()
