"""LINE's sizes, and cutting texts to them.

LINE counts most texts in UTF-16 code units, and labels, display texts and rich menu names in
grapheme clusters ("Character counting in a text" in LINE's documentation). Texts are always cut
between grapheme clusters, so that an emoji or a combined letter never falls apart.

The numbers come from LINE's "Messaging API reference"; the section is named at each.
"""

from typing import Final

import regex

from rules.characters import graphemes

# Send reply message, Send push message
MESSAGES_PER_REQUEST: Final = 5
# Send multicast message
MULTICAST_RECIPIENTS: Final = 500
# Rate limits
PUSHES_PER_SECOND: Final = 2_000
MULTICASTS_PER_SECOND: Final = 200
# Retry failed API requests
RETRY_KEY_HOURS: Final = 24
# Text message
TEXT_UNITS: Final = 5_000
# Location message
PLACE_UNITS: Final = 100
# Flex Message; Bubble
ALT_TEXT_UNITS: Final = 1_500
BUBBLE_BYTES: Final = 30_000
# Carousel
CAROUSEL_BYTES: Final = 50_000
CAROUSEL_BUBBLES: Final = 12
# Specifications of the label
FLEX_LABEL_GRAPHEMES: Final = 40
SHORT_LABEL_GRAPHEMES: Final = 20  # quick replies and rich menus
# Postback action, Message action, URI action, Datetime picker action
POSTBACK_DATA_UNITS: Final = 300
ACTION_TEXT_GRAPHEMES: Final = 300
CLIPBOARD_LENGTH: Final = 1_000
DISPLAY_TEXT_UNITS: Final = 300  # LINE counts graphemes; units keep a message small as well
URI_UNITS: Final = 1_000
DATE_PICKER_FIRST: Final = "1900-01-01"
DATE_PICKER_LAST: Final = "2100-12-31"
# Quick reply, items object
QUICK_REPLIES: Final = 13
# Image (Flex component)
IMAGE_URL_UNITS: Final = 2_000
# Rich menu object, size object; Requirements for rich menu image
RICH_MENU_AREAS: Final = 20
RICH_MENU_WIDTH: Final = (800, 2_500)
RICH_MENU_HEIGHT_MIN: Final = 250
RICH_MENU_RATIO_MIN: Final = 1.45
# LINE counts these two in grapheme clusters, its SDK in code points: units are the safe side.
RICH_MENU_NAME_UNITS: Final = 300
CHAT_BAR_UNITS: Final = 14
RICH_MENU_IMAGE_BYTES: Final = 1_000_000
# Display a loading animation
LOADING_SECONDS: Final = tuple(range(5, 61, 5))

#: Control characters but for the line feed, and the invisible marks that turn the writing
#: direction of whatever follows them: in a name they would damage the rest of the message.
_UNWANTED = regex.compile(r"[[\p{Cc}--\n]\u202A-\u202E\u2066-\u2069]", flags=regex.V1)
_LONE_SURROGATE = regex.compile(r"[\uD800-\uDFFF]")


def utf16_len(text: str) -> int:
    """The length of `text` as LINE counts it: in UTF-16 code units ("🍎" is two)."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """`text` without what no message can carry: control characters and half emojis.

    Line feeds stay. Half of a surrogate pair becomes U+FFFD.
    """
    # Printable is what holds none of these (str.isprintable): most texts by far, found at once.
    if text.isprintable():
        return text
    return str(_LONE_SURROGATE.sub("\ufffd", _UNWANTED.sub("", text)))


def cut(text: str, units: int, *, ellipsis: str = "…") -> str:
    """`text` in at most `units` UTF-16 code units, ending in `ellipsis` where it was cut.

    Cut between grapheme clusters, so the result may be a few units shorter.
    """
    if utf16_len(text) <= units:
        return text
    room = units - utf16_len(ellipsis)
    kept: list[str] = []
    for cluster in graphemes(text):
        room -= utf16_len(cluster)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept).rstrip() + ellipsis


def cut_graphemes(text: str, count: int, *, ellipsis: str = "…") -> str:
    """`text` in at most `count` grapheme clusters, ending in `ellipsis` where it was cut."""
    # There are never more clusters than characters.
    if len(text) <= count or len(pieces := graphemes(text)) <= count:
        return text
    return "".join(pieces[: count - len(graphemes(ellipsis))]).rstrip() + ellipsis
