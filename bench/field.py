"""Time the field door: visits and photos a second, repeats at once, memory, slow phones.

    python bench/field.py            # about three minutes on two cores
    python bench/field.py --quick    # under 50 s

A gunicorn of its own (two workers, as ./start runs it) on a database of its own, both thrown away.
The clients run on the same cores; every answer counts only after fsync and commit. The log goes to
stderr; stdout is one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.field_server import Phone, Server, field_server, new_id, photo, visit_body

TEXT_CLIENTS, PHOTO_CLIENTS, SLOW_PHONES = 16, 8, 50
PIECE = 256 * 1024
PACK_HAZARDS = 5000


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def at_once(clients: int, work: Callable[[int], Any]) -> list[Any]:
    """Run ``work(n)`` in so many threads that begin together; what they return, in order."""
    found: list[Any] = [None] * clients
    begin = threading.Barrier(clients)

    def run(n: int) -> None:
        begin.wait()
        found[n] = work(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def p95_ms(seconds: list[float]) -> float:
    return round(sorted(seconds)[int(len(seconds) * 0.95)] * 1000, 1)


def text(server: Server, visits: int) -> dict[str, float]:
    each = visits // TEXT_CLIENTS

    def send(n: int) -> list[float]:
        phone, took = Phone(server, server.tokens[n]), []
        for number in range(each):
            body, began = visit_body([], number), time.perf_counter()
            status, _said = phone.put(new_id(), body)
            took.append(time.perf_counter() - began)
            assert status == 201, status
        return took

    began = time.perf_counter()
    took = [one for part in at_once(TEXT_CLIENTS, send) for one in part]
    rate = len(took) / (time.perf_counter() - began)
    return {"text_per_s": round(rate, 1), "text_p95_ms": p95_ms(took)}


def photos(server: Server, count: int) -> float:
    each = count // PHOTO_CLIENTS

    def send(n: int) -> int:
        phone = Phone(server, server.tokens[n])
        for _number in range(each):
            data, sha256 = photo(1_000_000)
            status, here = phone.patch(sha256, data, offset=0, size=len(data))
            assert (status, here) == (200, len(data)), (status, here)
        return each

    began = time.perf_counter()
    sent = sum(at_once(PHOTO_CLIENTS, send))
    return round(sent / (time.perf_counter() - began), 1)


def repeats(server: Server, sends: int = 128) -> dict[str, int]:
    """Send one visit so often at once; count the answers that are no success, and the rows."""
    client_uuid, body = new_id(), visit_body([])
    answers: Counter[int] = Counter()

    def send(n: int) -> list[int]:
        phone = Phone(server, server.tokens[0])
        return [phone.put(client_uuid, body)[0] for _ in range(sends // 16)]

    for part in at_once(16, send):
        answers.update(part)
    told = Phone(server, server.tokens[0]).ask("GET", "/field/api/visits/")[2]
    rows = sum(one["id"] == client_uuid for one in json.loads(told)["visits"])
    failures = sum(n for status, n in answers.items() if status not in (200, 201))
    return {"parallel_sends": sends, "parallel_failures": failures, "parallel_rows": rows}


def memory(server: Server, size: int = 40_000_000) -> float:
    """MB by which the server grows while six phones send a file of 40 MB each, at most."""
    before, most, done = server.memory_mb(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            most[0] = max(most[0], server.memory_mb())

    watcher = threading.Thread(target=watch)
    watcher.start()

    def send(n: int) -> None:
        data, sha256 = photo(size)
        phone = Phone(server, server.tokens[n])
        status, here = phone.patch(sha256, data, offset=0, size=size)
        assert (status, here) == (200, size), (status, here)

    at_once(6, send)
    done.set()
    watcher.join()
    return round(most[0] - before, 1)


def beside_slow_phones(server: Server, visits: int) -> tuple[float, float]:
    """p95 of one user's visits alone, and beside fifty uploads at 8 kB/s; ms."""

    def one_user() -> float:
        phone, took = Phone(server, server.tokens[0]), []
        for number in range(visits):
            began = time.perf_counter()
            phone.put(new_id(), visit_body([], number))
            took.append(time.perf_counter() - began)
        return p95_ms(took)

    alone = one_user()
    done = threading.Event()

    def drip(n: int) -> None:
        data, sha256 = photo(PIECE)

        def pieces() -> Any:
            for at in range(0, PIECE, 2000):
                if done.wait(0.25):
                    return
                yield data[at : at + 2000]

        phone = Phone(server, server.tokens[n % len(server.tokens)])
        phone.headers["Content-Length"] = str(PIECE)
        try:
            phone.patch(sha256, pieces(), offset=0, size=PIECE)
        except (OSError, AssertionError, ValueError):
            pass
        except Exception as error:  # cut off at the end of the measurement
            log(f"slow phone: {type(error).__name__}")

    slow = [threading.Thread(target=drip, args=(n,), daemon=True) for n in range(SLOW_PHONES)]
    for thread in slow:
        thread.start()
    time.sleep(1.5)
    beside = one_user()
    done.set()
    return alone, beside


def pack_open(server: Server) -> float | None:
    """Seconds until the list of 5,000 hazards stands, without signal, at a quarter of the speed.

    None where there is no browser.
    """
    try:
        from playwright.sync_api import Error, sync_playwright

        from tests.conftest import CHROMIUM_FLAGS, chromium_path
    except ImportError:
        return None
    address = f"http://localhost:{server.port}"
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_FLAGS
            )
        except Error as error:
            log(f"no browser: {error.message.splitlines()[0]}")
            return None
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN")
        context.add_cookies([{"name": "sessionid", "value": server.session, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/field/")
        page.wait_for_selector(".row")
        page.wait_for_function("() => navigator.serviceWorker.controller !== null")
        context.set_offline(True)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        took = []
        for _round in range(5):
            began = time.perf_counter()
            page.reload(wait_until="commit")
            page.wait_for_selector(".row")
            took.append(time.perf_counter() - began)
        browser.close()
    return round(sorted(took)[2], 2)


def measure(server: Server, *, quick: bool) -> dict[str, Any]:
    text(server, 160)  # warm
    found: dict[str, Any] = text(server, 1600 if quick else 6400)
    log(f"visits: {found}")
    found["photo_1mb_per_s"] = photos(server, 160 if quick else 800)
    log(f"photos of 1 MB: {found['photo_1mb_per_s']} a second")
    found |= repeats(server)
    log(f"repeats at once: {found}")
    found["memory_growth_mb"] = memory(server)
    log(f"memory: {found['memory_growth_mb']} MB more")
    found["alone_p95_ms"], found["slow_phones_p95_ms"] = beside_slow_phones(
        server, 60 if quick else 300
    )
    log(f"beside {SLOW_PHONES} slow phones: {found['slow_phones_p95_ms']} ms")
    found["pack_open_s"] = pack_open(server)
    log(f"list of 5,000 hazards without signal, CPU at a quarter: {found['pack_open_s']} s")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="under 50 s")
    options = parser.parse_args()
    with field_server(TEXT_CLIENTS, hazards=PACK_HAZARDS) as server:
        figures = measure(server, quick=options.quick)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
