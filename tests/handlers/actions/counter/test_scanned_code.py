"""What was scanned: whose it is, and how old."""

from bot.store.members import members
from handlers.actions.counter.extras import Extras
from handlers.actions.counter.scan import holder_and_keeper
from handlers.actions.counter.undo import UndoRequest, undo
from handlers.actions.members.merge import MergeRequest, merge
from handlers.actions.members.reissue import reissue
from handlers.actions.members.transfer import Transfer, transfer
from rules.activity import Purchase
from rules.programme.card import with_check_digit
from tests.handlers.actions.counters import HANA, card_of, flagged, kept, scans
from tests.handlers.clubs import SmallClub
from tests.rules.examples import CAFE, changed
from tests.rules.programme.test_card import JAN


def test_a_card_that_was_replaced_opens_nothing_and_is_flagged(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    old = card_of(cafe, member)
    with cafe.work() as work:
        reissue(work.acting(HANA).under("staff:1"), member)
    scanned = scans(cafe, old, extras=Extras(Purchase(500)))
    assert (scanned.result, scanned.reason) == ("refused", "card_closed")
    assert cafe.member(member).facts.visits == 0
    assert [flag.kind for flag in flagged(cafe)] == ["closed_card"]
    assert scans(cafe, card_of(cafe, member)).result == "checked_in"


def test_a_scan_kept_from_before_the_card_was_replaced_counts(cafe: SmallClub) -> None:
    """Judged when it was made: by what was lost, and moved, and moved back since."""
    member = cafe.joins("OLD")
    before = cafe.passes(hours=1)
    old = card_of(cafe, member)
    cafe.passes(hours=1)
    with cafe.work() as work:
        reissue(work.acting(HANA).under("staff:1"), member)
    after = cafe.passes(minutes=5)
    now = cafe.passes(hours=1)
    late = scans(cafe, old, clocks=kept(after, now))
    assert (late.result, late.reason) == ("refused", "card_closed")
    assert [flag.kind for flag in flagged(cafe)] == ["closed_card"]
    taken = scans(cafe, old, clocks=kept(before, now), extras=Extras(Purchase(500)))
    assert (taken.result, taken.at) == ("checked_in", before)
    assert cafe.member(member).facts.spend == 500
    assert len(flagged(cafe)) == 1
    # A card on the new telephone was never another one's.
    forged = cafe.club.codes.card_code(cafe.member(member).number, 9)
    assert scans(cafe, forged, clocks=kept(before, now)).reason == "card_closed"


def test_a_scan_kept_from_before_a_card_was_moved_or_moved_back_counts(cafe: SmallClub) -> None:
    cafe.publishes(changed(CAFE, ("per_day_max = 1 ", "per_day_max = 3 ")))
    member, new = cafe.joins("OLD"), cafe.joins("NEW")
    before = cafe.passes(hours=1)
    first = card_of(cafe, member)
    cafe.passes(hours=1)
    with cafe.work(HANA, key="staff:t") as work:
        assert transfer(work, Transfer(member, new, "known")).done
    second = card_of(cafe, member)
    between = cafe.passes(hours=1)
    assert scans(cafe, first, clocks=kept(before, cafe.now)).result == "checked_in"
    cafe.passes(hours=1)
    with cafe.work(HANA, key="staff:undo") as work:
        assert undo(work, UndoRequest(member, "staff:t")).done
    cafe.passes(hours=1)
    assert scans(cafe, second).reason == "card_closed"
    assert scans(cafe, second, clocks=kept(between, cafe.now)).result == "checked_in"
    assert cafe.differences(member) == []


def test_the_number_of_a_replaced_card_still_leads_to_its_member(cafe: SmallClub) -> None:
    member = cafe.joins()
    with cafe.work() as work:
        reissue(work.acting(HANA).under("staff:1"), member)
    cafe.passes(hours=1)
    scanned = scans(cafe, cafe.member(member).number)
    assert (scanned.result, scanned.marks) == ("checked_in", ("by_number",))


def test_a_card_merged_into_another_leads_to_the_keeper(cafe: SmallClub) -> None:
    keeper, other = cafe.joins(), cafe.joins()
    cafe.passes(hours=1)
    code = card_of(cafe, other)
    with cafe.work() as work:
        merge(work.acting(HANA).under("staff:1"), MergeRequest(keeper, other))
    cafe.passes(hours=1)
    scanned = scans(cafe, code)
    assert (scanned.result, scanned.member_id) == ("checked_in", keeper)
    assert "merged" in scanned.marks
    assert cafe.differences(keeper) == []


def live_of(cafe: SmallClub, member_id: int) -> str:
    member = cafe.member(member_id)
    return cafe.club.codes.live_card(member.number, member.issue, cafe.now)


def test_a_live_code_says_when_and_is_no_old_one(cafe: SmallClub) -> None:
    member = cafe.joins()
    cafe.passes(hours=1)
    code = live_of(cafe, member)
    assert scans(cafe, code).marks == ()


def test_a_live_code_that_is_too_old_still_says_who_and_is_marked(cafe: SmallClub) -> None:
    member = cafe.joins()
    code = live_of(cafe, member)
    cafe.passes(hours=30)
    scanned = scans(cafe, code)
    assert (scanned.result, scanned.marks) == ("checked_in", ("old_code",))


def test_a_live_code_scanned_without_network_is_judged_by_when_it_was_scanned(
    cafe: SmallClub,
) -> None:
    member = cafe.joins()
    made_at = cafe.passes(hours=1)
    code = live_of(cafe, member)
    sent_at = cafe.passes(hours=5)
    assert scans(cafe, code, clocks=kept(made_at, sent_at)).marks == ("late",)


def test_a_slip_is_known_for_one(cafe: SmallClub) -> None:
    assert scans(cafe, "7K2-M9Q-XDF").reason == "slip"


def test_who_scans_a_merged_card_waits_for_its_keeper_alone(cafe: SmallClub) -> None:
    keeper, other = cafe.joins(), cafe.joins()
    with cafe.work() as work:
        merge(work.acting(HANA).under("staff:1"), MergeRequest(keeper, other))
    number = cafe.member(other).number
    if cafe.store.is_sqlite:
        return  # one writer at a time: nobody waits in a circle
    with cafe.store.begin() as elsewhere:
        members.lock(elsewhere, other)
        with cafe.work() as work:
            cards = holder_and_keeper(work.uow, number)
    assert cards is not None
    assert [each.id for each in cards] == [other, keeper]


def jan_of(cafe: SmallClub, member_id: int, prefix: str = "21") -> str:
    return with_check_digit(prefix + cafe.member(member_id).number)


def test_a_cards_barcode_means_its_number(cafe: SmallClub) -> None:
    cafe.publishes(changed(CAFE, ("\n[points]", JAN)))
    member = cafe.joins()
    cafe.passes(hours=1)
    jan = jan_of(cafe, member)
    first = scans(cafe, f"]E0{jan}\r", extras=Extras(Purchase(500)))
    assert (first.result, first.marks) == ("checked_in", ("by_number",))
    # A Code 128 says the number alone, with what a scanner may put before it.
    again = scans(cafe, f"]C0{cafe.member(member).number}")
    assert (again.result, again.reason) == ("not_counted", "visited_today")
    assert cafe.member(member).facts.spend == 500


def test_a_barcode_printed_under_an_earlier_programme_stays_a_card(cafe: SmallClub) -> None:
    cafe.publishes(changed(CAFE, ("\n[points]", JAN)))
    member = cafe.joins()
    old = jan_of(cafe, member)
    for text in (changed(CAFE, ("\n[points]", JAN.replace("21", "27"))), CAFE):
        cafe.passes(days=1)
        cafe.publishes(text)
        assert scans(cafe, old).result == "checked_in"
    # Of a prefix that none of them had it is a shop's, and of no card.
    assert scans(cafe, jan_of(cafe, member, "23")).reason == "in_store"


def test_what_is_no_cards_barcode_is_told_for_what_it_is(cafe: SmallClub) -> None:
    cafe.publishes(changed(CAFE, ("\n[points]", JAN)))
    member = cafe.joins()
    right = jan_of(cafe, member)
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    told = {
        "4569951110016": "goods",
        "49968712": "goods",
        wrong: "mistyped",
        # The label of a scale: below the right prefix, but no card's number.
        with_check_digit("210000012345"): "in_store",
        # Nobody's number.
        with_check_digit("219000000019"): "no_member",
    }
    assert {code: scans(cafe, code).reason for code in told} == told
    assert cafe.member(member).facts.visits == 0


def test_without_a_barcode_in_any_programme_none_is_a_card(cafe: SmallClub) -> None:
    member = cafe.joins()
    assert scans(cafe, jan_of(cafe, member)).reason == "in_store"
    assert cafe.member(member).facts.visits == 0
