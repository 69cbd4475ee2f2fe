"""Edge lists, archives and the commands around them: what is good is loaded, what is bad gets a sentence."""

import csv
import gzip
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import bulk, edges, loading, network
from accounts.models import Connection, Member

pytestmark = pytest.mark.django_db
ARCHIVE = """Notes:
"When exporting your connection data, you may notice that some addresses are missing."

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Giulia,Conti,https://www.linkedin.com/in/giulia-conti,,"Rossi, Figli & Co",Head of Data,04 Mar 2010
,,,,,,05 Mar 2010
José,Álvarez,https://www.linkedin.com/in/jos%C3%A9,j@example.org,,,06 Apr 2021
Giulia,Conti,https://www.linkedin.com/in/giulia-conti,,,,04 Mar 2010
"""


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path):
    def write(text, name="edges.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


@pytest.mark.parametrize(
    "text",
    [
        "id_1,id_2\n1,2\n2,3\n",
        "# c\n1 2\n2\t3\n",
        "\ufeff1, 2\r\n\r\n 2 ,3",
        "a;b\n1;2\n2 ; 3\n",
        "1\t2\r\n2\t3\r\n".encode("utf-16"),
        "\ufeff1,2\n2,3\n".encode("utf-16-be"),
        gzip.compress(b"1,2\n2,3\n", mtime=0),
        gzip.compress("1;2\n2;3\n".encode("utf-16"), mtime=0),
    ],
)
def test_an_edge_list_becomes_members_and_connections(text, file, live):
    assert json.loads(run("import_network", file(text))) == {"members": 3, "connections": 2, "skipped": []}
    one, three = Member.objects.get(handle="n1"), Member.objects.get(handle="n3")
    assert one.simulated and network.degree(one, three) == 2


def test_self_loops_and_duplicates_are_skipped_and_listed(file, live):
    done = json.loads(run("import_network", file("1,2\n2,1\n3,3\n")))
    assert (done["members"], done["connections"]) == (2, 1)
    assert [(s["line"], s["reason"]) for s in done["skipped"]] == [(2, "duplicate"), (3, "self-loop")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,2\n3\n", "Line 2"),
        ("1,2\na,b\n", "Line 2"),
        ("1,2\n1,2,3\n", "Line 2"),
        ("1:2\n", "Line 1"),
        ("1,-2\n", "Line 1"),
        ("1,2.5\n", "Line 1"),
        ("", "no connection"),
        ("id_1,id_2\n", "no connection"),
        (b"1,2\n\0", "UTF-8"),
        (b"\xff\xfe", "no connection"),
        (b"\xff\xfe1", "UTF-8"),
        ("1,2\n".encode("utf-16-le"), "UTF-8"),
        ("1,2\n\0".encode("utf-16"), "UTF-8"),
        (gzip.compress(b"1,2\n" * 999, mtime=0)[:-9], "damaged"),
        (b"\x1f\x8bnonsense", "damaged"),
    ],
)
def test_a_bad_edge_list_is_refused_as_a_whole(text, said, file, live):
    with pytest.raises(CommandError, match=said):
        run("import_network", file(text))
    assert not Member.objects.exists()


def test_files_that_are_missing_or_no_gzip_are_refused(file, live, tmp_path):
    for path in ("/nowhere.csv", file("1,2\n", "edges.csv.gz"), str(tmp_path)):
        with pytest.raises(CommandError):
            run("import_network", path)


def test_a_packed_file_that_unpacks_to_anything_is_refused(file, live, monkeypatch):
    monkeypatch.setattr(edges, "MOST", 1 << 20)
    with pytest.raises(CommandError, match="at most 1 MB"):
        run("import_network", file(gzip.compress(b"1,2\n" * 2**19)))
    assert not Member.objects.exists()


@pytest.mark.parametrize("between", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_archive_that_a_spreadsheet_saved_again_is_read(between, encoding, file, alice, live):
    rows = csv.reader(StringIO(ARCHIVE))
    again = StringIO()
    csv.writer(again, delimiter=between).writerows(rows)
    done = json.loads(run("import_connections", "--member", "alice", file(again.getvalue().encode(encoding))))
    assert (done["members"], done["connections"]) == (2, 2)
    assert Member.objects.get(handle="alice.giulia-conti").headline == "Head of Data · Rossi, Figli & Co"


def test_importing_again_adds_nothing(file, live):
    path = file("1,2\n2,3\n")
    run("import_network", path)
    assert json.loads(run("import_network", path))["members"] == 0
    assert Connection.objects.count() == 4


def test_many_connections_are_loaded_with_every_rule_in_force_again(file, live, monkeypatch):
    monkeypatch.setattr(loading, "MANY", 1)
    run("import_network", file("1,2\n2,3\n"))
    with bulk.connection.cursor() as cursor:
        cursor.execute(bulk.CONSTRAINTS)
        assert len(cursor.fetchall()) == 4
    assert Connection.objects.count() == 4
    run("import_network", file("3,4\n1,2\n"))
    assert network.disconnect(Member.objects.get(handle="n4"), Member.objects.get(handle="n3"))
    assert Connection.objects.count() == 4


def test_handles_may_come_from_a_file(file, live):
    names = file("id,name\n1,Ada\n2,bob-x,0\n", "names.csv")
    run("import_network", file("1,2\n2,3\n"), "--handles-from", names)
    assert set(Member.objects.values_list("handle", flat=True)) == {"ada", "bob-x", "n3"}


@pytest.mark.parametrize(
    "names", ["1,ada\n2,ada\n", "1,-bad\n", "1,ada\nx,y\n", "1\n", "1,bob\n", "9" * 5_000 + ",ada"]
)
def test_handles_that_do_not_fit_are_refused(names, file, bob, live):
    with pytest.raises(CommandError):
        run("import_network", file("1,2\n"), "--handles-from", file(names, "names.csv"))
    assert not Member.objects.filter(simulated=True).exists()


def test_an_archive_becomes_its_owners_first_degree(file, alice, live):
    done = json.loads(run("import_connections", "--member", "alice", file(ARCHIVE)))
    assert (done["members"], done["connections"]) == (2, 2)
    assert [s["reason"] for s in done["skipped"]] == ["no name", "duplicate"]
    giulia = Member.objects.get(handle="alice.giulia-conti")
    assert giulia.headline == "Head of Data · Rossi, Figli & Co" and network.degree(alice, giulia) == 1
    assert Connection.objects.get(member=alice, other=giulia).since.year == 2010
    assert json.loads(run("import_connections", "--member", "alice", file(ARCHIVE)))["members"] == 0


def test_what_was_imported_goes_with_its_owner(file, alice, live):
    run("import_connections", "--member", "alice", file(ARCHIVE))
    alice.delete()
    assert not Member.objects.filter(handle__startswith="alice").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("First Name,Last Name\nA,B\n", "no line"),
        (ARCHIVE + "A,B\n", "fields"),
        (ARCHIVE + "A,B,,,,,2021-03-04\n", "date"),
        (ARCHIVE + "A,B,,,,,31 Feb 2021\n", "date"),
        ("", "no line"),
        (ARCHIVE + 'A,"' + "B" * 200_000, "not a CSV"),
    ],
)
def test_a_bad_archive_is_refused_as_a_whole(text, said, file, alice, live):
    with pytest.raises(CommandError, match=said):
        run("import_connections", "--member", "alice", file(text))
    assert not Member.objects.filter(simulated=True).exists()


def test_the_degree_command_answers_in_words_and_in_json(file, cast):
    assert run("degree", "alice", "carol").strip() == "2"
    pairs = file("alice bob\n\n# c\nalice,dave\n", "pairs.txt")
    assert run("degree", "--pairs", pairs).split() == ["1", "out"]
    assert json.loads(run("degree", "--pairs", pairs, "--json")) == [
        {"a": "alice", "b": "bob", "degree": 1},
        {"a": "alice", "b": "dave", "degree": None},
    ]


@pytest.mark.parametrize(
    ("text", "said"), [("alice bob\nalice nobody\n", "Line 2.*nobody"), ("alice\n", "Line 1"), ("a b c\n", "Line 1")]
)
def test_pairs_that_cannot_be_answered_are_named_with_their_line(text, said, file, cast):
    with pytest.raises(CommandError, match=said):
        run("degree", "--pairs", file(text))
    with pytest.raises(CommandError):
        run("degree", "alice")


def test_the_token_command_prints_one_token_a_member(admin):
    assert run("token", "admin") == run("token", "admin") and len(run("token", "admin").strip()) == 40
    with pytest.raises(CommandError):
        run("token", "nobody")
