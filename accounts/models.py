"""Users, the roles they hold in places, and who did what."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from accounts.roles import ROLE_ORDER, Role
from common.memo import once
from common.models import PublicId, Timestamped


class User(AbstractUser):
    """A person who signs in. What he may see and do comes from his memberships."""

    language = models.CharField(
        _("language"), max_length=5, choices=[("vi", "Tiếng Việt"), ("en", "English")], default="vi"
    )

    def held(self) -> list[tuple[str, int, int]]:
        """Return (role, first, last unit number) of each membership; asked once a page."""
        rows = self.memberships.values_list("role", "unit__tree_left", "unit__tree_right")
        return once(("accounts.held", self.pk), lambda: sorted(set(rows)))

    def roles(self) -> list[str]:
        """Return the roles held anywhere, the most telling first."""
        held = {role for role, _first, _last in self.held()}
        if self.is_superuser:
            held.add(Role.ADMINISTRATOR)
        return [role for role in ROLE_ORDER if role in held]

    def display_name(self) -> str:
        """Return the name as Vietnamese say it, the family name first; else the user name."""
        return f"{self.last_name} {self.first_name}".strip() or self.username


class Membership(Timestamped):
    """A role held in a place: it counts for the unit and every unit below it."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        "places.AdminUnit",
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("unit"),
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.unit}"


class AuditEntry(PublicId):
    """One thing somebody did. Rows are only ever added."""

    at = models.DateTimeField(_("at"), auto_now_add=True)
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    verb = models.CharField(_("what"), max_length=60)  # accept_submission, import_hazards, ...
    target_kind = models.CharField(_("kind of record"), max_length=60)
    target_id = models.CharField(_("record"), max_length=60)
    facts = models.JSONField(_("facts"), default=dict)
    # The transaction it was written in: what the history notes of the same one was done by this.
    tx = models.BigIntegerField(
        _("transaction"),
        db_default=Cast(
            Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
        ),
        editable=False,
    )

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-at"]
        indexes = [
            models.Index(fields=["target_kind", "target_id"], name="audit_target"),
            models.Index(fields=["tx"], name="audit_tx"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_kind} {self.target_id}"
