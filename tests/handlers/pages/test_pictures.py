import io
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from bot.codes import CardCode, PictureAddress
from bot.keys import Keys
from bot.store import UnitOfWork
from bot.store.history import ledger
from bot.store.history.programs import publish
from bot.store.members import members
from bot.store.members.members import Member
from handlers.actions.counter.check_in import check_in
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.members.membership import erase
from handlers.actions.members.merge import MergeRequest, merge_now
from handlers.actions.members.reissue import next_issue
from handlers.actions.recording.record import Request
from handlers.club import Club
from handlers.showing import addresses
from handlers.showing.addresses import Address
from handlers.showing.views import Scene
from rules.activity import Visit
from rules.base import Lang
from rules.outlook.month import MonthRecap, badges_in
from rules.programme.card import with_check_digit
from rules.wording.card import CardHolder, card_view
from tests.handlers.pages.conftest import CAFE, browser_of, with_programme
from tests.rules.examples import changed
from tests.rules.programme.test_card import JAN

FOR_EVER = 365 * 24 * 3600
#: What the club of these tests signs with.
SECRET = "a secret of this installation only, long enough"


def newcomer(club: Club, language: Lang = "ja", *, key: str = "1") -> Member:
    now = club.now()
    with club.work() as work:
        joining = JoinRequest(now, language, "ポイントのため")
        outcome = join(work.acting("member").under(f"test:{key}:join"), joining)
        return found(work.uow, outcome.member_id)


def found(uow: UnitOfWork, member_id: int) -> Member:
    member = members.get(uow, member_id)
    assert member is not None
    return member


def visit(club: Club, member: Member) -> Member:
    now = club.now()
    with club.work() as work:
        came = Request(member.id, Visit("staff"), now, "ekimae")
        assert check_in(work.acting("staff").under("test:2:visit"), came).done
        return found(work.uow, member.id)


def scene(club: Club, lang: Lang = "ja") -> Scene:
    return Scene(club.timeline().at(club.now()).programme, club.art, lang)


def card(club: Club, member: Member) -> Address:
    place = scene(club, member.language)
    day = place.programme.shop.business_date(club.now())
    with club.store.read() as uow:
        lots = ledger.open_lots(uow, member.id)
    view = card_view(
        place.programme, member.facts, CardHolder(member.number, ""), lots, day=day,
        lang=member.language,
    )  # fmt: skip
    return addresses.card(club, place, view, member.facts, member.issue)


def shelf(club: Club, member: Member) -> Address:
    day = scene(club).programme.shop.business_date(club.now())
    return addresses.shelf(club, scene(club), member, day)


def month(club: Club, member: Member) -> Address:
    today = scene(club).programme.shop.business_date(club.now())
    first = today.replace(day=1)
    with club.store.read() as uow:
        visits = addresses.visits_for(uow, member.id, first, today)
    return addresses.calendar(club, scene(club), member, first, visits, today=today)


def badge(club: Club, member: Member) -> Address:
    place = scene(club)
    day = place.programme.shop.business_date(club.now())
    return addresses.new_badge(club, place, member.number, place.programme.badges[0], day)


def rank(club: Club, member: Member) -> Address:
    address = addresses.new_rank(
        club, scene(club), member.number, "silver", reason="reached", name=""
    )
    assert address is not None
    return address


def greeting(club: Club, member: Member) -> Address:
    return addresses.greeting(club, scene(club), member.number, "birthday", name="")


def new_year(club: Club, member: Member) -> Address:
    return addresses.new_year(club, scene(club), member.number, 2027, name="")


def recap(club: Club, member: Member) -> Address:
    place = scene(club)
    today = place.programme.shop.business_date(club.now())
    first = today.replace(day=1)
    found = MonthRecap(first, 1, 40, badges_in(member.facts, first))
    return addresses.recap(club, place, member.number, found, {today: 1})


EVERY = [card, shelf, month, badge, rank, greeting, new_year, recap]
Made = Callable[[Club, Member], Address]


def path(address: Address) -> str:
    return address.url.removeprefix("https://club.example.jp")


@pytest.mark.parametrize("make", EVERY)
def test_each_picture_is_as_its_message_says_and_kept_as_long_as_it_is(
    club: Club, make: Made
) -> None:
    address = make(club, visit(club, newcomer(club)))
    answer = browser_of(club).get(path(address))
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    size = Image.open(io.BytesIO(answer.data)).size
    assert size == address.size
    assert address.ratio == f"{size[0]}:{size[1]}"
    assert max(size) <= 1_024
    assert len(address.url) <= 300
    lasts = make in (badge, rank, greeting, new_year, recap)
    assert answer.cache_control.max_age == (FOR_EVER if lasts else 600)
    assert answer.cache_control.immutable is lasts


@pytest.mark.parametrize("make", EVERY)
def test_who_has_a_picture_already_is_told_so(club: Club, make: Made) -> None:
    member = visit(club, newcomer(club))
    asking = browser_of(club)
    first = asking.get(path(make(club, member)))
    again = asking.get(path(make(club, member)), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = asking.get(path(make(club, member)), headers={"If-None-Match": '"another"'})
    assert other.data == first.data
    head = asking.head(path(make(club, member)))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
    assert head.content_length == len(first.data)


def test_the_picture_of_a_card_holds_the_members_code(club: Club) -> None:
    member = newcomer(club)
    answer = browser_of(club).get(path(card(club, member)))
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)).convert("L"))
    assert club.codes.open_card(code.text) == CardCode(member.number, member.issue)


@pytest.mark.parametrize("make", [card, shelf, month])
def test_a_change_brings_another_address_and_the_old_one_shows_the_member_as_they_are(
    club: Club, make: Made
) -> None:
    member = newcomer(club)
    old = make(club, member)
    before = browser_of(club).get(path(old)).data
    new = make(club, visit(club, member))
    assert new.url != old.url
    now = browser_of(club).get(path(new))
    stale = browser_of(club).get(path(old))
    assert stale.data == now.data != before
    assert stale.headers["ETag"] == now.headers["ETag"]
    assert stale.cache_control.max_age == 600
    assert not stale.cache_control.immutable


@pytest.mark.parametrize("make", [card, shelf, month])
def test_the_address_of_a_card_that_counts_no_more_says_so_and_shows_nothing_of_anybody(
    club: Club, make: Made
) -> None:
    member, other = newcomer(club), newcomer(club, key="other")
    first, before = path(make(club, member)), browser_of(club).get(path(make(club, member)))
    with club.work("staff", key="test:3:reissue") as work:
        assert next_issue(work.uow, members.lock(work.uow, member.id)) is None
        member = found(work.uow, member.id)
    closed = browser_of(club).get(first, headers={"If-None-Match": before.headers["ETag"]})
    assert closed.status_code == 200
    assert closed.data not in (before.data, browser_of(club).get(path(make(club, member))).data)
    assert not zxingcpp.read_barcodes(Image.open(io.BytesIO(closed.data)).convert("L"))
    assert closed.cache_control.max_age == 600
    assert not closed.cache_control.immutable
    second = path(make(club, member))
    with club.work("staff", key="test:4:merge") as work:
        assert merge_now(work, MergeRequest(other.id, member.id)).done
    assert browser_of(club).get(second).data == closed.data


def test_an_address_of_before_is_of_the_first_issue(club: Club) -> None:
    member = newcomer(club)
    # "card", as it was made before an address said of which issue it is.
    said = int(member.number).to_bytes(5, "big") + b"0123456789"
    token = Keys(SECRET).picture.encrypt(said, [b"\x01card"])
    old = f"/images/card/1{urlsafe_b64encode(token).decode().rstrip('=')}.jpg"
    [code] = zxingcpp.read_barcodes(
        Image.open(io.BytesIO(browser_of(club).get(old).data)).convert("L")
    )
    assert club.codes.open_card(code.text) == CardCode(member.number, 1)
    with club.work("staff", key="test:3:reissue") as work:
        next_issue(work.uow, members.lock(work.uow, member.id))
    assert not zxingcpp.read_barcodes(
        Image.open(io.BytesIO(browser_of(club).get(old).data)).convert("L")
    )


@pytest.mark.parametrize("make", EVERY)
def test_the_same_state_has_the_same_address(club: Club, make: Made) -> None:
    member = newcomer(club)
    assert make(club, member) == make(club, member)


def test_a_badge_that_the_programme_dropped_is_still_shown_to_who_earned_it(club: Club) -> None:
    address = badge(club, newcomer(club))
    before = browser_of(club).get(path(address)).data
    dropped = with_programme(club, CAFE.replace('id = "first_visit"', 'id = "first_cup"'))
    after = browser_of(dropped).get(path(address))
    assert (after.status_code, after.data) == (200, before)


def test_a_rank_that_the_programme_dropped_is_still_shown(club: Club) -> None:
    address = rank(club, newcomer(club))
    without = CAFE.replace('id = "silver"', 'id = "platinum"').replace('["silver",', '["platinum",')
    assert browser_of(with_programme(club, without)).get(path(address)).status_code == 200


def test_english_speakers_get_an_english_card(club: Club) -> None:
    member = newcomer(club, "en")
    english = card(club, member)
    with club.store.begin() as uow:
        members.set_language(uow, member.id, "ja")
        japanese = card(club, found(uow, member.id))
    assert english.url != japanese.url


@pytest.mark.parametrize("token", ["x", "1", "1abc", "%00", "%F0%9F%8D%8E", "a" * 3_000, "..%2fx"])
@pytest.mark.parametrize("kind", ["card", "badges", "rank", "nothing", "%E3%82%AB"])
def test_an_address_that_is_not_ours_leads_nowhere(club: Club, kind: str, token: str) -> None:
    assert browser_of(club).get(f"/images/{kind}/{token}.jpg").status_code == 404


@pytest.mark.parametrize(
    ("kind", "detail"),
    [
        ("nothing", "x"),
        ("card", "too many details"),
        ("badge", "no_such_badge 2026-01-01 ja x"),
        ("rank", "no_such_rank reached ja x"),
    ],
)
def test_what_no_version_of_ours_draws_leads_nowhere(club: Club, kind: str, detail: str) -> None:
    asked = club.codes.picture_path(PictureAddress(kind, newcomer(club).number, detail))
    assert browser_of(club).get(asked).status_code == 404


def test_a_changed_address_and_an_unknown_number_lead_nowhere(club: Club) -> None:
    whole = path(card(club, newcomer(club)))
    place = whole.index(".jpg") - 5
    forged = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
    assert browser_of(club).get(forged).status_code == 404
    unknown = browser_of(club).get(
        club.codes.picture_path(PictureAddress("card", "0000000000", "x"))
    )
    assert unknown.status_code == 404
    assert unknown.headers["Cache-Control"] == "no-store"


def test_who_was_erased_has_no_picture_any_more(club: Club) -> None:
    member = newcomer(club)
    shown = path(card(club, member))
    assert browser_of(club).get(shown).status_code == 200
    with club.work("staff", key="test:2:erase") as work:
        erase(work, member.id)
    assert browser_of(club).get(shown).status_code == 404


def test_a_shop_without_art_files_is_drawn_without_them(club: Club, tmp_path: Path) -> None:
    text = CAFE.replace("[[stores]]", '[theme]\nlogo = "gone.png"\n\n[[stores]]', 1)
    asked = with_programme(club, text)
    asked.art.folder = tmp_path
    assert browser_of(asked).get(path(card(asked, newcomer(asked)))).status_code == 200


def test_a_barcode_on_the_card_is_drawn_at_another_address(club: Club) -> None:
    member = newcomer(club)
    before = card(club, member)
    with club.store.begin() as uow:
        publish(uow, changed(CAFE, ("\n[points]", JAN)), since=club.now())
    club.programmes.forget()
    after = card(club, member)
    assert after.url != before.url
    assert (before.ratio, after.ratio) == ("1024:682", "1024:860")
    answer = browser_of(club).get(path(after))
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == after.size
    texts = {found.text for found in zxingcpp.read_barcodes(picture.convert("L"))}
    assert with_check_digit(f"21{member.number}") in texts
