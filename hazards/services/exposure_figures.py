"""Keep what maps worked out of each hazard, so that lists can sort and filter by it."""

from collections.abc import Mapping

from django.db import connection, transaction

# hazard_id, children: set in one statement however many hazards there are
_STORE = """
UPDATE hazards_hazardassessment AS kept
   SET children_near = given.children, children_near_m = %(within_m)s
  FROM unnest(%(ids)s::bigint[], %(children)s::float8[]) AS given(hazard_id, children)
 WHERE kept.hazard_id = given.hazard_id
"""


@transaction.atomic
def store_children_near(*, figures: Mapping[int, float], within_m: int) -> int:
    """Write the children within ``within_m`` metres of each hazard alone, {hazard id: children}.

    Hazards not named keep theirs. Returns the number of hazards written.
    """
    values = {
        "within_m": within_m,
        "ids": list(figures),
        "children": list(figures.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        return int(cursor.rowcount)
