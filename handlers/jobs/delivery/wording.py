"""The texts of pushed messages, made when one is about to go out: nobody reads yesterday's news."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

from bot.line.actions import PostbackAction, UriAction
from bot.line.messages import notice_message
from bot.line.views import Banner, Button, MessagePicture, NoticeMessage
from handlers.actions.telling.circle_messages import (
    SayCircleInvite,
    SayTrialInvite,
    SayTrialOff,
    SayTrialOutcome,
    SayTrialQuestions,
)
from handlers.actions.telling.event_messages import (
    SayEventInvite,
    SayEventOff,
    SayEventOffer,
    SayEventOffNow,
    SayEventReminder,
    SayEventThanks,
)
from handlers.actions.telling.issue_messages import SayNewsletter, SayNewsletterTrial
from handlers.actions.telling.messages import (
    Say,
    SayAnswer,
    SayBroadcast,
    SayCardCode,
    SayCardMoved,
    SayCorrected,
    SayJourney,
    SayMessages,
    SayPhoneCode,
    SayPointsExpiring,
    SayPraise,
    SayRank,
    SayRankAtRisk,
    SayReached,
    SayUsed,
)
from handlers.actions.telling.suggestion_messages import SayAdopted, SaySuggestion
from handlers.showing import celebrations
from handlers.showing.newsletter_links import (
    draft_page,
    draft_picture,
    issue_link,
    issue_page,
)
from rules.explaining.event_questions import questions_after
from rules.outlook.next_step import next_step
from rules.programme.rewards import in_hand
from rules.wording.highlights import Highlights, closing, kind_word, lines, ready
from rules.wording.praise import praise_words
from rules.wording.steps import step_text
from rules.wording.words import Words

from .addressee import Addressee
from .broadcast_wording import word_broadcast
from .circle_wording import asked_in, trial_news, with_question
from .event_wording import asks_after, event_notice
from .journey_wording import WordedMessage, word_journey
from .promises import SurveyAsked


def word_message(message: Say, reader: Addressee) -> WordedMessage | None:
    """What was queued, in LINE's messages; None when it is no longer true."""
    return _wording(message, reader)


@singledispatch
def _wording(message: Any, _reader: Addressee) -> WordedMessage | None:
    """A kind of message is worded by the function below that is registered for it."""
    raise NotImplementedError(f"{type(message).__name__} has no words")


def _notice(view: NoticeMessage) -> WordedMessage:
    return WordedMessage([notice_message(view)])


@_wording.register
def _journey(
    message: SayJourney | SayRankAtRisk | SayPointsExpiring, reader: Addressee
) -> WordedMessage | None:
    return word_journey(reader, message)


@_wording.register
def _as_made(message: SayMessages, _reader: Addressee) -> WordedMessage:
    return WordedMessage(list(message.messages))


@_wording.register
def _by_sms_alone(_message: SayCardCode | SayPhoneCode, _reader: Addressee) -> None:
    """Nobody is sent it by LINE: it proves who has the telephone."""


@_wording.register
def _rank(message: SayRank, reader: Addressee) -> WordedMessage | None:
    ladder, facts, lang, words = reader.programme.ranks, reader.facts, reader.lang, reader.words
    if ladder is None or facts.rank.id != message.after:
        return None
    after = ladder.get(message.after)
    name = after.name.in_(lang) if after else words.say("card.no_rank")
    step = next_step(reader.programme, facts, reader.day, reader.withheld)
    view = NoticeMessage(
        title=words.say(f"push.rank.{message.reason}.title", after=name),
        body=words.say(f"push.rank.{message.reason}.body", after=name),
        banner=Banner(*after.colours) if after else None,
        next_step=step_text(reader.programme, step, lang),
        buttons=(Button(PostbackAction(words.say("push.see_rank"), "do=rank")),),
        accent=reader.accent,
    )
    return with_question(_notice(view), reader, message.before, reader.circle)


@_wording.register
def _reached(message: SayReached, reader: Addressee) -> WordedMessage | None:
    """What of it is still so: something may have been undone or lost since."""
    programme, facts = reader.programme, reader.facts
    at_hand = ready(programme, facts, reader.day, reader.withheld)
    brought = Highlights(
        message.rank if message.rank and message.rank.after == facts.rank.id else None,
        tuple(badge for badge in message.badges if badge in facts.badges),
        tuple(reward for reward in message.rewards if reward in at_hand),
        tuple(voucher for voucher in message.vouchers if voucher in in_hand(facts, reader.day)),
        message.thanks,
    )
    words = reader.words
    sentences = lines(words, brought)
    if not sentences:
        return None
    view = NoticeMessage(
        title=sentences[0],
        banner=celebrations.banner(programme, brought.rank),
        picture=_celebration(brought, reader),
        # Who is thanked for something else has not come by.
        body="" if brought.thanks else kind_word(words, facts),
        celebrations=sentences[1:],
        next_step=closing(words, next_step(programme, facts, reader.day, reader.withheld), brought),
        buttons=(Button(_see(brought, words)),),
        accent=programme.shop.accent,
    )
    rank = brought.rank
    said = _notice(view)
    return with_question(said, reader, rank.before, reader.circle) if rank else said


def _celebration(brought: Highlights, reader: Addressee) -> MessagePicture | None:
    address = celebrations.picture(
        reader.club,
        reader.scene,
        brought,
        number=reader.member.number,
        name=reader.name,
        earned=reader.facts.badges,
        day=reader.day,
    )
    if address is None:
        return None
    action = UriAction(reader.words.say("chat.button.enlarge"), address.url)
    return MessagePicture(address.url, address.ratio, action)


def _see(brought: Highlights, words: Words) -> PostbackAction:
    if brought.rank:
        return PostbackAction(words.say("push.see_rank"), "do=rank")
    if brought.badges:
        return PostbackAction(words.say("chat.button.badges"), "do=badges")
    return PostbackAction(words.say("push.see_rewards"), "do=rewards")


@_wording.register
def _used(message: SayUsed, reader: Addressee) -> WordedMessage | None:
    programme, lang = reader.programme, reader.lang
    reward, store = programme.reward(message.reward), programme.store(message.store)
    if reward is None:
        return None
    words = reader.words
    others = [other for name in message.more if (other := programme.reward(name))]
    view = NoticeMessage(
        title=words.say("push.used.title"),
        body=words.say(
            "push.used.body",
            reward=words.listed(each.name.in_(lang) for each in (reward, *others)),
            store=store.name.in_(lang) if store else programme.shop.name.in_(lang),
        ),
        note=words.say("push.used.left", amount=words.amount(reader.facts.balance)),
        buttons=(Button(PostbackAction(words.say("push.see_rewards"), "do=rewards")),),
        accent=programme.shop.accent,
    )
    return _notice(view)


@_wording.register
def _praise(message: SayPraise, reader: Addressee) -> WordedMessage | None:
    programme, words = reader.programme, reader.words
    ladder = programme.ranks
    rank = ladder.get(message.target) if ladder else None
    about_rank = message.moment in ("rank_up", "rank_back")
    if about_rank and (rank is None or reader.facts.rank.id != rank.id):
        return None
    said = praise_words(words, message.moment, store=message.store, rank=rank, by=message.by)
    view = NoticeMessage(
        title=said.title,
        body=message.text or said.body,
        note=said.note,
        banner=Banner(*rank.colours) if rank else None,
        accent=programme.shop.accent,
    )
    return _notice(view)


@_wording.register
def _answer(message: SayAnswer, reader: Addressee) -> WordedMessage:
    """With its closing, a tap says whether it helped."""
    words, asks = reader.words, bool(message.card)
    view = NoticeMessage(
        title=words.say("push.answer.title", shop=reader.shop)
        if message.text
        else words.say("push.answer.closed_title"),
        body=message.text or words.say("push.answer.asks"),
        next_step=words.say("push.answer.asks") if message.text and asks else "",
        note=words.say("push.answer.quote", on=message.asked_on, quote=message.quote)
        if message.quote
        else "",
        buttons=tuple(_helped(message, words)) if asks else (),
        accent=reader.accent,
    )
    return _notice(view)


def _helped(message: SayAnswer, words: Words) -> Iterator[Button]:
    for helped, label in enumerate(
        (words.say("push.answer.not_helped"), words.say("push.answer.helped"))
    ):
        data = f"do=case&of={message.card}&n={message.case}&helped={helped}"
        yield Button(PostbackAction(label, data, label), "secondary")


@_wording.register
def _adopted(message: SayAdopted, reader: Addressee) -> WordedMessage:
    words = reader.words
    given = words.say("push.adopted.points", amount=words.amount(message.points))
    view = NoticeMessage(
        title=words.say("push.adopted.title"),
        body=message.text,
        note=words.say("push.answer.quote", on=message.asked_on, quote=message.quote),
        celebrations=(given,) if message.points else (),
        accent=reader.accent,
    )
    return _notice(view)


@_wording.register
def _suggestion(message: SaySuggestion, reader: Addressee) -> WordedMessage:
    words = reader.words
    view = NoticeMessage(
        title=words.say(f"push.suggestion.{message.state}"),
        body=message.text,
        note=words.say("push.answer.quote", on=message.asked_on, quote=message.quote),
        accent=reader.accent,
    )
    return _notice(view)


@dataclass(frozen=True, slots=True)
class MessageTaps:
    """Where an issue's message leads, and where its picture is."""

    page: str
    picture: str


@_wording.register
def _newsletter(message: SayNewsletter, reader: Addressee) -> WordedMessage | None:
    """None where the shop has no newsletter any more."""
    read = issue_link(reader.club, reader.member.number, message.issue)
    picture = f"{issue_page(reader.club, message.issue)}/picture.jpg"
    return _issue(message, reader, MessageTaps(read, picture), message.title.in_(reader.lang))


@_wording.register
def _newsletter_trial(message: SayNewsletterTrial, reader: Addressee) -> WordedMessage | None:
    """As members will get it, but for its mark; its button leads to the draft."""
    club, title = reader.club, message.title.in_(reader.lang)
    taps = MessageTaps(draft_page(club, message.issue), draft_picture(club, message.issue))
    return _issue(message, reader, taps, reader.words.say("broadcast.trial", title=title))


def _issue(
    message: SayNewsletter | SayNewsletterTrial, reader: Addressee, to: MessageTaps, title: str
) -> WordedMessage | None:
    newsletter, words = reader.programme.newsletter, reader.words
    if newsletter is None:
        return None
    read, stop = to.page, f"do=newsletter&on=0&of={reader.member.number}"
    tap = UriAction(words.say("push.newsletter.read"), read)
    view = NoticeMessage(
        title=title,
        body=message.lead.in_(reader.lang),
        note=words.name(newsletter.name),
        picture=MessagePicture(to.picture, message.picture, tap) if message.picture else None,
        buttons=(
            Button(tap),
            Button(PostbackAction(words.say("push.newsletter.stop"), stop), "link"),
        ),
        accent=reader.accent,
    )
    return _notice(view)


@_wording.register
def _of_event(
    message: SayEventInvite
    | SayEventOffer
    | SayEventReminder
    | SayEventOff
    | SayEventOffNow
    | SayEventThanks,
    reader: Addressee,
) -> WordedMessage | None:
    view = event_notice(message, reader, reader.events)
    if view is None:
        return None
    asks = isinstance(message, SayEventThanks) and asks_after(message, reader.events)
    asked = SurveyAsked(questions_after(message.event), message.journey()) if asks else None
    return WordedMessage([notice_message(view)], asked)


@_wording.register
def _circle(_message: SayCircleInvite, reader: Addressee) -> WordedMessage | None:
    return asked_in(reader, reader.circle)


@_wording.register
def _of_trial(
    message: SayTrialInvite | SayTrialQuestions | SayTrialOff | SayTrialOutcome, reader: Addressee
) -> WordedMessage | None:
    return trial_news(message, reader, reader.circle, reader.now)


@_wording.register
def _broadcast(message: SayBroadcast, reader: Addressee) -> WordedMessage | None:
    return word_broadcast(reader, message)


@_wording.register
def _corrected(message: SayCorrected, reader: Addressee) -> WordedMessage:
    programme, facts, lang = reader.programme, reader.facts, reader.lang
    words = reader.words
    parts = [words.say(f"push.corrected.{message.what}", on=message.on)]
    if message.points:
        way = "given" if message.points > 0 else "taken"
        parts.append(
            words.say(
                f"push.corrected.{way}",
                count=abs(message.points),
                balance=words.amount(facts.balance),
            )
        )
    if message.rank:
        rank = programme.ranks.get(facts.rank.id) if programme.ranks else None
        name = rank.name.in_(lang) if rank else words.say("card.no_rank")
        parts.append(words.say("push.corrected.rank", rank=name))
    view = NoticeMessage(
        title=words.say("push.corrected.title"),
        body="\n".join(parts),
        note=words.say("push.corrected.asks"),
        accent=programme.shop.accent,
    )
    return _notice(view)


@_wording.register
def _card_moved(message: SayCardMoved, reader: Addressee) -> WordedMessage:
    """Whoever has had the card, and may take it back with one tap."""
    programme, lang, words = reader.programme, reader.lang, reader.words
    store = programme.store(message.store)
    where = store.name.in_(lang) if store else programme.shop.name.in_(lang)
    text = f"push.card_moved.{message.how}"
    button = PostbackAction(
        words.say("push.card_moved.button"),
        f"do=card_back&of={message.back}",
        words.say("push.card_moved.button"),
    )
    view = NoticeMessage(
        title=words.say(f"{text}.title"),
        body=words.say(f"{text}.body", on=message.on, store=where),
        note=words.say("push.card_moved.note", until=message.until) if message.back else "",
        buttons=(Button(button),) if message.back else (),
        accent=reader.accent,
    )
    return _notice(view)
