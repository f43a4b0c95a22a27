"""The settings: from the environment, else from `.env`, checked before anything starts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from .choice import ClubFolder, chosen
from .errors import KayoiError
from .setting_types import (
    KEY_HINT,
    SECRET_KEY_LENGTH_MIN,
    SQLITE,
    AnyAddress,
    Host,
    Key,
    Text,
    Token,
    Webaddress,
    database,
    file,
    line_api,
    listed,
    site,
    stripped,
)
from .setting_types import (
    PROJECT as PROJECT,
)

#: Where the clubs of an installation are that nobody gave a database of their own.
CLUBS = PROJECT / "instance"

#: Nobody has more of them in front.
PROXIES_MAX = 5

_EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not listened on


class SettingsError(KayoiError):
    """The settings can't be used."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        #: One sentence for each, which names the variable and says what to do. Values never appear
        #: in them: a password with a slip in it is still a password.
        self.problems = problems


def _own_address(data: dict[str, Any]) -> str:
    host = "127.0.0.1" if data["host"] in _EVERY_INTERFACE else data["host"]
    return f"http://[{host}]:{data['port']}" if ":" in host else f"http://{host}:{data['port']}"


class Settings(BaseSettings):
    """Everything an installation may set; each field's description says what it may be."""

    model_config = SettingsConfigDict(
        env_file=PROJECT / ".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    host: Host = Field(
        default="127.0.0.1",
        description="must be the host name or IP address to listen on, such as 127.0.0.1",
    )
    port: int = Field(
        default=8000, ge=1, le=65535, description="must be a whole number from 1 to 65535"
    )
    database_url: Annotated[Text, AfterValidator(database)] = Field(
        default="sqlite:///instance/kayoi.sqlite3",
        repr=False,
        description="must be sqlite:///path/to/file (from the project's folder unless it begins "
        "with another slash) or postgresql+psycopg://user:password@host/database",
    )
    secret_key: Key = Field(
        description=f"must be at least {SECRET_KEY_LENGTH_MIN} random characters without spaces: "
        + KEY_HINT
    )
    secret_keys_old: Annotated[tuple[Key, ...], NoDecode, BeforeValidator(listed)] = Field(
        default=(),
        description="must be keys that SECRET_KEY was before, with commas between them: what they "
        "signed is still read",
    )
    base_url: Annotated[Text, AfterValidator(site)] = Field(
        default_factory=_own_address,
        description="must be the address people reach this installation at, without a path, "
        "such as https://club.example.jp",
    )
    allowed_hosts: Annotated[tuple[Host, ...], NoDecode, BeforeValidator(listed)] = Field(
        default=(),
        description="must be the host names people reach this installation by beside that of "
        "BASE_URL, with commas between them; .example.jp stands for all below example.jp",
    )
    metrics_token: Token | None = Field(
        default=None,
        description="must be a word without spaces, which Prometheus shows as a bearer token",
    )
    notify_urls: Annotated[tuple[AnyAddress, ...], NoDecode, BeforeValidator(listed)] = Field(
        default=(),
        description="must be addresses as Apprise writes them (github.com/caronc/apprise), such as "
        "mailtos://user:password@example.jp, with commas between them: they are told what went "
        "wrong at night, and on Mondays how the week was",
    )
    ping_url: Webaddress | None = Field(
        default=None,
        description="must be the https:// or http:// address that is asked for after each good "
        "night, such as a check of healthchecks.io",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=PROXIES_MAX,
        description=f"must be how many reverse proxies of yours stand in front, 0 to {PROXIES_MAX}",
    )
    session_idle_minutes: int = Field(
        default=60,
        ge=5,
        le=720,
        description="must be after how many minutes without a request staff are signed out in a "
        "browser of their own, 5 to 720",
    )
    program_file: Annotated[Path, BeforeValidator(stripped), AfterValidator(file)] = Field(
        default=Path("program.toml"),
        description="must be the path of the programme's file, such as program.toml",
    )
    line_channel_secret: Token | None = Field(
        default=None,
        description="must be the channel secret from the LINE Developers Console (Basic settings)",
    )
    line_channel_access_token: Token | None = Field(
        default=None,
        description="must be the channel access token from the LINE Developers Console "
        "(Messaging API)",
    )
    line_api_base: Annotated[Text, AfterValidator(line_api)] = Field(
        default="https://api.line.me",
        description="must be an https:// address (http:// only on this machine), "
        "normally https://api.line.me",
    )
    line_mini_app_channel_id: Annotated[str, BeforeValidator(stripped)] | None = Field(
        default=None,
        pattern=r"^\d{10}$",
        description="must be the channel ID of the LINE MINI App's channel, ten digits, from the "
        "LINE Developers Console (Basic settings)",
    )
    liff_id: Annotated[str, BeforeValidator(stripped)] | None = Field(
        default=None,
        pattern=r"^\d{10}-[A-Za-z0-9]{4,16}$",
        description="must be the LIFF ID of the LINE MINI App, the channel ID, a hyphen and some "
        "letters, from the LINE Developers Console (Web app settings)",
    )

    twilio_account_sid: Annotated[str, BeforeValidator(stripped)] | None = Field(
        default=None,
        pattern=r"^AC[0-9a-fA-F]{32}$",
        description="must be the Account SID from the Twilio Console, AC and 32 digits or a-f",
    )
    twilio_auth_token: Token | None = Field(
        default=None,
        description="must be the Auth Token from the Twilio Console",
    )
    twilio_from: Annotated[str, BeforeValidator(stripped)] | None = Field(
        default=None,
        pattern=r"^(\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|[A-Za-z][A-Za-z0-9 ]{0,10})$",
        description="must be what SMS are sent from: a number such as +815012345678, a messaging "
        "service's id (MG…), or a name of up to 11 letters and digits "
        "that begins with a letter",
    )
    twilio_api_base: Annotated[Text, AfterValidator(line_api)] = Field(
        default="https://api.twilio.com",
        description="must be an https:// address (http:// only on this machine), "
        "normally https://api.twilio.com",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what is passed in: where it comes from is `load_settings`'s business."""
        return (init_settings,)

    @property
    def simulator(self) -> bool:
        """Whether the simulator is the platform: so when there are no LINE credentials."""
        return self.line_channel_secret is None

    @model_validator(mode="after")
    def _twilio_is_whole(self) -> "Settings":
        given = {
            "TWILIO_ACCOUNT_SID": self.twilio_account_sid,
            "TWILIO_AUTH_TOKEN": self.twilio_auth_token,
            "TWILIO_FROM": self.twilio_from,
        }
        missing = [name for name, value in given.items() if value is None]
        if missing and len(missing) < len(given):
            raise ValueError(
                f"{' and '.join(missing)} is not set: set all three TWILIO_ lines (the Twilio "
                "Console shows them), or none to send no SMS."
            )
        return self

    @model_validator(mode="after")
    def _mini_app_is_whole(self) -> "Settings":
        channel, liff = self.line_mini_app_channel_id, self.liff_id
        if (channel is None) != (liff is None):
            there, missing = ("LINE_MINI_APP_CHANNEL_ID", "LIFF_ID")
            if channel is None:
                there, missing = missing, there
            raise ValueError(
                f"{there} is set but {missing} is not: set both (the LINE Developers Console shows "
                "them on the MINI App's channel), or neither."
            )
        if channel and liff and not liff.startswith(f"{channel}-"):
            raise ValueError(
                "LIFF_ID is of another channel than LINE_MINI_APP_CHANNEL_ID: take both from the "
                "same one of the MINI App's three channels (Developing, Review, Published)."
            )
        return self

    @model_validator(mode="after")
    def _line_is_whole(self) -> "Settings":
        given = [self.line_channel_secret is not None, self.line_channel_access_token is not None]
        if any(given) and not all(given):
            names = ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"]
            there, missing = names if given[0] else reversed(names)
            raise ValueError(
                f"{there} is set but {missing} is not: set both (the LINE Developers Console "
                "shows them), or neither to use the simulator."
            )
        if all(given) and not self.base_url.startswith("https://"):
            raise ValueError(
                "BASE_URL must begin with https:// when the LINE credentials are set, because "
                "LINE calls and shows nothing else: set it to this installation's public address."
            )
        return self


def load_settings(
    environ: Mapping[str, str] | None = None, kept: Mapping[str, str] | None = None
) -> Settings:
    """The checked settings of the environment and `.env`, of which the environment wins; then of
    the club that was chosen in the console, and LINE's channel as it was `kept` there, unless the
    environment has a field of it.

    With `environ` given, that mapping alone is read: neither the process's environment nor
    `.env`. An empty value counts as not set. Raises SettingsError.
    """
    given: dict[str, Any] = _environment() if environ is None else dict(_named(environ))
    if kept is not None and not given.keys() & kept.keys():
        given = given | dict(kept)
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise SettingsError(_sentences(error.errors(include_input=False))) from None


def names_database() -> bool:
    """Whether the environment or `.env` says which database it is: then nobody chooses another."""
    return "database_url" in _given()


def chosen_club() -> ClubFolder | None:
    """The club that was chosen in the console; None for the demo's, and where the database is said
    otherwise. Raises SettingsError."""
    if names_database():
        return None
    try:
        return chosen(CLUBS)
    except (OSError, ValueError):
        raise SettingsError(
            (f"{CLUBS / 'club.json'} names no club that is there: put its folder back, or take the "
             "file away to run the demo's.",)
        ) from None  # fmt: skip


def _environment() -> dict[str, Any]:
    given, club = _given(), chosen_club()
    if club is not None and club.programme.exists():
        given = {"program_file": str(club.programme)} | given
    return given if club is None else {"database_url": f"{SQLITE}{club.database}"} | given


def _given() -> dict[str, Any]:
    return {**DotEnvSettingsSource(Settings)(), **EnvSettingsSource(Settings)()}


def _named(environ: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in environ.items() if value}


def _sentences(errors: list[ErrorDetails]) -> tuple[str, ...]:
    # A default that needs a field which is itself at fault has no news of its own.
    news = [error for error in errors if error["type"] != "default_factory_not_called"]
    return tuple(_sentence(error) for error in news)


def _sentence(error: ErrorDetails) -> str:
    if not error["loc"]:
        return str(error["ctx"]["error"])
    field = str(error["loc"][0])
    if error["type"] == "missing":
        return f"{field.upper()} is not set: {KEY_HINT}."
    return f"{field.upper()} {Settings.model_fields[field].description}."
