"""Groups: all of them, and one with its members; joining and leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import apart, groups, network
from accounts.cursor import page_for
from accounts.models import Group, Member, Membership
from clock import timeline as clock


@require_safe
@login_required
def group_list(request):
    page = page_for(request, Group.objects.all(), order=("name", "pk"), name="groups")
    counts = dict(
        Membership.objects.filter(group__in=page.rows).values_list("group").annotate(n=Count("pk")).order_by()
    )
    mine = set(request.user.memberships.filter(group__in=page.rows).values_list("group_id", flat=True))
    for group in page.rows:
        group.member_count, group.mine = counts.get(group.pk, 0), group.pk in mine
    return render(request, "accounts/groups.html", {"page": page})


@require_safe
@login_required
def group_page(request, slug):
    group = get_object_or_404(Group, slug=slug)
    members = Member.objects.active().visible_to(request.user).filter(apart.visible_to(request.user))
    page = page_for(request, members.filter(memberships__group=group), name=f"group {group.pk}")
    degrees = network.degrees(request.user, page.rows)
    for member in page.rows:
        member.degree = degrees[member.pk]
    since = group.memberships.filter(member=request.user).values_list("since", flat=True).first()
    context = {"group": group, "page": page, "since": since, "count": group.memberships.count()}
    return render(request, "accounts/group.html", context)


@require_POST
@login_required
def join(request, slug):
    group = get_object_or_404(Group, slug=slug)
    with clock.moment() as at:
        groups.join(request.user, group, at=at)
    messages.success(request, _("You are in %(group)s.") % {"group": group.name})
    return redirect(group)


@require_POST
@login_required
def leave(request, slug):
    group = get_object_or_404(Group, slug=slug)
    with clock.moment():
        groups.leave(request.user, group)
    messages.success(request, _("You have left %(group)s.") % {"group": group.name})
    return redirect(group)
