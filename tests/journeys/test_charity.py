"""Points given to a good cause: the total is told, and so is what was handed over."""

from datetime import timedelta

from bot.store.history import programs
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Customer, Town
from tests.rules.examples import CAFE, changed


def gives(customer: Customer) -> None:
    customer.taps("do=give&reward=donation")
    customer.taps("do=give&reward=donation&yes=1")


def charity(town: Town, *words: str, ok: bool = True) -> str:
    result = town.http.application.test_cli_runner().invoke(args=["charity", *words])
    assert (result.exit_code == 0) == ok, result.output
    said: str = result.output
    return said


def test_the_total_and_what_was_handed_over_are_told(shop: Town, counter: Counter) -> None:
    sakura, momo = (shop.newcomer(name) for name in ("さくら", "もも"))
    for each in (sakura, momo):
        each.follows()
        each.opens(shop.counter_link())
    so_far = "これまでに、皆さまから"
    assert so_far not in sakura.writes("特典")
    gives(sakura)
    gives(sakura)
    gives(momo)
    assert sakura.member.facts.balance < 50
    assert f"{so_far}2回・100円をお預かりしました" in momo.writes("特典")

    manager = counter.desks.signed_in("kato", "manager")
    assert "お預かりした合計：2回・100円" in manager.get("/staff/charity").text
    day = shop.today()
    handed = {"reward": "donation", "yen": "１００円", "recipient": "子ども<食堂", "on": str(day)}
    wrong = (
        ("charity_yen", {"yen": "0"}),
        ("charity_whom", {"recipient": " "}),
        ("charity_day", {"on": str(day + timedelta(days=1))}),
        ("charity_day", {"on": "いつか"}),
        ("charity_unknown", {"reward": "off_100"}),
    )
    for n, (no, change) in enumerate(wrong):
        refused = manager.post("/staff/charity", key=f"w{n}", **{**handed, **change})
        assert refused.headers["Location"].endswith(f"no={no}")
    for _ in range(2):
        manager.post("/staff/charity", key="k1", receipt="A-17", **handed)
    told = f"{day.month}月{day.day}日に子ども<食堂へ100円をお渡ししました"
    assert told in sakura.writes("特典")
    public = shop.http.get("/programme")
    assert told.replace("<", "&lt;") in public.text
    assert "charity: given" not in public.text
    # By command too; a mistake is taken back, once.
    assert "given 2 time(s), ¥100; handed over ¥100" in charity(shop, "list")
    charity(shop, "hand-over", "donation", "30", "緑の基金", "--on", "2037-10-01")
    assert "receipt A-17" in charity(shop, "list")
    assert "2. 2037-10-01  ¥30  緑の基金" in charity(shop, "list")
    assert manager.post("/staff/charity/1/back", key="b1").headers["Location"].endswith("=back")
    gone = manager.post("/staff/charity/1/back", key="b2").headers["Location"]
    assert gone.endswith("no=charity_gone")
    assert "not there any more" in charity(shop, "take-back", "1", ok=False)
    assert "食堂へ" not in sakura.writes("特典").text.replace("子ども食堂へ50円の寄付", "")
    assert "10月1日に緑の基金へ30円をお渡ししました" in momo.writes("特典")
    assert shop.adds_up()


def publishes(town: Town, text: str) -> None:
    with town.club.store.begin() as uow:
        programs.publish(uow, text, since=town.club.now())
    town.club.programmes.forget()
    town.skips(days=0.0001)


def test_what_was_given_stays_what_it_was_and_is_handed_over_though_the_cause_has_ended(
    shop: Town, counter: Counter
) -> None:
    sakura, momo = (shop.newcomer(name) for name in ("さくら", "もも"))
    for each in (sakura, momo):
        each.follows()
        each.opens(shop.counter_link())
    publishes(shop, changed(CAFE, ("cost = 50\nvalue_yen = 50", "cost = 50\nvalue_yen = 30")))
    gives(sakura)
    publishes(shop, CAFE)
    so_far = "これまでに、皆さまから"
    assert f"{so_far}1回・30円をお預かりしました" in sakura.writes("特典")
    gives(momo)
    assert f"{so_far}2回・80円をお預かりしました" in sakura.writes("特典")

    whole = CAFE.partition('[[rewards]]\nid = "donation"')[2].partition("\n\n")[0]
    publishes(shop, CAFE.replace(f'[[rewards]]\nid = "donation"{whole}', ""))
    manager = counter.desks.signed_in("kato", "manager")
    assert "お預かりした合計：2回・80円" in manager.get("/staff/charity").text
    handed = {"reward": "donation", "yen": "80", "recipient": "こども食堂", "on": str(shop.today())}
    done = manager.post("/staff/charity", key="k1", **handed).headers["Location"]
    assert done.endswith("=handed")
    assert "こども食堂へ80円をお渡ししました" in shop.http.get("/programme").text
    assert shop.adds_up()
