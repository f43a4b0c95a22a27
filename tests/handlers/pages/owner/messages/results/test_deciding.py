"""What an owner decides of what messages brought."""

import re
import tomllib

from sqlalchemy import select

from bot.store.history import drafts
from bot.store.tables import journey_decisions
from rules.wording.texts import say
from tests.handlers.clubs import SmallClub
from tests.handlers.commands.messages import Messages
from tests.handlers.pages.owner.messages.results.two_versions import JOURNEY, TWO, counts_all, read
from tests.handlers.pages.staff.conftest import Browser, Desks


def decided(shop: SmallClub) -> list[tuple[str, str | None, str]]:
    row = journey_decisions.c
    with shop.store.read() as uow:
        found = uow.run(select(row.step, row.arm, row.made_by).order_by(row.number)).all()
    return [(each.step, each.arm, each.made_by) for each in found]


def seen(page: str) -> str:
    """What the page of a step shows, as its form says it."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    return found[1] if found else "1 1 b works"


def takes(owner: Browser, step: str, arm: str = "") -> tuple[int, str]:
    """Reads what a step means, and takes it."""
    at = f"/owner/results/{JOURNEY}/{step}"
    page = owner.get(f"{at}?arm={arm}")
    answer = owner.post(at, arm=arm, seen=seen(page.text))
    return answer.status_code, read(page.text + answer.text)


def test_a_test_is_ended_once_and_taken_back(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    status, text = takes(owner, "decided")
    assert status == 303
    assert "比べるのを終えます" in text
    assert decided(shop) == [("decided", "b", "owner")]
    page = read(owner.get("/owner/results?done=decided").text)
    assert say("ja", "owner.results.done.decided") in page
    assert "に、比べるのを終えています" in page
    status, text = takes(owner, "decided")
    assert status == 409
    assert say("ja", "owner.results.moved_on") in text
    assert takes(owner, "undone")[0] == 303
    assert [step for step, *_ in decided(shop)] == ["decided", "undone"]
    assert "に、比べるのを終えています" not in read(owner.get("/owner/results").text)


def test_one_version_goes_to_everybody(shop: SmallClub, messages: Messages, owner: Browser) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    best = re.search(r'class="main-button" href="[^"]*rolled_out\?arm=(\w)"', page)
    assert best is not None
    assert best[1] == "b"
    status, text = takes(owner, "rolled_out", "a")
    assert status == 303
    # As its reader knows it: by its words.
    assert "全員に「a：さくらさん、先日はありがとうございました」をお送りします" in text
    assert decided(shop) == [("rolled_out", "a", "owner")]
    assert takes(owner, "rolled_out", "c")[0] == 409


def test_who_decides_on_what_another_has_changed_is_told_so(
    shop: SmallClub, messages: Messages, desks: Desks, owner: Browser
) -> None:
    counts_all(shop)
    other = desks.signed_in("second", "owner", None)
    at = f"/owner/results/{JOURNEY}/rolled_out"
    old = owner.get(f"{at}?arm=a")
    assert takes(other, "rolled_out", "b")[0] == 303
    late = owner.post(at, arm="a", seen=seen(old.text))
    assert late.status_code == 409
    assert say("ja", "owner.results.moved_on") in read(late.text)
    assert decided(shop) == [("rolled_out", "b", "owner")]


def test_who_decides_on_another_version_is_told_so(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    at = f"/owner/results/{JOURNEY}/rolled_out"
    old = owner.get(f"{at}?arm=a")
    shop.publishes(TWO.replace('kind = "first_visit"', 'kind = "first_visit"\nversion = 2'))
    moved_on = say("ja", "owner.results.moved_on")
    # Before it is counted, and after.
    for _ in range(2):
        late = owner.post(at, arm="a", seen=seen(old.text))
        assert late.status_code == 409
        assert moved_on in read(late.text)
        counts_all(shop)
    assert decided(shop) == []


def test_who_decides_on_figures_that_said_something_else_is_told_so(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    at = f"/owner/results/{JOURNEY}/decided"
    old = owner.get(at)
    assert "1 1 b works" in old.text
    shop.passes(days=1)
    messages.fall_due([("a" if n % 2 else "b", 0.5, n % 2 > 0) for n in range(120)], share=0)
    messages.fall_due([("a" if n % 2 else "b", 0.5, n % 2 > 0) for n in range(120)], share=0)
    counts_all(shop)
    assert owner.post(at, seen=seen(old.text)).status_code == 409
    assert decided(shop) == []


def test_another_version_begins_in_the_draft_and_only_once(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    owner.get("/owner/results")
    for _ in range(2):
        begun = owner.post(f"/owner/results/{JOURNEY}/version", version="1")
        assert begun.status_code == 303
        assert begun.location.endswith(f"/owner/programme/journeys/{JOURNEY}")
    with shop.store.read() as uow:
        draft = drafts.find(uow)
    assert draft is not None
    [entry] = [j for j in tomllib.loads(draft.text)["journeys"] if j["kind"] == JOURNEY]
    assert entry["version"] == 2
    assert owner.post("/owner/results/nothing/version", version="1").status_code == 409


def test_nobody_but_owners_sees_or_decides(shop: SmallClub, desks: Desks) -> None:
    for role in ("staff", "manager"):
        browser = desks.signed_in(f"some-{role}", role, "main")
        assert browser.get("/owner/results").status_code == 403
        at = f"/owner/results/{JOURNEY}/decided"
        assert browser.post(at, seen="1 1 b works").status_code == 403


def test_an_address_of_nothing_leads_nowhere(shop: SmallClub, owner: Browser) -> None:
    assert owner.get("/owner/results/nothing/decided").status_code == 404
    assert owner.get(f"/owner/results/{JOURNEY}/burn").status_code == 404


def test_each_ending_says_in_a_line_what_it_does(
    shop: SmallClub, messages: Messages, owner: Browser
) -> None:
    counts_all(shop)
    page = read(owner.get("/owner/results").text)
    part = page[page.index(f'id="decide-{JOURNEY}"') :].partition("</ul>")[0]
    found = re.findall(r"<li><a[^>]*>(.*?)</a> <span>(.*?)</span></li>", part)
    assert [name for name, _ in found] == [
        "くらべるのを終えて、送り続ける",
        "「a：さくらさん、先日はありがとうございました」を全員に送る",
        "「b：またどうぞ」を全員に送る",
    ]
    assert "2通りをくじ引きで選びます" in found[0][1]
    assert all("この文面だけを送ります" in does for _, does in found[1:])
    assert "くじ引きで100回に10回だけは送りません" in page
