"""What staff do on a member's page: receipts as people type them at a busy counter, and SMS that
are agreed to in words read out there."""

from datetime import timedelta

import pytest

from bot.sms import SmsDoor
from bot.store.members import consents
from tests.handlers.pages.staff.conftest import Browser, Desks
from tests.handlers.pages.staff.counters import Counter, counter_of
from tests.handlers.pages.staff.members.test_members import KEY, card, sends, somebody


def test_a_mistyped_tax_earns_nothing_rather_than_too_much(desks: Desks, staff: Browser) -> None:
    number = somebody(desks, "U1")
    brought = {"on": desks.club.now().date().isoformat(), "receipt": "7", "yen": "1100"}
    path = f"/staff/members/{number}/receipt"
    assert "金額" in sends(staff, path, 1, **brought, tax="百円").text
    assert card(desks, number).facts.spend == 0


@pytest.mark.parametrize("wrong", [{"on": ""}, {"on": "きのう"}, {"receipt": ""}])
def test_a_receipt_without_its_date_or_number_is_not_taken_for_todays(
    desks: Desks, staff: Browser, wrong: dict[str, str]
) -> None:
    number = somebody(desks, "U1")
    brought = {"on": "2026-01-01", "receipt": "7", "yen": "1100"} | wrong
    page = sends(staff, f"/staff/members/{number}/receipt", 1, **brought).text
    assert "日付と番号" in page
    assert card(desks, number).facts.spend == 0


@pytest.mark.parametrize("again", ["００４２-a", "0042-A ", "0042 A", "0042A"])
def test_a_receipt_that_was_scanned_does_not_earn_again_in_other_letters(
    desks: Desks, again: str
) -> None:
    counter: Counter = counter_of(desks)
    member, club = counter.joins(), desks.club
    counter.scans(member, amount=1_000, receipt="0042-A")
    assert counter.member(member.id).facts.spend == 1_000
    shop = club.timeline().at(club.now()).programme.shop
    today = shop.business_date(club.now())
    path = f"/staff/members/{member.number}/receipt"
    brought = {"on": today.isoformat(), "receipt": again, "yen": "1000"}
    assert "もうポイントがついています" in sends(counter.browser, path, 1, **brought).text
    other = brought | {"on": (today - timedelta(days=1)).isoformat()}
    assert "つけました" in sends(counter.browser, path, 2, **other).text


def test_after_midnight_a_receipt_of_today_is_one_and_earns_once(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = desks.club.timeline().latest.programme.shop
    here = shop.local(desks.club.now())
    night = (here + timedelta(days=1)).replace(hour=1, minute=30)
    ahead = night - here
    monkeypatch.setattr(desks.club.clock, "_offset", lambda: ahead)
    counter: Counter = counter_of(desks)
    member, printed = counter.joins(), night.date().isoformat()
    assert shop.business_date(desks.club.now()) == night.date() - timedelta(days=1)
    counter.scans(member, amount=1_000, receipt="0233")
    path = f"/staff/members/{member.number}/receipt"
    brought = {"on": printed, "receipt": "0233", "yen": "1000"}
    assert "もうポイントがついています" in sends(counter.browser, path, 1, **brought).text
    assert "つけました" in sends(counter.browser, path, 2, **brought | {"receipt": "0234"}).text
    ahead += timedelta(hours=8)
    assert "もうポイントがついています" in sends(counter.browser, path, 3, **brought).text
    # The till has begun anew since, and comes to that number again.
    counter.scans(member, amount=1_000, receipt="0233")
    assert counter.member(member.id).facts.spend == 3_000


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("1-23", "12-3", False),
        ("0012-0034", "0012ー0034", True),
        ("0012-0034", "００１２ 0034", True),
        ("0012-0034", "00120034", True),
        ("00120034", "0012-0034", True),
        ("1-23", "123", True),
    ],
)
def test_a_hyphen_tells_two_receipts_apart_by_where_it_stands(
    desks: Desks, first: str, second: str, same: bool
) -> None:
    counter: Counter = counter_of(desks)
    member = counter.joins()
    counter.scans(member, amount=1_000, receipt=first)
    shop = desks.club.timeline().latest.programme.shop
    today = shop.business_date(desks.club.now()).isoformat()
    path = f"/staff/members/{member.number}/receipt"
    said = sends(counter.browser, path, 1, on=today, receipt=second, yen="1000").text
    assert ("もうポイントがついています" in said) == same
    assert ("つけました" in said) != same


@pytest.fixture
def texting(desks: Desks) -> Browser:
    """Somebody of the staff, in a club that can send SMS."""
    object.__setattr__(desks.club, "sms", SmsDoor("AC", "t", "KAYOI", "http://127.0.0.1:9"))
    return desks.signed_in("midori")


def _agreed(desks: Desks, number: str) -> list[consents.Consent]:
    with desks.club.store.read() as uow:
        member = card(desks, number)
        found = consents.of(uow, member.id)
    return [each for each in found if each.kind == consents.SMS]


def test_an_agreement_is_noted_with_its_words_and_taken_back(
    desks: Desks, texting: Browser
) -> None:
    number = somebody(desks)
    path = f"/staff/members/{number}"
    assert "SMSでのお知らせ" not in texting.get(path).text
    sends(texting, f"{path}/profile", 1, name="石井遥", phone="090-1234-5678")
    page = texting.get(path).text
    legal = desks.club.timeline().latest.programme.shop.legal_name
    assert legal in page
    sends(texting, f"{path}/sms", 2, agrees="1")
    [agreed] = _agreed(desks, number)
    assert agreed.channel == "counter"
    assert legal in agreed.wording
    assert "同意をいただいています" in texting.get(path).text
    sends(texting, f"{path}/sms", 3, agrees="0")
    with desks.club.store.read() as uow:
        assert consents.sms_agreed_at(uow, card(desks, number).id) is None
    assert [line.action for line in desks.logged()][-2:] == ["sms_agree", "sms_stop"]


def test_a_new_member_is_asked_on_the_form_for_the_card(desks: Desks, texting: Browser) -> None:
    legal = desks.club.timeline().latest.programme.shop.legal_name
    assert legal in texting.get("/staff/members/new").text
    typed = {"name": "石井遥", "agreed": "1", "key": KEY.format(1)}
    refused = texting.post("/staff/members/new", sms="1", **typed)
    assert refused.status_code == 400
    assert "読み取れませんでした" in refused.text
    typed["key"] = KEY.format(2)
    made = texting.post("/staff/members/new", sms="1", phone="090-1234-5678", **typed)
    number = texting.card_at(made.location)
    [agreed] = _agreed(desks, number)
    assert (agreed.channel, legal in agreed.wording) == ("counter", True)
    typed["key"] = KEY.format(3)
    quiet = texting.post("/staff/members/new", phone="090-1234-5679", **typed)
    assert _agreed(desks, texting.card_at(quiet.location)) == []


def test_a_club_without_sms_asks_nobody(desks: Desks) -> None:
    browser = desks.signed_in("midori")
    assert "SMS" not in browser.get("/staff/members/new").text
    made = browser.post(
        "/staff/members/new", name="石井遥", agreed="1", sms="1", phone="090-1234-5678",
        key=KEY.format(1),
    )  # fmt: skip
    assert made.status_code == 303
    assert _agreed(desks, browser.card_at(made.location)) == []


def test_without_a_number_there_is_nothing_to_agree_to(desks: Desks, texting: Browser) -> None:
    number = somebody(desks)
    told = sends(texting, f"/staff/members/{number}/sms", 1, agrees="1")
    assert "読み取れませんでした" in told.text
    assert _agreed(desks, number) == []
