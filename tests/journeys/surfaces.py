"""Everything that shows a member, read as they or the staff read it: what it says, by subject.

Nothing here asks what the club knows. Two places that say different things of one subject
contradict each other.
"""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from urllib.parse import urlsplit

from bot.store.members import members
from handlers.showing.card_links import card_link
from images.banner import BannerPicture
from images.calendar import CalendarPicture
from images.card import CardPicture
from images.shelf import ShelfPicture
from tests.handlers.pages.staff.conftest import Browser
from tests.journeys.bubbles import Json, bars_of, block_lines, lines_of, picture_of
from tests.journeys.said import BARS, Said
from tests.journeys.sentences import Reader, Sentence, ids, month_day, number
from tests.journeys.town import Customer, Town

#: A bar in the chat is at least so full once it has begun, and its width is cut to whole percents.
_BAR_MIN = 4
#: What the head of a reward may say of how it stands.
_STATES = (
    "chat.rewards.promised", "chat.rewards.held", "chat.rewards.ready", "chat.rewards.give_now",
    "reward.points_missing", "reward.for_ranks", "reward.used_up", "reward.no_stock",
    "reward.given", "reward.waits", "reward.reserved",
)  # fmt: skip
_UNTIL = "chat.rewards.until"
#: What a member may ask for in the chat about themselves.
MATTERS = ("card", "rank", "points", "rewards")
EVERYTHING = (*MATTERS, "badges", "history", "my_data")


@dataclass(repr=False)
class Look:
    """One look at a member, from everywhere."""

    town: Town
    customer: Customer | None
    number: str
    said: Said

    @property
    def reader(self) -> Reader:
        return self.said.reader

    @property
    def points_name(self) -> str:
        return self.reader.programme.points.name.in_(self.reader.lang)

    def rank(self, where: str, name: str) -> None:
        known = ids(self.reader.programme)
        assert name in known, (where, name)
        self.said.says(where, "rank", known[name])

    # ── The chat ──

    def chat(self, whats: Iterable[str] = EVERYTHING) -> None:
        if self.customer is None:
            return
        self.customer.reads()
        for what in whats:
            for message in self.customer.taps(f"do={what}").messages:
                if self._has_left(message):
                    return
                getattr(self, f"_{what}")(message)
                self._pictured(what, message)

    def _has_left(self, message: Json) -> bool:
        """Whether it is what somebody who left hears, whatever they ask."""
        lines = lines_of(message)
        if not self.reader.read(lines[0], "chat.membership.closed_title"):
            return False
        found = self.reader.read(lines[1], "chat.membership.closed")
        assert found is not None
        self.said.says("the open door", "points", number(found.named["points_left"]))
        return True

    def _pictured(self, where: str, message: Json) -> None:
        drawing = picture_of(self.town.club, message)
        where = f"{where}'s picture"
        match drawing.view if drawing else None:
            case CardPicture() as card:
                self.said.says(where, "points", number(card.points))
                self.rank(where, card.rank)
                self.said.line(where, card.step)
                self.said.says(where, "stars", card.tier)
                percent = None if card.progress is None else int(card.progress * 100)
                self.said.says(where, "bar's width", percent)
            case BannerPicture() as banner:
                self.rank(where, banner.rank)
                found = self.reader.read(banner.headline, "picture")
                self.said.says(where, "climb", found and found.key.rsplit("_", 1)[1])
            case CalendarPicture() as calendar:
                self.said.says(where, "visits of the month", number(calendar.figure))
                seen = sum(day.visits for week in calendar.weeks for day in week)
                self.said.says(f"{where}'s days", "visits of the month", seen)
            case ShelfPicture() as shelf:
                had, _, of = shelf.figure.partition(" / ")
                self.said.says(where, "badges", int(had))
                self.said.says(where, "badges to see", int(of))

    def _card(self, message: Json) -> None:
        """What stands below the picture; the picture's own words are read off it."""
        _, figure, *rest = lines_of(message)
        self.said.says("card", "visits of the month", number(figure))
        for name, line in pairwise(rest):
            reward = ids(self.reader.programme).get(name)
            if reward and (found := self.reader.read(line.split(" ・ ")[0], "card.line.gift")):
                self.said.says("card", f"until voucher {reward}", month_day(found.named["until"]))
            self.said.line("card", line)

    def _step_and_bar(self, where: str, message: Json, rest: list[str]) -> None:
        bars = bars_of(message)
        self.said.says(where, "bar's width", bars[0] if bars else None)
        for line in rest:
            found = self.said.line(where, line)
            if bars and found:
                self._bar(where, found.key)

    def _bar(self, where: str, key: str) -> None:
        """A bar is of the goal in the sentence above it; or full, with nothing left to reach."""
        if key.startswith("step."):
            kind = key.split(".")[1].removesuffix("_by")
            goal = "a goal" if kind in BARS else "the top" if kind == "enjoy" else "nothing"
            self.said.says(f"{where}'s sentence", "what the bar is of", goal)
        elif key.startswith("card."):
            goal = "the top" if key == "card.top_rank" else "a goal"
            self.said.says(f"{where}'s bar", "what the bar is of", goal)

    def _rank(self, message: Json) -> None:
        rank, since, *rest = lines_of(message)
        self.rank("rank", rank)
        if found := self.reader.read(since, "chat.rank.visits"):
            self.said.says("rank", "visits", found.number())
        for line in rest:
            self.said.line("rank", line)
            if held := self.reader.read(line, "chat.rank.held"):
                self.rank("rank's ladder", held.named["rank"])
        ends = self.said.by["rank ends"]
        if ends and not any("rank" in places for places in ends.values()):
            self.said.says("rank", "rank ends", None)

    def _points(self, message: Json) -> None:
        _, balance, _, *rest = lines_of(message)
        self.said.says("points", "points", number(balance))
        rows = [rest[place : place + 2] for place in range(0, len(rest) - 1, 2)]
        ends = [
            (month_day(until), number(amount))
            for until, amount in rows
            if self.reader.read(until, "chat.points.until")
        ]
        if ends:
            self.said.says("points' rows", "points", sum(amount for _, amount in ends))
            soonest = self.said.by["points end"]
            if soonest:
                self.said.says("points", "points end", ends[0])

    def _rewards(self, message: Json) -> None:
        says = partial(self.said.says, "rewards")
        if message["type"] == "text":
            found = self.reader.read(lines_of(message)[0], "chat.rewards.balance")
            says("points", found and number(found.named["amount"].removesuffix(self.points_name)))
            return
        held: list[str] = []
        there, ready = set[str](), set[str]()
        for state, name, *lines in map(block_lines, self._tickets(message)):
            reward = str(ids(self.reader.programme)[name.strip("「」“”")])
            until = [found for each in lines if (found := self.reader.read(each, _UNTIL))]
            match self.reader.read(state, *_STATES):
                case Sentence("chat.rewards.promised"):
                    there.add(f"promised {reward} {month_day(until[0].named['until'])}")
                case Sentence("chat.rewards.held"):
                    ends = month_day(until[0].named["until"])
                    there.add(f"in hand {reward} {ends}")
                    # Of several the soonest to end comes first.
                    if reward not in held:
                        says(f"until voucher {reward}", ends)
                    held.append(reward)
                case Sentence("reward.points_missing") as found:
                    says(f"missing reward {reward}", found.number())
                case Sentence("chat.rewards.ready" | "chat.rewards.give_now"):
                    ready.add(reward)
        says("rewards ready", frozenset(ready))
        if self.said.by["gifts in hand"]:
            says("gifts in hand", len(held))
        self._there(there | {f"ready {reward}" for reward in ready})

    def _tickets(self, message: Json) -> list[Json]:
        """The tickets of a list of rewards, with those to which its last place leads on."""
        *tickets, last = message["contents"]["contents"]
        on = re.search(r"do=rewards&after=\d+", json.dumps(last))
        if on is None or self.customer is None:
            return [*tickets, last]
        (others,) = self.customer.taps(on[0]).messages
        return [*tickets, *self._tickets(others)]

    def _there(self, there: set[str]) -> None:
        """What was said elsewhere of a gift or a reward is in the list of rewards."""
        for subject in list(self.said.by):
            if subject.startswith(("promised ", "in hand ", "ready ")):
                self.said.says("rewards", subject, subject in there)

    def _badges(self, message: Json) -> None:
        _, count, _, *rest = lines_of(message)
        self.said.says("badges", "badges", number(count))
        known, name = ids(self.reader.programme), ""
        for line in rest:
            if found := self.reader.read(line, "chat.badges.so_far"):
                badge = known[name.split(" ", 1)[1]]
                missing = number(found.named["needed"]) - number(found.named["had"])
                if f"missing badge {badge}" in self.said.by:
                    self.said.says("badges", f"missing badge {badge}", missing)
            name = line

    def _history(self, message: Json) -> None:
        for line in lines_of(message):
            if found := self.reader.read(line, "chat.history.visits"):
                self.said.says("history", "visits", found.number())

    def _my_data(self, message: Json) -> None:
        for line in lines_of(message):
            if found := self.reader.read(line, "chat.my_data.visits"):
                self.said.says("my data", "visits", found.number())

    def answer(self, where: str, messages: list[Json]) -> None:
        """What a check-in was answered."""
        for message in messages:
            self._step_and_bar(where, message, lines_of(message))
            for line in lines_of(message):
                if found := self.reader.read(line, "chat.check_in.caption"):
                    self.said.says(where, "points", number(found.named["total"]))

    def pushed(self, where: str, message: Json) -> list[str]:
        """What a push says; gives which of our texts it is."""
        keys = []
        for line in lines_of(message):
            found = self.said.line(where, line)
            if found:
                keys.append(found.key)
                self._asked(where, found)
        self._pictured(where, message)
        self._gift_ends(where, lines_of(message))
        return keys

    def _gift_ends(self, where: str, lines: list[str]) -> None:
        """A warning that a gift in hand ends names it in one line and, in version b, its day in
        another."""
        found = {
            s.key: s for line in lines if (s := self.reader.read(line, "journey.reward_expiring"))
        }
        named = {name: value for s in found.values() for name, value in s.named.items()}
        reward = ids(self.reader.programme).get(named.get("target", ""))
        if reward and not any("promised" in key for key in found):
            self.said.says(where, f"in hand {reward} {month_day(named['until'])}", True)

    def _asked(self, where: str, found: Sentence) -> None:
        """What a push asks for, beside the next step that it may close with."""
        known = ids(self.reader.programme)
        kind, named = found.key, found.named
        target = known.get(named.get("target", named.get("rank", "")))
        step = partial(self.said.says, where, "next step")
        if re.fullmatch(r"push\.rank_at_risk\.(visits|points|spend)", kind):
            step(("keep_rank", target, found.number()))
        elif re.fullmatch(r"journey\.rank_lost\.[ab]\.body", kind):
            self.said.says(where, f"until revive {target}", month_day(named["until"]))
        elif kind == "journey.rank_lost.a.title":
            step(("revive", target, found.number()))
        elif re.fullmatch(r"journey\.one_short\.[ab]\.body_(rank|badge)", kind):
            step(("rank_up" if kind.endswith("rank") else "badge", target, 1))
        else:
            self._told(where, found)

    def _told(self, where: str, found: Sentence) -> None:
        """What a push tells as a fact."""
        known = ids(self.reader.programme)
        kind, named, says = found.key, found.named, partial(self.said.says, where)
        if kind.startswith("push.rank.") and "after" in named:
            says("rank", known[named["after"]])
        elif kind.startswith("reached.rank_") or kind == "push.corrected.rank":
            says("rank", known[named["rank"]])
        elif kind == "reached.reward":
            says(f"ready {known[named['reward']]}", True)
        elif kind == "reached.voucher":
            says(f"in hand {known[named['reward']]} {month_day(named['until'])}", True)
        elif kind == "journey.offer":
            gift = known.get(named["gift"].strip("「」“”"))
            says(f"promised {gift} {month_day(named['gift_until'])}", True)
        elif kind in ("push.corrected.taken", "push.corrected.given"):
            says("points", number(named["balance"]))

    # ── Pages ──

    def pages(self, browser: Browser) -> None:
        self._live()
        self._member_page(browser)

    def _live(self) -> None:
        club = self.town.club
        with club.store.read() as uow:
            member = members.get(uow, members.by_code(uow, "number", self.number) or 0)
        assert member is not None
        path = urlsplit(card_link(club, member)).path
        answer = self.town.http.get(path, follow_redirects=True)
        if member.membership == "left":
            assert answer.status_code == 401
            return
        page = answer.text
        rank, points, step, expiring, hand = (
            html.unescape(re.search(rf'id="{name}"[^>]*>([^<]*)<', page)[1])  # type: ignore[index]
            for name in ("rank", "points", "step", "expiring", "hand")
        )
        self.rank("live card", rank)
        self.said.says("live card", "points", number(points))
        self.said.line("live card", step)
        if found := self.reader.read(expiring, "card_page.card.expiring"):
            last = month_day(found.named["last"])
            self.said.says("live card", "points end", (last, found.number()))
        if found := self.reader.read(hand, "card_page.card.hand"):
            self.said.says("live card", "gifts in hand", found.number())
        self._sections()

    def _sections(self) -> None:
        """What the member's page says, in the session that the card's link began."""
        pages = {
            name: self.town.http.get(f"/card/{name}").text
            for name in ("points", "badges", "rewards", "history")
        }
        figure = r'class="figure"><strong>([^<]+)<'
        (balance,) = re.findall(figure, pages["points"])
        self.said.says("page of points", "points", number(balance))
        lots = re.findall(r'<summary><h2>([^<]*)</h2><span class="value">([^<]*)<', pages["points"])
        if lots:
            amounts = [number(amount.removesuffix(self.points_name)) for _, amount in lots]
            self.said.says("page of points, its lots", "points", sum(amounts))
            if self.said.by["points end"]:
                self.said.says("page of points", "points end", (month_day(lots[0][0]), amounts[0]))
        for earned in re.findall(figure, pages["badges"]):
            self.said.says("page of badges", "badges", number(earned))
        (visits,) = re.findall(r"<p><strong>([^<]+)</strong>", pages["history"])[:1]
        self.said.says("page of history", "visits", number(visits))
        self._offered(pages["rewards"])

    def _offered(self, page: str) -> None:
        ready, held, known = set[str](), 0, ids(self.reader.programme)
        for state, name in re.findall(r'<p class="state">([^<]*)</p>\s*<h2>([^<]*)</h2>', page):
            match self.reader.read(html.unescape(state), *_STATES):
                case Sentence("chat.rewards.held"):
                    held += 1
                case Sentence("chat.rewards.ready" | "chat.rewards.give_now"):
                    ready.add(str(known[html.unescape(name)]))
        self.said.says("page of rewards", "rewards ready", frozenset(ready))
        if self.said.by["gifts in hand"]:
            self.said.says("page of rewards", "gifts in hand", held)

    def _member_page(self, browser: Browser) -> None:
        page = browser.get(f"/staff/members/{self.number}").text
        staff = Reader(self.reader.programme, "ja")
        known = ids(staff.programme)
        ranks = [rank.id for rank in staff.programme.ranks.steps] if staff.programme.ranks else []
        tags = [html.unescape(tag) for tag in re.findall(r'<span class="tag[^"]*">([^<]*)<', page)]
        held = [known[tag] for tag in tags if known.get(tag) in ranks]
        self.said.says("member page", "rank", held[0] if held else None)
        facts = dict(re.findall(r"<dt>([^<]*)</dt><dd[^>]*>([^<]*)", page))
        self.said.says("member page", "points", number(facts["ポイント"]))
        found = staff.read(facts["ご来店"], "staff.members.visits_count")
        assert found is not None
        self.said.says("member page", "visits", found.number())
        self.said.says("member page", "visits of the month", number(found.named["month"]))

    def scanned(self, answer: Json) -> None:
        """What the counter showed after a scan."""
        who, staff = answer["member"], Reader(self.reader.programme, "ja")
        known = ids(staff.programme)
        self.said.says("counter", "rank", who["rank"]["id"] if who["rank"] else None)
        self.said.says("counter", "points", who["points"])
        self.said.says("counter", "visits", who["visits"])
        self.said.line("counter", who["say"], other=staff)
        greeting = staff.read(who["say"], "scan.say")
        if greeting and greeting.key.startswith("scan.say.rank_"):
            self.said.says("counter's greeting", "climb", greeting.key.rsplit("_", 1)[1])
        for line in who["today"]:
            found = self.said.line("counter", line, other=staff)
            if found and found.key.startswith("reached.rank_"):
                self.said.says("counter", "rank", known[found.named["rank"]])
        ready = frozenset(each["id"] for each in who["rewards"] if each["voucher"] is None)
        self.said.says("counter", "rewards ready", ready)
        if who["expiring"] and (found := staff.read(who["expiring"], "scan.expiring")):
            last = month_day(found.named["last"])
            self.said.says("counter", "points end", (last, found.number()))
