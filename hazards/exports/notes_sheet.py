"""The second sheet of a workbook: what the words of the list mean."""

from django.utils.translation import gettext as _
from xlsxwriter import Workbook

from hazards.exports.title_block import basis_lines, figure
from hazards.selectors.list_facts import ListFacts
from hazards.selectors.words import DUTY_WORDS, VERDICT_MEANINGS
from hazards.taxonomy import Verdict

WORD_WIDTH, MEANING_WIDTH = 26, 90  # characters


def write_notes(book: Workbook, facts: ListFacts) -> None:
    sheet = book.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, WORD_WIDTH)
    sheet.set_column(1, 1, MEANING_WIDTH)
    sheet.set_column(2, 2, 12)
    bold = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    lines = [
        (_("Verdict"), _("Meaning"), _("Count")),
        *_verdict_lines(facts),
        ("", "", ""),
        (_("Safeguard"), _("Meaning"), ""),
        *_duty_lines(),
        ("", "", ""),
        (_("Where from"), "", ""),
        *(("", line, "") for line in [*basis_lines(facts), *_remarks()]),
    ]
    heads = {_("Verdict"), _("Safeguard"), _("Where from")}
    for at, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(at, place, text, bold if line[0] in heads else wrapped)


def _verdict_lines(facts: ListFacts) -> list[tuple[str, str, str]]:
    return [
        (str(Verdict(code).label), str(meaning), figure(facts.counts.get(code, 0)))
        for code, meaning in VERDICT_MEANINGS.items()
    ]


def _duty_lines() -> list[tuple[str, str, str]]:
    words = [str(word) for word in DUTY_WORDS.values()]
    meanings = [
        _("Seen in place, and recently enough to count."),
        _("Seen to be missing, damaged or not all the way round; stays until seen mended."),
        _("Nobody has written down whether it is there."),
        _("Seen in place, but too long ago to count."),
        _("The rule does not ask for it at this kind of water."),
    ]
    return [(word, meaning, "") for word, meaning in zip(words, meanings, strict=True)]


def _remarks() -> list[str]:
    return [
        _("Children near: children under 16 within the stated distance of this hazard alone. "
          "The figures of two hazards may count the same child, so they must not be added up."),
        _("Positions are WGS 84 (EPSG:4326), in degrees."),
        _("Names of households are shown only to those who work on the register."),
    ]  # fmt: skip
