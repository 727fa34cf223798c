"""Secrets of phones: made here, told once, and known afterwards by their hash alone."""

import hashlib
import secrets

_TOKEN_BYTES = 32


def new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
