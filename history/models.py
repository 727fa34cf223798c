"""What became of every row that holds a fact of the register. Rows here are only ever added.

None of these tables has a foreign key into the register: a history must outlive its subjects, and
a trigger that writes a million rows must not look up a million keys.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class RowShape(models.Model):
    """The columns of a table as they were at some time, and the statements that note its rows.

    Written by the database function history_shape_of. A digest can be checked years later only by
    who knows which columns it was made of.
    """

    table_name = models.CharField(_("table"), max_length=63)
    columns = ArrayField(models.CharField(max_length=63))  # by name
    pk_column = models.CharField(max_length=63)
    hazard_column = models.CharField(max_length=63, blank=True)
    insert_sql = models.TextField()
    update_sql = models.TextField()
    delete_sql = models.TextField()

    class Meta:
        verbose_name = _("columns of a table")
        verbose_name_plural = _("columns of tables")
        indexes = [models.Index(fields=["table_name"], name="history_shape_table")]

    def __str__(self) -> str:
        return f"{self.table_name} ({self.pk})"


class Change(models.Model):
    """One statement that changed rows of one table: who, why, when. Written by triggers only.

    ``db_role`` is given where the application did not say who acts: an edit from outside it.
    """

    table_name = models.CharField(_("table"), max_length=63)
    rows = models.IntegerField(_("rows"))
    tx = models.BigIntegerField(_("transaction"))  # pg_current_xact_id()
    at = models.DateTimeField(_("at"))
    actor_id = models.BigIntegerField(_("by"), null=True)
    verb = models.CharField(_("what"), max_length=100)
    reason = models.TextField(_("reason"))
    batch = models.UUIDField(_("batch"), null=True)
    db_role = models.CharField(_("role of the database"), max_length=63)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["at"], name="history_change_at"),
            models.Index(fields=["actor_id", "at"], name="history_change_actor"),
            models.Index(
                fields=["batch"], condition=models.Q(batch__isnull=False), name="history_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.table_name} ({self.rows})"


class Operation(models.TextChoices):
    BASELINE = "B", _("there before the history began")
    INSERT = "I", _("added")
    UPDATE = "U", _("changed")
    DELETE = "D", _("deleted")


class Event(models.Model):
    """What a change did to one row.

    INSERT    ``digest``: SHA-256 of the row's text, as history_shape_of writes it
    UPDATE    ``old`` and ``new``: the values of the columns that changed, shapes as EWKB hex
    DELETE    ``old``: the whole row
    BASELINE  as INSERT, for rows that were there when tracking began
    """

    change = models.ForeignKey(
        Change, on_delete=models.PROTECT, related_name="events", db_constraint=False
    )
    shape = models.ForeignKey(
        RowShape, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    table_name = models.CharField(_("table"), max_length=63)
    row_id = models.BigIntegerField(_("row"))
    hazard_id = models.BigIntegerField(_("hazard"), null=True)
    op = models.CharField(_("what"), max_length=1, choices=Operation.choices)
    old = models.JSONField(_("before"), null=True)
    new = models.JSONField(_("after"), null=True)
    digest = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["table_name", "row_id"], name="history_event_row"),
            models.Index(
                fields=["hazard_id"],
                condition=models.Q(hazard_id__isnull=False),
                name="history_event_hazard",
            ),
            # For what a past day undoes, past the million events of an import.
            models.Index(
                fields=["change"],
                condition=models.Q(op__in=["U", "D"]),
                name="history_event_overtaken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.op} {self.table_name} {self.row_id}"


class Block(models.Model):
    """A sealed stretch of events: its hash holds the one before it, so none can be changed alone.

    A hash written down on paper, outside the machine, guards everything sealed up to it.
    """

    first_event = models.BigIntegerField(_("first event"))
    last_event = models.BigIntegerField(_("last event"), unique=True)
    events = models.IntegerField(_("events"))  # fewer than the numbers where work was given up
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("sealed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("sealed block")
        verbose_name_plural = _("sealed blocks")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.first_event}-{self.last_event} {self.hash[:12]}"


class PrintedList(models.Model):
    """A list that left the house, on paper or as a file: it can be made again and compared."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    sha256 = models.CharField(max_length=64)
    list_name = models.CharField(_("list"), max_length=40)
    file_format = models.CharField(_("form"), max_length=10)
    asked = models.JSONField(_("asked for"))  # filter, reader's area, language
    on = models.DateField(_("as of"))
    known_at = models.DateTimeField(_("as known at"))
    rulebook_sha256 = models.CharField(max_length=64)
    boundary_set = models.CharField(_("boundaries"), max_length=200)
    rows = models.IntegerField(_("rows"))
    row_digests = models.JSONField(default=list)  # [code, short digest] in order
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    made_by_id = models.BigIntegerField(_("by"), null=True)

    class Meta:
        verbose_name = _("printed list")
        verbose_name_plural = _("printed lists")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.code
