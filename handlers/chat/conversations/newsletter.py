"""The newsletter: asked for or stopped with one tap, and its issues to be read."""

from bot.line.actions import UriAction
from bot.line.messages import Button, Row
from bot.store.members import consents
from bot.store.messages import newsletters
from handlers.actions.newsletter.subscribe import NewsletterChoice, choose_newsletter
from handlers.showing.newsletter_links import issue_link
from rules.programme.newsletter import Newsletter
from rules.wording.texts import long_date

from .. import parts
from ..context import Answer, Turn
from ..conversation import SHARED, conversation
from ..postbacks import Params
from . import cards
from .card import card_message_of

#: So many issues are listed.
_SHOWN = 5


@conversation("newsletter")
def newsletter(turn: Turn, params: Params) -> Answer:
    """With `on` (1 or 0) after the change: of the card whose number is `of`, if it is theirs, else
    of the one the chat speaks of. A shop without one shows the card."""
    its = turn.programme.newsletter
    if its is None:
        return parts.answer_of(card_message_of(turn))
    wanted = {"1": True, "0": False}.get(params.get("on", ""))
    if "of" in params:
        card = cards.of_number(turn, params["of"])
        turn, wanted = (turn.about(card), wanted) if card else (turn, None)
    if wanted is None:
        return _shown(turn, its)
    if turn.shares:
        return _shown(turn, its, parts.refusal(turn, SHARED))
    about = its.about.in_(turn.lang)
    choice = NewsletterChoice(turn.member.id, wanted, turn.at, wording=about)
    outcome = choose_newsletter(turn.under("newsletter"), choice)
    said = turn.say("newsletter.on_now" if wanted else "newsletter.off_now")
    given = turn.say("newsletter.given", amount=turn.amount(outcome.points))
    return _shown(turn.again(), its, f"{said}{given}" if outcome.points else said)


def _shown(turn: Turn, its: Newsletter, said: str = "") -> Answer:
    is_on = consents.wants_newsletter(turn.uow, turn.member.id)
    way = "newsletter_stop" if is_on else "newsletter_ask"
    number = turn.member.number
    change = parts.button(turn, way, "newsletter", on=int(not is_on), of=number)
    issues = newsletters.issues(turn.uow, sent=True, limit=_SHOWN)
    message = parts.listing(
        turn,
        title=its.name.in_(turn.lang),
        subtitle=said or its.about.in_(turn.lang),
        rows=tuple(
            Row(
                left=stored.issue.title.in_(turn.lang),
                note=long_date(turn.lang, turn.programme.shop.local(stored.sent_at).date()),
                action=UriAction(
                    turn.say("button.read"),
                    issue_link(turn.club, turn.member.number, stored.issue.id),
                ),
            )
            for stored in issues
            if stored.sent_at
        ),
        empty=turn.say("newsletter.none"),
        buttons=() if turn.shares else (Button(change, "link" if is_on else "primary"),),
        then=("card", "topics"),
    )
    return parts.answer_of(message, must_reach=bool(said))
