"""The short code a surveyor can read out over the telephone."""

from surveys.models import Submission


def short_code(submission: Submission) -> str:
    """Return eight characters of the survey's id in two groups, such as "7F3A-91C2"."""
    digits = submission.public_id.hex[:8].upper()
    return f"{digits[:4]}-{digits[4:]}"
