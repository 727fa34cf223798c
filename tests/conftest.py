"""What every test may ask for: real data, a phone's photo folder, a browser, a language."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone, translation
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

# A slow shared machine must not fail a property; CI must find the same examples every time.
hypothesis_settings.register_profile("local", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "local")

# Playwright's own loop runs in the thread of the tests, where Django would refuse the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

MIGRATED_ROWS = pytest.StashKey[str]()
TEST_DATABASE = pytest.StashKey[str]()
KEEP = {"reset_sequences": False, "inhibit_post_migrate": True}  # ids go on, as in life
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox",  # root, as in CI, cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Throw away the files the tests stored; each process has a folder of its own."""
    if settings.configured and settings.SETTINGS_MODULE == "config.settings.test":
        shutil.rmtree(settings.MEDIA_DIR, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Remember the rows the migrations wrote; let nobody hold the database at the end."""
    with django_db_blocker.unblock():
        request.config.stash[TEST_DATABASE] = connection.settings_dict["NAME"]
        request.config.stash[MIGRATED_ROWS] = connection.creation.serialize_db_to_string()
    yield
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] == request.config.stash[TEST_DATABASE]:
            end_other_sessions()
            connection.close()  # beside a browser's loop it is not the one that drops the database


def end_other_sessions() -> None:
    """End the sessions that a live server's threads or a killed browser left on the test database.

    A database with a session left cannot be dropped, and the last test, whichever it is, would be
    called wrong for it. Autovacuum belongs to the superuser, and makes way for the drop by itself.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )


def is_transactional(item: pytest.Item) -> bool:
    """Say whether the tables are emptied after a test (as they are for a live server)."""
    asked = {"live_server", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    marks = item.iter_markers("django_db")
    return bool(asked) or any(mark.kwargs.get("transaction") for mark in marks)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Put back the rows of the migrations, such as the rules, which such a test has emptied too."""
    yield
    rows = item.config.stash.get(MIGRATED_ROWS, None)
    if rows is None or not is_transactional(item):
        return
    # After the last test of a run the test database is gone already, and the connection leads to
    # the real one again: emptying that would cost an office its register.
    if connection.settings_dict["NAME"] != item.config.stash[TEST_DATABASE]:
        return
    with item.config.stash[blocking_manager_key].unblock():
        call_command("flush", verbosity=0, interactive=False, **KEEP)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
        connection.creation.deserialize_db_from_string(rows)


@pytest.fixture(autouse=True)
def language_and_time() -> Iterator[None]:
    """Start every test in English and in Vietnam's time, whatever the one before left behind."""
    timezone.deactivate()
    with translation.override("en"):
        yield
    timezone.deactivate()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real boundaries, waters and rasters that lies beside the checkout."""
    folder = Path(settings.BASE_DIR).parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"real data are not here: no folder ../shared/data beside {settings.BASE_DIR}")
    return folder


def chromium_path() -> str | None:
    """Return the browser named by SAFESHORE_CHROMIUM, or the first one on this machine."""
    named = os.environ.get("SAFESHORE_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One headless Chromium for a file's tests; skipped, never in CI, where there is none.

    Not for the whole run: while Playwright's loop is open, no other test can run a loop of its own,
    as the background worker does.
    """
    from playwright.sync_api import Error, sync_playwright

    # While Playwright's loop runs, Django keeps this thread's connections apart from those before
    # and after it. Each side closes its own, or the test database cannot be dropped.
    connections.close_all()
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_FLAGS
            )
        except Error as error:
            if os.environ.get("CI"):
                raise
            pytest.skip(f"no Chromium to open pages with: {error.message.splitlines()[0]}")
        yield opened
        connections.close_all()
        opened.close()


@pytest.fixture
def open_context(browser: Any) -> Iterator[Callable[..., Any]]:
    """Give ``open_context(width=390, language="vi", **more)``: a fresh browser profile.

    ``width`` and ``height`` are CSS pixels. Below 600 it is a phone with touch and a position.
    """
    contexts = []

    def opened(*, width: int = 1440, height: int = 900, language: str = "vi", **more: Any) -> Any:
        phone = width < 600
        options = {
            "viewport": {"width": width, "height": height},
            "locale": {"vi": "vi-VN", "en": "en-GB"}[language],
            "timezone_id": "Asia/Ho_Chi_Minh",
            "is_mobile": phone,
            "has_touch": phone,
        }
        context = browser.new_context(**(options | more))
        context.set_default_timeout(15_000)  # milliseconds
        contexts.append(context)
        return context

    yield opened
    for context in contexts:
        context.close()
