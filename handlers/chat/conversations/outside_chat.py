"""Answers outside a member's chat: in groups, and to somebody whose data is gone."""

from bot.line.events import GroupEvent
from bot.line.messages import Button, NoticeMessage, UriAction, notice_message, text_message
from handlers.club import Club
from handlers.showing.voice import in_voice
from rules.base import Lang
from rules.programme.programme import Programme
from rules.wording.texts import say
from rules.wording.words import Words

from ..context import SILENCE, Answer

#: Nobody told us a group's language: the shop's own.
_LANG: Lang = "ja"


def group(club: Club, programme: Programme, event: GroupEvent) -> Answer:
    """Points to the one-to-one chat when invited or spoken to; otherwise keeps out of it."""
    if event.standby or event.reply_token is None:
        return SILENCE
    if event.kind != "join" and not event.mentions_bot:
        return SILENCE
    words = Words(programme, _LANG)
    view = NoticeMessage(
        title=words.say("chat.group.title", shop=words.name(programme.shop.name)),
        body=words.say("chat.group.body"),
        buttons=(Button(UriAction(words.say("chat.button.one_to_one"), club.add_friend_link())),),
        accent=programme.shop.accent,
    )
    return Answer(tuple(in_voice(club, programme, _LANG, [notice_message(view)])))


def erased_already(lang: Lang) -> Answer:
    """A second tap on "erase" finds nobody any more."""
    return Answer((text_message(say(lang, "chat.my_data.erased_already")),))
