"""What a message shows, as finished strings: filled in by the chat, drawn by `messages`.

Colours are "#RRGGBB". Every text may be empty except titles and what says otherwise; an empty text
takes no room. Buttons carry their own labels (`PostbackAction("ポイント", "points")`).
`alt_text` is what notifications and screen readers say; left empty it is put together from the
view's own words.
"""

from dataclasses import dataclass

from .actions import Action

#: The quiet dark brown of a shop that has not chosen a colour.
DEFAULT_ACCENT = "#8A5A44"


@dataclass(frozen=True, slots=True)
class Banner:
    """A coloured strip: a gradient from `start` to `end`, as a rank has it.

    `text_colour` is used where it can be read on both ends; otherwise black or white is chosen.
    """

    start: str
    end: str
    text_colour: str = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class MessagePicture:
    """A picture over the whole width: where it is (HTTPS), its `ratio` as "1024:682", and what a
    tap on it does; the action's label is spoken, not shown."""

    url: str
    ratio: str
    action: Action | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMessage:
    """The member's card in the chat.

    `member_name` empty: the card shows the number alone. `progress` is 0..1 towards the next step,
    None draws no bar. `picture_url` (HTTPS) is the card with its QR code, shown on top, 3:2; a tap
    on it does `picture_action`, whose label only screen readers say.
    """

    shop_name: str
    rank_name: str
    rank: Banner
    points_label: str
    points: str
    member_name: str = ""
    member_number: str = ""
    next_step: str = ""
    progress: float | None = None
    progress_caption: str = ""
    note: str = ""
    picture_url: str | None = None
    picture_action: Action | None = None
    buttons: tuple[Action, ...] = ()
    accent: str = DEFAULT_ACCENT
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list: what it is, how much, and small print below.

    `progress` (0..1) draws a thin bar below: how far it is to a reward. With an `action` the row
    ends in a small button that carries the action's label.
    """

    left: str
    right: str = ""
    note: str = ""
    progress: float | None = None
    action: Action | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMessage:
    """Points and what expires, history, how to earn, badges, rewards, topics.

    `big` is one large figure above the rows with `big_caption` beside it. Without rows, `empty`
    stands in their place. Rows beyond `ROWS_MAX`, or beyond what a message may hold, give way to
    `more` ("ほかにもあります"). `hint` is a tinted box with the one thing worth knowing. A
    `picture` stands above it all.
    """

    title: str
    subtitle: str = ""
    big: str = ""
    big_caption: str = ""
    rows: tuple[Row, ...] = ()
    empty: str = ""
    more: str = ""
    hint: str = ""
    buttons: tuple[Action, ...] = ()
    picture: MessagePicture | None = None
    accent: str = DEFAULT_ACCENT
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMessage:
    """One thing said well: a check-in's result, a new rank, a confirmation, a kind no.

    `banner` gives the title a coloured strip (a new rank); without it the title is plain text.
    `big` is the large figure ("+10pt"), `celebrations` are lines of their own in a tinted box
    ("🎉 ブロンズファンに昇格！"), `next_step` with `progress` (0..1) closes it.
    `rows` are pairs to check before saying yes (birthday, date). A `picture` stands above it all,
    in the banner's place.
    """

    title: str
    body: str = ""
    banner: Banner | None = None
    big: str = ""
    big_caption: str = ""
    celebrations: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    next_step: str = ""
    progress: float | None = None
    progress_caption: str = ""
    note: str = ""
    buttons: tuple[Action, ...] = ()
    picture: MessagePicture | None = None
    accent: str = DEFAULT_ACCENT
    alt_text: str = ""
