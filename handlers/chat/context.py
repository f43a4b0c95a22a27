"""What a conversation is handed, and what it gives back."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from bot.store import UnitOfWork
from bot.store.history import ledger
from bot.store.members import line_accounts, members
from bot.store.members.line_accounts import LineAccount
from bot.store.members.members import Member
from handlers.club import Club
from handlers.showing.addresses import card_name
from rules.base import Lang
from rules.facts import Facts
from rules.judging.decide import advance
from rules.programme.points import Lot
from rules.programme.programme import Programme
from rules.programme.timeline import Timeline
from rules.wording.card import CardView, Person, card_view
from rules.wording.names import greeting
from rules.wording.texts import say
from rules.wording.words import Words

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to five messages. `must_reach`: the member would miss something without them, so they are
    pushed if they can't be replied. `forget`: the person was erased; keep nothing of the event."""

    messages: tuple[Message, ...] = ()
    must_reach: bool = False
    forget: bool = False


#: Nothing is said.
SILENCE = Answer()


@dataclass(frozen=True, slots=True)
class Turn:
    """One event of one member, inside its transaction.

    `at` is when it happened, never later than `now`. `member.facts` are settled up to `day`, the
    business day of `now`. `message_id` is set where the member wrote or sent something. `is_new`:
    they have joined with this very event.
    """

    uow: UnitOfWork
    club: Club
    timeline: Timeline
    event_id: str
    account: LineAccount
    member: Member
    at: datetime
    now: datetime
    message_id: str | None = None
    is_new: bool = False
    programme: Programme = field(init=False)
    day: date = field(init=False)

    def __post_init__(self) -> None:
        programme = self.timeline.at(self.now).programme
        day = programme.shop.business_date(self.now)
        facts, _ = advance(self.timeline, self.member.facts, day)
        object.__setattr__(self, "programme", programme)
        object.__setattr__(self, "day", day)
        object.__setattr__(self, "member", replace(self.member, facts=facts))

    @property
    def lang(self) -> Lang:
        return self.member.language

    @property
    def facts(self) -> Facts:
        return self.member.facts

    @property
    def name(self) -> str:
        """The member as greeted, "さくらさん"; may be empty."""
        return greeting(self.account.display_name, self.lang)

    @property
    def accent(self) -> str:
        return self.programme.shop.accent

    def say(self, key: str, **values: Any) -> str:
        """A text of the chat, with the shop's words for points and visits filled in."""
        words = {
            "points": self.programme.points.name.in_(self.lang),
            "visit": self.programme.shop.visit_word,
            "shop": self.programme.shop.name.in_(self.lang),
        }
        return say(self.lang, f"chat.{key}", **(words | values))

    @property
    def words(self) -> Words:
        """The shop's own words, as the programme's explanations use them."""
        return Words(self.programme, self.lang)

    def amount(self, points: int) -> str:
        """So many points: "10ポイント"."""
        return self.words.amount(points)

    def key(self, action: str) -> str:
        """The outside key of what this event makes happen."""
        return f"line:{self.event_id}:{action}"

    def lots(self) -> tuple[Lot, ...]:
        return ledger.open_lots(self.uow, self.member.id)

    def card(self) -> CardView:
        person = Person(self.member.number, card_name(self.uow, self.member, self.name))
        return card_view(
            self.programme, self.facts, person, self.lots(), day=self.day, lang=self.lang
        )

    def ask(self, question: str | None) -> None:
        """Notes what the member was asked, so that the next text or tap can be the answer."""
        line_accounts.await_answer(self.uow, self.account.user_id, question, now=self.now)

    def was_asked(self, question: str) -> bool:
        return self.account.awaits(question, self.now)

    def about(self, member: Member) -> "Turn":
        """The same turn about another card of the account, or one as it is now."""
        account = line_accounts.get(self.uow, self.account.user_id)
        if account is None:
            raise LookupError("the account is gone")
        return replace(self, account=account, member=member)

    def again(self) -> "Turn":
        """The same turn with member and account as they are now, after an action."""
        account = line_accounts.get(self.uow, self.account.user_id)
        member = members.get(self.uow, self.member.id)
        if account is None or member is None:
            raise LookupError("the account is gone")
        return Turn(
            self.uow, self.club, self.timeline, self.event_id, account, member,
            self.at, self.now, self.message_id, self.is_new,
        )  # fmt: skip
