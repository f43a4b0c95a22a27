"""LINE MINI App: the member's page inside LINE, and how LINE says who opened it.

The page is given an ID token, which only LINE's answer about it makes worth anything (LINE Login
v2.1 API reference, "Verify ID token"). Of all that is in it only `sub` is counted on: with "channel
consent simplification" it holds no profile.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from .errors import LineError, LineUnavailable
from .wire import LINE_API_BASE

#: How LINE's own browser names itself.
IN_LINE = re.compile(r"\bLine/\d")
_VERIFY = "/oauth2/v2.1/verify"
#: No longer ones are LINE's.
TOKEN_LENGTH_MAX = 4_000
#: "U" and 32 hexadecimal digits.
_USER_ID = re.compile(r"U[0-9a-f]{32}")
_OK, _ERROR = 200, 500
_TOO_MANY = 429


class IdTokenRefused(LineError):
    """LINE says that the ID token isn't good: too old, of another channel, or made up."""

    permanent = True
    outcome = "id_token"


@dataclass(frozen=True, slots=True)
class MiniApp:
    """The MINI App of this club. `user_of` may be called from any thread."""

    #: Of its channel: the audience of its ID tokens.
    channel_id: str
    #: By which the page introduces itself to LINE.
    liff_id: str
    #: What opens it, within LINE.
    link: str
    #: Where LINE's SDK is. Its licence doesn't let us hand it on, so it comes from LINE.
    script: str
    #: Of which browsers LINE's SDK is loaded, by how they name themselves.
    browsers: re.Pattern[str]
    api_base: str = LINE_API_BASE
    connect_seconds: float = 3.0
    read_seconds: float = 5.0

    def user_of(self, id_token: str) -> str:
        """Whose token it is, as LINE says: a user id. IdTokenRefused, or LineUnavailable."""
        import urllib3

        if not 0 < len(id_token) <= TOKEN_LENGTH_MAX or not id_token.isascii():
            raise IdTokenRefused
        wait = urllib3.Timeout(connect=self.connect_seconds, read=self.read_seconds)
        asked = urlencode({"id_token": id_token, "client_id": self.channel_id})
        try:
            with urllib3.PoolManager(timeout=wait, retries=False) as pool:
                answer = pool.request(
                    "POST",
                    self.api_base + _VERIFY,
                    body=asked,
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                )
        except urllib3.exceptions.HTTPError as problem:
            raise LineUnavailable from problem
        if answer.status == _TOO_MANY or answer.status >= _ERROR:
            raise LineUnavailable
        return self._subject(answer.status, answer.data)

    def _subject(self, status: int, body: bytes) -> str:
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if status != _OK or not isinstance(said, dict):
            raise IdTokenRefused
        user_id = said.get("sub")
        # LINE compares the audience itself; we don't rely on its always doing so.
        is_ours = str(said.get("aud")) == self.channel_id
        if not is_ours or not isinstance(user_id, str) or not _USER_ID.fullmatch(user_id):
            raise IdTokenRefused
        return user_id
