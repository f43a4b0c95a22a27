"""`make image`: the Dockerfile's steps, taken in an empty Debian tree, and the club started in it
as a container would: not as root, with nothing to write on but its volume."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.image.dockerfile import base, steps
from tests.image.tree import Container, Tree, bootstrap, first_process, stop, why_not
from tests.ports import held_port
from tests.waiting import until

REASON = why_not()
pytestmark = pytest.mark.skipif(REASON is not None, reason=str(REASON))
KEY = "a-key-of-thirty-two-characters-or-more"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    folder, stages = tmp_path_factory.mktemp("image"), dict[str, Tree]()
    tree = None
    for number, step in enumerate(steps()):
        if step.instruction == "FROM":
            suite, name = base(step)
            tree = _begun(folder, suite, name or str(number))
            stages[name] = tree
        else:
            assert tree is not None
            tree.take(step, stages)
    assert tree is not None
    yield tree
    subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=True)


def _begun(folder: Path, suite: str, name: str) -> Tree:
    tar, there = folder / f"{suite}.tar", folder / name
    if not tar.exists():
        bootstrap(suite, tar)
    there.mkdir()
    subprocess.run(["tar", "--extract", "--file", str(tar), "--directory", str(there)], check=True)
    return Tree(there)


@pytest.fixture
def port() -> Iterator[int]:
    with held_port() as port:
        yield port


@pytest.fixture
def container(tree: Tree, port: int, tmp_path: Path) -> Container:
    return Container(tree, {"SECRET_KEY": KEY, "PORT": str(port)}, tmp_path / "log")


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def test_the_club_is_ready_keeps_its_data_and_ends_cleanly(container: Container, port: int) -> None:
    running = container.start()
    until(lambda: _is_ready(port) or running.poll() is not None, "the club to be ready")
    assert running.poll() is None, container.log.read_text()

    # Nobody's process is root's, and the image's own check agrees.
    told = Path(f"/proc/{first_process(running)}/status").read_text()
    assert "Uid:\t10001\t10001\t10001\t10001" in told
    checked = container.run(*container.tree.healthcheck)
    assert checked.returncode == 0, checked.stderr
    link = container.run("flask", "setup-link")
    assert "/owner/" in link.stdout, link.stderr
    made = container.run("flask", "backup")
    assert made.returncode == 0, made.stderr
    # Pictures find their fonts.
    drawn = container.run("flask", "pictures", "poster", "--out", "/data/a4.pdf")
    assert drawn.returncode == 0, drawn.stderr
    assert stop(running) == 0, container.log.read_text()
    checked = container.run(*container.tree.healthcheck)
    assert checked.returncode != 0

    kept = Path(f"{container.tree.folder}.volumes/data")
    assert {"kayoi.sqlite3", "program.toml", "backups", "a4.pdf"} <= {
        each.name for each in kept.iterdir()
    }
    again = container.start()
    until(lambda: _is_ready(port) or again.poll() is not None, "the club to be ready again")
    assert stop(again) == 0, container.log.read_text()


def test_without_a_key_it_says_so_and_ends(tree: Tree, tmp_path: Path) -> None:
    container = Container(tree, {}, tmp_path / "log")

    assert container.start().wait(60) != 0
    assert "SECRET_KEY is not set" in container.log.read_text()


def test_the_tools_of_the_database_are_there_and_no_compiler_or_pip(container: Container) -> None:
    assert container.run("pg_dump", "--version").stdout.startswith("pg_dump (PostgreSQL)")
    for tool in ("pip", "gcc"):
        assert container.run("sh", "-c", f"command -v {tool}").returncode != 0
