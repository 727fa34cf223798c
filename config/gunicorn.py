"""How gunicorn serves the app: ``gunicorn --config python:config.gunicorn config.wsgi``."""

import gc
from typing import Any

workers = 2
threads = 48  # most wait for slow phones (ADR 0009)
timeout = 120


def post_worker_init(_worker: Any) -> None:
    """Leave what was loaded at the start out of every later look for garbage.

    Django and its libraries are some 300,000 objects that never go; walking through them over and
    over took a twentieth of a worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
