"""The first page, and the small things that every page carries: the status in the header, the theme."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from inmail.views.guard import own_path

THEMES = ("light", "dark", "auto")
YEAR = 365 * 86_400


@require_safe
def home(request):
    if request.user.is_authenticated:
        return redirect("inmail:search")
    return render(request, "inmail/landing.html")


@require_safe
def status(request):
    return render(request, "_status.html")


@require_POST
def theme(request):
    response = HttpResponseRedirect(own_path(request.POST.get("next", "")))
    chosen = request.POST.get("theme")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=YEAR, samesite="Lax")
    return response
