"""A journey's message in LINE's form, made at the moment it goes out."""

from dataclasses import dataclass
from urllib.parse import urlencode

from bot.line.actions import PostbackAction, UriAction
from bot.line.messages import Message, notice_message
from bot.line.views import Banner, Button, MessagePicture, NoticeMessage
from handlers.actions.telling.messages import Say, SayJourney, SayPointsExpiring, SayRankAtRisk
from handlers.showing import addresses
from handlers.showing.addresses import Address
from rules.journeys.member import Background, DueLater, MemberOnDay
from rules.journeys.message import JourneyView, QueuedWording, view
from rules.journeys.programme import journey_named
from rules.outlook.month import last_month
from rules.wording.card import CardHolder, card_view
from rules.wording.words import Words

from .addressee import Addressee
from .promises import PointsWarned, Promised, SurveyAsked

#: A promised warning has one version of ours.
_OUR_WORDS = "a"

#: Why a message waits that was queued before its time.
NOT_YET_TRUE = "not_yet_true"

#: What is said by a journey.
SayAsJourney = SayJourney | SayRankAtRisk | SayPointsExpiring


@dataclass(frozen=True, slots=True)
class WordedMessage:
    """A message in LINE's form, and what follows from its having left."""

    messages: list[Message]
    promise: Promised | None = None


def of_journey(message: SayAsJourney) -> tuple[str, QueuedWording]:
    """The id of the journey that says it, and what of it was queued."""
    match message:
        case SayJourney(name=journey, period=period, arm=arm):
            return journey, QueuedWording(period, arm)
        case SayRankAtRisk(month=month):
            return message.kind, QueuedWording(month.isoformat(), _OUR_WORDS)
        case SayPointsExpiring(due=due):
            return message.kind, QueuedWording(due.isoformat(), _OUR_WORDS)


def journey_view(reader: Addressee, journey: str, written: QueuedWording) -> JourneyView | None:
    """What the journey of that id says to the reader now; None when it is not true any more, or
    the programme has dropped the journey."""
    named = journey_named(reader.programme, journey)
    return view(named, _member(reader), written, name=reader.name) if named else None


def due_later(reader: Addressee, message: Say) -> DueLater | None:
    """When a journey's message that isn't true now will be, if they don't come; None: never."""
    if not isinstance(message, SayJourney):
        return None
    named = journey_named(reader.programme, message.name)
    return named.due_later(_member(reader), message.period) if named else None


def _member(reader: Addressee) -> MemberOnDay:
    background = Background(
        language=reader.lang,
        lots=reader.lots,
        called_on=reader.called_on,
        withheld=reader.withheld,
    )
    models = reader.club.timeline().models
    return MemberOnDay(reader.programme, reader.facts, reader.day, models, background)


def promise_of(message: Say, content: JourneyView) -> Promised | None:
    """What follows when a message that says `content` has left."""
    if isinstance(message, SayPointsExpiring):
        return PointsWarned(message.due)
    if isinstance(message, SayJourney) and content.asks is not None:
        return SurveyAsked(content.asks, message.name)
    return content.promise


def word_journey(reader: Addressee, message: SayAsJourney) -> WordedMessage | None:
    """The journey's LINE message; None where there is nothing to say any more."""
    content = journey_view(reader, *of_journey(message))
    if content is None:
        return None
    notice = NoticeMessage(
        title=content.title,
        body=content.body,
        celebrations=tuple(line for line in (content.offer, *content.given) if line),
        next_step=content.next_step,
        buttons=tuple(
            Button(
                PostbackAction(button.label, _data(reader, content, button.intent), button.label),
                "secondary" if place else "primary",
            )
            for place, button in enumerate(content.buttons)
        ),
        picture=_picture(reader, content),
        banner=_banner(reader, content),
        accent=reader.accent,
    )
    return WordedMessage([notice_message(notice)], promise_of(message, content))


def _data(reader: Addressee, content: JourneyView, intent: str) -> str:
    """What a tap sends back; what leads to a survey says to whose."""
    of = {"of": content.asks, "card": reader.member.number} if content.asks else {}
    return urlencode({"do": intent, **of})


def _banner(reader: Addressee, content: JourneyView) -> Banner | None:
    """The strip in the colours of the rank it is about."""
    ladder = reader.programme.ranks
    rank = ladder.get(content.target) if ladder and content.picture == "rank" else None
    return Banner(*rank.colours) if rank else None


def _picture(reader: Addressee, content: JourneyView) -> MessagePicture | None:
    address = _address(reader, content)
    if address is None:
        return None
    action = UriAction(Words(reader.programme, reader.lang).say("chat.button.enlarge"), address.url)
    return MessagePicture(address.url, address.ratio, action)


def _address(reader: Addressee, content: JourneyView) -> Address | None:
    """The picture that the journey asks for, as far as the member has one."""
    club, member, facts = reader.club, reader.member, reader.facts
    scene = reader.scene
    match content.picture:
        case "card":
            person = CardHolder(member.number, reader.name)
            card = card_view(
                reader.programme,
                facts,
                person,
                reader.lots,
                day=reader.day,
                lang=reader.lang,
                withheld=reader.withheld,
            )
            return addresses.card(club, scene, card, facts, member.issue)
        case "badge":
            return addresses.shelf(club, scene, member, reader.day)
        case "calendar":
            month = reader.day.replace(day=1)
            visits = {day.on: day.visits for day in facts.days if day.visits}
            return addresses.calendar(club, scene, member, month, visits, today=reader.day)
        case "month":
            recap = last_month(facts, reader.day)
            visits = {day.on: day.visits for day in facts.days if day.visits}
            return addresses.recap(club, scene, member.number, recap, visits)
        case "birthday" | "comeback" as occasion:
            return addresses.greeting(club, scene, member.number, occasion, name=reader.name)
        case "new_year":
            year = reader.day.year
            return addresses.new_year(club, scene, member.number, year, name=reader.name)
        case _:
            return None
