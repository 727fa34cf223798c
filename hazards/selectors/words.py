"""Words of lists: what each duty's state and each verdict mean, and how a list was narrowed."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from hazards.models import ResponsibleBody
from hazards.models.assessment import DutyState
from hazards.selectors.filters import ANY_DUTY, ANY_HOUSEHOLD, NO_BODY, HazardFilter
from hazards.selectors.reader import Reader
from hazards.taxonomy import SEEN_GAPS, UNPROTECTED, BodyKind, Duty, HazardKind, Lifecycle, Verdict

DUTY_WORDS: dict[str, Promise] = {
    DutyState.MET: pgettext_lazy("duty in a list", "Present"),
    DutyState.UNMET: pgettext_lazy("duty in a list", "Missing or broken"),
    DutyState.UNKNOWN: pgettext_lazy("duty in a list", "Not looked at yet"),
    DutyState.EXPIRED: pgettext_lazy("duty in a list", "Check overdue"),
    DutyState.NOT_REQUIRED: pgettext_lazy("duty in a list", "Not required"),
}

VERDICT_MEANINGS: dict[str, Promise] = {
    Verdict.NONCOMPLIANT: gettext_lazy(
        "A required safeguard was seen missing or broken, and none is known to be in place."
    ),
    Verdict.PARTLY: gettext_lazy(
        "One required safeguard is in place and another was seen missing or broken."
    ),
    Verdict.NOT_SURVEYED: gettext_lazy(
        "Nobody has looked yet at all that the rule requires. This does not mean that it is safe."
    ),
    Verdict.EXPIRED: gettext_lazy(
        "The safeguards were in place when last seen, but a look is too long ago to count."
    ),
    Verdict.DEPTH_UNKNOWN: gettext_lazy(
        "The depth is not known, so it cannot be said whether the rule applies. It may."
    ),
    Verdict.COMPLIANT: gettext_lazy("All safeguards that the rule asks for were seen in time."),
    Verdict.WAIVED: gettext_lazy("A decision frees this hazard from the rule until a date."),
    Verdict.OUT_OF_SCOPE: gettext_lazy("The rule does not apply to this hazard."),
}


def list_title(verdicts: tuple[str, ...]) -> str:
    """Name a list by its verdicts: what nobody has seen is not called noncompliant."""
    chosen = set(verdicts)
    if chosen and chosen <= set(SEEN_GAPS):
        return _("List of hazards that are not compliant")
    if chosen and chosen <= set(UNPROTECTED):
        return _("List of hazards that are not compliant or not known to be")
    return _("List of hazards")


def narrowed_by(wanted: HazardFilter, reader: Reader) -> list[str]:
    """Return one phrase for each part of the filter that narrows the list, place and day aside."""
    parts = [
        (_("Name or code"), wanted.text),
        (_("Kind"), _labels(HazardKind, wanted.kinds)),
        (_("Verdict"), _labels(Verdict, wanted.verdicts)),
        (_("Missing"), _missing(wanted.missing)),
        (_("Responsible body"), _body(wanted.body, reader)),
        (_("State"), _labels(Lifecycle, wanted.lifecycles)),
        (_("Children near, at least"), _figure(wanted.children_near_min)),
        (_("Days since the last look, at least"), _figure(wanted.days_since_look_min)),
        (_("Without invented records"), _("yes") if wanted.real_only else ""),
    ]
    return [f"{label}: {text}" for label, text in parts if text]


def _labels(choices: type, codes: tuple[str, ...]) -> str:
    return ", ".join(str(choices(code).label) for code in codes)


def _figure(value: int | None) -> str:
    return "" if value is None else str(value)


def _missing(missing: str) -> str:
    if missing == ANY_DUTY:
        return _("any of them")
    return str(Duty(missing).label) if missing else ""


def _body(body: str, reader: Reader) -> str:
    fixed = {"": "", NO_BODY: _("not known yet"), ANY_HOUSEHOLD: _("households")}
    if body in fixed:
        return fixed[body]
    found = ResponsibleBody.objects.filter(pk=int(body)).first()
    if found is None or (found.kind == BodyKind.HOUSEHOLD and not reader.names.ranges):
        return _("Household")
    return found.name
