"""The exceptions of this project, which have one base. Each one's docstring is its default message.

KayoiError
├─ SettingsError        the environment and `.env`
├─ DatabaseUnreachable  the store
├─ StoreBusy
│  └─ StoreFull
├─ KeyReused
├─ NoProgramme
├─ DumpFailed           a back-up
├─ UnusableArchive
├─ UnusableExport       leaving whole
│  ├─ AnotherKey
│  └─ NotEmpty
├─ UnusableRow
├─ UnknownKind
├─ PasswordsBusy        who signs in
├─ LineError            what LINE is asked
│  ├─ LineUnavailable
│  ├─ RateLimited
│  ├─ MonthlyLimitReached
│  ├─ IdTokenRefused
│  ├─ ReplyTokenInvalid
│  └─ LineRejected
│     └─ InvalidMessages
├─ MalformedBody        what LINE sends
├─ InsideAddress        whom other systems' events go to
├─ SellerError          a till's or web shop's system answers
├─ UnreadableMessage    what such a system says
├─ SmsError             what Twilio is asked
│  ├─ SmsUnknown
│  ├─ SmsUnavailable
│  ├─ SmsRejected
│  └─ SmsRefused
│     └─ SmsStopped
├─ InvalidRequest       what the counter's pages send
└─ Trouble              what another system asks of the API

A business no is none of them: it is a value, `rules.base.Refusal`. The simulator and the pictures,
which know nothing of the club, have a base of their own.
"""


class KayoiError(Exception):
    """Something went wrong that has a name here."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.default_message())

    @classmethod
    def default_message(cls) -> str:
        """The first line of the docstring."""
        return (cls.__doc__ or "").partition("\n")[0]
