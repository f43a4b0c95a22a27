"""What a member has told in reviews: read again, written anew, shown or not, withdrawn."""

from bot.line.messages import Button, Message, PostbackAction, Row, UriAction
from bot.store.heard import reviews
from bot.store.heard.reviews import Review
from bot.store.members import members, mergers
from handlers.actions.heard.reviewing import ShowingChoice, decide_showing, withdraw
from rules.heard.stars import stars_line
from rules.wording.names import initial, shown_name
from rules.wording.texts import long_date

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params

_SHOWN_MAX = 10
_ROW_WORDS = 60
WITHDRAW = "review_withdraw"


def reference(turn: Turn, review: Review) -> str:
    """How buttons name a review: by its card and its number there."""
    card = members.get(turn.uow, review.member_id)
    return f"{card.number}.{review.n}" if card else ""


def mine(turn: Turn, named: str) -> Review | None:
    """The review of theirs that a button names; None for another, for one that is gone, and on a
    card that somebody shares with them, whose reviews are that person's alone."""
    if turn.shares:
        return None
    number, _, n = named.partition(".")
    card = members.by_code(turn.uow, "number", number) if n.isdecimal() and len(n) < 9 else None
    if card is None or card not in mergers.with_absorbed(turn.uow, turn.member.id):
        return None
    found = reviews.get(turn.uow, card, int(n))
    return found if found is not None and found.is_told else None


@conversation("my_reviews", for_leavers=True)
def my_reviews(turn: Turn, _params: Params) -> Answer:
    """The newest ones, each of which opens."""
    cards = () if turn.shares else mergers.with_absorbed(turn.uow, turn.member.id)
    found = reviews.of_cards(turn.uow, cards, limit=_SHOWN_MAX)
    page = UriAction(turn.say("button.voices"), turn.club.voices_link(turn.lang))
    listed = parts.listing(
        turn,
        title=turn.say("my_reviews.title"),
        rows=tuple(_row(turn, review) for review in found),
        empty=turn.say("my_reviews.none"),
        buttons=(
            Button(parts.button(turn, "review", "review"), "secondary"),
            Button(page, "link"),
        ),
        then=("card", "my_data"),
    )
    return parts.answer_of(listed)


def _row(turn: Turn, review: Review) -> Row:
    cut = review.words if len(review.words) <= _ROW_WORDS else f"{review.words[:_ROW_WORDS]}…"
    opens = parts.button(turn, "read", "review_one", of=reference(turn, review))
    day = long_date(turn.lang, review.business_date)
    left = turn.say("my_reviews.row", stars=stars_line(review.stars), day=day)
    return Row(left=left, note=cut.replace("\n", " "), opens=opens)


@conversation("review_one", for_leavers=True)
def review_one(turn: Turn, params: Params) -> Answer:
    """One of theirs, and what can be done with it."""
    review = mine(turn, params.get("of", ""))
    return parts.answer_of(_one(turn, review)) if review else my_reviews(turn, {})


def _one(turn: Turn, review: Review) -> Message:
    of = reference(turn, review)
    left = turn.facts.membership == "left"
    anew = () if left else (Button(parts.button(turn, "review_anew", "review", of=of)),)
    label, under = ("review_hide", "none") if review.is_agreed else ("review_consent", "ask")
    showing = parts.button(turn, label, "review_show", of=of, under=under)
    return parts.notice(
        turn,
        title=long_date(turn.lang, review.business_date),
        body=f"{stars_line(review.stars)}\n{review.words}",
        note=_standing(turn, review),
        buttons=(
            *anew,
            Button(showing, "secondary"),
            Button(parts.button(turn, WITHDRAW, WITHDRAW, of=of), "link"),
        ),
        then=("my_reviews", "card"),
    )


def _standing(turn: Turn, review: Review) -> str:
    """Whether it is shown, and if not, why."""
    if review.taken_down is not None:
        return turn.say(f"my_reviews.taken_down.{review.taken_down}")
    if review.shown_as is None:
        return turn.say("my_reviews.not_shown")
    if review.status == "waiting":
        return turn.say("my_reviews.waits")
    return turn.say("my_reviews.shown", name=_called(turn, review.shown_as))


def _called(turn: Turn, name: str) -> str:
    return name or turn.say("my_reviews.nobody")


def consent_question(turn: Turn, review: Review) -> Message:
    """Whether it may be shown, and under which name."""
    of = reference(turn, review)
    ways = tuple(
        Button(_way(turn, of, way, name), "secondary")
        for way, name in _names(turn).items()
        if name or way == "nobody"
    )
    keep = parts.button(turn, "review_keep", "review_show", of=of, under="none")
    return parts.notice(
        turn,
        title=turn.say("my_reviews.consent_title"),
        body=turn.say("my_reviews.consent"),
        buttons=(*ways, Button(keep, "link")),
        then=("my_reviews", "card"),
    )


def _names(turn: Turn) -> dict[str, str]:
    """The names it may be shown under, by what a button calls them."""
    name = turn.account.display_name
    return {"initial": initial(name), "nickname": shown_name(name), "nobody": ""}


def _way(turn: Turn, of: str, way: str, name: str) -> PostbackAction:
    label = turn.say(f"button.review_as_{way}", name=name)
    return PostbackAction(label, postbacks.data("review_show", of=of, under=way), label)


@conversation("review_show", for_leavers=True)
def review_show(turn: Turn, params: Params) -> Answer:
    """Shows one of theirs `under` a name, or under none of them no more."""
    review, way = mine(turn, params.get("of", "")), params.get("under", "")
    if review is None:
        return my_reviews(turn, {})
    display = turn.account.display_name
    names = {
        "initial": initial(display),
        "nickname": shown_name(display),
        "nobody": "",
        "none": None,
    }
    if way not in names:
        return parts.answer_of(consent_question(turn, review))
    consent = ShowingChoice(names[way], turn.say("my_reviews.consent"), turn.at)
    decide_showing(turn.work, review, consent)
    said = "kept" if way == "none" else "waits" if review.status == "waiting" else "shown"
    name = _called(turn, names[way] or "")
    page = UriAction(turn.say("button.voices"), turn.club.voices_link(turn.lang))
    notice = parts.notice(
        turn,
        title=turn.say("my_reviews.decided_title"),
        body=turn.say(f"my_reviews.{said}", name=name),
        buttons=() if way == "none" else (Button(page, "link"),),
        then=("my_reviews", "card"),
    )
    return parts.answer_of(notice)


@conversation(WITHDRAW, for_leavers=True)
def review_withdraw(turn: Turn, params: Params) -> Answer:
    """Withdraws one of theirs, asked once more."""
    review = mine(turn, params.get("of", ""))
    if review is None:
        return my_reviews(turn, {})
    if params.get("sure") and turn.was_asked(WITHDRAW):
        turn.ask(None)
        withdraw(turn.work, review)
        return parts.answer_of(parts.text(turn, turn.say("my_reviews.gone"), then=("card",)))
    turn.ask(WITHDRAW)
    yes = parts.button(turn, "review_withdraw_yes", WITHDRAW, of=params["of"], sure=1)
    question = parts.notice(
        turn,
        title=turn.say("my_reviews.withdraw_title"),
        body=turn.say("my_reviews.withdraw"),
        buttons=(Button(yes, "danger"), parts.no(turn, "my_reviews")),
    )
    return parts.answer_of(question)
