"""The conversations by intent: `(turn, params) -> Answer`, one file each."""

from collections.abc import Callable
from typing import Final

from ..context import Answer, Turn
from ..postbacks import Params
from . import (
    badges,
    birthday,
    card,
    cards,
    check_in,
    earn,
    feedback,
    guide,
    history,
    language,
    link,
    membership,
    my_data,
    points,
    profile,
    rank,
    referral,
    rewards,
    slip,
    smalltalk,
    sms,
    survey,
    topics,
    unknown,
    welcome,
)

Conversation = Callable[[Turn, Params], Answer]

#: What a tap may ask for; what it sends back is nobody's secret, so it is all harmless to repeat.
TAPPED: Final[dict[str, Conversation]] = {
    "card": card.card,
    "cards": cards.cards,
    "link": link.link,
    "points": points.points,
    "rank": rank.rank,
    "badges": badges.badges,
    "history": history.history,
    "earn": earn.earn,
    "rewards": rewards.rewards,
    "give": rewards.give,
    "profile": profile.profile,
    "birthday": birthday.birthday,
    "language": language.language,
    "topics": topics.topics,
    "my_data": my_data.my_data,
    "leave": membership.leave,
    "resume": membership.resume,
    "erase": my_data.erase,
    "help": guide.guide,
    "feedback": feedback.feedback,
    "survey": survey.survey,
    "referral": referral.referral,
    "check_in_how": check_in.how,
    "cancel": smalltalk.cancel,
    "sms": sms.sms,
}

CONVERSATIONS: Final[dict[str, Conversation]] = TAPPED | {
    "again": welcome.again,
    "check_in": check_in.by_code,
    "beacon": check_in.by_beacon,
    "referred": referral.referred,
    "slip": slip.slip,
    "hello": smalltalk.hello,
    "thanks": smalltalk.thanks,
    "okay": smalltalk.okay,
    "sticker": smalltalk.sticker,
    "place": smalltalk.place,
    "stale": smalltalk.stale,
    "media": unknown.media,
    "unknown": unknown.unknown,
}
