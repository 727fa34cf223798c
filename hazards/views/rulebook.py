"""The rules, and a draft of one: tried out first, then signed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allowed
from accounts.roles import Action
from common.errors import DomainError, ForbiddenError
from common.templatetags.units import number
from hazards.access import may_sign_rules, rule_for
from hazards.rule_forms import RuleDraftForm, RuleEndForm, initial_of
from hazards.selectors.rulebook import rulebook as rules_of
from hazards.services.rehearsal import Rehearsal, draft_of, rehearse
from hazards.services.rules import add_rule, end_rule
from hazards.taxonomy import Verdict

UNITS_SHOWN = 50


@require_safe
@allowed(Action.VIEW)
def rulebook(request: HttpRequest) -> HttpResponse:
    scope: Any = request.scope  # type: ignore[attr-defined]
    today = timezone.localdate()
    context = {
        "rows": rules_of(scope, today), "may_sign": may_sign_rules(request.user), "today": today,
    }  # fmt: skip
    return render(request, "hazards/rulebook.html", context)


@require_POST
@allowed(Action.ADMINISTER)
def rule_end(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say from which day, today or later, a rule holds no more; at the top of the tree only."""
    if not may_sign_rules(request.user):
        raise ForbiddenError
    rule = rule_for(public_id)
    form = RuleEndForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("valid_to", []))))
        return redirect("hazards:rulebook")
    valid_to = form.cleaned_data["valid_to"]
    try:
        end_rule(rule=rule, valid_to=valid_to, actor=request.user)  # type: ignore[arg-type]
    except DomainError as error:
        messages.error(request, str(error))
    else:
        told = _("The rule “{rule}” holds no more from {day}; the verdicts follow on that day.")
        messages.success(request, told.format(rule=rule.rule_code, day=f"{valid_to:%d/%m/%Y}"))
    return redirect("hazards:rulebook")


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(Action.ADMINISTER)
def rule_draft(request: HttpRequest) -> HttpResponse:
    """Try a draft out; sign it only as it was tried out, and only at the top of the tree."""
    code = request.GET.get("rule", "")
    initial = initial_of(draft_of(code)) if code else {"valid_from": timezone.localdate()}
    form = RuleDraftForm(request.POST or None, initial=initial)
    found: Rehearsal | None = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("action") != "sign":
            found = _rehearsed(request, form)
        elif _signed(request, form):
            return redirect("hazards:rulebook")
    context = {
        "form": form,
        "found": found,
        "to_sign": RuleDraftForm(request.POST, auto_id=False) if found else None,
        "may_sign": may_sign_rules(request.user),
        "totals": _totals(found) if found else [],
        "units_shown": found.units[:UNITS_SHOWN] if found else [],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "hazards/rule_draft.html", context, status=status)


def _rehearsed(request: HttpRequest, form: RuleDraftForm) -> Rehearsal | None:
    try:
        return rehearse(form.draft(), scope=request.scope)  # type: ignore[attr-defined]
    except DomainError as error:
        form.add_error(None, str(error))
        return None


@transaction.atomic
def _signed(request: HttpRequest, form: RuleDraftForm) -> bool:
    """Sign if what was confirmed is still what would change."""
    if not may_sign_rules(request.user):
        raise ForbiddenError
    found = _rehearsed(request, form)
    if found is None:
        return False
    confirmed = request.POST.get("confirmed", "")
    if confirmed != str(found.changed):
        form.add_error(None, _confirm_again(confirmed, found.changed))
        return False
    rule = add_rule(**form.draft().values(), actor=request.user)  # type: ignore[arg-type]
    text = ngettext(
        "The rule “{rule}” is signed. From {day} it changes {count} verdict.",
        "The rule “{rule}” is signed. From {day} it changes {count} verdicts.",
        found.changed,
    )
    day = f"{rule.valid_from:%d/%m/%Y}"
    messages.success(
        request, text.format(rule=rule.rule_code, day=day, count=number(found.changed))
    )
    return True


def _confirm_again(confirmed: str, changed: int) -> str:
    if not confirmed:
        return _("Confirm the number of verdicts that change before you sign.")
    text = _("{changed} verdicts would change now, not {confirmed}. Look again before you sign.")
    return text.format(changed=number(changed), confirmed=confirmed)


def _totals(found: Rehearsal) -> list[tuple[str, int, int]]:
    """Return (verdict, hazards before, hazards after), every verdict that occurs."""
    rows = [(str(v), found.before.get(v, 0), found.after.get(v, 0)) for v in Verdict]
    return [row for row in rows if row[1] or row[2]]
