"""Labels of codes, each looked up once per language: a file of a list asks for thousands."""

from functools import lru_cache

from django.db.models import TextChoices
from django.utils.translation import get_language


def spelled(choices: type[TextChoices], code: str) -> str:
    """Return the label of ``code`` in the reader's language."""
    return _spelled(choices, code, get_language() or "")


@lru_cache(maxsize=2048)
def _spelled(choices: type[TextChoices], code: str, language: str) -> str:
    return str(choices(code).label)
