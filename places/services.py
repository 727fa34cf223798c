"""Every write to units and boundary sets."""

from django.db import connection, transaction

from places.models import BoundarySet

# Depth-first numbers for all units: each unit gets its place in the order of its path, and the
# place of the last unit whose path begins with its own (the set, then ids from the top).
_NUMBER_TREE = """
WITH RECURSIVE tree AS (
    SELECT id, ARRAY[boundary_set_id, id] AS path, 0 AS depth
      FROM places_adminunit WHERE parent_id IS NULL
    UNION ALL
    SELECT child.id, tree.path || child.id, tree.depth + 1
      FROM places_adminunit AS child JOIN tree ON child.parent_id = tree.id
), numbered AS (
    SELECT id, depth, path, row_number() OVER (ORDER BY path) AS place FROM tree
), sized AS (
    SELECT self_or_above.id, count(*) AS units
      FROM numbered, unnest(numbered.path[2:]) AS self_or_above(id)
     GROUP BY self_or_above.id
)
UPDATE places_adminunit AS unit
   SET depth = numbered.depth,
       tree_left = numbered.place,
       tree_right = numbered.place + sized.units - 1
  FROM numbered JOIN sized USING (id)
 WHERE unit.id = numbered.id
   AND (unit.depth, unit.tree_left, unit.tree_right)
       IS DISTINCT FROM (numbered.depth, numbered.place, numbered.place + sized.units - 1)
"""


@transaction.atomic
def renumber_tree() -> int:
    """Number all units depth first; call after units were added or moved. Returns units changed."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER_TREE)
        return int(cursor.rowcount)


@transaction.atomic
def make_current(boundary_set: BoundarySet) -> None:
    """Make ``boundary_set`` the one that hazards are placed in (placing them is not done here)."""
    BoundarySet.objects.filter(is_current=True).update(is_current=False)
    BoundarySet.objects.filter(pk=boundary_set.pk).update(is_current=True)
    boundary_set.is_current = True
