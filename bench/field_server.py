"""A web server with a register of its own for the field benches, and a phone that speaks to it."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
SECONDS = 60.0


@dataclass
class Server:
    """Where it answers, what phones may use, and how to stop and start its processes."""

    port: int
    folder: Path
    tokens: list[str]
    session: str = ""  # of the first surveyor, for a browser
    threads: int = 48
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *, largest_file: int | None = None) -> None:
        """Serve; with ``largest_file`` (bytes), no file can grow beyond it."""
        command = [
            sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn",
            "config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--log-level", "critical",
            "--threads", str(self.threads),
        ]  # fmt: skip
        if largest_file is not None:
            command = ["prlimit", f"--fsize={largest_file}", *command]
        quiet = subprocess.DEVNULL  # killed lines and conflicts are what is tried here
        process = subprocess.Popen(command, cwd=ROOT, env=_env(self.folder), stderr=quiet)
        self.processes = [process]
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                line.request("HEAD", "/field/manifest.webmanifest")
                line.getresponse()  # the port is open seconds before anybody serves it
                line.close()
                return
            time.sleep(0.1)
        raise SystemExit("the web server did not start")

    def kill(self) -> None:
        """kill -9 the master and its workers."""
        for process in self.processes:
            for pid in [*children_of(process.pid), process.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, 9)
            process.wait()
        self.processes = []

    def memory_mb(self) -> float:
        """Resident memory of all its processes, MB."""
        pids = [pid for one in self.processes for pid in [one.pid, *children_of(one.pid)]]
        return sum(_resident_mb(pid) for pid in pids)


class Phone:
    """One phone: keeps its connection, speaks as the app does."""

    def __init__(self, server: Server, token: str) -> None:
        self.server = server
        self.headers = {"Authorization": f"Device {token}", "Accept-Language": "en"}
        self.line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
        """Return (status, headers, body); a line that the server closed is opened once more."""
        for last in (False, True):
            line = self.line or http.client.HTTPConnection(
                "127.0.0.1", self.server.port, timeout=SECONDS
            )
            self.line = line
            try:
                line.request(method, path, body, self.headers | headers)
                answer = line.getresponse()
                return answer.status, answer.headers, answer.read()
            except (http.client.HTTPException, OSError):
                line.close()
                self.line = None
                if last:
                    raise
        raise AssertionError("not reached")

    def put(self, client_uuid: str, body: bytes) -> tuple[int, dict[str, Any]]:
        path = f"/field/api/visits/{client_uuid}/"
        status, _headers, said = self.ask("PUT", path, body, **{"Content-Type": "application/json"})
        return status, json.loads(said) if said else {}

    def patch(self, sha256: str, piece: Any, *, offset: int, size: int) -> tuple[int, int]:
        status, headers, _said = self.ask(
            "PATCH", f"/field/api/files/{sha256}/", piece,
            **{"Upload-Offset": str(offset), "Upload-Length": str(size),
               "Content-Type": "application/offset+octet-stream"},
        )  # fmt: skip
        return status, int(headers.get("Upload-Offset", -1))

    def head(self, sha256: str) -> tuple[int, bool]:
        status, headers, _said = self.ask("HEAD", f"/field/api/files/{sha256}/")
        if status not in (200, 204):
            raise http.client.HTTPException(f"HEAD answered {status}")
        return int(headers["Upload-Offset"]), headers["Upload-Complete"] == "1"


def visit_body(photos: list[tuple[str, int]], number: int = 0) -> bytes:
    """Return a visit near the middle of the made-up commune, naming (sha256, size) of photos."""
    said = {
        "new_kind": "pond", "new_name": f"Ao {number}", "sign_state": "missing",
        "barrier_state": "partial", "depth_class": "gt_2", "note": "Ao sâu, gần đường đi học.",
        "lat": 11.75 + (number % 100) / 5000, "lon": 106.55, "accuracy_m": 8,
        "captured_at": "2026-11-20T08:00:00+07:00",
        "files": [{"sha256": sha256, "size": size, "subject": "site", "name": "IMG.jpg"}
                  for sha256, size in photos],
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False).encode()


def photo(size: int) -> tuple[bytes, str]:
    """Return bytes that begin as a JPEG does, and their hash; no two are alike."""
    data = b"\xff\xd8\xff\xe0" + os.urandom(size - 4)
    return data, hashlib.sha256(data).hexdigest()


def new_id() -> str:
    return str(uuid.uuid4())


@contextmanager
def field_server(phones: int, *, hazards: int = 0, threads: int = 48) -> Iterator[Server]:
    """Make a database of one commune with phones and hazards, serve it, and throw all away."""
    from bench.registry import scratch_database

    with scratch_database(), tempfile.TemporaryDirectory(prefix="safeshore-field-") as name:
        folder = Path(name)
        tokens, session = _fill(folder, phones, hazards)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = Server(port=port, folder=folder, tokens=tokens, session=session, threads=threads)
        server.start()
        try:
            yield server
        finally:
            server.kill()


def _fill(folder: Path, phones: int, hazards: int) -> tuple[list[str], str]:
    """Migrate and register phones, in a process of its own: this one speaks HTTP only."""
    command = [sys.executable, str(Path(__file__).resolve()), str(phones), str(hazards)]
    done = subprocess.run(command, env=_env(folder), check=True, stdout=subprocess.PIPE)
    told = json.loads(done.stdout.splitlines()[-1])
    return list(told["tokens"]), str(told["session"])


def _env(folder: Path) -> dict[str, str]:
    from config import env

    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "SECRET_KEY": env.text("SECRET_KEY") or "bench-only",
        "SAFESHORE_VAR": str(folder),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "LOG_LEVEL": "CRITICAL",
        "PYTHONWARNINGS": "ignore",
        "PHOTO_MAX_MB": "64",
    }


def _make(phones: int, hazards: int) -> None:
    import django

    django.setup()
    from django.contrib.gis.geos import MultiPolygon, Polygon
    from django.core.management import call_command

    from accounts.models import Membership, User
    from accounts.roles import Role
    from field.services.devices import sign_in
    from places.models import AdminUnit, BoundarySet

    call_command("migrate", verbosity=0)
    units = BoundarySet.objects.create(name="bench", valid_from="2025-07-01", is_current=True)
    square = MultiPolygon(Polygon.from_bbox((106.5, 11.7, 106.6, 11.8)), srid=4326)
    unit = AdminUnit.objects.create(
        boundary_set=units, level="commune", code="1", name="Thử", full_name="Xã Thử",
        name_plain="xa thu", valid_from="2025-07-01", tree_left=1, tree_right=1, geometry=square,
    )  # fmt: skip
    tokens = []
    for number in range(phones):
        user = User.objects.create(username=f"khaosat{number}")
        Membership.objects.create(user=user, unit=unit, role=Role.SURVEYOR)
        tokens.append(sign_in(user=user, name=f"bench {number}")[1])
    if hazards:
        _make_hazards(unit.pk, hazards)
        call_command("collectstatic", interactive=False, verbosity=0)
    first = User.objects.get(username="khaosat0")
    print(json.dumps({"tokens": tokens, "session": _session(first)}))


def _make_hazards(unit_id: int, count: int) -> None:
    from django.db import transaction

    from hazards.services.assessment import assess
    from hazards.services.bulk_points import BulkPoints, NewPoint, ready_lines

    points = [
        NewPoint(
            lon=106.5 + (n % 71) / 720, lat=11.7 + n // 71 / 720, kind="pond", lifecycle="in_use",
            name=f"Ao số {n}", unit_id=unit_id, max_depth_m=None,
            source_id=str(n), source_facts={},
        )
        for n in range(count)
    ]  # fmt: skip
    with transaction.atomic():
        bulk = BulkPoints(source="bench", is_synthetic=True, actor=None)
        bulk.write(ready_lines(points), [None] * count)
        with bulk.settled():
            pass
    assess()


def _session(user: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def children_of(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _resident_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    _make(int(sys.argv[1]), int(sys.argv[2]))
