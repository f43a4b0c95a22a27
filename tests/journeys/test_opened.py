"""How many opened a broadcast: LINE counts, the owner reads it the day after."""

import html
import re
from typing import Any
from urllib.parse import unquote

from handlers.jobs.broadcasts.queue import run_if_due
from handlers.jobs.clockwork import Clockwork
from handlers.jobs.delivery.line import Delivery
from tests.handlers.pages.owner.messages.test_broadcasts import sends_now
from tests.journeys.test_broadcast import WORDS, signs_in
from tests.journeys.town import Customer, Town


def looks(town: Town, customer: Customer) -> None:
    """Opens the chat, as the simulator's page does."""
    newest = town.simulator.lines(customer.user_id)[-1].id
    posts(town, "/simulator/page/seen", {"user": customer.user_id, "line": str(newest)})


def opens_the_link(town: Town, customer: Customer, link: str) -> None:
    posts(town, "/simulator/page/tapped", {"user": customer.user_id, "uri": link})


def posts(town: Town, path: str, body: dict[str, str]) -> None:
    origin = town.club.base_url
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    answer = town.http.post(path, json=body, headers=headers, base_url=origin)
    assert answer.status_code == 200, answer.text


def links(part: Any) -> list[str]:
    """Where buttons lead."""
    if isinstance(part, dict):
        found = [str(part["uri"])] if "uri" in part else []
        return found + [link for each in part.values() for link in links(each)]
    return [link for each in part for link in links(each)] if isinstance(part, list) else []


def cells(page: str) -> list[str]:
    """What stands in the row of LINE's figures."""
    table = page[page.index("LINEの集計") :]
    row = table[table.index("<tbody>") : table.index("</tbody>")]
    return [html.unescape(each) for each in re.findall(r"<td>([^<]*)</td>", row)]


def test_the_day_after_the_owner_reads_how_many_opened_it(cafe: Town) -> None:
    people = [cafe.newcomer(f"友{n}") for n in range(25)]
    for each in people:
        each.follows()
    console = signs_in(cafe)
    console.get("/owner/broadcasts/new")
    words = {key: value for key, value in WORDS.items() if key != "whom.ranks"}
    words |= {
        "body.ja": "どうぞ。",
        "button.leads": "link",
        "button.link": "https://example.jp/beans",
    }
    form = {"csrf_token": console.csrf, **words}
    at = console.client.post("/owner/broadcasts/new", data=form).headers["Location"]
    at = unquote(at).partition("?")[0]
    assert "LINEの集計" not in console.get(at).text
    assert sends_now(console, at, revision="1").status_code == 303
    run_if_due(cafe.club)
    Delivery(cafe.club).deliver_due()
    assert cells(console.get(at).text) == ["25人", "あす分かります", "あす分かります"]
    for each in people[:22]:
        looks(cafe, each)
    [link, *_] = links(people[0].reads().messages)
    opens_the_link(cafe, people[0], link)
    clockwork = Clockwork(cafe.club)
    clockwork.tick()
    assert cells(console.get(at).text)[1] == "あす分かります", "no figure that is half told"
    cafe.skips(days=1)
    clockwork.tick()
    assert cells(console.get(at).text) == ["25人", "22人（88%）", "20人未満"]
