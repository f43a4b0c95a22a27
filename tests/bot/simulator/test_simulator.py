"""The simulator as the app holds it: time, accounts, threads, and what it may import."""

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot.simulator
from bot.simulator import Account, Simulator, new_user_id

BASE = "http://127.0.0.1:9"
PACKAGE = Path(bot.simulator.__file__).parent


def open_simulator(folder: Path) -> Simulator:
    return Simulator(folder / "deep" / "s.sqlite3", "secret", "token", BASE, f"{BASE}/callback")


@pytest.fixture
def simulator(tmp_path: Path) -> Simulator:
    return open_simulator(tmp_path)


def test_time_starts_now_and_only_goes_forward(simulator: Simulator) -> None:
    assert simulator.offset() == timedelta(0)
    simulator.set_offset(timedelta(days=2, microseconds=1))

    with pytest.raises(ValueError, match="only goes forward"):
        simulator.set_offset(timedelta(days=2))

    assert simulator.offset() == timedelta(days=2, microseconds=1)
    assert simulator.now() - datetime.now(UTC) > timedelta(days=1, hours=23)


def test_another_process_sees_the_same_world(simulator: Simulator, tmp_path: Path) -> None:
    user = new_user_id()
    simulator.add_account(user, "さくら")
    simulator.set_offset(timedelta(days=5))
    simulator.close()

    again = open_simulator(tmp_path)

    assert again.offset() == timedelta(days=5)
    assert again.account(user) == Account(user, "さくら", "ja", "friend")
    again.close()


def test_hundreds_of_accounts_are_added_at_once(simulator: Simulator) -> None:
    accounts = [Account(new_user_id(), f"会員{number}") for number in range(300)]

    simulator.add_accounts(accounts)
    simulator.add_accounts(accounts)

    assert all(simulator.account(account.user_id) == account for account in accounts)


def test_adding_someone_again_renames_them_and_keeps_the_rest(simulator: Simulator) -> None:
    user = new_user_id()
    simulator.add_account(user, "通りすがり", follows=False)

    simulator.add_account(user, "さくら", "en")

    assert simulator.account(user) == Account(user, "さくら", "en", "stranger")


def test_only_user_ids_as_line_makes_them_are_taken(simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="not a LINE user id"):
        simulator.add_account("someone", "だれか")


def test_many_threads_write_at_once_without_losing_anything(simulator: Simulator) -> None:
    users = [new_user_id() for _ in range(4)]
    simulator.add_accounts([Account(user, "さくら") for user in users])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: simulator.customers.write(users[n % 4], str(n)), range(40)))

    said = [line.body["text"] for user in users for line in simulator.lines(user)]
    assert sorted(said, key=int) == [str(number) for number in range(40)]


def test_a_forked_process_opens_its_own_connections(tmp_path: Path) -> None:
    program = f"""
import os, sys
from datetime import timedelta
from pathlib import Path
from bot.simulator import Simulator
s = Simulator(Path({str(tmp_path / "s.sqlite3")!r}), "s", "t", {BASE!r}, {BASE!r})
child = os.fork()
if child == 0:
    s.set_offset(timedelta(days=1))
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
assert s.offset() == timedelta(days=1)
"""
    root = PACKAGE.parent.parent
    subprocess.run([sys.executable, "-c", program], cwd=root, check=True, timeout=30)


def test_it_knows_nothing_of_the_club() -> None:
    known = {"flask", "urllib3", "werkzeug", *sys.stdlib_module_names}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level <= 1, file
                names = [] if node.level else [node.module or ""]
            for name in names:
                assert name.split(".")[0] in known, (file, name)
