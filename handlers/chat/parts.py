"""Answers put together: the shop's colour, buttons that ask for a conversation, quick replies."""

from datetime import datetime
from typing import Any

from bot.line.messages import (
    Action,
    Button,
    ListMessage,
    Message,
    MessagePicture,
    NoticeMessage,
    PostbackAction,
    UriAction,
    list_message,
    notice_message,
    text_message,
    with_quick_replies,
)
from bot.line.tickets import tickets_message
from bot.line.views import Ticket, TicketsMessage
from bot.store.members import members
from handlers.actions.telling.news import untold
from handlers.showing import addresses
from handlers.showing.addresses import Address
from handlers.showing.card_links import card_link
from rules.wording.highlights import kind_word, lines
from rules.wording.refusals import Circumstances, refusal_text

from . import postbacks
from .context import Answer, Turn

#: More than these and nobody reads any.
QUICK_REPLIES_MAX = 4


def button(turn: Turn, label: str, intent: str, **params: str | int) -> PostbackAction:
    """A button called `chat.button.<label>`; a tap shows its label as the member's words."""
    words = turn.say(f"button.{label}")
    return PostbackAction(words, postbacks.data(intent, **params), words)


def card_page(turn: Turn, label: str) -> UriAction:
    """Opens the member's own page, with the card in it."""
    app = turn.club.mini_app
    link = app.link if app else card_link(turn.club, turn.member, account=turn.account.user_id)
    return UriAction(turn.say(f"button.{label}"), link)


def policy(turn: Turn) -> Button:
    """Opens the privacy policy."""
    link = turn.club.policy_link(turn.programme.privacy, turn.lang)
    return Button(UriAction(turn.say("button.policy"), link), "link")


def cancel(turn: Turn) -> Button:
    """The way out of a question."""
    return Button(button(turn, "cancel", "cancel"), "link")


def no(turn: Turn, intent: str) -> Button:
    """A no to what was asked, which leads back to `intent`."""
    return Button(button(turn, "no", intent), "link")


def quick(turn: Turn, *intents: str) -> tuple[Action, ...]:
    """Suggestions of what to look at next, by intent."""
    return tuple(button(turn, intent, intent) for intent in intents[:QUICK_REPLIES_MAX])


def notice(turn: Turn, *, then: tuple[str, ...] = (), **fields: Any) -> Message:
    """One thing said well; `then` are intents to go on with."""
    return notice_message(NoticeMessage(accent=turn.accent, **fields), quick(turn, *then))


def listing(turn: Turn, *, then: tuple[str, ...] = (), **fields: Any) -> Message:
    """A titled list; `then` are intents to go on with."""
    return list_message(ListMessage(accent=turn.accent, **fields), quick(turn, *then))


def tickets(
    turn: Turn, shown: tuple[Ticket, ...], *, title: str, then: tuple[str, ...] = ()
) -> Message:
    """Things side by side."""
    view = TicketsMessage(title=title, tickets=shown, accent=turn.accent)
    return tickets_message(view, quick(turn, *then))


def picture(turn: Turn, address: Address) -> MessagePicture:
    """A picture on top of a message; a tap shows it large."""
    action = UriAction(turn.say("button.enlarge"), address.url)
    return MessagePicture(address.url, address.ratio, action)


def month(turn: Turn) -> MessagePicture:
    """The calendar of this month's visits."""
    first = turn.day.replace(day=1)
    visits = addresses.visits_for(turn.uow, turn.member.id, first, turn.day)
    shown = addresses.calendar(turn.club, turn.scene, turn.member, first, visits, today=turn.day)
    return picture(turn, shown)


def text(turn: Turn, words: str, *, then: tuple[str, ...] = ()) -> Message:
    return text_message(words, quick(turn, *then))


def answer_of(*messages: Message, must_reach: bool = False) -> Answer:
    return Answer(messages, must_reach=must_reach)


def with_news(turn: Turn, answer: Answer) -> Answer:
    """The answer, and what the event brought the member where the answer didn't say it."""
    found = untold(turn.work, turn.member.id)
    turn.work.answered.add(turn.member.id)
    told = lines(turn.words, found) if found else ()
    if not told:
        return answer
    news = notice(
        turn,
        title=told[0],
        body=kind_word(turn.words, members.lock(turn.uow, turn.member.id).facts),
        celebrations=told[1:],
        then=("card", "rank", "badges", "rewards"),
    )
    return both_answers(answer, Answer((news,), must_reach=True))


def both_answers(first: Answer, then: Answer) -> Answer:
    """Both answers in one, with only the last one's quick replies, which alone are shown."""
    if not then.messages:
        return first
    before = [
        {name: value for name, value in message.items() if name != "quickReply"}
        for message in first.messages
    ]
    return Answer(
        (*before, *then.messages)[:5],
        must_reach=first.must_reach or then.must_reach,
        forget=first.forget or then.forget,
        suggested=first.suggested or then.suggested,
        first_look=first.first_look or then.first_look,
    )


def refusal(turn: Turn, code: str, again_at: datetime | None = None) -> str:
    """Why, what to do, and where that is known when it would be a yes."""
    about = Circumstances(now=turn.now, again_at=again_at)
    return refusal_text(turn.words, code, "member", about).whole


def refusal_why(turn: Turn, code: str) -> str:
    """Only why, in a few words."""
    return refusal_text(turn.words, code, "member", Circumstances(now=turn.now)).why


__all__ = [
    "QUICK_REPLIES_MAX", "answer_of", "both_answers", "button", "listing", "month", "notice",
    "picture", "quick", "refusal", "refusal_why", "text", "tickets", "with_quick_replies",
]  # fmt: skip
