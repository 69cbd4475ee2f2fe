import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, cast):
    """Open a page as a member; its answer."""

    def page(handle, url, data=None, *, status=200, **headers):
        client.force_login(cast[handle])
        answer = client.get(url, headers=headers) if data is None else client.post(url, data, headers=headers)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer

    return page


@pytest.mark.parametrize(
    "url",
    ["/search/", "/search/?q=data&country=IT&degree=2&open_to=career_opportunity", "/members/carol/", "/members/bob/",
     "/members/frank/", "/members/alice/", "/members/dave/", "/members/carol/inmail/", "/members/erin/inmail/", "/members/frank/inmail/",
     "/members/bob/message/", "/groups/data-science-italia/message/erin/", "/inbox/", "/inbox/?box=other",
     "/inbox/?box=awaiting", "/inbox/?box=sent", "/inbox/?box=drafts", "/credits/", "/status/"],
)
def test_alice_can_open(page, url):
    page("alice", url)


@pytest.mark.parametrize("url", ["/staff/outcomes/", "/staff/outcomes.csv", "/staff/audit/", "/staff/audit/alice/", "/staff/audit/alice.csv"])
def test_staff_pages_open_for_staff_only(page, url):
    page("admin", url)
    page("alice", url, status=403)
