"""Friends invited: who brought whom, and when it counts."""

from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from tests.handlers.chat.conftest import Person, World, taps, words


def friend_with_code(world: World) -> tuple[Person, str]:
    person = world.member("うめ")
    code = words(person.write("紹介")).splitlines()[1]
    return person, code


def test_a_referral_counts_for_both_at_the_friends_first_visit(world: World) -> None:
    sponsor, code = friend_with_code(world)
    before = sponsor.card.facts.balance
    friend = world.stranger("はな")
    welcome = friend.write(f"紹介 {code}")
    assert len(welcome) == 2
    assert "ご紹介" in words(welcome[:1])
    assert friend.card.referred_by == sponsor.card.id
    assert sponsor.card.facts.balance == before
    result = words(friend.check_in())
    assert "お友だち" in result or "ご紹介" in result
    assert friend.card.facts.balance == 50 + 10 + 100
    assert sponsor.card.facts.balance == before + 100
    world.travel(timedelta(days=1))
    friend.check_in()
    assert sponsor.card.facts.balance == before + 100


def test_one_tap_sends_the_invitation_to_a_friend_whatever_the_shop_is_called(world: World) -> None:
    said = world.member().write("紹介")
    share = urlsplit(taps(said)["LINEで送る"])
    assert share.path.endswith("/R/share")
    assert parse_qs(share.query) == {"text": [said[-1]["text"]]}
    link = said[-1]["text"].splitlines()[-1]
    assert unquote(urlsplit(link).query).startswith("紹介 ")
    world.publish(('ja = "通い路珈琲"', f'ja = "{"通い路珈琲" * 20}"'))
    said = world.member().write("紹介")
    share = urlsplit(taps(said)["LINEで送る"])
    assert parse_qs(share.query) == {"text": [said[-1]["text"].splitlines()[-1]]}
    assert "Send on LINE" in taps(world.member("Emma", "en").write("invite"))


def test_a_referral_code_is_not_for_oneself_nor_for_members(world: World) -> None:
    sponsor, code = friend_with_code(world)
    assert "ご自身" in words(sponsor.write(f"紹介 {code}"))
    other = world.member("はな")
    other.check_in()
    assert "ご入会のとき" in words(other.write(f"紹介 {code}"))
    assert other.card.referred_by is None


def test_a_code_sent_just_after_adding_the_account_counts_too(world: World) -> None:
    sponsor, code = friend_with_code(world)
    before = sponsor.card.facts.balance
    friend = world.member("はな")  # adding the account has made them a member already
    assert "受け取りました" in words(friend.write(f"紹介 {code}"))
    assert friend.card.referred_by == sponsor.card.id
    friend.check_in()
    assert sponsor.card.facts.balance == before + 100
    assert "ご入会のとき" in words(friend.write(f"紹介 {code}"))


def test_two_friends_cannot_refer_each_other(world: World) -> None:
    sponsor, code = friend_with_code(world)
    friend, of_friend = friend_with_code(world)
    friend.write(f"紹介 {code}")
    assert "ご入会のとき" in words(sponsor.write(f"紹介 {of_friend}"))
    assert sponsor.card.referred_by is None


def test_a_code_brought_long_after_joining_does_not_count(world: World) -> None:
    _, code = friend_with_code(world)
    friend = world.member("はな")
    world.travel(timedelta(days=8))
    assert "ご入会のとき" in words(friend.write(f"紹介 {code}"))
    assert friend.card.referred_by is None
