"""Finding members: prefixes, accents, filters, and texts that hold no word."""

import pytest

from accounts import cursor, network, search
from accounts.models import Member
from privacy import blocks
from privacy import search as with_interests

pytestmark = pytest.mark.django_db


def handles(found):
    return {member.handle for member in found}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alice", {"alice"}),
        ("mor", {"alice"}),
        ("bhriain", {"erin"}),
        ("NÍ bhr", {"erin"}),
        ("data", {"alice", "carol", "erin"}),
        ("head mobility", {"carol"}),
        ("italy", {"carol"}),
        ("Italia", {"carol"}),
        ("data ITALY", {"carol"}),
        ("irlanda galway", set()),
        ("ireland scientist", {"erin"}),
        ("cote d'ivoire", set()),
        ("alice | bob", set()),
        ("zzz", set()),
    ],
)
def test_every_word_is_a_prefix_without_accents(text, found, cast, alice):
    assert handles(search.find(text, viewer=alice)) == found


@pytest.mark.parametrize("text", ["& | ! ( ) :*", "%%% _ %", "😀😀", "\0", "\ud800", "'", "\\", "-- ;"])
def test_a_text_without_words_finds_nobody_and_says_why(text, alice):
    assert not search.find(text, viewer=alice).exists()
    assert search.understand(text).notice or not text.strip()


@pytest.mark.parametrize("text", ["alice'); DROP TABLE", "a:* & b", "100%", "o'neil", "a\0b", "ＡＬＩＣＥ", "⑴ ½"])
def test_no_text_is_an_error(text, alice):
    assert search.find(text, viewer=alice).count() >= 0


def test_of_five_thousand_words_the_first_few_are_used(alice):
    assert len(search.understand(" ".join(f"w{n}" for n in range(5000))).words) == search.MAX_WORDS
    assert "first" in search.understand("a b c d e f g h i j k l m n o p q").notice


def test_words_joined_by_signs_are_found_one_by_one(alice, bob):
    Member.objects.filter(pk=bob.pk).update(headline="Founder/CEO of data.world, front-end")
    for word in ("ceo", "world", "end", "data"):
        assert bob in search.find(word, viewer=alice)


@pytest.mark.parametrize(
    ("degree", "found"), [(1, {"bob"}), (2, {"carol"}), (3, {"dave"}), ("out", {"erin", "frank", "admin"})]
)
def test_the_filter_by_degree(degree, found, cast, alice, carol, dave, noon):
    network.connect(carol, dave, at=noon)
    assert handles(search.find(viewer=alice, degree=degree)) == found


def test_the_filters_of_country_industry_and_interest(cast, alice):
    assert handles(search.find(viewer=alice, country="it")) == {"carol"}
    assert handles(search.find(viewer=alice, industry="Health Care")) == {"erin"}
    assert handles(with_interests.find(viewer=alice, open_to="career_opportunity")) == {"carol", "erin"}
    assert handles(with_interests.find(viewer=alice, open_to="nonsense")) == set()


def test_blockers_and_the_deactivated_are_not_found(cast, alice, carol, dave, noon):
    blocks.block(carol, alice, at=noon)
    Member.objects.filter(pk=dave.pk).update(deactivated_at=noon)
    assert not {"carol", "dave"} & handles(search.find(viewer=alice))
    assert "alice" in handles(search.find(viewer=carol))


def test_who_was_imported_from_an_archive_is_seen_by_its_owner_alone(alice, bob, noon):
    Member.objects.create_user("x", first_name="X", joined_at=noon, imported_by=alice)
    assert "x" in handles(search.find(viewer=alice))
    assert "x" not in handles(search.find(viewer=bob))


def test_pages_go_forward_and_back_without_loss(cast, alice):
    everyone = search.find(viewer=alice)
    first = cursor.page(everyone, size=3)
    second = cursor.page(everyone, first.next, size=3)
    third = cursor.page(everyone, second.next, size=3)
    assert [m.handle for m in first.rows + second.rows + third.rows] == [
        m.handle for m in everyone.order_by("name_key", "pk")
    ]
    assert not first.previous and not third.next
    assert cursor.page(everyone, third.previous, size=3).rows == second.rows
    assert cursor.page(everyone, second.previous, size=3).rows == first.rows


@pytest.mark.parametrize("given", ["x", "a:b:c", "\0", "😀", "e30:1:x" * 400])
def test_a_cursor_nobody_gave_out_gets_the_first_page_and_a_sentence(given, cast, alice, rf):
    with pytest.raises(cursor.BadCursor):
        cursor.page(search.find(viewer=alice), given)
    shown = cursor.page_for(rf.get("/", {"cursor": given, "q": "a"}), search.find(viewer=alice), size=2)
    assert len(shown.rows) == 2 and shown.notice and "q=a" in shown.next_url


def test_a_cursor_of_another_list_is_not_valid(cast, alice):
    given = cursor.page(search.find(viewer=alice), size=2, name="others").next
    with pytest.raises(cursor.BadCursor):
        cursor.page(search.find(viewer=alice), given, size=2)
