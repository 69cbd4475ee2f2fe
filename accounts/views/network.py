"""The network page: connections, and invitations in both directions."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import apart, impersonation, invitations, network, newcomers
from accounts.cursor import page_for
from accounts.forms import InviteForm
from accounts.models import Connection, Invitation, Member
from clock import timeline as clock

SHOWN = 50
ACTS = {
    "accept": (invitations.accept, "recipient", gettext_noop("You are connected.")),
    "ignore": (invitations.ignore, "recipient", gettext_noop("The invitation is out of your way.")),
    "withdraw": (invitations.withdraw, "sender", gettext_noop("The invitation is withdrawn.")),
}


@require_safe
@login_required
def network_page(request):
    pending = Invitation.objects.filter(status=Invitation.Status.PENDING).order_by("-pk")
    connected = Connection.objects.filter(member=request.user, other__deactivated_at__isnull=True)
    page = page_for(
        request, connected.select_related("other"), order=("other__name_key", "other_id"), name="connections"
    )
    context = {
        "received": pending.filter(recipient=request.user).select_related("sender")[:SHOWN],
        "notes_shown": not impersonation.is_on(request.user),
        "sent": pending.filter(sender=request.user).select_related("recipient")[:SHOWN],
        "page": page,
        "offered": [] if page.rows else newcomers.offer(request.user),
        "count": connected.count(),
    }
    return render(request, "accounts/network.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request, handle):
    member = member_or_404(request.user, handle)
    form = InviteForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            with clock.moment() as at:
                invitations.invite(request.user, member, at=at, note=form.cleaned_data["note"])
            messages.success(request, _("Your invitation to %(name)s is sent.") % {"name": member.name})
            return redirect(member)
        except invitations.Refused as refused:
            form.add_error(None, refused.sentence)
    if form.errors:
        status = 422
    return render(request, "accounts/invite.html", {"member": member, "form": form}, status=status)


@require_POST
@login_required
def answer_invitation(request, pk):
    act, side, done = ACTS.get(request.POST.get("act"), (None, "", ""))
    if act is None:
        raise Http404
    invitation = get_object_or_404(
        Invitation.objects.select_related("sender", "recipient"), pk=pk, **{side: request.user}
    )
    try:
        with clock.moment() as at:
            act(invitation, at=at)
        messages.success(request, _(done))
    except invitations.Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("accounts:network")


@require_POST
@login_required
def take_offer(request):
    with clock.moment() as at:
        count = newcomers.accept(request.user, at=at)
    said = ngettext("You have %(n)s connection to begin with.", "You have %(n)s connections to begin with.", count)
    messages.success(request, said % {"n": count})
    return redirect("accounts:network")


@require_POST
@login_required
def disconnect(request, handle):
    member = get_object_or_404(Member.objects.visible_to(request.user), handle=clean(handle))
    with clock.moment():
        if network.disconnect(request.user, member):
            messages.success(request, _("You and %(name)s are no longer connected.") % {"name": member.name})
    return redirect("accounts:network")


def member_or_404(viewer: Member, handle: str) -> Member:
    """The active member of that handle whom `viewer` may see."""
    visible = Member.objects.active().visible_to(viewer).filter(apart.visible_to(viewer))
    return get_object_or_404(visible, handle=clean(handle))


def clean(handle: str) -> str:
    """A handle as it came in an address; NUL is in no handle, and the database would not hear of it."""
    return handle.replace("\0", "").lower()
