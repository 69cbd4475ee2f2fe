"""The generated picture of a member, for anyone who may know of them: it says no more than the name."""

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
    known = Member.objects.visible_to(request.user).filter(handle=clean(handle))
    member = known.only("first_name", "last_name", "imported_by_id").first()
    svg = pictures.draw(clean(handle), member.initials) if member else pictures.draw("", "?")
    tag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:20]}"'

    @condition(etag_func=lambda request: tag)
    def answer(request):
        return HttpResponse(svg, content_type="image/svg+xml")

    response = answer(request)
    shared = "private" if member and member.imported_by_id else "public"
    response["Cache-Control"] = f"{shared}, max-age={HOUR}"
    return response
