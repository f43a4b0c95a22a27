import re
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings, SettingsError, load_settings

KEY = "8Jx2vQm7TzK4rWb9NcLs5HfYp3Dg6RtE1aUo"
LINE = {
    "SECRET_KEY": KEY,
    "LINE_CHANNEL_SECRET": "0123456789abcdef",
    "LINE_CHANNEL_ACCESS_TOKEN": "token/with+signs=",
    "BASE_URL": "https://club.example.jp",
}


def problems(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_a_secret_key_is_all_that_must_be_set() -> None:
    settings = load_settings({"SECRET_KEY": KEY})
    assert settings.host == "127.0.0.1"
    assert settings.port == 8000
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.database_url == f"sqlite:///{PROJECT}/instance/kayoi.sqlite3"
    assert settings.program_file == PROJECT / "program.toml"
    assert settings.line_api_base == "https://api.line.me"
    assert settings.simulator


def test_a_missing_secret_key_is_refused_with_what_to_do() -> None:
    (sentence,) = problems()
    assert sentence.startswith("SECRET_KEY is not set: run `make run` once")
    assert "token_urlsafe(48)" in sentence


@pytest.mark.parametrize("key", ["", "   "])
def test_an_empty_secret_key_is_no_key(key: str) -> None:
    (sentence,) = problems(SECRET_KEY=key)
    assert sentence.startswith("SECRET_KEY")


def test_a_secret_key_of_31_characters_is_too_short_and_of_32_long_enough() -> None:
    (sentence,) = problems(SECRET_KEY=KEY[:31])
    assert sentence.startswith("SECRET_KEY must be at least 32 random characters")
    assert load_settings({"SECRET_KEY": KEY[:32]})


@pytest.mark.parametrize("key", ["k" * 40, "0123456789" * 4, "passwordpassword" * 2, "abab1" * 9])
def test_a_secret_key_that_anybody_could_guess_stops_the_start(key: str) -> None:
    assert problems(SECRET_KEY=key)


def test_keys_of_before_are_listed_with_commas_and_are_as_hard_to_guess() -> None:
    older = KEY[::-1]
    settings = load_settings({"SECRET_KEY": KEY, "SECRET_KEYS_OLD": f"{older}, {KEY[1:]},"})
    assert [key.get_secret_value() for key in settings.secret_keys_old] == [older, KEY[1:]]
    (sentence,) = problems(SECRET_KEY=KEY, SECRET_KEYS_OLD=f"{older},changeme")
    assert sentence.startswith("SECRET_KEYS_OLD must be keys that SECRET_KEY was before")
    assert older not in f"{settings!r}"


def test_both_line_credentials_switch_the_simulator_off() -> None:
    settings = load_settings(LINE)
    assert not settings.simulator
    assert settings.line_channel_secret is not None
    assert settings.line_channel_secret.get_secret_value() == "0123456789abcdef"


@pytest.mark.parametrize(
    ("missing", "there"),
    [
        ("LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_SECRET"),
    ],
)
def test_half_of_the_line_credentials_is_refused(missing: str, there: str) -> None:
    (sentence,) = problems(**{name: value for name, value in LINE.items() if name != missing})
    assert sentence.startswith(f"{there} is set but {missing} is not: ")


@pytest.mark.parametrize("address", ["", "http://club.example.jp"])
def test_with_line_the_public_address_must_be_https(address: str) -> None:
    (sentence,) = problems(**{**LINE, "BASE_URL": address})
    assert sentence.startswith("BASE_URL must begin with https://")


@pytest.mark.parametrize(
    ("host", "port", "address"),
    [
        ("0.0.0.0", "80", "http://127.0.0.1:80"),
        ("::", "8000", "http://127.0.0.1:8000"),
        ("::1", "8000", "http://[::1]:8000"),
        ("shop.local", "9000", "http://shop.local:9000"),
    ],
)
def test_without_a_public_address_it_is_where_we_listen(host: str, port: str, address: str) -> None:
    settings = load_settings({"SECRET_KEY": KEY, "HOST": host, "PORT": port})
    assert settings.base_url == address


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:///club.sqlite3", f"sqlite:///{PROJECT}/club.sqlite3"),
        ("sqlite:////var/club.sqlite3", "sqlite:////var/club.sqlite3"),
        ("postgres://u:p@db:5432/club", "postgresql+psycopg://u:p@db:5432/club"),
        ("postgresql://u:p%40@db/club?a=b", "postgresql+psycopg://u:p%40@db/club?a=b"),
        ("postgresql+psycopg://u@/club?host=/tmp", "postgresql+psycopg://u@/club?host=/tmp"),
    ],
)
def test_database_addresses_are_taken_in_their_usual_spellings(given: str, used: str) -> None:
    assert load_settings({"SECRET_KEY": KEY, "DATABASE_URL": given}).database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST", "two words"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("DATABASE_URL", "mysql://u:p@db/club"),
        ("DATABASE_URL", "postgresql://u:p@db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "club.sqlite3"),
        ("BASE_URL", "club.example.jp"),
        ("BASE_URL", "ftp://club.example.jp"),
        ("BASE_URL", "https://club.example.jp/kayoi"),
        ("BASE_URL", "https://club.example.jp:port"),
        ("BASE_URL", "https://user@club.example.jp"),
        ("PROGRAM_FILE", "."),
        ("LINE_CHANNEL_SECRET", "two\nlines"),
        ("LINE_CHANNEL_ACCESS_TOKEN", "全角"),
        ("LINE_API_BASE", "http://api.line.me"),
        ("LINE_API_BASE", "api.line.me"),
        ("NOTIFY_URLS", "mailtos://u:p@example.jp,example.jp"),
        ("PING_URL", "hc-ping.com/secret"),
        ("PING_URL", "mailtos://u:p@example.jp"),
    ],
)
def test_an_odd_value_is_refused_by_name_with_what_it_may_be(name: str, value: str) -> None:
    (sentence,) = problems(**{**LINE, name: value})
    assert sentence == f"{name} {Settings.model_fields[name.lower()].description}."


def test_every_problem_is_told_at_once() -> None:
    told = problems(PORT="many", HOST="a b", DATABASE_URL="oracle://x")
    assert [sentence.split()[0] for sentence in told] == [
        "HOST",
        "PORT",
        "DATABASE_URL",
        "SECRET_KEY",
    ]


def test_spaces_around_a_value_do_not_matter() -> None:
    settings = load_settings({**LINE, "BASE_URL": " https://club.example.jp/ ", "PORT": " 81 "})
    assert (settings.base_url, settings.port) == ("https://club.example.jp", 81)


def test_no_secret_shows_when_settings_are_printed() -> None:
    settings = load_settings({**LINE, "DATABASE_URL": "postgresql://u:pass1@db/club"})
    shown = f"{settings} {settings!r}"
    for secret in (KEY, LINE["LINE_CHANNEL_SECRET"], LINE["LINE_CHANNEL_ACCESS_TOKEN"], "pass1"):
        assert secret not in shown


def test_the_environment_wins_over_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"SECRET_KEY={KEY}\nPORT=8100\nHOST=localhost\nOTHER_TOOL=1\n")
    monkeypatch.setitem(Settings.model_config, "env_file", env_file)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("PORT", "8200")
    settings = load_settings()
    assert (settings.host, settings.port) == ("localhost", 8200)


def test_a_given_mapping_is_all_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8200")
    assert load_settings({"SECRET_KEY": KEY}).port == 8000


def example_lines() -> list[str]:
    return (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()


def test_the_example_has_every_setting_once_with_a_comment_line_above_it() -> None:
    lines = example_lines()
    places = [number for number, line in enumerate(lines) if re.match(r"[A-Z_]+=", line)]
    names = [lines[number].partition("=")[0].lower() for number in places]
    assert sorted(names) == sorted(Settings.model_fields)
    for number in places:
        assert re.match(r"# \S.*\.$", lines[number - 1]), lines[number]


def test_the_example_shows_the_defaults() -> None:
    shown = dict(line.split("=", 1) for line in example_lines() if re.match(r"[A-Z_]+=", line))
    assert load_settings({**shown, "SECRET_KEY": KEY}) == load_settings({"SECRET_KEY": KEY})


def test_a_refused_value_is_not_repeated() -> None:
    told = problems(SECRET_KEY="hunter2", DATABASE_URL="mysql://u:hunter2@db/club")
    assert "hunter2" not in "".join(told)
