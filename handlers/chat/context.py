"""What a conversation is handed, and what it gives back."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.line.messages import Message
from bot.store import UnitOfWork
from bot.store.finding import cards
from bot.store.finding.cards import CardDetails
from bot.store.history import ledger, stock
from bot.store.members import line_accounts, members
from bot.store.members.line_accounts import LineAccount
from bot.store.members.members import Member
from bot.store.messages.inbox import ChatText
from handlers.actions.recording.work import Work
from handlers.actions.telling.news import highlights_of
from handlers.showing.viewer import Viewer
from rules.outlook.on_today import RunningCampaign
from rules.outlook.suggestion import ORDER, Suggestion, suggest
from rules.programme.points import Lot
from rules.programme.rewards import Withheld
from rules.wording.card import CardHolder, CardView, card_view
from rules.wording.highlights import Highlights
from rules.wording.names import greeting


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to five messages."""

    messages: tuple[Message, ...] = ()
    #: The member would miss something without them, so they are pushed if they can't be replied.
    must_reach: bool = False
    #: The person was erased; keep nothing of the event.
    forget: bool = False
    #: The way to earn that it suggests.
    suggested: Suggestion | None = None
    #: It is the first that shows them the card or the programme.
    first_look: bool = False


#: Nothing is said.
SILENCE = Answer()


@dataclass(frozen=True, kw_only=True)
class Turn(Viewer):
    """One event of one member, inside its transaction."""

    work: Work
    event_id: str
    account: LineAccount
    #: When it happened, never later than now.
    at: datetime
    #: Where the member wrote or sent something.
    message_id: str | None = None
    #: They have joined with this very event.
    is_new: bool = False

    @property
    def uow(self) -> UnitOfWork:
        return self.work.uow

    @property
    def now(self) -> datetime:
        return self.work.now

    @property
    def shares(self) -> bool:
        """Whether the card is somebody else's, who shares it with them: what the shop knows of that
        person, and what they chose, is theirs alone."""
        return self.member.is_shared_with(self.account.user_id)

    def say(self, key: str, **values: Any) -> str:
        """A text of the chat, with the shop's own words filled in."""
        return self.words.say(f"chat.{key}", **({"shop": self.shop} | values))

    def under(self, action: str) -> Work:
        """The work of what this event makes happen, under a key of its own."""
        return self.work.under(f"{self.work.key}:{action}")

    def wrote(self, text: str) -> ChatText:
        """`text` as what they wrote."""
        return ChatText(text, self.account.user_id, self.at)

    def lots(self) -> tuple[Lot, ...]:
        return ledger.open_lots(self.uow, self.member.id)

    @cached_property
    def beside(self) -> CardDetails:
        """What the card shows beside the member's row, as it was when somebody first asked."""
        return cards.details(self.uow, self.member.id, self.day)

    @cached_property
    def withheld(self) -> Withheld:
        """The rewards that aren't handed out to them now."""
        return stock.withheld(self.uow, self.programme, self.member, now=self.now)

    def card(self) -> CardView:
        name = greeting(self.beside.name, self.lang) or self.name
        person = CardHolder(self.member.number, name)
        return card_view(
            self.programme,
            self.facts,
            person,
            self.beside.lots,
            day=self.day,
            lang=self.lang,
            withheld=self.withheld,
        )

    def brought(self) -> Highlights:
        """What this event brought the member. Whoever asks also says it: no message follows."""
        self.work.answered.add(self.member.id)
        return highlights_of(self.work, self.member.id)

    def on_today(self, store: str | None = None) -> tuple[RunningCampaign, ...]:
        """The campaigns that are on for them today, and at this store, where one is named."""
        return self.campaigns_on(self.beside.switched_on, store)

    def suggestion(self) -> Suggestion | None:
        """The next way to earn for them, where they had none suggested today."""
        last = last_suggestion(self.account)
        return suggest(self.programme, self.facts, self.day, last)

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
        facts = self.work.settled(member)
        return replace(
            self,
            account=account,
            member=replace(member, facts=facts),
            display_name=account.display_name,
        )

    def again(self) -> "Turn":
        """The same turn with member and account as they are now, after an action."""
        member = members.get(self.uow, self.member.id)
        if member is None:
            raise LookupError("the member is gone")
        return self.about(member)


def last_suggestion(account: LineAccount) -> Suggestion | None:
    """What the account was suggested last."""
    if account.suggested_on is None:
        return None
    way = next((each for each in ORDER if each == account.suggested), None)
    return Suggestion(way, account.suggested_on)
