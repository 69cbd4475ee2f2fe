"""Simulated members, one by one: where they live, what they do, what they welcome (DOMAIN 10).

Law: every attribute is a hash draw of (seed, member number, attribute), so a member is the same in any company.
"""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from simulation.draws import hash01_array
from simulation.population import names, work
from simulation.population.names import HERE

CATEGORIES = (
    "career_opportunity", "consulting_offer", "new_venture", "job_inquiry",
    "expertise_request", "business_deal", "reference_request", "getting_back_in_touch",
)  # fmt: skip
POPULARITY = (22, 15, 10, 10, 15, 13, 6, 9)  # weights of the categories among interests [F]
RECEPTIONS = ("introductions_inmail_open", "introductions_inmail", "introductions_only")
PLANS = ("Basic", "Career", "Business", "Sales", "Recruiter Lite", "Recruiter Services", "Recruiter")
PLAN_MIX = (45, 25, 15, 10, 3, 2)  # of premium members, Basic left out [F]
PUBLISHED = (84.9, 21.0, 14.6, 12.8, 8.1, 6.1, 5.65, 5.1, 4.9, 4.7)  # millions, the first ten countries [P]
REST = 90.0  # millions in the other 190 [D]
MEN = 0.62


class Attribute:
    """Last value of a member's draw: (seed, number, attribute)."""

    COUNTRY, INDUSTRY, WOMAN, FIRST, LAST, CITY = 201, 202, 203, 204, 205, 206
    ROLE, COMPANY, TAIL, HEADLINE, ITALIAN, YEARS = 207, 208, 209, 210, 211, 212
    DECLARES, INTERESTS, RECEPTION, PREMIUM, PLAN, BILLING = 213, 214, 215, 216, 217, 218
    OPEN_PROFILE, OPEN_TO_WORK, ADVICE, ADVICE_TEXT, JOINED, ABOUT = 219, 220, 221, 222, 223, 224
    KIND = 230  # and the seven after it: one for each category


class Country(NamedTuple):
    code: str
    pool: str
    cities: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """200 countries of ISO 3166, in the order of their size on the platform."""
    lines = (HERE / "places.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split(";") for line in lines if not line.startswith("#"))
    return tuple(Country(code, pool, tuple(cities.split(","))) for code, pool, cities in rows)


def country_weights() -> np.ndarray:
    tail = 1.0 / (np.arange(len(countries()) - len(PUBLISHED)) + 6.0)
    return np.concatenate((PUBLISHED, tail * REST / tail.sum()))


@dataclass
class People:
    """Columns, one entry per member, in the order of `number`: by country, as markets are."""

    number: np.ndarray  # int64, consecutive
    handle: list[str]
    first_name: list[str]
    last_name: list[str]
    woman: np.ndarray  # bool; only for names and pictures
    headline: list[str]
    about: list[str]
    industry: np.ndarray  # int16, index of INDUSTRIES
    country: np.ndarray  # int16, index of COUNTRIES
    place: list[str]
    open_to_work: np.ndarray  # bool
    interests: np.ndarray  # uint8, bit i for CATEGORIES[i]; 0 = none declared
    advice: list[str]
    reception: np.ndarray  # int8, index of RECEPTIONS
    open_profile: np.ndarray  # bool, only of premium members
    plan: np.ndarray  # int8, index of PLANS; 0 = Basic, above = premium
    billing_day: np.ndarray  # int8, 1-28
    joined_at: np.ndarray  # int64, seconds since 1970 UTC


def pick(weights, draws: np.ndarray) -> np.ndarray:
    """Indexes chosen by weight."""
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.minimum(np.searchsorted(edges / edges[-1], draws, side="right"), len(edges) - 1)


def generate_people(
    count: int, seed: int, start_number: int, premium: float, begins_at: int, taken: frozenset[str]
) -> People:
    numbers = np.arange(start_number, start_number + count, dtype=np.int64)

    def draw(attribute: int) -> np.ndarray:
        return hash01_array(seed, numbers, attribute)

    country = np.sort(pick(country_weights(), draw(Attribute.COUNTRY))).astype(np.int16)
    industry = pick(list(work.INDUSTRIES.values()), draw(Attribute.INDUSTRY)).astype(np.int16)
    woman = draw(Attribute.WOMAN) >= MEN
    lands = [countries()[index] for index in country.tolist()]
    first, last = names.choose_all([land.pool for land in lands], woman, draw(Attribute.FIRST), draw(Attribute.LAST))
    place = [
        land.cities[int(u * u * len(land.cities))] for land, u in zip(lands, draw(Attribute.CITY).tolist(), strict=True)
    ]
    open_to_work = draw(Attribute.OPEN_TO_WORK) < 0.10
    interests = declared_interests(draw, open_to_work)
    plan = np.where(draw(Attribute.PREMIUM) < premium, 1 + pick(PLAN_MIX, draw(Attribute.PLAN)), 0).astype(np.int8)
    texts = write_texts(draw, lands, industry, place, interests)
    years = 10 * 365 * 86_400  # the first ten years of the network, more of them late
    return People(
        number=numbers,
        handle=names.handles(first, last, taken),
        first_name=first,
        last_name=last,
        woman=woman,
        headline=[text[0] for text in texts],
        about=[text[1] for text in texts],
        industry=industry,
        country=country,
        place=place,
        open_to_work=open_to_work,
        interests=interests,
        advice=[text[2] for text in texts],
        reception=pick((80, 12, 8), draw(Attribute.RECEPTION)).astype(np.int8),
        open_profile=(plan > 0) & (draw(Attribute.OPEN_PROFILE) < 0.20),
        plan=plan,
        billing_day=(1 + (draw(Attribute.BILLING) * 28).astype(np.int8)).astype(np.int8),
        joined_at=begins_at - 86_400 - (draw(Attribute.JOINED) ** 2 * years).astype(np.int64),
    )


def declared_interests(draw, open_to_work: np.ndarray) -> np.ndarray:
    """One to four categories for three members in five; those open to work like to hear of a career."""
    keys = np.column_stack([-np.log(1 - draw(Attribute.KIND + i)) / weight for i, weight in enumerate(POPULARITY)])
    keys[:, 0] = np.where(open_to_work, 0.0, keys[:, 0])
    rank = keys.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    wanted = 1 + pick((40, 30, 20, 10), draw(Attribute.INTERESTS))
    wanted = np.where(draw(Attribute.DECLARES) < 0.60, wanted, 0)
    return ((rank < wanted[:, None]) * (1 << np.arange(8))).sum(axis=1).astype(np.uint8)


def write_texts(draw, lands: list[Country], industry: np.ndarray, place: list[str], interests: np.ndarray):
    """Headline, about and advice of every member."""
    wanted = (
        Attribute.ROLE, Attribute.COMPANY, Attribute.TAIL, Attribute.HEADLINE, Attribute.ITALIAN,
        Attribute.YEARS, Attribute.ABOUT, Attribute.ADVICE, Attribute.ADVICE_TEXT,
    )  # fmt: skip
    luck = zip(*(draw(attribute).tolist() for attribute in wanted), strict=True)
    kinds = list(work.INDUSTRIES)
    rows = zip(lands, industry.tolist(), place, interests.tolist(), luck, strict=True)
    return [texts_of(land.code, kinds[i], city, bits, draws) for land, i, city, bits, draws in rows]


def texts_of(country: str, industry: str, city: str, interests: int, luck: tuple[float, ...]) -> tuple[str, str, str]:
    role_u, head_u, tail_u, form_u, italian_u, years_u, about_u, has_advice, advice_u = luck
    italian = country in ("IT", "SM") and italian_u < 0.5
    roles = work.ROLES[industry][italian].split("|")
    company = f"{one_of(work.COMPANY_HEADS, head_u)} {one_of(work.COMPANY_TAILS[industry].split('|'), tail_u)}"
    field = work.ITALIAN_INDUSTRIES[industry] if italian else lower(industry)
    role = one_of(roles, role_u)
    forms = (
        ("{0} · {1}", "{0} presso {1}", "{0} | {1}")
        if italian
        else ("{0} at {1}", "{0} at {1}", "{0}, {1}", "{0} | {2}")
    )
    headline = one_of(forms, form_u).format(role, company, industry)
    words = {"years": 3 + int(years_u * 22), "industry": field, "role": role, "company": company, "place": city}
    about = sentences(work.ABOUT_IT if italian else work.ABOUT_EN, about_u).format(**words)
    if not interests or has_advice >= 0.3:
        return headline, about, ""
    topics = work.INTERESTS_IT if italian else work.INTERESTS_EN
    words["interest"] = topics[interests.bit_length() - 1]
    return headline, about, one_of(work.ADVICE_IT if italian else work.ADVICE_EN, advice_u).format(**words)


def one_of(choices, u: float):
    return choices[int(u * len(choices))]


def lower(industry: str) -> str:
    return industry if industry.isupper() else industry.lower()


def sentences(choices: tuple[str, ...], u: float) -> str:
    """One to three different sentences in the order of the list, all from one draw."""
    wanted, rest = divmod(int(u * 3_000_000), 1_000_000)
    taken = set()
    for _ in range(wanted + 1):
        taken.add(rest % len(choices))
        rest //= len(choices)
    return " ".join(choices[index] for index in sorted(taken))
