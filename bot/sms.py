"""The SMS door: Twilio's API, by Twilio's own library.

Twilio knows no retry key, so a message is tried once: what may have left is never sent again.
Twilio, "Programmable Messaging: Message resource", https://www.twilio.com/docs/messaging/api
"""

import logging
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from .errors import KayoiError
from .settings import Settings

if TYPE_CHECKING:
    from requests.exceptions import RequestException
    from twilio.base.exceptions import TwilioRestException
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
#: (https://www.twilio.com/docs/api/errors): no number, none we may send to, no mobile one.
_NEVER = frozenset({21211, 21408, 21612, 21614})
#: Whoever has the number told Twilio to stop.
_STOPPED = 21610
#: By these Twilio takes nothing of ours: our account is refused, or we were too fast.
_NOT_NOW = (401, 403, 429)
_SERVER_ERROR = 500

_SECONDS_MAX = 10.0


class SmsError(KayoiError):
    """The SMS was not sent."""

    #: This number will never take it.
    permanent: ClassVar[bool] = False
    #: No answer came, so it may have left; it must not be sent again.
    maybe_sent: ClassVar[bool] = False

    def __init__(self, code: int | None = None) -> None:
        default = self.default_message()
        super().__init__(default if code is None else f"{default} (Twilio {code})")
        self.code = code


class SmsRefused(SmsError):
    """Twilio refuses to send to this number."""

    permanent = True


class SmsStopped(SmsRefused):
    """Whoever has this number told Twilio to stop."""


class SmsRejected(SmsError):
    """Twilio did not take this message; it certainly did not leave."""


class SmsUnavailable(SmsError):
    """Twilio takes no message of ours now; this one certainly did not leave."""


class SmsUnknown(SmsError):
    """Twilio did not answer: whether the message left is not known."""

    maybe_sent = True


@dataclass(frozen=True)
class SmsDoor:
    """Sends SMS. Twilio's library is loaded with the first one: it is heavy, and many clubs send
    none."""

    account_sid: str
    auth_token: str
    #: A number of ours (E.164), a sender name, or a messaging service's id.
    sender: str
    base_url: str

    def send(self, to: str, text: str) -> str:
        """Sends `text` to the number `to` (E.164); gives Twilio's id of the message.

        Raises SmsRefused, SmsRejected, SmsUnavailable or SmsUnknown.
        """
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioException, TwilioRestException

        way = "messaging_service_sid" if self.sender.startswith("MG") else "from_"
        try:
            sent = self._client.messages.create(to=to, body=text, **{way: self.sender})
        except TwilioRestException as problem:
            raise _error_of_answer(problem) from None
        except RequestException as problem:
            raise (SmsUnavailable if _never_left(problem) else SmsUnknown) from None
        except TwilioException:
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


def _error_of_answer(problem: "TwilioRestException") -> SmsError:
    """Our error for an answer that is no yes; its own text would quote the number."""
    code, status = problem.code or None, int(problem.status)
    if code == _STOPPED:
        return SmsStopped(code)
    if code in _NEVER:
        return SmsRefused(code)
    if status >= _SERVER_ERROR:
        return SmsUnknown(code)
    return SmsUnavailable(code) if status in _NOT_NOW else SmsRejected(code)


def _never_left(problem: "RequestException") -> bool:
    """Whether there was no connection at all: no network, no address, nobody who listens, or
    somebody who is not Twilio."""
    from ssl import SSLCertVerificationError

    from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

    cause = problem.args[0] if problem.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, SSLError):
        return any(isinstance(each, SSLCertVerificationError) for each in reason.args)
    return isinstance(reason, ConnectTimeoutError | NewConnectionError)


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
