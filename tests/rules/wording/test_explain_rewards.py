import pytest

from tests.rules.examples import cafe, least
from tests.rules.explaining.test_explain import sentences


@pytest.mark.parametrize(
    ("kind", "ja", "en"),
    [
        (
            "coupon",
            "「品」は、30ポイントでクーポンと交換できます。",
            "“It”: a coupon for 30 points.",
        ),
        ("gift", "「品」を、30ポイントで差し上げます。", "“It”: yours for 30 points."),
        ("free_shipping", "「品」は、30ポイントでお使いいただけます。", "“It”: for 30 points."),
        ("sample", "「品」を、30ポイントでお試しいただけます。", "“It”: try it for 30 points."),
        ("money_off", "「品」は、30ポイントでお使いいただけます。", "“It”: for 30 points."),
        ("charity", "30ポイントで「品」ができます。", "“It”: give 30 points."),
    ],
)
def test_a_reward_says_what_it_costs(kind: str, ja: str, en: str) -> None:
    reward = f'[[rewards]]\nid = "r"\nname = {{ ja = "品", en = "It" }}\nkind = "{kind}"'
    shop = least(reward, "cost = 30\nvalue_yen = 100")

    assert sentences(shop, "rewards", "ja") == (ja,)
    assert sentences(shop, "rewards", "en") == (en,)


def test_a_reward_says_for_whom_when_and_how_often() -> None:
    more = "cost = 100\nstarts = 2027-01-01\nends = 2027-03-31\nmin_purchase_yen = 1200\n"
    shop = cafe(("cost = 100\nvalue_yen = 150\n", f"{more}value_yen = 150\n"))

    assert sentences(shop, "rewards", "ja")[5] == (
        "「試作ブレンドのお試しパック」を、100ポイントでお試しいただけます。"
        "1,200円以上のお買い物が対象です。シルバーファン・ゴールドファンの方限定です。"
        "期間は2027年1月1日から2027年3月31日までです。お一人さま3回まで。"
    )
