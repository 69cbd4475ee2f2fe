"""The words of simulated members: InMails of a wanted length, answers and messages, in English and Italian.

Law: a pure function of its arguments; `u` in [0, 1) is the only luck. An unknown language reads as English.
"""

from typing import Protocol

from simulation.draws import mix
from simulation.population.work import ITALIAN_INDUSTRIES
from simulation.wording import english, italian

LIMITS = (400, 800, 1200, 1900)  # the classes of length, in characters; the last is the longest body there is
SUBJECT = 200


class Person(Protocol):
    """Whoever has these names; a Member does."""

    first_name: str
    last_name: str
    industry: str
    place: str


class Luck:
    """Any number of choices out of one draw."""

    def __init__(self, u: float) -> None:
        self.state = int(u * (1 << 53))

    def choose(self, choices):
        self.state = mix(self.state + 0x9E3779B9)
        return choices[self.state % len(choices)]

    def shuffle(self, choices) -> list:
        rest, shuffled = list(choices), []
        while rest:
            chosen = self.choose(rest)
            rest.remove(chosen)
            shuffled.append(chosen)
        return shuffled


def language_of(country: str) -> str:
    """The language of simulated members of a country: Italian in Italy and San Marino, else English."""
    return "it" if country in ("IT", "SM") else "en"


def inmail_text(
    language: str, category: str, length: int, u: float, sender: Person, recipient: Person
) -> tuple[str, str]:
    """Subject and body of an InMail; the body falls into the class of `length` and comes close to it, if not exact."""
    book, luck = _book(language), Luck(u)
    words = {
        "you": recipient.first_name.strip(),
        "me": f"{sender.first_name} {sender.last_name}".strip(),
        "place": recipient.place.strip(),
        "field": _field(language, recipient.industry.strip()),
    }
    subject = luck.choose(_usable(book.SUBJECTS[category], words)).format(**words)[:SUBJECT]
    return subject, _body(book, category, max(1, length), luck, words)


def answer_text(language: str, answer: str, category: str, u: float, author: str, reader: str) -> str:
    """The answer `author` gives to `reader` (first names): interested, reply or not_interested; otherwise nothing."""
    book, luck = _book(language), Luck(u)
    if answer not in book.ANSWERS:
        return ""
    parts = (book.ANSWER_OPENINGS[answer], book.ANSWERS[answer][category], book.ANSWER_CLOSINGS[answer])
    text = " ".join(luck.choose(part) for part in parts).format(you=reader)
    return f"{text}\n{author}".strip()


def message_answer(language: str, answer: str, u: float, author: str, reader: str) -> str:
    """The answer to an ordinary or a group message."""
    book, luck = _book(language), Luck(u)
    if answer not in book.MESSAGES:
        return ""
    return f"{luck.choose(book.MESSAGES[answer]).format(you=reader)}\n{author}".strip()


def _book(language: str):
    return italian if language.startswith("it") else english


def _field(language: str, industry: str) -> str:
    if language.startswith("it"):
        return ITALIAN_INDUSTRIES.get(industry, industry)
    return industry if industry.isupper() else industry.lower()


def _usable(sentences, words: dict[str, str]) -> list[str]:
    """Those that need no place and no field where these are not known."""
    unknown = [f"{{{name}}}" for name in ("place", "field") if not words[name]]
    return [sentence for sentence in sentences if not any(name in sentence for name in unknown)]


def _body(book, category: str, length: int, luck: Luck, words: dict[str, str]) -> str:
    """Greeting, opening, as many details as the wanted length asks for, a question, a signature."""
    limit = next((limit for limit in LIMITS if length <= limit), LIMITS[-1])
    greeting, signature, ask = luck.choose(book.GREETINGS), luck.choose(book.SIGNATURES), luck.choose(book.ASKS)
    opening = luck.choose(_usable(book.OPENINGS[category], words)).format(**words)
    if book is english:  # after the comma of a greeting Italian goes on in lower case
        opening = _sentence(opening)
    pool = luck.shuffle(_usable(book.DETAILS[category], words)) + luck.shuffle(_usable(book.GENERAL, words))
    frame = [greeting.format(**words), opening, ask, signature.format(**words)]
    size = len("\n\n".join(frame))
    if size > limit:  # names too long for a short letter
        return _sentence(opening)
    details = []
    for sentence in (each.format(**words) for each in pool):
        if size >= length:
            break
        if size + 1 + len(sentence) <= limit - 2 * (len(details) // 4 + 1):
            details.append(sentence)
            size += 1 + len(sentence)
    paragraphs = [" ".join(details[i : i + 4]) for i in range(0, len(details), 4)]
    return "\n\n".join([frame[0], opening, *paragraphs, *frame[2:]])


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
