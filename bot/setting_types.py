"""What a setting may look like: each type checks one value, and says no more than that it won't do;
the field's description says what would."""

from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr, StringConstraints

#: Relative paths in settings are meant from here, wherever the command was typed.
PROJECT = Path(__file__).resolve().parent.parent
SECRET_KEY_LENGTH_MIN = 32
_DIFFERENT_MIN = 10

_HOST = r"^[A-Za-z0-9.:_-]+$"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
POSTGRESQL = "postgresql+psycopg://"
SQLITE = "sqlite:///"


def _split_url(value: str) -> SplitResult:
    parts = urlsplit(value)
    if not parts.hostname or parts.query or parts.fragment or parts.port == 0:
        raise ValueError
    return parts


def site(value: str) -> str:
    parts = _split_url(value)
    if parts.scheme not in ("http", "https") or parts.path.strip("/") or parts.username:
        raise ValueError
    return value.rstrip("/")


def line_api(value: str) -> str:
    parts = _split_url(value)
    is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not is_local:
        raise ValueError
    return value.rstrip("/")


def database(value: str) -> str:
    if value.startswith(SQLITE):
        return SQLITE + str(_sqlite_file(value.removeprefix(SQLITE)))
    scheme, _, rest = value.partition("://")
    # Hosting services hand out the first two spellings; SQLAlchemy wants the driver named.
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise ValueError
    if not urlsplit(f"postgresql://{rest}").path.strip("/"):
        raise ValueError
    return POSTGRESQL + rest


def _sqlite_file(path: str) -> Path:
    # A database in memory is another one for each connection, and gone at the first restart.
    if not path or path.startswith(":") or "?" in path:
        raise ValueError
    return PROJECT / path


def file(path: Path) -> Path:
    if not path.name:
        raise ValueError
    return PROJECT / path


def _one_word(value: SecretStr) -> SecretStr:
    """Catches what pasting adds: a line break or a Japanese space in the middle of a token."""
    text = value.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError
    return value


def _with_scheme(value: SecretStr) -> SecretStr:
    scheme, between, rest = value.get_secret_value().partition("://")
    if not (between and rest and scheme.isalnum()):
        raise ValueError
    return value


def _on_the_web(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError
    return value


def _hard_to_guess(value: SecretStr) -> SecretStr:
    key = value.get_secret_value()
    # Random keys of any alphabet have more; words repeated, "aaaa…" and "1234…" have fewer.
    is_repeated = key in (key + key)[1:-1]
    if len(key) < SECRET_KEY_LENGTH_MIN or len(set(key)) < _DIFFERENT_MIN or is_repeated:
        raise ValueError
    return value


def listed(value: object) -> object:
    return [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


Host = Annotated[str, BeforeValidator(stripped), StringConstraints(pattern=_HOST)]
Text = Annotated[str, BeforeValidator(stripped)]
Token = Annotated[SecretStr, BeforeValidator(stripped), AfterValidator(_one_word)]
Key = Annotated[Token, AfterValidator(_hard_to_guess)]
#: An address with what opens it in it: of any scheme, and of the web.
AnyAddress = Annotated[Token, AfterValidator(_with_scheme)]
Webaddress = Annotated[Token, AfterValidator(_on_the_web)]
KEY_HINT = (
    "run `make run` once, or set a long random one, e.g. from "
    '`python -c "import secrets; print(secrets.token_urlsafe(48))"`'
)
