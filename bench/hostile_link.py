"""Send visits through everything that goes wrong in the field, then count every byte.

    python bench/hostile_link.py --visits 100     # under 50 s
    python bench/hostile_link.py --visits 2000    # the whole ledger

Eight phones send visits with two or three photos each, while lines break at a random byte, sends
are doubled, the web server and the database are killed with kill -9, and the disk is full for a
while. A phone gives up nothing: it sends until it is told that all is there. Then another process
counts what the database and the disk really hold. The log goes to stderr; stdout is one JSON line.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import json
import os
import queue
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.field_server import Phone, Server, _env, field_server, new_id, photo, visit_body

PHONES = 8
CUT, TWICE = 0.25, 0.2  # of the sends
PIECE = 64 * 1024
LINE_ERRORS = (OSError, http.client.HTTPException, ValueError)


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass
class Ledger:
    """What phones were told: (visit id, hash of its body) and hashes of photos, by owner."""

    visits: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    photos: dict[str, int] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, name: str) -> None:
        with self.lock:
            self.faults[name] += 1


class HostilePhone(Phone):
    """A phone on a bad line: some sends break at a random byte, some go out twice."""

    def __init__(self, server: Server, token: str, ledger: Ledger, seed: int) -> None:
        super().__init__(server, token)
        self.ledger = ledger
        self.dice = random.Random(seed)

    def break_off(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """Send part of a request and drop the line without waiting for an answer."""
        lines = {**self.headers, **headers, "Host": "127.0.0.1", "Content-Length": str(len(body))}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        whole = head.encode() + b"\r\n" + body
        self.ledger.fault("cut")
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self.server.port), 5) as line,
        ):
            line.sendall(whole[: self.dice.randrange(1, len(whole) + 1)])

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, Any]:
        if body is not None and self.dice.random() < CUT:
            self.break_off(method, path, body, headers)
        if body is not None and self.dice.random() < TWICE:
            self.ledger.fault("twice")
            other = Phone(self.server, "")
            other.headers = self.headers
            twin = threading.Thread(target=_quietly, args=(other, method, path, body, headers))
            twin.start()
            try:
                return super().ask(method, path, body, **headers)
            finally:
                twin.join()
        return super().ask(method, path, body, **headers)


def _quietly(phone: Phone, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
    with suppress(*LINE_ERRORS):
        phone.ask(method, path, body, **headers)


def send_visit(phone: HostilePhone, ledger: Ledger, number: int) -> None:
    """Send one visit and its photos until both are acknowledged."""
    shots = [photo(phone.dice.randrange(20_000, 200_000)) for _ in range(2 + number % 2)]
    client_uuid = new_id()
    body = visit_body([(sha256, len(data)) for data, sha256 in shots], number)
    digest = hashlib.sha256(body).hexdigest()
    if phone.dice.random() < 0.5:  # some photos come before their visit
        shots.reverse()
        send_photo(phone, ledger, *shots[0])
    until_done(ledger, lambda: _acknowledged(phone, client_uuid, body, digest))
    with ledger.lock:
        ledger.visits[client_uuid] = digest, [sha256 for _data, sha256 in shots]
    for data, sha256 in shots:
        send_photo(phone, ledger, data, sha256)


def _acknowledged(phone: Phone, client_uuid: str, body: bytes, digest: str) -> bool:
    status, said = phone.put(client_uuid, body)
    return status in (200, 201) and said.get("body_sha256") == digest


def send_photo(phone: HostilePhone, ledger: Ledger, data: bytes, sha256: str) -> None:
    until_done(ledger, lambda: _piece(phone, data, sha256))
    with ledger.lock:
        ledger.photos[sha256] = len(data)


def _piece(phone: Phone, data: bytes, sha256: str) -> bool:
    """Ask where to go on and send one piece; true when the server says that all is there."""
    here, whole = phone.head(sha256)
    if whole:
        return True
    phone.patch(sha256, data[here : here + PIECE], offset=here, size=len(data))
    return False


def until_done(ledger: Ledger, step: Any) -> None:
    while True:
        try:
            if step():
                return
        except LINE_ERRORS:
            ledger.fault("no answer")
            time.sleep(0.1)


def make_trouble(server: Server, ledger: Ledger, done: threading.Event) -> None:
    """Kill the web server and the database in turn, and let the disk be full at the beginning."""
    server.kill()
    server.start(largest_file=100_000)  # writing more fails, as on a full disk
    ledger.fault("disk full for 3 s")
    done.wait(3)
    server.kill()
    server.start()
    turn = 0
    while not done.wait(4):
        turn += 1
        if turn % 3 == 0:
            _kill_database(ledger)
        else:
            ledger.fault("web killed")
            server.kill()
            server.start()


def _kill_database(ledger: Ledger) -> None:
    """kill -9 a server process of the database: all of it restarts and recovers from its log."""
    import psycopg

    url = os.environ["DATABASE_URL"].replace("postgis", "postgresql", 1)
    with suppress(psycopg.Error), psycopg.connect(url, autocommit=True) as line:
        pid = line.info.backend_pid
        try:
            os.kill(pid, signal.SIGKILL)
            ledger.fault("database killed")
        except (PermissionError, ProcessLookupError):  # somebody else's server, or another machine
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            ledger.fault("database sessions cut")


def run(server: Server, visits: int) -> Ledger:
    ledger, done = Ledger(), threading.Event()
    work: queue.SimpleQueue[int] = queue.SimpleQueue()
    for number in range(visits):
        work.put(number)

    def phone_of(n: int) -> None:
        phone = HostilePhone(server, server.tokens[n], ledger, seed=n)
        with suppress(queue.Empty):
            while True:
                send_visit(phone, ledger, work.get_nowait())

    trouble = threading.Thread(target=make_trouble, args=(server, ledger, done))
    phones = [threading.Thread(target=phone_of, args=(n,)) for n in range(PHONES)]
    for thread in [trouble, *phones]:
        thread.start()
    for thread in phones:
        while thread.is_alive():
            thread.join(10)
            log(f"{len(ledger.visits)} visits, {len(ledger.photos)} photos; {dict(ledger.faults)}")
    done.set()
    trouble.join()
    return ledger


def count(server: Server, ledger: Ledger) -> dict[str, int]:
    """Have another process look for every acknowledged byte."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as told:
        json.dump({"visits": ledger.visits, "photos": ledger.photos}, told)
    command = [sys.executable, str(Path(__file__).resolve()), "--count", told.name]
    try:
        for _try in range(10):  # the database may still be recovering
            answer = subprocess.run(command, env=_env(server.folder), stdout=subprocess.PIPE)
            if answer.returncode == 0:
                return dict(json.loads(answer.stdout.splitlines()[-1]))
            time.sleep(2)
        raise SystemExit("the ledger could not be counted")
    finally:
        os.unlink(told.name)


def _count_here(path: str) -> dict[str, int]:
    import django

    django.setup()
    from django.core.files.storage import storages

    from field.models import ArrivedFile, FieldVisit, Quarantined
    from surveys.models import Submission, SurveyPhoto

    told = json.loads(Path(path).read_text(encoding="utf-8"))
    found = lost = doubled = 0
    for client_uuid, (digest, files) in told["visits"].items():
        rows = Submission.objects.filter(client_uuid=client_uuid).count()
        kept = FieldVisit.objects.filter(client_uuid=client_uuid, body_sha256=digest).first()
        doubled += max(0, rows - 1)
        photos = SurveyPhoto.objects.filter(submission__client_uuid=client_uuid)
        has = kept is not None and set(files) <= set(photos.values_list("sha256", flat=True))
        found, lost = found + has, lost + (not has)
        doubled += max(0, photos.count() - len(set(files)))
    for sha256, size in told["photos"].items():
        rows = list(ArrivedFile.objects.filter(sha256=sha256))
        has = bool(rows) and _is_there(storages["originals"], rows[0].stored_name, sha256, size)
        found, lost, doubled = found + has, lost + (not has), doubled + max(0, len(rows) - 1)
    doubled += Submission.objects.count() - len(told["visits"])
    return {
        "acknowledged": len(told["visits"]) + len(told["photos"]), "found": found, "lost": lost,
        "doubled": doubled, "held": Quarantined.objects.count(),
    }  # fmt: skip


def _is_there(storage: Any, name: str, sha256: str, size: int) -> bool:
    try:
        with storage.open(name) as file:
            data = file.read()
    except OSError:
        return False
    return len(data) == size and hashlib.sha256(data).hexdigest() == sha256


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=2000)
    parser.add_argument("--count", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.count:
        print(json.dumps(_count_here(options.count)))
        return
    with field_server(PHONES) as server:
        began = time.monotonic()
        ledger = run(server, options.visits)
        log(f"sent in {time.monotonic() - began:.0f} s; faults: {dict(ledger.faults)}")
        figures = count(server, ledger)
    print(json.dumps(figures | {"visits": options.visits, "photos": len(ledger.photos)}))


if __name__ == "__main__":
    main()
