"""What the history tells whoever listens, since it may not know the tables above it."""

from django.dispatch import Signal

rows_undone = Signal()  # tables: set of names, hazard_ids: list of keys; inside the transaction
