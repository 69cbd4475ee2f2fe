"""Privacy & Settings: Communications, and the list of those one has blocked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Member
from clock import timeline as clock
from privacy import blocks, reception
from privacy.forms import BlockForm, ReceptionForm
from privacy.models import Block

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def communications(request):
    form = ReceptionForm(request.POST) if request.method == "POST" else _filled(request.user)
    if request.method == "POST" and form.is_valid() and _save(request.user, form):
        messages.success(request, _("Your settings are saved."))
        return redirect("privacy:communications")
    premium = reception.may_open_profile(request.user)
    form.fields["open_profile"].disabled = not premium and not form["open_profile"].value()
    context = {
        "form": form,
        "premium": premium,
        "changes": request.user.reception_changes.all()[:SHOWN],
        "blocks": Block.objects.filter(blocker=request.user).select_related("blocked").order_by("-pk"),
        "block_form": BlockForm(),
    }
    return render(request, "privacy/communications.html", context, status=422 if form.errors else 200)


def _filled(member: Member) -> ReceptionForm:
    row = reception.of(member)
    now = {name: getattr(row, name) for name in reception.FIELDS}
    return ReceptionForm(initial={**now, "undo_seconds": member.undo_seconds})


def _save(member: Member, form: ReceptionForm) -> bool:
    """Whether it was saved; what the verb refuses is put to the form."""
    said = dict(form.cleaned_data)
    undo_seconds = said.pop("undo_seconds")
    try:
        with clock.moment() as at:
            reception.change(member, at=at, **said)
            Member.objects.filter(pk=member.pk).update(undo_seconds=undo_seconds)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
@login_required
def block(request):
    member = _named(request)
    if member is None or member == request.user:
        messages.error(request, _("There is no other member of that handle."))
        return _back(request)
    with clock.moment() as at:
        blocks.block(request.user, member, at=at)
    messages.success(request, _("%(name)s is blocked.") % {"name": member.name})
    return _back(request)


@require_POST
@login_required
def unblock(request):
    member = _named(request)
    if member is not None:
        with clock.moment():
            if blocks.unblock(request.user, member):
                messages.success(request, _("%(name)s is no longer blocked.") % {"name": member.name})
    return _back(request)


def _named(request) -> Member | None:
    form = BlockForm(request.POST)
    if not form.is_valid():
        return None
    return Member.objects.visible_to(request.user).filter(handle=form.cleaned_data["member"].lower()).first()


def _back(request):
    """Where the button was, if that is on this site."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return HttpResponseRedirect(wanted)
    return redirect("privacy:communications")
