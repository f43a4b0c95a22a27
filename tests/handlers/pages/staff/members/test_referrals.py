"""Who brings friends, as those who manage see it."""

from bot.store.members import members, profiles
from bot.store.members.profiles import Profile
from tests.handlers.pages.staff.conftest import Desks
from tests.handlers.pages.staff.counter.test_today import joins
from tests.handlers.pages.staff.counters import counter_of


def brings(desks: Desks, referrer: int, name: str, n: int) -> int:
    friend = joins(desks.club, name, f"U{n}" + "0" * 30)
    with desks.club.store.begin() as uow:
        members.set_referred_by(uow, friend, referrer)
    return friend


def test_those_who_bring_the_most_come_first_with_what_is_worth_a_look(desks: Desks) -> None:
    boss = desks.signed_in("tencho", "manager")
    assert "ご紹介は、まだありません" in boss.get("/staff/referrals").text
    sakura, momo = joins(desks.club, "さくら"), joins(desks.club, "もも", "U" + "5" * 32)
    friends = [brings(desks, sakura, f"友だち{n}", n) for n in (6, 7, 8)]
    brings(desks, momo, "うめ", 9)
    with desks.club.store.begin() as uow:
        for card in (sakura, friends[0]):
            profiles.put(uow, card, Profile(phone="+819012345678"), at=desks.club.now())
    page = boss.get("/staff/referrals").text
    assert page.index("さくら様") < page.index("もも様")
    first, second = page.split("<article")[1:]
    assert "ご入会 3名" in first
    assert "同じ電話番号" in first
    assert "3名以上が続けて入会" in first
    assert "自動で止めることはありません" in first
    assert "念のため" not in second
    # It is noted who looked, and nobody of the counter needs it.
    assert "referrals_seen" in [each.action for each in desks.logged()]
    assert counter_of(desks).browser.get("/staff/referrals").status_code == 403
    # Owners are led here from their console, and find back.
    way_back = '<p class="back"><a href="/owner/">'
    assert way_back in desks.signed_in("boss", "owner", None).get("/staff/referrals").text
    assert way_back not in page
