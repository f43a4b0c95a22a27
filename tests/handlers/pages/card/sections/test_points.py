"""The page of points: the lots by their last days, and warnings shown to whom nobody can write."""

from datetime import timedelta

from flask.testing import FlaskClient

from bot.store.history import ledger
from bot.store.members import line_accounts, members
from handlers.actions.recording.record import Request, record
from rules.activity import Adjustment
from tests.handlers.clubs import DAY, SmallClub
from tests.handlers.pages.card.sections.conftest import is_in, read
from tests.rules.examples import CAFE, changed

_BY_LOT = (
    'expiry = { kind = "inactivity", months = 12, warn_days = [60, 14] }',
    'expiry = { kind = "lot", months = 12, warn_days = [60, 14] }',
)


def test_points_stand_by_their_last_day_with_what_gave_them(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    cafe.publishes(changed(CAFE, _BY_LOT))
    member_id = is_in(cafe, browser)
    cafe.passes(days=1)
    cafe.visits(member_id)
    with cafe.work() as work:
        taking = Request(member_id, Adjustment(-20), work.now)
        record(work.acting("staff").under(cafe.key()), taking)
    cafe.passes(days=40)
    with cafe.work() as work:
        giving = Request(member_id, Adjustment(7), work.now)
        record(work.acting("staff").under(cafe.key()), giving)
    said = read(browser.get("/card/points"))
    assert "ポイント 47 ポイント" in said
    january, february = said.partition("2027年1月31日まで ")[2].split(" 2027年2月28日まで ")
    # Of the 50 for joining 20 are gone: they end first.
    assert january.startswith("40ポイント ご入会 2026年1月5日 30ポイント 50ポイントのうち ご来店")
    assert february.startswith("7ポイント スタッフによる調整 2026年2月15日 7ポイント")
    assert "期限の近いものから" in said


def test_points_that_stay_say_so(cafe: SmallClub, browser: FlaskClient) -> None:
    cafe.publishes(changed(CAFE, (_BY_LOT[0], 'expiry = { kind = "never" }')))
    is_in(cafe, browser)
    said = read(browser.get("/card/points"))
    assert "有効期限はありません" in said
    assert "期限なし 50ポイント ご入会" in said


def test_whoever_is_reached_by_no_message_is_warned_by_the_page_once(
    cafe: SmallClub, browser: FlaskClient
) -> None:
    member_id = is_in(cafe, browser)
    with cafe.store.begin() as uow:
        line_accounts.set_blocked(uow, str(cafe.member(member_id).line_user_id), True)
        members.set_line_account(uow, member_id, None)
    cafe.passes(days=310)
    assert browser.get("/card/points").status_code == 200
    with cafe.store.read() as uow:
        [lot] = ledger.open_lots(uow, member_id)
    assert lot.warned_on == (cafe.now + timedelta(hours=9)).date()
    cafe.clock.set(cafe.now + DAY)
    assert browser.get("/card/points").status_code == 200
    with cafe.store.read() as uow:
        assert ledger.open_lots(uow, member_id) == (lot,)
