"""Hello: a new member's first answer, and a returning one's."""

from bot.line.messages import Button
from rules.wording.explain_points import points_terms

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params
from .card import card_message_of

#: What a newcomer may have asked that the welcome has answered.
SAID_ALREADY = frozenset(
    {
        "card",
        "again",
        "hello",
        "thanks",
        "okay",
        "sticker",
        "help",
        "cancel",
        "stale",
        "resume",
        "came_by",
    }
)


def welcome(turn: Turn) -> Answer:
    """The card is there, what it brought, how long points last, and what the data is used for."""
    name = turn.name
    title = turn.say("welcome.title", name=name) if name else turn.say("welcome.title_nameless")
    points = turn.facts.balance
    privacy = turn.programme.privacy
    purpose = turn.say("welcome.privacy", purpose=privacy.purpose.in_(turn.lang))
    hello = parts.notice(
        turn,
        title=title,
        body="\n\n".join(filter(None, (_story(turn), turn.say("welcome.body")))),
        big=f"+{points:,}" if points else "",
        big_caption=turn.say("welcome.gift") if points else "",
        celebrations=_from_friend(turn),
        note="\n\n".join(filter(None, (points_terms(turn.words), purpose))),
        buttons=(
            Button(parts.card_page(turn, "open_card")),
            *_asks(turn),
            parts.policy(turn),
        ),
    )
    return parts.answer_of(hello, card_message_of(turn), must_reach=True)


def _story(turn: Turn) -> str:
    """Who the shop is, in a line of its own."""
    story = turn.programme.voice.story
    return story.opening(turn.lang) if story else ""


def _asks(turn: Turn) -> tuple[Button, ...]:
    """What they hope for, where the shop asks it of newcomers."""
    asked = next((each for each in turn.programme.surveys if each.kind == "expectation"), None)
    if asked is None or asked.ranks or turn.facts.visits:
        return ()
    label = "questions_expectation"
    tap = parts.button(turn, label, "questions", of=asked.id, card=turn.member.number)
    return (Button(tap, "secondary"),)


def _from_friend(turn: Turn) -> tuple[str, ...]:
    if turn.member.referred_by is None:
        return ()
    return (turn.say(f"welcome.referred_{turn.programme.referral.counts_at}"),)


@conversation("again", by_tap=False)
def again(turn: Turn, _params: Params) -> Answer:
    """Someone who followed before, or wrote before following: their card is as it was."""
    name = turn.name
    said = turn.say("welcome.again", name=name) if name else turn.say("welcome.again_nameless")
    return parts.answer_of(parts.text(turn, said), card_message_of(turn))
