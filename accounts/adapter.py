"""How django-allauth makes and names members: handles are theirs, the instant is the clock's."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.models import HANDLE
from clock import timeline as clock

PROFILE = ("headline", "country", "language")


class AccountAdapter(DefaultAccountAdapter):
    def clean_username(self, username, shallow=False):
        username = username.lower()
        if not HANDLE.regex.match(username):
            raise ValidationError(HANDLE.message)
        return super().clean_username(username, shallow)

    def save_user(self, request, user, form, commit=True):
        """The member joins at the clock's instant; upper floors, named in settings, give what they add."""
        said = form.cleaned_data
        for name in PROFILE:
            setattr(user, name, said.get(name) or getattr(user, name))
        with clock.moment() as at:
            user.joined_at = at
            user = super().save_user(request, user, form, commit=commit)
            if commit and getattr(settings, "ACCOUNTS_ON_JOIN", ""):
                import_string(settings.ACCOUNTS_ON_JOIN)(user, said, at)
        return user

    def get_signup_redirect_url(self, request):
        """Newcomers begin where a first network is offered."""
        return reverse("accounts:network")

    def post_login(self, request, user, **kwargs):
        """One who wants another language than English and has not chosen one in this browser gets it."""
        response = super().post_login(request, user, **kwargs)
        if user.language != settings.LANGUAGE_CODE and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response
