"""The generated picture of a member, for anyone: it says no more than the name."""

import hashlib

from django.http import HttpResponse
from django.views.decorators.http import condition, require_safe

from accounts import pictures
from accounts.models import Member
from accounts.views.network import clean

HOUR = 3600


@require_safe
def picture(request, handle):
    """Never a broken image: an unknown handle gets a picture too, with a question mark."""
    member = Member.objects.filter(handle=clean(handle)).only("first_name", "last_name").first()
    svg = pictures.draw(clean(handle), member.initials if member else "?")
    tag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:20]}"'

    @condition(etag_func=lambda request: tag)
    def answer(request):
        return HttpResponse(svg, content_type="image/svg+xml")

    response = answer(request)
    response["Cache-Control"] = f"public, max-age={HOUR}"
    return response
