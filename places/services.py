"""Every write to units and boundary sets."""

from django.db import connection, transaction

from places.models import BoundarySet

# Depth-first numbers for all units: each unit gets its place in the order of its path, and the
# place of the last unit whose path begins with its own.
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
    SELECT parent.id, parent.depth, parent.place,
           parent.place + count(below.id) AS last_place
      FROM numbered AS parent
      LEFT JOIN numbered AS below
        ON below.path[array_length(parent.path, 1)] = parent.id
       AND array_length(below.path, 1) > array_length(parent.path, 1)
     GROUP BY parent.id, parent.depth, parent.place
)
UPDATE places_adminunit AS unit
   SET depth = sized.depth, tree_left = sized.place, tree_right = sized.last_place
  FROM sized
 WHERE unit.id = sized.id
   AND (unit.depth, unit.tree_left, unit.tree_right)
       IS DISTINCT FROM (sized.depth, sized.place, sized.last_place)
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
