"""What other apps may listen to. The registry knows none of its listeners."""

from django.dispatch import Signal

# Sent after a transaction that changed verdicts or shapes. Keyword: hazard_ids (keys).
hazards_changed = Signal()

# Sent inside the transaction that makes another boundary set current, after hazards and roles have
# moved: whoever keeps rows under units moves them too. Keywords: old_set (or None), new_set.
boundary_set_changed = Signal()
