"""The SMS door: Twilio's API, by Twilio's own library.

Twilio knows no retry key, so a message is tried once: what may have left is never sent again.
Twilio, "Programmable Messaging: Message resource", https://www.twilio.com/docs/messaging/api
"""

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from bot.settings import Settings

if TYPE_CHECKING:
    from twilio.rest import Client

#: A GSM message holds 160 letters, one with anything else (Japanese) 70; a longer one is sent in
#: parts of 153 or 67 (3GPP TS 23.038; 23.040, 9.2.3.24.1), each of which is paid for.
_ALONE, _IN_PARTS = (160, 70), (153, 67)
#: The GSM 7-bit alphabet and its extension, whose letters take two places (3GPP TS 23.038, 6.2.1).
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO_PLACES = frozenset("^{}\\[~]|€\f")

#: Twilio's error codes for a number that will never take our message
#: (https://www.twilio.com/docs/api/errors): no mobile number, opted out, not reachable at all.
_NEVER = frozenset({21211, 21408, 21610, 21612, 21614})

_SECONDS_MAX = 10.0


class SmsError(Exception):
    """The SMS was not sent.

    `permanent`: this number will never take it. `maybe_sent`: no answer came, so it may have left;
    it must not be sent again.
    """

    permanent: ClassVar[bool] = False
    maybe_sent: ClassVar[bool] = False

    def __init__(self, code: int | None = None) -> None:
        default = (type(self).__doc__ or "").partition("\n")[0]
        super().__init__(default if code is None else f"{default} (Twilio {code})")
        self.code = code


class SmsRefused(SmsError):
    """Twilio refuses to send to this number."""

    permanent = True


class SmsUnavailable(SmsError):
    """Twilio could not take the message now; it certainly did not leave."""


class SmsUnknown(SmsError):
    """Twilio did not answer: whether the message left is not known."""

    maybe_sent = True


@dataclass(frozen=True)
class SmsDoor:
    """Sends SMS. `sender` is a number of ours (E.164), a sender name, or a messaging service's id.

    Twilio's library is loaded with the first message: it is heavy, and many clubs send none.
    """

    account_sid: str
    auth_token: str
    sender: str
    base_url: str

    def send(self, to: str, text: str) -> str:
        """Sends `text` to the number `to` (E.164); gives Twilio's id of the message.

        Raises SmsRefused, SmsUnavailable or SmsUnknown.
        """
        from requests.exceptions import ConnectTimeout, RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        way = "messaging_service_sid" if self.sender.startswith("MG") else "from_"
        try:
            sent = self._client.messages.create(to=to, body=text, **{way: self.sender})
        except TwilioRestException as problem:
            if problem.code in _NEVER:
                raise SmsRefused(problem.code) from None
            if problem.status >= 500:
                raise SmsUnknown(problem.code) from None
            raise SmsUnavailable(problem.code) from None
        except ConnectTimeout:
            raise SmsUnavailable from None
        except (RequestException, TwilioException):
            raise SmsUnknown from None
        return str(sent.sid)

    @cached_property
    def _client(self) -> "Client":
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        # Its log would hold numbers and texts.
        silent = logging.getLogger("bot.sms.silent")
        silent.disabled = True
        http: Any = TwilioHttpClient(timeout=_SECONDS_MAX, logger=silent)
        client = Client(self.account_sid, self.auth_token, http_client=http)
        client.api.base_url = self.base_url
        return client


def sms_door(settings: Settings) -> SmsDoor | None:
    """The door that the settings describe; None where they name no Twilio account."""
    sid, token = settings.twilio_account_sid, settings.twilio_auth_token
    if sid is None or token is None or settings.twilio_from is None:
        return None
    return SmsDoor(sid, token.get_secret_value(), settings.twilio_from, settings.twilio_api_base)


def segments(text: str) -> int:
    """How many messages `text` is paid as; 0 for an empty one."""
    plain = set(text) <= _GSM | _GSM_TWO_PLACES
    if plain:
        places = sum(2 if char in _GSM_TWO_PLACES else 1 for char in text)
    else:
        places = len(text.encode("utf-16-le")) // 2
    if places <= _ALONE[not plain]:
        return 1 if places else 0
    return -(-places // _IN_PARTS[not plain])
