from rules.base import Lang, LocalText
from rules.explaining.explain import explain
from rules.explaining.explain_journeys import journey_name, own_name
from rules.journeys.parts import Arm
from rules.journeys.programme import journeys_of
from rules.programme.programme import Programme
from rules.wording.words import Words
from tests.rules.examples import CAFE, GYM, cafe, programme
from tests.surveys import ASKING, SURVEYS


def test_a_journey_with_an_id_of_its_own_is_known_by_what_it_is_about() -> None:
    asked = programme(CAFE + SURVEYS + ASKING)
    headed = cafe(('kind = "lapsed"', 'id = "long_gone"\nkind = "lapsed"'))
    words = Words(asked, "ja")
    title = words.name(found.title) if (found := asked.survey("visit")) else ""
    [thanks] = [each for each in journeys_of(asked) if each.id == "thanks"]
    assert own_name(words, thanks) == journey_name(words, "thanks")
    assert own_name(words, thanks).endswith(f" ({title})")
    [gone] = [each for each in journeys_of(headed) if each.id == "long_gone"]
    heading = Arm(id="a", title=LocalText(ja="お元気ですか"))
    said = own_name(Words(headed, "ja"), gone.model_copy(update={"arms": (heading,)}))
    assert said.endswith(" (お元気ですか)")


def test_members_are_not_told_what_comes_to_those_who_stay_away() -> None:
    assert "journeys" not in [section.name for section in explain(cafe(), "ja")]


def test_a_journey_is_told_with_its_gift_and_its_test() -> None:
    lapsed = next(s for s in _journeys(cafe(), "ja") if "60" in s)
    assert lapsed == (
        "60・90日お越しがないときに、ご案内をお送りします。そのあとは送りません。"
        "もともと間隔の長い方には、そのぶん遅くなります。"
        "次のご来店で「おかえりなさいの焼き菓子」を差し上げます（30日以内）。2通りのお知らせで比べます。"
        "効き目が決まるまでは30%の方に送らずに比べ、決まってからは10%の方だけにします。"
        "LINEが届かない方には、同意をいただいていればSMSでお送りします。"
    )


def test_where_as_few_are_held_back_as_after_a_decision_one_share_is_said() -> None:
    few = cafe(('kind = "lapsed"', 'kind = "lapsed"\nholdout = 0.05'))
    (told,) = [s for s in _journeys(few, "en") if "without a visit" in s]
    assert "5 % get nothing, to see the effect." in told
    (told,) = [s for s in _journeys(cafe(), "en") if "without a visit" in s]
    assert "30 % get nothing, to see the effect; once that is decided, 10 %." in told


def test_an_arm_for_some_says_for_whom() -> None:
    arms = (
        'arms = [{ id = "all" }, { id = "regulars", visits_min = 10, ranks = ["silver", "gold"] },'
        ' { id = "new", visits_max = 1, languages = ["ja", "en"] }]\nkind = "one_short" '
    )
    shop = cafe(('kind = "one_short" ', arms))
    (told,) = [s for s in _journeys(shop, "ja") if "「regulars」" in s]
    assert (
        "「regulars」は、シルバーファン・ゴールドファンで、ご来店10回以上の方だけにお送りします。"
    ) in told
    assert "「new」は、日本語・英語をお使いで、ご来店1回までの方だけにお送りします。" in told
    (told,) = [s for s in _journeys(shop, "en") if "“regulars”" in s]
    assert "and came 10 times or more." in told
    assert "“new” goes only to those who read Japanese and English and came once at most." in told


def test_a_journey_for_those_who_rest_says_so() -> None:
    assert any("For members who are paused." in s for s in _journeys(programme(GYM), "en"))
    lapsed, resting = (s for s in _journeys(programme(GYM), "en") if "without a visit" in s)
    assert ("As much later for who comes rarely." in lapsed, "As much" in resting) == (True, False)
    assert any("by SMS" in s for s in _journeys(programme(GYM), "en"))


def _journeys(shop: Programme, lang: Lang) -> tuple[str, ...]:
    sections = explain(shop, lang, hidden=True)
    return next(section.sentences for section in sections if section.name == "journeys")
