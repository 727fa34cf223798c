"""What other apps may listen to. The registry knows none of its listeners."""

from django.dispatch import Signal

# Sent after a transaction that changed verdicts or shapes. Keyword: hazard_ids (list of int).
hazards_changed = Signal()
