import pytest
from django.core.management import call_command

from accounts.models import Member

pytestmark = pytest.mark.django_db


def test_an_operator_makes_staff_on_the_command_line(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "cold vegetables in Lagos")
    call_command("createsuperuser", handle="root", first_name="Rosa", interactive=False)
    made = Member.objects.get(handle="root")
    assert made.is_staff and made.is_superuser and made.joined_at
    assert made.check_password("cold vegetables in Lagos")
