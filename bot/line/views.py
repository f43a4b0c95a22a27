"""What a message shows, as finished strings: filled in by the chat, drawn by `messages`.

Colours are "#RRGGBB". Every text may be empty except titles and what says otherwise; an empty text
takes no room. Buttons carry their own labels (`PostbackAction("ポイント", "points")`).
`alt_text` is what notifications and screen readers say; left empty it is put together from the
view's own words.
"""

from dataclasses import dataclass
from typing import Literal

from .actions import Action

#: The quiet dark brown of a shop that has not chosen a colour.
DEFAULT_ACCENT = "#8A5A44"


#: What a button is there for, which alone decides how it looks: the one thing that most want next;
#: another way on; a way out, or to small print; and what can't be taken back.
Role = Literal["primary", "secondary", "link", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message."""

    action: Action
    role: Role = "primary"


@dataclass(frozen=True, slots=True)
class Banner:
    """A coloured strip: a gradient, as a rank has it."""

    start: str
    end: str
    #: Used where it can be read on both ends; otherwise black or white is chosen.
    text_colour: str = "#FFFFFF"


@dataclass(frozen=True, slots=True)
class MessagePicture:
    """A picture over the whole width."""

    #: HTTPS.
    url: str
    #: "1024:682".
    ratio: str
    #: What a tap on it does; its label is spoken, not shown.
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class StampRow:
    """A card to be stamped."""

    caption: str
    #: How many there are, in words.
    figure: str
    filled: int
    #: Filled ones and empty ones together.
    places: int


@dataclass(frozen=True, slots=True)
class IconLine:
    """One thing, an emoji before it and small print below it."""

    icon: str
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMessage:
    """The member's card in the chat: the picture says who, how many points and what comes next;
    what stands below it says nothing twice."""

    picture: MessagePicture
    stamps: StampRow
    lines: tuple[IconLine, ...] = ()
    buttons: tuple[Button, ...] = ()
    accent: str = DEFAULT_ACCENT
    #: What the picture says.
    alt_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMessage:
    """A place on the map, which opens it."""

    title: str
    #: Where it is in words; LINE shows one always.
    address: str
    #: Degrees.
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list: what it is, how much, and small print below."""

    left: str
    right: str = ""
    note: str = ""
    #: How far it is to a reward (0..1), as a thin bar below; None draws none.
    progress: float | None = None
    #: A small button at the end of the row, which carries its label.
    action: Action | None = None
    #: Stands small at its beginning.
    picture: MessagePicture | None = None
    #: Where a tap anywhere on the row leads; an arrow at its end says that it does.
    opens: Action | None = None
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMessage:
    """Points and what expires, history, how to earn, badges, rewards, topics."""

    title: str
    subtitle: str = ""
    #: One large figure above the rows.
    big: str = ""
    #: Beside the figure.
    big_caption: str = ""
    #: Those beyond `ROWS_MAX`, or beyond what a message may hold, give way to `more`.
    rows: tuple[Row, ...] = ()
    #: Stands in the place of rows where there are none.
    empty: str = ""
    #: "ほかにもあります".
    more: str = ""
    #: The one thing worth knowing, in a tinted box.
    hint: str = ""
    buttons: tuple[Button, ...] = ()
    #: Stands above it all.
    picture: MessagePicture | None = None
    accent: str = DEFAULT_ACCENT
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMessage:
    """One thing said well: a check-in's result, a new rank, a confirmation, a kind no."""

    title: str
    body: str = ""
    #: A coloured strip for the title (a new rank); without it the title is plain text.
    banner: Banner | None = None
    #: The large figure: "+10pt".
    big: str = ""
    big_caption: str = ""
    #: Lines of their own in a tinted box: "🎉 ブロンズファンに昇格！".
    celebrations: tuple[str, ...] = ()
    #: Pairs to check before saying yes (birthday, date).
    rows: tuple[Row, ...] = ()
    #: Closes the message.
    next_step: str = ""
    #: How far the next step is gone (0..1); None draws no bar.
    progress: float | None = None
    progress_caption: str = ""
    note: str = ""
    buttons: tuple[Button, ...] = ()
    #: Stands above it all, in the banner's place.
    picture: MessagePicture | None = None
    accent: str = DEFAULT_ACCENT
    alt_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One of several things side by side: a reward, with all there is to know of it."""

    #: How it stands, in the coloured head: 「お手元の特典」.
    state: str
    title: str
    #: What it is.
    body: str = ""
    #: What it costs, or its last day.
    figure: str = ""
    #: How far it is (0..1), as a bar; None draws none.
    progress: float | None = None
    #: Its conditions, a line each; the last ones give way where there is no room for them.
    lines: tuple[str, ...] = ()
    button: Button | None = None
    #: In hand, to be had, or out of reach.
    tone: Literal["full", "light", "grey"] = "grey"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketsMessage:
    """Tickets side by side, twelve at the most."""

    title: str
    tickets: tuple[Ticket, ...]
    accent: str = DEFAULT_ACCENT
