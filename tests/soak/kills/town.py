"""A small town for a club that is hard to kill: its processes, their cables to the database and to
LINE, and who lives there."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import urllib3

from app import build
from bot.settings import load_settings
from bot.store.engine.migrate import upgrade
from bot.store.history import programs
from bot.store.members import line_accounts, members
from bot.store.staff import staff
from handlers.actions.members.join import JoinRequest, join
from handlers.actions.recording.actor import Actor
from handlers.actions.staff.api_keys import KeyAsked, MadeKey, make_key
from handlers.actions.staff.inviting import invite_to_sign_in
from handlers.club import Club
from handlers.pages.staff.team.join import join_path
from rules.scopes import SCOPES
from tests.journeys.served import CHANNEL_SECRET
from tests.ports import held_port
from tests.waiting import until

from .cable import Cable, Wires
from .child import HASTY, starts
from .databases import Database
from .line import PlayedLine, played

#: What is given for what, so plain that it can be worked out by hand.
WELCOME, VISIT, YEN_EACH, COFFEE = 50, 10, 100, 60
STORE = "main"
PROGRAMME = f"""
format = 1
[shop]
name = {{ ja = "町の店" }}
legal_name = "町の店合同会社"
[[stores]]
id = "{STORE}"
name = {{ ja = "本店" }}
[visits]
per_day_max = 24
[points]
expiry = {{ kind = "never" }}
[purchase]
amount = "tax_included"
[privacy]
policy_url = "https://example.com/"
purpose = {{ ja = "ポイントのため" }}
contact = {{ ja = "店頭" }}
[limits]
amounts_yen_per_day_max = 100000000
entered_yen_per_day_max = 100000000
[sending]
quiet_from = 04:00:00
quiet_until = 04:01:00
per_day_max = 10
per_week_max = 30
[[earning]]
id = "welcome"
name = {{ ja = "ご入会" }}
on = "registration"
award = {{ kind = "first", points = {WELCOME} }}
[[earning]]
id = "visit"
name = {{ ja = "ご来店" }}
on = "visit"
award = {{ kind = "fixed", points = {VISIT} }}
[[earning]]
id = "purchase"
name = {{ ja = "お買い物" }}
on = "purchase"
award = {{ kind = "per_amount", points = 1, yen = {YEN_EACH} }}
[[rewards]]
id = "coffee"
name = {{ ja = "コーヒー1杯" }}
kind = "gift"
cost = {COFFEE}
value_yen = 300
"""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the town who is a member."""

    member_id: int
    number: str
    user_id: str


@dataclass
class Machine:
    """A process of the club on a machine of its own, with its cables; it is killed and started."""

    name: str
    what: str
    to_line: Cable
    to_database: Cable | None
    port: int
    environment: dict[str, str]
    folder: Path
    #: How often it was killed.
    killed: int = 0
    process: ForkServerProcess | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def starts(self) -> None:
        self.process = starts(self.name, self.what, self.environment, self.folder)

    def dies(self) -> None:
        """SIGKILL: it gets no chance to tidy up."""
        if self.process is not None:
            self.process.kill()
            self.process.join()

    def is_there(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def answers(self) -> bool:
        """Whether it says that it is alive; a worker, who has nobody to say it to, is where it asks
        the database."""
        if self.to_database is not None and self.what != "serve":
            return self.is_there() and self.to_database.is_used
        try:
            answer = urllib3.request("GET", f"{self.address}/healthz", timeout=5, retries=False)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == 200


@dataclass
class Town:
    """All of it. `club` reaches the database by a way of its own, that nobody cuts."""

    folder: Path
    database: Database
    line: PlayedLine
    club: Club
    machines: list[Machine]
    people: list[Person]
    sign_in: str
    api_token: str
    api_client: int

    @property
    def webs(self) -> list[Machine]:
        return [each for each in self.machines if each.what == "serve"]


@contextmanager
def town(
    database: Database, folder: Path, *, people: int, seed: int, hasty: bool, of_each: int
) -> Iterator[Town]:
    """The town with its processes running: one on SQLite, so many web processes and workers on
    PostgreSQL.
    `hasty` ones wait for nobody as long as in earnest."""
    upgrade(database.url)
    (folder / "program.toml").write_text(PROGRAMME, encoding="utf-8")
    line = PlayedLine(Random(seed))
    with ExitStack() as stack:
        wires = stack.enter_context(Wires().laid())
        line_port = stack.enter_context(played(line))
        environment = {**os.environ, **_settings(folder), "DATABASE_URL": database.url}
        if hasty:
            environment[HASTY] = "1"
        club = build(load_settings(environment), simulator_file=folder / "none").club
        stack.callback(club.store.close)
        numbers = range(1, of_each + 1)
        plan = {f"{kind} {n}": kind for kind in ("serve", "worker") for n in numbers}
        if database.kind == "sqlite":
            plan = {"serve": "serve"}
        machines = []
        for name, what in plan.items():
            port = stack.enter_context(held_port())
            to_line, to_database = wires.to_port(line_port), database.cable(wires)
            own = {
                "PORT": str(port),
                "LINE_API_BASE": f"http://localhost:{to_line.port}",
                "DATABASE_URL": database.url_by(to_database),
            }
            machines.append(
                Machine(name, what, to_line, to_database, port, {**environment, **own}, folder)
            )
        found = _founded(club, folder, database, line, machines, people)
        for machine in machines:
            stack.callback(machine.dies)
            machine.starts()
        for machine in machines:
            until(machine.answers, f"{machine.name} to answer")
        yield found


def _settings(folder: Path) -> dict[str, str]:
    return {
        "SECRET_KEY": "a-secret-key-for-a-town-that-is-hard-to-kill",
        "BASE_URL": "https://club.example",
        "PROGRAM_FILE": str(folder / "program.toml"),
        "LINE_CHANNEL_SECRET": CHANNEL_SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "LINE_API_BASE": "http://localhost:9",
    }


def _founded(
    club: Club,
    folder: Path,
    database: Database,
    line: PlayedLine,
    machines: list[Machine],
    people: int,
) -> Town:
    with club.store.begin() as uow:
        programs.publish_first(uow, PROGRAMME, since=club.now() - timedelta(days=1))
        owner = staff.add(
            uow, login="boss", name="Boss", role="owner", store=None, language="ja", at=club.now()
        )
        clerk = staff.add(
            uow, login="midori", name="Midori", role="staff", store=STORE, language="ja",
            at=club.now(),
        )  # fmt: skip
    assert owner is not None
    assert clerk is not None
    boss = Actor(owner.id, owner.name, owner.role, STORE, everywhere=True)
    last_day = club.now().date() + timedelta(days=30)
    with club.work(boss) as work:
        made = make_key(work, KeyAsked("レジ", SCOPES, STORE, last_day), stores=[STORE])
        assert isinstance(made, MadeKey)
    with club.work() as work:
        link = join_path(invite_to_sign_in(work, clerk))
    joined = [_joins(club, number) for number in range(people)]
    return Town(
        folder, database, line, club, machines, joined, urlsplit(link).path, made.token,
        made.key.client,
    )  # fmt: skip


def _joins(club: Club, number: int) -> Person:
    user_id = f"U{number:032x}"
    with club.work("member", key=f"soak:join:{number}") as work:
        line_accounts.ensure(
            work.uow, user_id, display_name="さくら", language="ja", at=work.now,
            profile_due_at=work.now + timedelta(days=7),
        )  # fmt: skip
        joining = JoinRequest(at=work.now, language="ja", purpose="店", line_user_id=user_id)
        member_id = join(work, joining).member_id
        work.answered.add(member_id)
        member = members.get(work.uow, member_id)
    assert member is not None
    return Person(member_id, member.number, user_id)
