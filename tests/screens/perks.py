"""The fan steps, the inner circle, an old card of stamps and a letter by post, for docs/program.md,
docs/circle.md and docs/counter.md: in the chat, and on the owner's pages."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, Page

from bot.store.events import trials
from bot.store.finding import due_members
from bot.store.members import members, profiles
from bot.store.members.profiles import Profile
from handlers.actions.events.circle import invite_to_circle
from handlers.actions.events.trials import step_trial, tell_outcome
from handlers.club import Club
from handlers.commands.demo import desk_of
from handlers.commands.installation import Installation
from handlers.commands.surveys.demo_circle import gather_circle
from rules.base import LocalText
from tests.e2e.shop import Counter, hire

from .console import LOGIN, SIZE
from .desk import Staff, Tablet, shot, window
from .journey import NAME, Cafe, Screen
from .phone import Phone
from .pictures import in_a_phone
from .timings import Life

#: Its members are asked where they live, it is time for letters, and old cards are taken.
ASKING = (
    "\n[privacy]\n",
    """
[[profile.steps]]
id = "name"
purpose = { ja = "お呼びするときと、お手紙の宛名に使います。" }

[[profile.steps]]
id = "address"
purpose = { ja = "季節のお手紙をお送りするために使います。" }

[letters]
months = [1, 4, 7, 10]

[stamp_cards]
points = 10

[privacy]
""",
)
#: Who told where they live; the streets are made up.
_ADDRESSES = (
    ("佐藤 陽菜", "1110033", "東京都台東区花川戸9-1-4"),
    ("鈴木 健一", "1110034", "東京都台東区雷門9-12-3 かわべ荘202"),
    ("高橋 美咲", "1110032", "東京都台東区浅草9-8-11"),
    ("田村 和子", "1110042", "東京都台東区寿9-3-7"),
    ("渡辺 直樹", "1300001", "東京都墨田区吾妻橋9-2-15 隅田ハイツ405"),
    ("山本 結衣", "1300002", "東京都墨田区業平9-6-2"),
    ("小林 誠", "1000005", "東京都千代田区丸の内9-4-1"),
    ("加藤 麻衣", "1010021", "東京都千代田区外神田9-10-8 三番館301"),
    ("吉田 浩", "1110041", "東京都台東区元浅草9-5-6"),
)
_CAME_OF_IT = (
    "Bに決まりました。みなさんの一票で、この冬のブレンドは「チョコのような深み」です。"
    "12月のはじめから店頭に並びます。"
)
_A4_SHOWN = (620, 877)


def walk_perks(browser: Browser, installation: Installation) -> Iterator[Screen]:
    club, simulator = installation.club, installation.simulator
    assert simulator is not None
    hire(club, LOGIN, "青井あおい", "owner", None)
    with (
        closing(Tablet(browser, club)) as tablet,
        closing(Staff(browser, club)) as staff,
        closing(Phone(browser, club.base_url)) as phone,
    ):
        life = Life(Cafe(browser, club, simulator, tablet, staff, phone))
        life.me = life.joins(NAME)
        yield from _old_card(life)
        yield from _fan_steps(life)
        yield from _circle(life)
    yield from _letters(browser, club)


def _fan_steps(life: Life) -> Iterator[Screen]:
    """Invited at the third visit of the month, and on the ladder."""
    for n in range(3):
        if n:
            life.cafe.next_visit(days=1)
        life.checks_in()
    yield Screen("fan-invitation", life.ends("").picture)
    life.taps("do=fan_steps_begin", "ステップをはじめる")
    life.phone.shows(".line.user")
    yield Screen("fan-begun", life.phone.picture())
    life.cafe.next_visit(days=1)
    life.checks_in()
    life.phone.writes("ファンステップ")
    life.phone.shows(".line.user")
    yield Screen("fan-ladder", life.phone.picture())


def _circle(life: Life) -> Iterator[Screen]:
    """Asked, in, a vote, and what came of it."""
    club, phone = life.cafe.club, life.phone
    gather_circle(club)
    with club.work() as work:
        desk = work.acting(desk_of(work.uow, work.programme)).under("screens:circle")
        assert invite_to_circle(desk, life.member(life.me).id).done
    life.cafe.next_visit(days=1)
    phone.hears_of("「ご意見番の会」に参加しませんか")
    yield Screen("circle-invitation", phone.picture())
    life.taps("do=circle_answer&yes=1", "参加する")
    _tells(club, "invite")
    life.cafe.next_visit(days=1)
    phone.hears_of("冬のブレンドを決めよう")
    yield Screen("circle-trial", phone.picture())
    life.taps("do=trial_vote", "A やわらかな甘み")
    life.taps("do=trial_sample", "サンプルを受け取る")
    phone.shows(".line.user", -2)
    yield Screen("circle-vote", phone.picture())
    life.cafe.next_visit(days=10)
    _tells(club, "outcome")
    life.cafe.next_visit(days=1)
    phone.hears_of("Bに決まりました")
    yield Screen("circle-told", phone.picture())


def _tells(club: Club, what: str) -> None:
    """The owner has the circle told."""
    with club.work() as work:
        owner = work.acting(desk_of(work.uow, work.programme))
        [trial] = trials.newest(work.uow, limit=1, drafts=False)
        if what == "invite":
            assert step_trial(owner, trial.id, trial.revision, "invite") is None
        else:
            said = LocalText(ja=_CAME_OF_IT)
            assert tell_outcome(owner, trial.id, trial.revision, said) is None


def _old_card(life: Life) -> Iterator[Screen]:
    """Stamps of a paper card, moved at the counter, and what is told of them."""
    page, club = life.cafe.staff.counter.page, life.cafe.club
    card = club.codes.seal("card", life.member(life.me).number)
    page.goto(f"{club.base_url}/staff/members/{card}/stamps")
    # Her laptop signed in a moment ago, which is said until she has read it.
    page.get_by_role("button", name="自分でログインした").click()
    page.goto(f"{club.base_url}/staff/members/{card}/stamps")
    page.fill("[name=stamps]", "12")
    yield Screen("staff-stamp-card", in_a_phone(shot(page)))
    page.click("main .main-button")
    page.locator("[name=sure]").wait_for()
    yield Screen("staff-stamp-card-sure", in_a_phone(shot(page)))
    page.click("main .main-button")
    page.wait_for_url("**done=stamps_moved")
    life.cafe.next_visit(days=1)
    life.phone.hears_of("前のスタンプカード")
    yield Screen("stamp-card-told", life.phone.picture())


def _letters(browser: Browser, club: Club) -> Iterator[Screen]:
    """The page of a round, and its sheet."""
    some = list(due_members.everyone(club.store))[3::4][: len(_ADDRESSES)]
    with club.store.begin() as uow:
        for member_id, (name, postcode, address) in zip(some, _ADDRESSES, strict=True):
            members.lock(uow, member_id)
            known = Profile(name, postcode=postcode, address=address)
            profiles.put(uow, member_id, known, at=club.now())
    with closing(window(browser, SIZE, 1)) as context:
        desk = Counter(context, club.base_url)
        desk.logs_in(LOGIN)
        desk.page.goto(f"{club.base_url}/staff/letters")
        yield Screen("letters", shot(desk.page), framed=False)
        yield Screen("letters-labels", _sheet(desk.page), framed=False)


def _sheet(page: Page) -> Image.Image:
    """The first sheet of the labels, as a printer has it: a picture in the PDF."""
    sent = page.locator("input[name=list]").first.input_value()
    token = page.locator("input[name=csrf_token]").first.input_value()
    address = f"{page.url.partition('?')[0]}/labels.pdf"
    data = page.request.post(address, form={"list": sent, "csrf_token": token}).body()
    picture = data[data.index(b"\xff\xd8") : data.rindex(b"\xff\xd9") + 2]
    return Image.open(BytesIO(picture)).convert("RGB").resize(_A4_SHOWN, Image.Resampling.LANCZOS)
