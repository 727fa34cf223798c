"""manage.py seal_history: seal all events and print the hash to be written down on paper."""

from typing import Any

from django.utils.translation import gettext as _

from common.commands import FileCommand
from history.services.sealing import head, seal


class Command(FileCommand):
    help = "Seal the history and print the hash that guards it."

    def run(self, *args: Any, **options: Any) -> None:
        made = seal()
        last = head()
        if last is None:
            self.stdout.write(_("There is no event yet; nothing was sealed."))
            return
        events = sum(block.events for block in made)
        self.stdout.write(
            _("Sealed now: {events} events in {blocks} blocks.").format(
                events=events, blocks=len(made)
            )
        )
        self.stdout.write(
            _("Write down outside this machine: block {block}, events up to {last}").format(
                block=last.pk, last=last.last_event
            )
        )
        self.stdout.write(" ".join(last.hash[at : at + 8] for at in range(0, 64, 8)))
