"""What every door of the club is handed: built once, in app.py, and nowhere else."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from bot.clock import Clock
from bot.codes import Codes
from bot.hooks.addresses import Reach
from bot.line.client import LineClient
from bot.line.mini_app import MiniApp
from bot.sellers.adapter import Adapter
from bot.sellers.adapters import adapters
from bot.sms import SmsDoor
from bot.store import Store
from bot.store.history.programs import Programmes
from bot.store.hooks.wishes import HookWishes
from handlers.actions.hooks.writing import topics_of, write_events
from handlers.actions.recording.actor import Actor, ApiClient
from handlers.actions.recording.work import Work
from handlers.actions.telling.news import tell_news
from rules.activity import By
from rules.base import Lang
from rules.programme.programme import Privacy
from rules.programme.timeline import Timeline
from rules.science.drift import Foresight

from .art import ArtFolder


@dataclass(frozen=True, slots=True)
class Club:
    """The club, and all that it stands on."""

    store: Store
    clock: Clock
    programmes: Programmes
    line: LineClient
    codes: Codes
    #: Where the world reaches us.
    base_url: str
    #: Where LINE's own links begin (https://line.me, or the simulator's).
    link_base: str
    #: Gives the account's basic id ("@…").
    bot_id: Callable[[], str]
    #: The shop's own pictures.
    art: ArtFolder = field(default_factory=ArtFolder)
    #: None where no SMS can be sent.
    sms: SmsDoor | None = None
    #: None where the member's page is reached by the chat's links alone.
    mini_app: MiniApp | None = None
    #: Tells the time that sessions and links end by.
    wall: Clock = field(default_factory=Clock)
    #: Which other systems want to hear what.
    hooks: HookWishes = field(default_factory=HookWishes)
    #: How far those may be away.
    reach: Reach = field(default_factory=Reach)
    #: Which systems' orders can be heard, by their names.
    sellers: Mapping[str, Adapter] = field(default_factory=adapters)

    def now(self) -> datetime:
        return self.clock.now()

    def timeline(self) -> Timeline:
        return self.programmes.timeline()

    def foresight(self) -> Foresight:
        """By what it is told at this moment when somebody drifts."""
        timeline = self.timeline()
        return Foresight(timeline.models, timeline.at(self.now()).programme.shop)

    @contextmanager
    def work(
        self, by: Actor | ApiClient | By = "system", *, key: str = "", durable: bool = True
    ) -> Iterator[Work]:
        """A transaction at this moment: committed at the end of the block, when the news of what
        was recorded has been queued, for members and for other systems; undone by an exception.
        `durable`, and StoreBusy, as in `Store.begin`."""
        # Before the wait for a lock: the timeline is good for this moment, not for any later one.
        timeline, now = self.timeline(), self.now()
        receivers = self.hooks.receivers(self.store)
        with self.store.begin(durable=durable) as uow:
            wanted = topics_of(receivers)
            work = Work(uow, timeline, now, self.wall.now(), self.codes, by, key, wanted)
            yield work
            tell_news(work)
            write_events(work, receivers)

    @contextmanager
    def reading(self, by: Actor | ApiClient | By = "system") -> Iterator[Work]:
        """The same for looking only: one consistent moment, and nothing is kept."""
        timeline, now = self.timeline(), self.now()
        with self.store.read() as uow:
            yield Work(uow, timeline, now, self.wall.now(), self.codes, by)

    def chat_link(self, text: str) -> str:
        """A link that opens the chat with `text` typed in; the member still presses send."""
        return f"{self.link_base}/R/oaMessage/{quote(self.bot_id(), safe='')}/?{quote(text)}"

    def share_link(self, text: str) -> str:
        """A link that asks which friends `text` is sent to (LINE URL scheme, "Sharing text")."""
        return f"{self.link_base}/R/share?text={quote(text, safe='')}"

    def programme_link(self, lang: Lang) -> str:
        """Where the whole programme can be read."""
        return f"{self.base_url}/programme?lang={lang}"

    def policy_link(self, privacy: Privacy, lang: Lang) -> str:
        """Where the privacy policy can be read: the shop's own page, else ours."""
        return privacy.policy_url or f"{self.base_url}/privacy?lang={lang}"

    def pr_link(self, code: str) -> str:
        """Where what a member shared leads."""
        return f"{self.base_url}/pr/{code}"

    def source_link(self, code: str) -> str:
        """What the QR of a poster or a flyer leads to: short, as it stands on paper."""
        return f"{self.base_url}/from/{code}"

    def voices_link(self, lang: Lang) -> str:
        """Where what members have said can be read by anybody."""
        return f"{self.base_url}/voices?lang={lang}"

    def sms_stop_link(self, name: str, phone: str) -> str:
        """Where the member with that card stops our SMS to that telephone: short, as it stands in
        each of them."""
        return f"{self.base_url}/s/{self.codes.sms_stop_code(name, phone)}"

    def add_friend_link(self) -> str:
        return f"{self.link_base}/R/ti/p/{quote(self.bot_id(), safe='')}"
