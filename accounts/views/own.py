"""A member's own profile, and the mails that would have been sent to them."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import departure, outbox
from accounts.forms import ProfileForm
from accounts.models import Member
from clock import timeline as clock


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit_profile(request):
    form = ProfileForm(request.POST or None, instance=Member.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        member = form.save(commit=False)
        with clock.moment():
            if not departure.stays(member):
                return redirect(settings.LOGIN_URL)
            member.save(update_fields=form.changed_data)  # the rest of the row may be another by now
        messages.success(request, _("Your profile is saved."))
        response = redirect(member)
        if "language" in form.changed_data:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, member.language, samesite="Lax")
        return response
    context = {"form": form}
    return render(request, "accounts/edit_profile.html", context, status=422 if form.errors else 200)


@require_safe
def outbox_page(request):
    if not settings.EMBEDDED:
        raise Http404
    return render(request, "accounts/outbox.html", {"mails": outbox.shown()[:50]})
