from rules.base import Lang
from rules.explaining.explain import explain
from rules.programme.programme import Programme
from tests.rules.examples import GYM, cafe, programme


def test_members_are_not_told_what_comes_to_those_who_stay_away() -> None:
    assert "journeys" not in [section.name for section in explain(cafe(), "ja")]


def test_a_journey_is_told_with_its_gift_and_its_test() -> None:
    lapsed = next(s for s in _journeys(cafe(), "ja") if "60" in s)
    assert lapsed == (
        "60・90日お越しがないときに、ご案内をお送りします。そのあとは送りません。"
        "もともと間隔の長い方には、そのぶん遅くなります。"
        "次のご来店で「おかえりなさいの焼き菓子」を差し上げます（30日以内）。文面は2通りで比べます。"
        "30%の方には送らず、効果を確かめます。"
        "LINEが届かない方には、同意をいただいていればSMSでお送りします。"
    )


def test_a_journey_for_those_who_rest_says_so() -> None:
    assert any("For members who are paused." in s for s in _journeys(programme(GYM), "en"))
    lapsed, resting = (s for s in _journeys(programme(GYM), "en") if "without a visit" in s)
    assert ("As much later for who comes rarely." in lapsed, "As much" in resting) == (True, False)
    assert any("by SMS" in s for s in _journeys(programme(GYM), "en"))


def _journeys(shop: Programme, lang: Lang) -> tuple[str, ...]:
    sections = explain(shop, lang, hidden=True)
    return next(section.sentences for section in sections if section.name == "journeys")
