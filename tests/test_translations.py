"""The Italian is whole: every word of the source is in the catalogue, and every page is shown in it.

No gettext tool is needed: the .po is read here, the .mo by Python, the source by its syntax tree.
"""

import ast
import html
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils.translation import override
from django.utils.translation.template import templatize

from accounts.models import Member
from inmail.api import docs
from tests.access.addresses import in_admin, leaves
from tests.access.rows import PAGES, SIGNING_IN
from tests.access.world import build

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "locale/it/LC_MESSAGES/django.po"
LIBRARIES = ROOT / "locale/libraries/it/LC_MESSAGES/django.po"
API = ROOT / "locale/api/it/LC_MESSAGES/django.po"
EACH = pytest.mark.parametrize("catalogue", [OURS, LIBRARIES, API], ids=["ours", "libraries", "api"])
FLOORS = ("lab", "simulation", "inmail", "privacy", "accounts", "clock", "config")
WORDS_AT = {"gettext": 0, "gettext_lazy": 0, "gettext_noop": 0, "ngettext": 0, "ngettext_lazy": 0} | {
    name: 1 for name in ("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy")
}
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? "(.*)"\Z')
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}|<[^>]+>|%%")
ENGLISH = ("/admin/auth/",)  # the names of permissions are rows that Django wrote
LONG = 12  # letters; a shorter word may be the same in both languages, or somebody's name


def read(path: Path) -> list[dict]:
    """The entries of a .po: the context and words of the source, its plural, the forms of the translation."""
    found = []
    for block in path.read_text().split("\n\n")[1:]:
        entry, forms, last = {"source": block}, {}, None
        for line in block.strip().splitlines():
            if match := LINE.match(line):
                name, number, text = match.groups()
                last = forms if name == "msgstr" else entry
                key = int(number or 0) if name == "msgstr" else name
                last[key] = ast.literal_eval(f'"{text}"')
            elif not line.startswith("#"):
                last[key] += ast.literal_eval(line)
        found.append({**entry, "forms": [forms[number] for number in sorted(forms)]})
    return found


def key(entry: dict) -> str:
    return f"{entry['msgctxt']}\x04{entry['msgid']}" if "msgctxt" in entry else entry["msgid"]


@EACH
def test_nothing_is_left_untranslated_in_doubt_or_behind(catalogue):
    found = read(catalogue)
    assert len({key(entry) for entry in found}) == len(found) > 50
    assert [entry["msgid"] for entry in found if not all(entry["forms"])] == []
    assert [entry["msgid"] for entry in found if len(entry["forms"]) != 1 + ("msgid_plural" in entry)] == []
    assert [entry["source"] for entry in found if re.search(r"^#(~|,.*fuzzy)", entry["source"], re.M)] == []


@EACH
def test_the_compiled_catalogue_is_the_written_one(catalogue):
    with catalogue.with_suffix(".mo").open("rb") as file:
        compiled = {words: text for words, text in GNUTranslations(file)._catalog.items() if words}
    written = {}
    for entry in read(catalogue):
        plural = "msgid_plural" in entry
        written |= {(key(entry), at) if plural else key(entry): form for at, form in enumerate(entry["forms"])}
    assert compiled == written


@EACH
def test_placeholders_and_markup_survive_translation(catalogue):
    broken = []
    for entry in read(catalogue):
        wanted = sorted(placeholders(entry.get("msgid_plural", entry["msgid"])))
        *singular, last = (sorted(placeholders(form)) for form in entry["forms"])
        if last != wanted or any(not set(one) <= set(wanted) for one in singular):
            broken.append((entry["msgid"], entry["forms"]))
    assert broken == []


def placeholders(text: str) -> list[str]:
    """With the words of a title taken out of its tag: they are translated."""
    return [re.sub(r'title="[^"]*"', "title", found) for found in PLACEHOLDER.findall(text)]


def test_every_word_of_the_source_is_in_the_catalogue_and_no_other():
    known, used = {key(entry) for entry in read(OURS)}, set(of_python()) | set(of_templates())
    assert used - known == set(), "run makemessages, translate, run compilemessages"
    assert known - used == set(), "no longer said anywhere"


def test_every_field_that_staff_see_has_its_name():
    known = {key(entry) for entry in read(OURS)}
    models = [model for model in apps.get_models() if model._meta.app_label in FLOORS]
    fields = [field for model in models for field in model._meta.local_fields if field._verbose_name is None]
    assert {f"field\x04{field.name.replace('_', ' ')}" for field in fields} - known == set()


def test_every_sentence_of_the_api_is_in_its_catalogue_and_no_other():
    known = {key(entry) for entry in read(API)}
    with override("en"):
        english = set(sentences(docs.description.__wrapped__("en")))
    with override("it"):
        italian = set(sentences(docs.description.__wrapped__("it")))
    assert english & italian == set()
    assert known - english == set(), "no longer said anywhere"


def sentences(described):
    """What the page says in words, without lists of values."""
    if isinstance(described, dict):
        for name, value in described.items():
            if name in ("summary", "description") and value and not value.startswith("* "):
                yield value.split("\n\n")[0]
            else:
                yield from sentences(value)
    elif isinstance(described, list):
        for value in described:
            yield from sentences(value)


def of_python():
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("*.py"):
            yield from of_code(path.read_text())


def of_code(code: str):
    tree = ast.parse(code)
    names = dict(WORDS_AT)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: WORDS_AT.get(alias.name) for alias in node.names}
    for node in ast.walk(tree):
        at = names.get(node.func.id) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
        if at is not None and isinstance(node.args[at], ast.Constant):
            yield "\x04".join(argument.value for argument in node.args[: at + 1])


def of_templates():
    """As makemessages sees templates: with all but the calls blanked out."""
    call = re.compile(r"""\b(_|n?p?gettext)\(((?:u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*'|,\s)+)""", re.S)
    for path in sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt")):
        for name, arguments in call.findall(templatize(path.read_text(), origin=str(path))):
            words = ast.literal_eval(f"({arguments.rstrip(', ')},)")
            yield "\x04".join(words[: 1 + ("pgettext" in name)])


def visible(page: str) -> str:
    """What a reader sees or is told, in one line: text, labels, titles; no code, no markup."""
    page = re.sub(r"<(script|style|code|pre)\b.*?</\1>|<!--.*?-->", " ", page, flags=re.S)
    told = re.findall(r'\b(?:aria-label|title|placeholder|alt|data-words)="([^"]*)"', page)
    text = " | ".join([re.sub(r"<[^>]+>", " ", page), *told])
    return re.sub(r"\s+", " ", html.unescape(text))


def telltales() -> list[str]:
    """English phrases that must not be seen: the fixed parts of what has another Italian."""
    parts = set()
    for entry in read(OURS) + read(LIBRARIES) + read(API):
        italian = " ".join(" ".join(entry["forms"]).split())
        for words in (entry["msgid"], entry.get("msgid_plural", "")):
            parts |= {part for found in PLACEHOLDER.split(words) if (part := " ".join(found.split())) not in italian}
    return [part for part in parts if sum(map(str.isalpha, part)) > LONG]


@pytest.fixture
def world(db, noon):
    return build(noon)


def pages(world: dict) -> list[str]:
    """Every address that answers GET, the boxes, and the admin's lists and forms."""
    rows = [row for row in PAGES + SIGNING_IN if row.method == "GET"]
    boxes = [f"/inbox/?box={box}" for box in ("other", "awaiting", "sent", "drafts")]
    admin = {"/" + route for route, _ in leaves() if in_admin(route) and "<" not in route and "(" not in route}
    return [row.path.format(**world) for row in rows] + boxes + sorted(admin - {"/admin/logout/"})


@pytest.mark.django_db
@pytest.mark.parametrize("handle", ["alice", "carol", "admin", None])
def test_every_page_is_in_italian(handle, world):
    client, phrases, english = Client(headers={"accept-language": "it"}), telltales(), {}
    if handle:
        client.force_login(Member.objects.get(handle=handle))
    for path in pages(world):
        answer = client.get(path)
        html_page = not answer.streaming and answer["Content-Type"].startswith("text/html")
        if not html_page or answer.status_code >= 300 or path.startswith(ENGLISH):
            continue
        assert answer["Content-Language"] == "it", path
        seen = visible(answer.content.decode())
        if found := [phrase for phrase in phrases if phrase in seen]:
            english[path] = found
    assert english == {}
