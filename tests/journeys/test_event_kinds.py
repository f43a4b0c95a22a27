"""Each kind of event from the invitation to the thanks: made in the console, in the chat by real
HTTP and signatures for who has LINE, by the staff's pages for who has paper."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

import pytest

from bot.store.heard import surveys
from tests.handlers.pages.owner.events.test_pages import FORM
from tests.handlers.pages.staff.conftest import Browser
from tests.handlers.pages.staff.counters import Counter
from tests.journeys.town import Customer, Said, Town, _postbacks


@dataclass(frozen=True)
class Kind:
    """What is said of an event of that kind beside the usual."""

    title: str
    fields: dict[str, str] = field(default_factory=dict)
    #: What the invitation says of it.
    told: str = "無料"
    #: It is for who has stayed away: nobody comes for so many days before it is made.
    days_away: int = 0


KINDS = {
    "tasting": Kind("新豆の試食会"),
    "seminar": Kind("抽出の教室", {"price_yen": "1500"}, "1,500円"),
    "visit": Kind("焙煎所の見学", {"place_ja": "川辺の焙煎所"}, "川辺の焙煎所"),
    "interview": Kind("メニューのご意見を聞く会", {"visits_min": "1"}, "1回以上"),
    "talk": Kind(
        "お久しぶりの座談会",
        {"guests": "ranks", "ranks": "gold", "lapsed_too": "on"},
        "ゴールドファン",
        days_away=100,
    ),
    "presale": Kind("福袋の先行販売", {"store": "ekimae"}, "駅前店"),
}


@dataclass
class Walk:
    """The club, the staff at the counter, and the owner."""

    town: Town
    desk: Counter
    boss: Browser

    def makes(self, kind: str, day: datetime) -> str:
        """The owner fills the form in, publishes, and invites; gives the event's address."""
        said = KINDS[kind]
        dates = {
            "opens_at": (day - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
            "closes_at": (day - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
            "starts": day.strftime("%Y-%m-%dT%H:%M"), "ends": "20:30", "places": "5",
        }  # fmt: skip
        self.boss.get("/owner/events/new")
        form = FORM | dates | {"kind": kind, "title_ja": said.title, "price_yen": "", "asks": "on"}
        answer = self.boss.post("/owner/events/new", **form | said.fields)
        assert answer.status_code == 303, re.findall(r'class="wrong"[^>]*>([^<]+)', answer.text)
        at = answer.headers["Location"].partition("?")[0]
        for step in ("open", "invite"):
            done = self.boss.post(f"{at}/step", step=step, revision=self._revision(at))
            assert done.headers["Location"].endswith(f"done={step}")
        return at

    def _revision(self, at: str) -> str:
        [revision, *_] = re.findall(r'name="revision" value="(\d+)"', self.boss.get(at).text)
        assert isinstance(revision, str)
        return revision

    def on_paper(self, name: str) -> str:
        """Staff make a card; gives its number."""
        self.desk.browser.get("/staff/members/new")
        made = self.desk.browser.post("/staff/members/new", name=name, agreed="1", language="ja")
        assert made.status_code == 303, made.text
        return self.desk.browser.card_at(made.headers["Location"])

    def does(self, number: str, what: str, **fields: str) -> str:
        """What staff do on a member's page; gives what the page then says of it."""
        done = self.desk.browser.post(f"/staff/members/{number}/{what}", **fields)
        assert done.status_code == 303
        return done.headers["Location"].partition("?")[2]

    def until(self, customer: Customer, words: str) -> Said:
        """Days pass until they are told it."""
        for _ in range(5):
            self.town.travels(days=1)
            said = customer.reads()
            if words in said:
                return said
        raise AssertionError(f"nobody told them {words}")


@pytest.fixture
def walk(shop: Town, counter: Counter) -> Walk:
    boss = counter.desks.browser()
    assert boss.logs_in("boss").status_code == 303
    return Walk(shop, counter, boss)


@pytest.mark.parametrize("kind", KINDS)
def test_from_the_invitation_to_the_thanks(walk: Walk, kind: str) -> None:
    town, said = walk.town, KINDS[kind]
    sakura, paper = town.newcomer("さくら"), walk.on_paper("田中 花")
    sakura.follows()
    sakura.opens(town.counter_link())
    assert walk.does(paper, "visit") == "done=checked_in"
    town.skips(days=said.days_away)
    ken = town.newcomer("けん")
    ken.follows()
    day = datetime.combine(town.today() + timedelta(days=9), time(19))
    at = walk.makes(kind, day)

    # Who is meant is told, and signs up in two taps; staff sign up who has paper.
    invited = walk.until(sakura, f"「{said.title}」のご案内")
    assert said.told in invited
    assert (f"「{said.title}」" in ken.reads()) == (kind not in ("interview", "talk"))
    once = sakura.taps(invited.data("do=events"))
    assert "お席をご用意しました" in sakura.taps(once.data("do=event_join"))
    assert said.title in walk.desk.browser.get(f"/staff/members/{paper}").text
    its = {"event": at.rpartition("/")[2], "n": "1"}
    assert walk.does(paper, "event", how="join", **its) == "done=event_taken"

    # Reminded the day before; both are seen by the ordinary scan, and by the visit on the page.
    town.travels(to=(day - timedelta(days=1)).replace(hour=11, tzinfo=_zone(town)))
    assert f"明日は「{said.title}」です" in sakura.reads()
    town.travels(to=day.replace(tzinfo=_zone(town)) - timedelta(minutes=15))
    scanned = walk.desk.scans(sakura.member)
    assert said.title in str(scanned)
    assert walk.does(paper, "visit") == "done=checked_in"

    # Thanked the next morning, and asked how it was; the owner sees who came.
    town.travels(days=1)
    thanked = sakura.reads()
    assert f"「{said.title}」へのご参加、ありがとうございました" in thanked
    asked = sakura.taps(thanked.data("do=questions"))
    sakura.taps(next(each for each in _postbacks(asked.messages) if "v=5" in each))
    with town.club.store.read() as uow:
        since = town.club.now() - timedelta(days=3)
        given = list(surveys.answers_to(uow, f"event_{its['event']}", since=since))
    assert [each.answer.number for each in given if each.answer.number] == [5]
    page = walk.boss.get(at).text
    assert page.count("pill came") == 2
    assert "pill missed" not in page
    assert town.adds_up()


def _zone(town: Town) -> tzinfo:
    return town.club.timeline().latest.programme.shop.zone
