"""Roles, and what each may do. A role is held in a place; see scoping.py."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SURVEYOR = "surveyor", _("surveyor")
    PLANNER = "planner", _("planner")
    INSPECTOR = "inspector", _("inspector")
    REVIEWER = "reviewer", _("reviewer")
    ADMINISTRATOR = "administrator", _("administrator")


ROLE_ORDER = [
    Role.ADMINISTRATOR,
    Role.PLANNER,
    Role.INSPECTOR,
    Role.REVIEWER,
    Role.SURVEYOR,
]


class Action(models.TextChoices):
    """Things a person does. Each list, tile, export and file asks for one of them."""

    VIEW = "view", _("see hazards")
    CAPTURE = "capture", _("send surveys")
    REVIEW = "review", _("review surveys")
    EDIT = "edit", _("change the register")
    EXPORT = "export", _("export lists")
    PLAN = "plan", _("work out exposure")
    ADMINISTER = "administer", _("manage users and rules")


_EVERYBODY = frozenset(Role)

MAY: dict[Action, frozenset[Role]] = {
    Action.VIEW: _EVERYBODY,
    Action.CAPTURE: frozenset({Role.SURVEYOR, Role.INSPECTOR, Role.ADMINISTRATOR}),
    Action.REVIEW: frozenset({Role.REVIEWER, Role.ADMINISTRATOR}),
    Action.EDIT: frozenset({Role.INSPECTOR, Role.ADMINISTRATOR}),
    Action.EXPORT: _EVERYBODY - {Role.SURVEYOR},
    Action.PLAN: frozenset({Role.PLANNER, Role.ADMINISTRATOR}),
    Action.ADMINISTER: frozenset({Role.ADMINISTRATOR}),
}
