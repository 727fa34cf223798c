"""What pages say for the codes of photos and surveys. Plain words, no jargon."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from surveys.photos.checks import OLD_PHOTO_DAYS

SUBJECT_WORDS: dict[str, Promise] = {
    "site": _("The whole place"),
    "sign": _("Warning sign"),
    "barrier": _("Barrier"),
    "cover": _("Cover"),
}

FLAG_WORDS: dict[str, Promise] = {
    "far_from_fix": _("The photo's own position is over {fix_m} m from where the phone was"),
    "far_from_hazard": _("The photo's own position is over {hazard_m} m from the hazard"),
    "old_photo": _("The photo was taken more than {days} days before the visit"),
    "future_clock": _("The time lies in the future: a clock was set wrong"),
    "no_position": _("The photo holds no position of its own"),
    "outside_vietnam": _("The photo's own position lies outside Viet Nam"),
    "used_before": _("The same photo was sent with an earlier survey"),
    "looks_used": _("A photo that looks the same was sent with an earlier survey"),
    "accuracy_zero": _("The phone claims an accuracy of 0 m, which no phone has"),
    "name_lies": _("The file's name says another type than its content"),
    "no_time": _("The photo does not say when it was taken"),
    "late": _("The photo came after the decision and is not published"),
}


def flag_text(flag: str) -> str:
    """Return what a flag says, with the limits of the settings; an unknown code as it is."""
    return str(FLAG_WORDS.get(flag, flag)).format(
        fix_m=settings.FIX_MAX_DISTANCE_M,
        hazard_m=settings.PHOTO_MAX_DISTANCE_M,
        days=OLD_PHOTO_DAYS,
    )


# Usual on honest phones: said, but not as a warning.
QUIET_FLAGS = frozenset({"no_position", "no_time"})

PROBLEM_WORDS: dict[str, Promise] = {
    "not_an_image": _("The file is not a picture"),
    "damaged": _("The file is damaged or cut short"),
    "too_many_pixels": _("The picture is too large to show"),
    "timeout": _("Opening the picture took too long"),
    "crashed": _("The picture could not be opened"),
    "too_much_memory": _("Opening the picture took too much memory"),
    "file_missing": _("The stored file is missing: tell an administrator"),
}
