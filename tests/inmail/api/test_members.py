import pytest

from accounts import groups
from accounts.models import Group, Member
from privacy import blocks

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(cast, noon):
    Member.objects.bulk_create(
        Member(handle=f"m{i:03}", first_name="Mira", last_name=f"Novák{i:03}", country="CZ", joined_at=noon)
        for i in range(130)
    )


def find(call, member, query=""):
    answer = call(member).get(f"/api/v1/members/{query}")
    assert answer.status_code == 200, answer.content
    return {row["handle"]: row for row in answer.json()["results"]}


def test_each_result_has_its_degree_and_what_an_inmail_would_cost(call, alice, live):
    found = find(call, alice)
    assert {handle: row["degree"] for handle, row in found.items() if handle in "bob carol dave".split()} == {
        "bob": 1,
        "carol": 2,
        "dave": None,
    }
    assert found["carol"]["inmail"] == {"allowed": True, "cost": 1, "refusals": []}
    assert found["frank"]["inmail"]["refusals"][0]["code"] == "reception_off"
    assert found["alice"]["inmail"]["refusals"][0]["code"] == "self"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=con", {"carol"}),
        ("?q=ni bhr", {"erin"}),
        ("?country=de", {"frank"}),
        ("?degree=1", {"bob"}),
        ("?degree=2", {"carol"}),
        ("?degree=out", {"dave", "erin", "frank", "admin"}),
        ("?open_to=career_opportunity", {"carol", "erin"}),
        ("?open_to=career_opportunity&country=IT", {"carol"}),
        ("?q=&country=&degree=&open_to=", {"alice", "bob", "carol", "dave", "erin", "frank", "admin"}),
    ],
)
def test_filters_narrow_the_list(call, alice, live, query, expected):
    assert set(find(call, alice, query)) == expected


def test_an_industry_is_asked_for_by_its_name(call, alice, erin, live):
    found = call(alice).get("/api/v1/members/", {"industry": erin.industry}).json()["results"]
    assert [row["handle"] for row in found] == ["erin"]


def test_text_without_words_finds_nobody_and_says_so(call, alice, live):
    answer = call(alice).get("/api/v1/members/?q=%26%7C%21").json()
    assert answer["results"] == [] and answer["notice"].endswith(".")


def test_pages_follow_each_other_both_ways_without_gap_or_repeat(call, alice, crowd, live):
    client, url, pages = call(alice), "/api/v1/members/?q=mira&page_size=50", []
    while url:
        page = client.get(url).json()
        pages.append([row["handle"] for row in page["results"]])
        url, last = page["next"], page
    assert [len(page) for page in pages] == [50, 50, 30]
    assert [handle for page in pages for handle in page] == sorted(f"m{i:03}" for i in range(130))
    back = client.get(last["previous"]).json()
    assert [row["handle"] for row in back["results"]] == pages[1]


def test_a_page_has_at_most_a_hundred(call, alice, crowd, live):
    assert len(call(alice).get("/api/v1/members/?page_size=5000").json()["results"]) == 100


@pytest.mark.parametrize("path", ["members/?q=mira", "connections/?", "blocks/?"])
def test_a_long_page_costs_no_more_queries_than_a_short_one(
    call, alice, crowd, live, noon, path, django_assert_max_num_queries
):
    client = call(alice)
    for member in Member.objects.filter(handle__startswith="m0")[:40]:
        blocks.block(alice, member, at=noon)
    client.get(f"/api/v1/{path}&page_size=1")
    with django_assert_max_num_queries(6):
        client.get(f"/api/v1/{path}&page_size=100")


def test_a_profile_shows_what_is_shared_and_welcome(call, alice, carol, erin, live):
    seen = call(alice).at("get", "members/carol/").json()
    assert seen["shared_connections"] == {"count": 1, "sample": [{"handle": "bob", "name": "Bob Lindqvist"}]}
    assert seen["interests"] == ["career_opportunity", "expertise_request"]
    assert seen["advice"].startswith("Please say")
    assert call(alice).at("get", "members/ERIN/").json()["shared_groups"] == [
        {"slug": "data-science-italia", "name": "Data Science Italia"}
    ]


def test_the_list_of_blocks_is_bare_for_who_has_blocked_one_too(call, alice, carol, dave, live, noon):
    blocks.block(alice, dave, at=noon)
    blocks.block(alice, carol, at=noon)
    blocks.block(carol, alice, at=noon)
    seen, known = call(alice).at("get", "blocks/").json()["results"]
    assert (seen["handle"], seen["headline"], seen["country"], seen["degree"]) == ("carol", "", "", None)
    assert known["handle"] == "dave" and known["headline"] == dave.headline
    assert call(alice).at("post", "blocks/", {"member": "carol"}).json() == seen


def test_who_has_blocked_one_shows_a_bare_profile_and_no_reason(call, alice, carol, live, noon):
    groups.join(carol, Group.objects.get(), at=noon)
    blocks.block(carol, alice, at=noon)
    seen = call(alice).at("get", "members/carol/").json()
    assert [r["code"] for r in seen["inmail"]["refusals"]] == ["unavailable"]
    assert (seen["headline"], seen["interests"], seen["advice"], seen["shared_groups"]) == ("", [], "", [])
    assert "carol" not in find(call, alice)
    assert call(carol).at("get", "members/alice/").json()["headline"]


def test_whom_another_member_imported_is_not_there(call, alice, bob, live, noon):
    Member.objects.create(handle="private", first_name="Priva", joined_at=noon, imported_by=bob)
    assert call(bob).at("get", "members/private/").status_code == 200
    assert call(alice).at("get", "members/private/").status_code == 404
    assert call(alice).at("post", "blocks/", {"member": "private"}).status_code == 400


def test_who_am_i(call, alice, bob, live, received):
    mine = call(alice).at("get", "me/").json()
    assert mine == {
        "handle": "alice",
        "name": "Alice Moreau",
        "plan": "recruiter_lite",
        "credits": 24,
        "score": None,
        "unread": 0,
    }
    assert call(bob).at("get", "me/").json()["plan"] == "basic"
