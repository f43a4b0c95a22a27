"""A customer becomes a regular: the main journey, from adding the account to a rank and back."""

from datetime import timedelta

from rules.shop import Shop, days, next_month
from tests.journeys.town import Customer, Town


def _shop(town: Town) -> Shop:
    return town.club.timeline().latest.programme.shop


def _open_days(town: Town, count: int) -> list[int]:
    """How many days from today the next open days of this month are, tomorrow on."""
    shop, today = _shop(town), town.today()
    tomorrow = today + timedelta(days=1)
    return [(d - today).days for d in days(tomorrow, next_month(today)) if shop.is_open(d)][:count]


def _comes(town: Town, customer: Customer) -> str:
    return customer.opens(town.counter_link()).text


def test_a_newcomer_gets_a_card_checks_in_and_becomes_bronze(cafe: Town) -> None:
    sakura = cafe.newcomer("さくら")
    welcome = sakura.follows()
    assert "さくらさん" in welcome
    assert sakura.member.facts.balance > 0

    first = _comes(cafe, sakura)
    assert "あと" in first
    ladder = cafe.club.timeline().latest.programme.ranks
    assert ladder is not None
    bronze = ladder.steps[0]
    gaps = _open_days(cafe, bronze.at - 1)
    start = cafe.today()
    for gap in gaps:
        cafe.travels_to_day(start + timedelta(days=gap))
        answer = _comes(cafe, sakura)
    assert bronze.name.ja in answer
    assert sakura.member.facts.rank.id == bronze.id
    assert bronze.name.ja in sakura.writes("カード")
    assert cafe.adds_up()


def test_a_second_visit_on_the_same_day_is_kindly_refused_and_says_when(cafe: Town) -> None:
    sakura = cafe.newcomer()
    sakura.follows()
    _comes(cafe, sakura)
    before = sakura.member.facts
    again = _comes(cafe, sakura)
    assert sakura.member.facts == before
    assert "あすから" in again


def test_a_code_sent_too_late_does_not_count(cafe: Town) -> None:
    sakura = cafe.newcomer()
    sakura.follows()
    link = cafe.counter_link()
    cafe.travels(days=0.02)
    sakura.opens(link)
    assert sakura.member.facts.visits == 0


def test_who_scans_before_joining_gets_the_card_and_the_visit_at_once(cafe: Town) -> None:
    ken = cafe.newcomer("Ken", language="en")
    cafe.simulator.add_account(ken.user_id, "Ken", "en", follows=True)
    said = ken.opens(cafe.counter_link())
    assert ken.member.facts.visits == 1
    assert "Ken" in said


def test_a_rank_is_lost_after_warning_and_grace_and_comes_back_with_one_visit(cafe: Town) -> None:
    sakura = cafe.newcomer()
    sakura.follows()
    ladder = cafe.club.timeline().latest.programme.ranks
    assert ladder is not None
    start = cafe.today()
    _comes(cafe, sakura)
    for gap in _open_days(cafe, ladder.steps[0].at - 1):
        cafe.travels_to_day(start + timedelta(days=gap))
        _comes(cafe, sakura)
    assert sakura.member.facts.rank.id == "bronze"
    sakura.reads()

    # The month of the rank was met; the grace months fall short; then the rank goes.
    month = next_month(start)
    for _ in range(ladder.grace_periods + 1):
        month = next_month(month)
    cafe.skips_to_day(month - timedelta(days=9))
    cafe.travels_to_day(month)
    pushed = sakura.reads()
    assert ladder.steps[0].name.ja in pushed
    assert sakura.member.facts.rank.id is None
    assert sakura.member.facts.rank.lost == "bronze"

    assert ladder.revival is not None
    assert ladder.revival.visits == 1
    day = next(d for d in days(month, next_month(month)) if _shop(cafe).is_open(d))
    cafe.travels_to_day(day)
    assert ladder.steps[0].name.ja in _comes(cafe, sakura)
    assert sakura.member.facts.rank.id == "bronze"
    assert cafe.adds_up()
