"""What browsers get from elsewhere is what THIRD_PARTY.md says, which lists our packages too."""

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Where files from elsewhere lie, a folder for each package.
VENDOR = (
    ROOT / "bot" / "simulator" / "static" / "vendor",
    ROOT / "handlers" / "pages" / "static" / "staff" / "vendor",
    ROOT / "handlers" / "pages" / "static" / "owner" / "vendor",
    ROOT / "handlers" / "api" / "static" / "vendor",
)
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \|.*\| `(?P<sum>[0-9a-f]{64})` \|$", re.MULTILINE)


def listed() -> dict[str, str]:
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    return {row["file"]: row["sum"] for row in ROW.finditer(text)}


def test_every_listed_file_is_as_it_was_published() -> None:
    for file, expected in listed().items():
        assert hashlib.sha256((ROOT / file).read_bytes()).hexdigest() == expected, file


def test_every_file_from_elsewhere_is_listed_and_has_its_licence() -> None:
    for folder in VENDOR:
        files = [
            path for path in folder.rglob("*") if path.is_file() and "LICENSE" not in path.name
        ]

        assert {path.relative_to(ROOT).as_posix() for path in files} <= set(listed())
        assert files
        packages = {path.relative_to(folder).parts[0] for path in files}
        assert [name for name in packages if not (folder / name / "LICENSE").is_file()] == []


def test_every_package_we_install_stands_under_its_licence_and_no_other() -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    installed = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==", pins, re.MULTILINE)
    packages = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8").split("## Python packages")[1]

    assert sorted(re.findall(r"`([a-z0-9-]+)`", packages)) == sorted(installed)


def pins(file: str) -> dict[str, tuple[str, str]]:
    """By name the version and what stands below it."""
    text = (ROOT / file).read_text(encoding="utf-8")
    return {name: (version, below) for name, version, below in PIN.findall(text)}


def test_each_pin_has_hashes_and_comes_from_the_list_that_people_write() -> None:
    """Whoever adds a package writes it into requirements.in, with what it is for: `make pins`."""
    for folder in ("", "tests/"):
        wanted, found = pins(f"{folder}requirements.in"), pins(f"{folder}requirements.txt")
        assert wanted
        assert {name: version for name, (version, _) in wanted.items()} == {
            name: found.get(name, ("missing: run `make pins`",))[0] for name in wanted
        }
        assert [name for name, (_, below) in found.items() if "--hash=sha256:" not in below] == []
        mine = rf"# via(?:\n    #  )*.*-r {folder}requirements.in"
        assert {
            name for name, (_, below) in found.items() if re.search(mine, below, re.DOTALL)
        } == {*wanted}


def test_the_tests_stand_on_what_is_served() -> None:
    tested = pins("tests/requirements.txt")
    assert {name: version for name, (version, _) in pins("requirements.txt").items()} == {
        name: tested.get(name, ("missing: run `make pins`",))[0]
        for name in pins("requirements.txt")
    }
