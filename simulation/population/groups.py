"""Discussion groups: themes by industry, city and topic, sizes with a heavy tail, members mostly of that theme."""

from typing import NamedTuple

import numpy as np

from simulation.draws import hash01, hash01_array
from simulation.population import work
from simulation.population.names import slug
from simulation.population.people import People, countries, one_of

TOPICS = (
    "Remote Work", "Start-up Founders", "Public Speaking", "Sustainable Business", "Project Management",
    "Lean Production", "Open Source", "Women in Leadership", "Career Changers", "International Careers",
    "Negotiation", "Data Visualisation", "Family Businesses", "Freelancers", "Mentoring", "Working Parents",
)  # fmt: skip
TOPICS_IT = (
    "Parlare in pubblico", "Imprese familiari", "Lavoro agile", "Giovani imprenditori", "Italiani all'estero",
    "Gestione dei progetti", "Innovazione e territorio", "Donne e lavoro", "Liberi professionisti", "Made in Italy",
)  # fmt: skip
A_MEMBER = 1.3  # memberships per member, on average


class Group(NamedTuple):
    name: str
    slug: str
    about: str


class Theme(NamedTuple):
    industry: int | None
    country: int | None


def generate_groups(people: People, seed: int) -> tuple[list[Group], np.ndarray]:
    """The groups, and (M, 2) memberships: index of the group, position of the member; each pair once."""
    members = len(people.number)
    count = min(max(8, members // 60), 5_000)
    groups, themes, used = [], [], set()
    for index in range(count):
        group, theme = describe(index, seed, people)
        suffix = ""
        while group.slug + suffix in used:
            suffix = f"-{int(suffix[1:] or 1) + 1}" if suffix else "-2"
        used.add(group.slug + suffix)
        groups.append(group._replace(slug=group.slug + suffix, name=group.name + suffix.replace("-", " ")))
        themes.append(theme)
    return groups, fill(people, themes, seed)


def describe(index: int, seed: int, people: People) -> tuple[Group, Theme]:
    """What group number `index` is about: taken from a hashed member's field, so that big fields have more groups."""
    who = int(hash01(seed, 301, index) * len(people.number))
    kind, pick = hash01(seed, 302, index), hash01(seed, 303, index)
    industry, country = int(people.industry[who]), int(people.country[who])
    field, city, land = list(work.INDUSTRIES)[industry], people.place[who], countries()[country].code
    if (land == "IT" and kind < 0.75) or index % 12 == 5:  # Italian ones in every world
        italy = next(i for i, each in enumerate(countries()) if each.code == "IT")
        return italian(field, city if land == "IT" else "Milano", industry, italy, kind, pick)
    if kind < 0.25:
        topic = one_of(TOPICS, pick)
        return named(topic, f"An open group on {topic.lower()}: questions, cases and useful reading."), Theme(
            None, None
        )
    if kind < 0.60:
        name = one_of(("{} Professionals", "{} Network", "{} Forum", "{} Worldwide"), pick).format(field)
        return named(name, f"For people who work in {field.lower()}, wherever they are."), Theme(industry, None)
    name = one_of(("{0} in {1}", "{1} {0} Meetup", "{1} {0} Circle"), pick).format(field, city)
    return named(name, f"{field} in and around {city}: events, jobs and advice."), Theme(industry, country)


def italian(field: str, city: str, industry: int, italy: int, kind: float, pick: float) -> tuple[Group, Theme]:
    if kind < 0.35:
        topic = one_of(TOPICS_IT, pick)
        return named(topic, f"Gruppo di discussione: {topic.lower()}. Domande, esperienze e letture utili."), Theme(
            None, italy
        )
    trade = work.ITALIAN_INDUSTRIES[field].capitalize()
    name = one_of(("{0} in Italia", "{0} a {1}", "Rete {0} {1}"), pick).format(trade, city)
    return named(name, f"Per chi lavora nel settore {trade.lower()}: incontri, offerte e consigli."), Theme(
        industry, italy
    )


def named(name: str, about: str) -> Group:
    return Group(name, slug(name), about)


def fill(people: People, themes: list[Theme], seed: int) -> np.ndarray:
    members = len(people.number)
    by_industry = [np.flatnonzero(people.industry == i) for i in range(len(work.INDUSTRIES))]
    first = np.searchsorted(people.country, np.arange(len(countries()) + 1))
    pools = [own_people(theme, by_industry, first, members) for theme in themes]
    sizes = 1.0 / (np.arange(len(themes)) + 3.0)
    sizes = np.maximum(3, sizes / sizes.sum() * A_MEMBER * members)
    broadest = np.argsort([-len(pool) for pool in pools], kind="stable")  # broad themes have the large groups
    pairs = []
    for size, index in zip(sizes.tolist(), broadest.tolist(), strict=True):
        chosen = join(pools[index], size, index, seed, members)
        pairs.append(np.column_stack((np.full(len(chosen), index), chosen)))
    return np.unique(np.concatenate(pairs), axis=0).astype(np.int64)


def own_people(theme: Theme, by_industry: list[np.ndarray], first: np.ndarray, members: int) -> np.ndarray:
    """Positions of those whom the theme concerns."""
    own = np.arange(members) if theme.industry is None else by_industry[theme.industry]
    if theme.country is None:
        return own
    land = np.arange(first[theme.country], first[theme.country + 1])
    both = own[np.searchsorted(own, first[theme.country]) : np.searchsorted(own, first[theme.country + 1])]
    return next(pool for pool in (both, land, own, np.arange(members)) if len(pool))


def join(own: np.ndarray, size: float, index: int, seed: int, members: int) -> np.ndarray:
    """Who joins: seven in ten of the theme's own people (never more than 60 % of them), the others from anywhere."""
    share = min(0.7 * size / max(1, len(own)), 0.6)
    inside = int(np.ceil(-len(own) * np.log(1 - share)))  # draws with replacement that reach so many different ones
    outside = int(np.ceil(share * len(own) * 3 / 7))
    one = own[(hash01_array(seed, 304, index, np.arange(inside)) * len(own)).astype(np.int64)]
    other = (hash01_array(seed, 305, index, np.arange(outside)) * members).astype(np.int64)
    return np.unique(np.concatenate((one, other)))
