"""A broadcast in LINE's form, made at the moment it goes out."""

from bot.line.actions import PostbackAction, UriAction
from bot.line.messages import notice_message
from bot.line.views import Button, NoticeMessage
from handlers.actions.telling.messages import SayBroadcast
from handlers.showing.broadcast_links import VIA, button_link, via
from handlers.showing.photos import photo_in_message
from rules.broadcasts.broadcast import TOPIC, BroadcastButton, queued_as
from rules.broadcasts.view import BroadcastView, Reading, opens, view

from .addressee import Addressee
from .journey_wording import WordedMessage

#: A tap by which they want no more of them.
_STOP = f"do=topics&topic={TOPIC}&on=0"


def word_broadcast(reader: Addressee, message: SayBroadcast) -> WordedMessage | None:
    """None where it is gone, or what it promises is."""
    written = reader.broadcasts.get(message.broadcast)
    if written is None:
        return None
    words = reader.words
    reading = Reading(words, reader.day, reader.display_name, reader.withheld)
    written = written.as_read(message.arm)
    content = view(written, queued_as(message.broadcast), reading)
    if content is None:
        return None
    title = content.title
    notice = NoticeMessage(
        title=words.say("broadcast.trial", title=title) if message.is_trial else title,
        body=content.body,
        celebrations=(content.offer,) if content.offer else (),
        note=content.note,
        picture=photo_in_message(reader, written.picture),
        buttons=tuple(_buttons(content, written.button, reader, message)),
        accent=reader.accent,
    )
    return WordedMessage([notice_message(notice)], None if message.is_trial else content.promise)


def _buttons(
    content: BroadcastView, button: BroadcastButton | None, reader: Addressee, say: SayBroadcast
) -> list[Button]:
    """Its own, and the way out. A tap on its own is noted, but for a trial's."""
    stop = Button(PostbackAction(content.stop, _STOP, content.stop), "link")
    if button is None:
        return [stop]
    number, asks = reader.member.number, f"do={button.leads}"
    page = opens(button, reader.words)
    if not say.is_trial:
        page = page and button_link(reader.club, number, say.broadcast)
        asks = f"{asks}&{VIA}={via(number, say.broadcast)}"
    action = (
        UriAction(content.button, page)
        if page
        else PostbackAction(content.button, asks, content.button)
    )
    return [Button(action), stop]
