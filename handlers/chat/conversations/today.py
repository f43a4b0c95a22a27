"""「今日」: which campaigns are on, and where; and which begin soon."""

from bot.line.messages import Row
from rules.outlook.campaign_days import coming
from rules.programme.campaigns import Campaign
from rules.wording.explain_earning import campaign_label, campaign_sentence
from rules.wording.today import running_name

from .. import parts
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

#: How long before it begins a campaign is named.
SOON_DAYS = 14


@conversation("today")
def today(turn: Turn, _params: Params) -> Answer:
    rows = tuple(
        Row(
            left=running_name(turn.words, running),
            right=campaign_label(turn.words, running.campaign),
            note=campaign_sentence(turn.words, running.campaign),
        )
        for running in turn.on_today()
    )
    soon = coming(turn.programme, turn.day, within_days=SOON_DAYS, facts=turn.facts)
    is_open = turn.programme.shop.is_open(turn.day)
    message = parts.listing(
        turn,
        title=turn.say("today.title"),
        rows=(*rows, *(_coming(turn, campaign) for campaign in soon)),
        empty=turn.say("today.none" if is_open else "today.closed"),
        then=("card", "earn", "points", "rewards"),
    )
    return parts.answer_of(message)


def _coming(turn: Turn, campaign: Campaign) -> Row:
    return Row(
        left=turn.say("today.soon", name=campaign.name.in_(turn.lang), day=campaign.starts),
        right=campaign_label(turn.words, campaign),
        note=campaign_sentence(turn.words, campaign),
        muted=True,
    )
