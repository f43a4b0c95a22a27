"""Sharing on social media: a line to choose, a picture with it, and a link of the member's own."""

from urllib.parse import quote

from bot.line.limits import URI_UNITS
from bot.line.messages import Button, PostbackAction, Row, UriAction
from bot.line.views import Role
from bot.store.heard import shares
from bot.store.heard.shares import Share
from bot.store.members import mergers
from handlers.actions.heard.sharing import make_share
from handlers.showing import addresses
from handlers.showing.addresses import SHARE_LINES

from .. import parts, postbacks
from ..context import Answer, Turn
from ..conversation import conversation
from ..postbacks import Params, whole_number

SHARE = "share"
#: Where X takes a text to post (X for Websites, "Post intent").
_X = "https://x.com/intent/post?text="


@conversation(SHARE)
def share(turn: Turn, params: Params) -> Answer:
    """Asks for a line; with `line`, what is shared."""
    line = whole_number(params, "line")
    if line not in SHARE_LINES:
        return _ask_line(turn)
    return _ready(turn, make_share(turn.work, turn.member.id, line, at=turn.at))


def _ask_line(turn: Turn) -> Answer:
    question = parts.listing(
        turn,
        title=turn.say("share.title"),
        subtitle=turn.words.sentences([turn.say("share.ask"), _worth(turn), _last(turn)]),
        rows=tuple(_line_row(turn, line) for line in SHARE_LINES),
        hint=turn.say("share.pr"),
        then=("referral", "earn", "card"),
    )
    return parts.answer_of(question)


def _line_row(turn: Turn, line: int) -> Row:
    said = turn.words.say(f"share.line.{line}", shop=turn.shop)
    data = postbacks.data(SHARE, line=line)
    return Row(left=said, action=PostbackAction(turn.say("button.choose"), data, said))


def _worth(turn: Turn) -> str:
    """What makes it count; empty where the programme gives nothing for it."""
    rules = turn.programme.earning_on("share")
    if not rules:
        return ""
    return turn.say("share.by_staff" if any(r.needs_staff for r in rules) else "share.by_link")


def _last(turn: Turn) -> str:
    """How the last one stands."""
    last = shares.newest(turn.uow, mergers.with_absorbed(turn.uow, turn.member.id))
    if last is None:
        return ""
    is_seen = last.opened_at is not None or last.proven_by is not None
    return turn.say("share.arrived" if is_seen else "share.not_yet")


def _ready(turn: Turn, shared: Share) -> Answer:
    link = turn.club.pr_link(shared.code)
    said = turn.words.say(f"share.line.{shared.line}", shop=turn.shop)
    post = turn.words.say("share.post", line=said, shop=turn.shop, link=link)
    picture = addresses.share(turn.club, turn.scene, turn.member.number, shared.line)
    own = turn.club.codes.sign("own_share", shared.code)
    ways = (
        ("send_on_line", turn.club.share_link(post)),
        ("share_on_x", _X + quote(post, safe="")),
        ("share_page", f"{link}?own={own}"),
    )
    ready = parts.notice(
        turn,
        title=said,
        body=turn.words.sentences([turn.say("share.ready"), _worth(turn)]),
        picture=parts.picture(turn, picture),
        note=turn.say("share.pr"),
        buttons=tuple(_way(turn, label, url) for label, url in ways if len(url) <= URI_UNITS),
    )
    return parts.answer_of(ready, parts.text(turn, post, then=("share", "card", "points")))


def _way(turn: Turn, label: str, url: str) -> Button:
    role: Role = "primary" if label == "send_on_line" else "secondary"
    return Button(UriAction(turn.say(f"button.{label}"), url), role)
