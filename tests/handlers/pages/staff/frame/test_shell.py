"""What the counter's page needs without network: its files, the service worker, the manifest."""

import json
import re

from ..conftest import Desks


def constants(script: str) -> dict[str, object]:
    """What the server wrote above the service worker's own lines."""
    found = re.findall(r"^const (VERSION|FILES|SHELLS) = (.+);$", script, re.MULTILINE)
    return {name: json.loads(value) for name, value in found}


def test_the_service_worker_keeps_files_that_are_there_and_everybody_may_have(desks: Desks) -> None:
    nobody = desks.app.test_client()
    answer = nobody.get("/staff/sw.js")
    told = constants(answer.text)

    assert answer.mimetype == "text/javascript"
    assert isinstance(told["FILES"], list)
    assert isinstance(told["SHELLS"], dict)
    kept = [*told["FILES"], *told["SHELLS"].values()]
    assert any(path.endswith(".wasm") for path in kept)
    assert [path for path in kept if nobody.get(path, buffered=True).status_code != 200] == []


def test_the_page_asks_for_nothing_that_is_not_kept(desks: Desks) -> None:
    nobody = desks.app.test_client()
    kept = constants(nobody.get("/staff/sw.js").text)["FILES"]
    shell = nobody.get("/staff/shell/ja").text
    assert isinstance(kept, list)

    wanted = re.findall(r'<(?:script[^>]* src|link rel="stylesheet" href)="([^"]+)"', shell)
    assert len(wanted) >= 4
    assert set(wanted) <= set(kept)
    for script in (path for path in kept if path.endswith(".js")):
        text, folder = nobody.get(script, buffered=True).text, script.rpartition("/")[0]
        for other in re.findall(r'from "(\.[^"]+)"', text):
            assert _joined(folder, other) in kept, f"{script} imports {other}"


def _joined(folder: str, relative: str) -> str:
    parts = folder.split("/")
    for part in relative.split("/"):
        parts = parts[:-1] if part == ".." else parts if part == "." else [*parts, part]
    return "/".join(parts)


def test_files_are_kept_for_ever_under_their_version_only(desks: Desks) -> None:
    nobody = desks.app.test_client()
    version = constants(nobody.get("/staff/sw.js").text)["VERSION"]

    current = nobody.get(f"/staff/v/{version}/js/page.js", buffered=True)
    assert "immutable" in current.headers["Cache-Control"]
    wasm = nobody.get(
        f"/staff/v/{version}/vendor/zxing-wasm/reader/zxing_reader.wasm", buffered=True
    )
    assert wasm.mimetype == "application/wasm"
    stale = nobody.get("/staff/v/another/js/page.js", buffered=True)
    assert stale.headers["Cache-Control"] == "no-store"
    assert nobody.get(f"/staff/v/{version}/../../../app.py").status_code == 404


def test_the_page_can_be_installed(desks: Desks) -> None:
    nobody = desks.app.test_client()
    answer = nobody.get("/staff/manifest.webmanifest")
    manifest = json.loads(answer.text)

    assert answer.mimetype == "application/manifest+json"
    assert (manifest["scope"], manifest["start_url"]) == ("/staff/", "/staff/")
    for icon in manifest["icons"]:
        assert nobody.get(icon["src"], buffered=True).mimetype == "image/png"
    assert nobody.get("/staff/icon-9.png").status_code == 404
