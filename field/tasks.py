"""What the worker does for the field door by the clock."""

from procrastinate.contrib.django import app

from field.services.uploads import throw_away_old_parts


@app.periodic(cron="40 18 * * *")
@app.task(name="field.throw_away_old_parts", queueing_lock="field.throw_away_old_parts")
def remove_old_parts(timestamp: int) -> None:
    """Remove pieces of photos that were given up a month ago."""
    throw_away_old_parts()
