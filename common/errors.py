"""The one shape of an error that people or machines are told about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """Something the user asked for cannot be done; says what, where, how much and what to do.

    A subclass sets ``code`` (stable, for machines), ``status`` (HTTP) and ``template`` (translated,
    with the names of its facts in braces). The text is made when shown, in the reader's language.
    """

    code: ClassVar[str] = "common.error"
    status: ClassVar[int] = 400
    template: ClassVar[str | Promise] = _("The request could not be carried out.")

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts: Mapping[str, Any] = facts

    def __str__(self) -> str:
        return str(self.template).format(**self.facts)


class NotFoundError(DomainError):
    """Absent and forbidden look the same, so that nobody learns what exists."""

    code = "common.not_found"
    status = 404
    template = _("This does not exist, or is outside the area you work in.")


class ForbiddenError(DomainError):
    """The user's role does not allow this action anywhere."""

    code = "common.forbidden"
    status = 403
    template = _("Your role does not allow this. Ask an administrator of your unit.")
