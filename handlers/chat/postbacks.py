"""What our buttons send back: "do=<intent>&…", written here and read here.

Old buttons stay in people's chats for years, so whatever comes back may be stale or odd.
"""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from rules import characters

Params = Mapping[str, str]

_FIELDS_MAX = 10
_VALUE_MAX = 100


# What hangs below an answer is the same for everybody, mostly.
@lru_cache(maxsize=1_024, typed=True)
def data(intent: str, **params: str | int) -> str:
    """The postback data that asks for `intent`."""
    return urlencode({"do": intent, **params})


def read(text: str) -> tuple[str, Params]:
    """`(intent, params)` of postback data; the intent is "" for what we never wrote, as anything
    that no database can hold."""
    try:
        pairs = dict(parse_qsl(text, max_num_fields=_FIELDS_MAX))
    except ValueError:
        return "", {}
    if any(len(value) > _VALUE_MAX or "\0" in value for value in pairs.values()):
        return "", {}
    return pairs.pop("do", ""), pairs


def whole_number(params: Params, name: str) -> int | None:
    """The parameter as a number that a database can hold; None when it isn't one."""
    return characters.whole_number(params.get(name, ""), 9)
