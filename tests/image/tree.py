"""The Dockerfile's steps, taken in a Debian tree: what `docker build` and `docker run` would do, by
chroot and namespaces, where no image can be built."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from tests.image.dockerfile import ROOT, Step

#: Where the building machine's own certificates lie while steps are taken, and no longer.
_TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
_LENT = Path("run/building.crt")
#: By what a machine may say where packages come from.
_WAYS = ("http_proxy", "https_proxy", "no_proxy", "PIP_INDEX_URL")
STOP_SECONDS_MAX = 30


def why_not() -> str | None:
    """Why no tree can be made on this machine; None where one can."""
    if os.getuid() != 0:
        return "only root may make a tree and change into it"
    if shutil.which("mmdebstrap") is None:
        return "mmdebstrap isn't installed: apt-get install mmdebstrap"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False)
    return "this machine lets nobody have namespaces of their own" if tried.returncode else None


def bootstrap(suite: str, file: Path) -> None:
    """A tar of the smallest Debian of that name: what `debian:<suite>-slim` begins with, too."""
    command = ["mmdebstrap", "--quiet", "--variant=minbase", suite, str(file)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


@dataclass
class Tree:
    """One stage: its files, and what later steps stand on."""

    folder: Path
    environ: dict[str, str] = field(
        default_factory=lambda: {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin"}
    )
    directory: str = "/"
    user: str = "0:0"
    volumes: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)

    def take(self, step: Step, stages: Mapping[str, "Tree"]) -> None:
        """One step of the Dockerfile; KeyError for one that we don't know."""
        {
            "RUN": lambda: self._run(step.value),
            "COPY": lambda: self._copy(step.value.split(), stages),
            "ENV": lambda: self.environ.update(
                (name, Template(value).substitute(self.environ))
                for name, value in (pair.split("=", 1) for pair in step.value.split())
            ),
            "WORKDIR": lambda: self._go_to(step.value),
            "USER": lambda: setattr(self, "user", step.value),
            "VOLUME": lambda: self.volumes.append(step.value),
            "ENTRYPOINT": lambda: setattr(self, "entrypoint", json.loads(step.value)),
            "CMD": lambda: setattr(self, "command", json.loads(step.value)),
            "HEALTHCHECK": lambda: setattr(
                self, "healthcheck", json.loads(step.value.partition(" CMD ")[2])
            ),
            "EXPOSE": lambda: None,
            "STOPSIGNAL": lambda: None,
        }[step.instruction]()

    def _go_to(self, directory: str) -> None:
        self.directory = directory
        self._inside(directory).mkdir(parents=True, exist_ok=True)

    def _inside(self, path: str) -> Path:
        return self.folder / Path(self.directory, path).as_posix().lstrip("/")

    def _run(self, command: str) -> None:
        lent = self.folder / _LENT
        shutil.copyfile(_TRUSTED, lent)
        shutil.copyfile("/etc/resolv.conf", self.folder / "etc/resolv.conf")
        ways = {name: os.environ[name] for name in _WAYS if name in os.environ}
        environ = {
            **self.environ,
            **ways,
            "PIP_CERT": f"/{_LENT}",
            "DEBIAN_FRONTEND": "noninteractive",
        }
        words = inside(self, ["/bin/sh", "-c", command], environ, user="0:0")
        done = subprocess.run(
            words, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
        lent.unlink()
        assert done.returncode == 0, f"RUN {command}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"

    def _copy(self, words: list[str], stages: Mapping[str, "Tree"]) -> None:
        source = ROOT
        if words[0].startswith("--from="):
            source = stages[words.pop(0).removeprefix("--from=")].folder
        *names, to = words
        there = self._inside(to)
        for name in names:
            found = source / name.lstrip("/")
            if found.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(found, there, symlinks=True, ignore=ignored, dirs_exist_ok=True)
            else:
                file = there / found.name if to.endswith("/") else there
                file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(found, file)


def inside(
    tree: Tree, words: Sequence[str], environ: Mapping[str, str], *, user: str, sealed: bool = False
) -> list[str]:
    """How `words` are run in the tree, as the first process there. `sealed`: nothing can be written
    but /tmp and the volumes, as compose.yaml has it."""
    folder = tree.folder
    lines = [f"mount -t proc proc {folder}/proc"]
    if sealed:
        lines += [
            f"mount --bind {folder} {folder}",
            *(f"mount --bind {folder}.volumes{each} {folder}{each}" for each in tree.volumes),
            f"mount -t proc proc {folder}/proc",
            f"mount -t tmpfs -o mode=1777 tmpfs {folder / 'tmp'}",
            f"mount -o remount,ro,bind {folder}",
        ]
        lines = lines[1:]
    lines.append(f'exec chroot --userspec={user} {folder} env -i -C {tree.directory} "$@"')
    given = [f"{name}={value}" for name, value in environ.items()]
    script = " && ".join(lines)
    return [
        "unshare",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "sh",
        "-c",
        script,
        "-",
        *given,
        *words,
    ]


@dataclass
class Container:
    """A process in the finished tree, as `docker run --read-only` would start it."""

    tree: Tree
    environ: Mapping[str, str]
    log: Path

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        for volume in self.tree.volumes:
            self._keep(volume)
        words = [*self.tree.entrypoint, *(command or self.tree.command)]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self._inside(words), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """As `docker exec` does."""
        return subprocess.run(
            self._inside(words),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def _inside(self, words: Sequence[str]) -> list[str]:
        environ = {**self.tree.environ, **self.environ}
        return inside(self.tree, words, environ, user=self.tree.user, sealed=True)

    def _keep(self, volume: str) -> None:
        """A new volume begins as the image has the folder, with its owner."""
        kept, there = (
            Path(f"{self.tree.folder}.volumes{volume}"),
            Path(f"{self.tree.folder}{volume}"),
        )
        if not kept.exists():
            kept.mkdir(parents=True)
            was = there.stat()
            os.chown(kept, was.st_uid, was.st_gid)
            kept.chmod(was.st_mode & 0o7777)


def first_process(outer: subprocess.Popen[bytes]) -> int:
    """The number that the first process of the container has outside of it."""
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children").read_text(encoding="ascii")
    return int(children.split()[0])


def stop(outer: subprocess.Popen[bytes]) -> int:
    """As `docker stop` does: SIGTERM to the first process; the code it ended with."""
    os.kill(first_process(outer), signal.SIGTERM)
    return outer.wait(STOP_SECONDS_MAX)
