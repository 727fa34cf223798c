"""What the registry refuses, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class ShapeError(DomainError):
    """A shape cannot stand in the register."""

    code = "hazards.bad_shape"
    status = 422
    template = _("The shape cannot be used: {why}. Draw it again.")


class EmptyShapeError(ShapeError):
    code = "hazards.empty_shape"
    template = _("The shape is empty. Give a point, a line or an outline.")


class ShapeKindError(ShapeError):
    code = "hazards.shape_kind"
    template = _(
        "A shape of the kind {geometry_type} cannot be used. Give one point, a line or an outline."
    )


class ShapeTooDetailedError(ShapeError):
    code = "hazards.shape_too_detailed"
    template = _("The shape has {vertices} vertices; the limit is {limit}. Simplify it first.")


class WrongCrsError(ShapeError):
    code = "hazards.wrong_crs"
    template = _(
        "The shape comes with the coordinate system {srid}; the register needs longitude and "
        "latitude (EPSG:4326). Convert it first."
    )


class OutsideVietnamError(ShapeError):
    code = "hazards.outside_vietnam"
    template = _(
        "The position {lon:.5f}, {lat:.5f} (longitude, latitude) lies outside Vietnam. Check the "
        "coordinate system of the source."
    )


class SwappedAxesError(ShapeError):
    code = "hazards.swapped_axes"
    template = _(
        "The position {lon:.5f}, {lat:.5f} lies outside Vietnam, but inside it when longitude and "
        "latitude change places. Swap the two columns."
    )


class OutsideUnitsError(DomainError):
    """A position lies in none of the current units."""

    code = "hazards.outside_units"
    status = 422
    template = _(
        "The position {lon:.5f}, {lat:.5f} lies in none of the current units; the nearest is "
        "{nearest}, {distance_km:.1f} km away. Check the position, or load the units there."
    )


class NoUnitsError(DomainError):
    code = "hazards.no_units"
    status = 409
    template = _(
        "There are no administrative units with outlines yet, so no hazard can be placed. "
        "Load a boundary set first."
    )


class UnknownWordError(DomainError):
    """A coded value that the taxonomy does not hold."""

    code = "hazards.unknown_word"
    status = 422
    template = _("{field}: “{value}” is not known. Use one of: {allowed}.")


class LegacyTextError(DomainError):
    code = "hazards.legacy_text"
    status = 422
    template = _(
        "{field}: “{value}” looks like text in the old encoding {encoding}. Convert it to Unicode "
        "first."
    )


class TooLongError(DomainError):
    code = "hazards.too_long"
    status = 422
    template = _("{field} has {length} characters; the limit is {limit}. Shorten it.")


class DepthError(DomainError):
    code = "hazards.bad_depth"
    status = 422
    template = _("A depth of {depth_m} m cannot be right; give metres between 0 and {limit_m}.")


class SourceIdTakenError(DomainError):
    code = "hazards.source_id_taken"
    status = 409
    template = _(
        "The source “{source}” has already given a hazard with the id {source_id}. Update that one."
    )


class FixedFieldError(DomainError):
    code = "hazards.fixed_field"
    status = 422
    template = _("The field {field} of a hazard cannot be changed in this way.")


class FutureDateError(DomainError):
    code = "hazards.future_date"
    status = 422
    template = _("The date {day:%d/%m/%Y} lies in the future. Give the day on which it was seen.")


class OtherHazardError(DomainError):
    code = "hazards.safeguard_of_other_hazard"
    status = 422
    template = _("The safeguard “{safeguard}” belongs to another hazard. Choose one of {hazard}.")


class NoDutyError(DomainError):
    code = "hazards.safeguard_without_duty"
    status = 422
    template = _(
        "A safeguard of the kind “{kind}” does not count as {duty}. Record what stands there under "
        "its own kind."
    )


class SafeguardRemovedError(DomainError):
    code = "hazards.safeguard_removed"
    status = 409
    template = _(
        "The safeguard “{safeguard}” was removed on {day:%d/%m/%Y}. Add a new one if another "
        "stands there."
    )


class ContradictionError(DomainError):
    code = "hazards.state_contradicts_condition"
    status = 422
    template = _(
        "“{state}” and “{finding}” do not go together. If a part is missing or broken, say so in "
        "the state."
    )


class DateOrderError(DomainError):
    code = "hazards.dates_in_wrong_order"
    status = 422
    template = _("The end, {end:%d/%m/%Y}, must come after the beginning, {start:%d/%m/%Y}.")


class ReasonMissingError(DomainError):
    code = "hazards.reason_missing"
    status = 422
    template = _("Say why, in a few words; the reason is kept with the change.")


class RulesOverlapError(DomainError):
    code = "hazards.rules_overlap"
    status = 409
    template = _(
        "The rules “{first}” and “{second}” would both apply to “{kind}” from {day:%d/%m/%Y}. "
        "A kind of hazard may stand under one rule at a time."
    )


class RuleEmptyError(DomainError):
    code = "hazards.rule_empty"
    status = 422
    template = _("The rule “{rule}” must name at least one kind of hazard and one safeguard.")


class RuleOrderError(DomainError):
    code = "hazards.rule_version_too_early"
    status = 409
    template = _(
        "The rule “{rule}” already has a version from {day:%d/%m/%Y}. A new version must begin "
        "after it."
    )


class RuleDistanceError(DomainError):
    code = "hazards.rule_distance"
    status = 422
    template = _(
        "A rule may ask for water within 1 to {limit_m} m of a house or school; {distance_m} m was "
        "given."
    )


class RuleMeasureError(DomainError):
    code = "hazards.rule_measure"
    status = 422
    template = _(
        "A rule may ask for barriers of up to {height_m} m and gaps of 1 to {gap_mm} mm; {measure} "
        "was given. Leave it empty where measures are not judged."
    )


class RuleMonthsError(DomainError):
    code = "hazards.rule_months"
    status = 422
    template = _("Evidence must count for 1 to 120 months; {months} was given for: {duty}.")


class NameMissingError(DomainError):
    code = "hazards.name_missing"
    status = 422
    template = _("Give the name of the responsible body.")


class ChildrenFigureError(DomainError):
    code = "hazards.bad_children_figure"
    status = 422
    template = _("{children} is not a number of children. Work the exposure out again.")


class ImportTooLargeError(DomainError):
    code = "hazards.import_too_large"
    status = 413
    template = _(
        "{name} has {size_mb:.0f} MB; a page takes up to {limit_mb:.0f} MB. Split it, or have an "
        "administrator import it with the command."
    )


class ImportBusyError(DomainError):
    code = "hazards.import_busy"
    status = 409
    template = _("The file {name} is at another step already: {state}. Reload the page.")


class ResponsibilityOverlapError(DomainError):
    code = "hazards.responsibility_overlaps"
    status = 409
    template = _(
        "{body} already answers for {hazard} as {role} from {start:%d/%m/%Y}. End that first, or "
        "replace it."
    )


class ResponsibilityEndedError(DomainError):
    code = "hazards.responsibility_ended"
    status = 409
    template = _(
        "{body} no longer answers for {hazard}: that ended on {end:%d/%m/%Y}. Reload the page."
    )


class MergeNotPossibleError(DomainError):
    code = "hazards.merge_not_possible"
    status = 409
    template = _(
        "{code} cannot be merged: it is merged into another already, or was entered in error."
    )


class MergeUndoneError(DomainError):
    code = "hazards.merge_undone"
    status = 409
    template = _("The merge of {code} has been undone already.")


class PlaceShapeError(DomainError):
    code = "hazards.place_shape"
    status = 422
    template = _(
        "An access point is one point on the map, a stretch of shore is a line; {kind} was given "
        "as {geometry_type}. Draw it again."
    )


class PlaceFarError(DomainError):
    """An access place, a safeguard or another shape lies too far from its water to be at it."""

    code = "hazards.place_far"
    status = 422
    template = _(
        "This lies {distance_m:.0f} m from the water {code}; it may be at most {limit_m:.0f} m "
        "away. Move it, or choose the right water."
    )


class PlaceInUseError(DomainError):
    code = "hazards.place_in_use"
    status = 409
    template = _(
        "{place} cannot be taken back: {count} safeguards and looks are written down there. Say "
        "from which day it is no longer used instead."
    )


class ShapeFormError(DomainError):
    code = "hazards.shape_form"
    status = 422
    template = _("As {form} a shape of the kind {geometry_type} was given. Draw it again.")


class LastShapeError(DomainError):
    code = "hazards.last_shape"
    status = 409
    template = _("{code} has only this shape. Draw another first; a water is somewhere.")


class NothingToMoveError(DomainError):
    code = "hazards.nothing_to_move"
    status = 409
    template = _(
        "Something chosen does not belong to {code} any more. Nothing was changed; open the page "
        "again."
    )


class OutsideAreaError(DomainError):
    code = "hazards.outside_area"
    status = 403
    template = _("This place lies in {unit}, outside the area you work in. Nothing was written.")
