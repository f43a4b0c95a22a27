"""How the shop's pictures look, and in whose voice it writes: a pattern, a name and a story, and
files of its own beside the programme."""

import unicodedata
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from ..base import Impossible, Lang, Strict

#: The name of a PNG file in the folder `art` beside the programme's file, or of what was handed in
#: from a browser; never a path.
ART_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\.png$"
ArtFile = Annotated[str, StringConstraints(pattern=ART_NAME)]
#: So many UTF-16 units (Messaging API reference, "Change icon and display name").
_SENDER_MAX = 20


class Theme(Strict):
    """What cards, posters and menus look like."""

    #: The pattern on them.
    texture: Literal["waves", "hemp", "stripes", "dots", "plain"] = "waves"
    #: The shop's own.
    logo: ArtFile | None = None
    #: The shop's own.
    mascot: ArtFile | None = None


class SenderName(Strict):
    """What stands above a message in place of the account's name, in Japanese and English."""

    ja: Annotated[str, Field(min_length=1, max_length=_SENDER_MAX)]
    en: Annotated[str, Field(max_length=_SENDER_MAX)] = ""

    @model_validator(mode="after")
    def _may_be_sent(self) -> "SenderName":
        for each in (self.ja, self.en):
            if (long := len(each.encode("utf-16-le")) // 2) > _SENDER_MAX:
                raise Impossible("text_long", bound=_SENDER_MAX, it=long)
            # LINE refuses names with "certain words such as LINE", and the message with the name.
            if "line" in unicodedata.normalize("NFKC", each).lower():
                raise Impossible("sender_line")
        return self

    def in_(self, lang: Lang) -> str:
        """The name in `lang`, or the Japanese one where the shop wrote no other."""
        return " ".join(((self.en or self.ja) if lang == "en" else self.ja).split())


class Story(Strict):
    """Who the shop is, in its own words; its first line greets whoever joins."""

    ja: Annotated[str, Field(min_length=1, max_length=600)]
    en: Annotated[str, Field(max_length=600)] = ""

    def in_(self, lang: Lang) -> str:
        """The story in `lang`, or the Japanese one where the shop wrote no other."""
        return (self.en or self.ja) if lang == "en" else self.ja

    def opening(self, lang: Lang) -> str:
        """Its first line."""
        return self.in_(lang).partition("\n")[0].strip()


class Voice(Strict):
    """Who speaks in the shop's messages."""

    #: None: the account's own name.
    sender: SenderName | None = None
    #: Beside each message. None: the account's own picture.
    icon: ArtFile | None = None
    #: None: none is told.
    story: Story | None = None
