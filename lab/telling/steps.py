"""The wizard as steps of fields: what a template needs to show each, and nothing it would have to work out.

Law: every field of `typed` stands in exactly one place here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from inmail import policy
from inmail.models.terms import PlanName
from lab.telling import arms, parameters, typed
from lab.telling.behaviour import BEHAVIOUR
from lab.telling.measures import MEASURES
from lab.telling.parameters import Words

TABLES = {
    "population": parameters.POPULATION,
    "senders": parameters.SENDERS,
    "behaviour": BEHAVIOUR,
    "welfare": parameters.WELFARE,
}
Choices = list[tuple[str, str | Promise]]


class Field(NamedTuple):
    name: str
    id: str
    words: Words
    source: str  # what its letter means
    default: str
    value: str
    error: str
    choices: Choices
    truth: bool = False


class Fold(NamedTuple):
    """Fields that are folded away until somebody asks for them, or one of them is wrong or changed."""

    title: str | Promise
    fields: list[Field]
    is_open: bool


class Step(NamedTuple):
    id: str
    number: int
    title: str | Promise
    lead: str | Promise
    fields: list[Field]
    folds: list[Fold]


class Arm(NamedTuple):
    turn: int
    number: int
    head: list[Field]  # name and policy
    truths: list[Field]
    fields: list[Field]
    returns: list[Field]
    plans: list[tuple[str, Field, Field]]  # the plan's name, credits a month, cap
    is_open: bool
    is_removable: bool


class Form:
    """All fields with what was typed, and the one that is wrong."""

    def __init__(self, values: Mapping[str, str], *, wrong: str | None = None, sentence: str = ""):
        self.values, self.wrong, self.sentence = values, wrong, sentence

    def field(self, name: str, words: Words, *, default: str = "", choices: Choices = (), truth=False) -> Field:
        source = parameters.SOURCES.get(words.source, "")
        error = self.sentence if name == self.wrong else ""
        value = self.values.get(name, "")
        return Field(name, name.replace(".", "-"), words, source, default, value, error, list(choices), truth)

    def plain(self, *names: str) -> list[Field]:
        choices = {"measure": [(name, words.label) for name, words in MEASURES.items()]}
        return [
            self.field(name, parameters.SCENARIO[name], default=typed.default_of(name), choices=choices.get(name, ()))
            for name in names
        ]

    def of(self, table: str, *names: str) -> list[Field]:
        """Fields of a part of the scenario; all of them when none is named."""
        words = TABLES[table]
        return [
            self.field(f"{table}.{name}", words[name], default=typed.default_of(f"{table}.{name}"))
            for name in names or words
        ]

    def fold(self, title, fields: list[Field]) -> Fold:
        return Fold(title, fields, any(f.error or f.value.strip() not in ("", f.default) for f in fields))

    def steps(self) -> list[Step]:
        basic = ("premium", "declares", "off", "open_profile", "active")
        more = [name for name in parameters.POPULATION if name not in basic]
        habits = [name for name in parameters.SENDERS if name != "mix"]
        return [
            Step(
                "people",
                1,
                _("People"),
                _("Who there is, and how they answer."),
                self.plain("members") + self.of("population", *basic),
                [
                    self.fold(_("More about people"), self.of("population", *more)),
                    self.fold(_("How they open and answer"), self.of("behaviour")),
                ],
            ),
            Step(
                "senders",
                2,
                pgettext("step", "Senders"),
                _("Who writes, how much and to whom. Only premium members have credits."),
                self.plain("load") + self.of("senders", "mix"),
                [self.fold(_("More about senders"), self.of("senders", *habits))],
            ),
        ]

    def last(self) -> Step:
        return Step(
            "how",
            4,
            _("How long and how sure"),
            _("The same people with the same luck live every arm; replications say how sure a difference is."),
            self.plain("days", "replications", "measure", "precision"),
            [
                self.fold(_("First day, margin and seed"), self.plain("start", "margin", "seed")),
                self.fold(_("What things are worth"), self.of("welfare")),
            ],
        )

    def arms(self) -> list[Arm]:
        count = typed.arms_of(self.values)
        return [self.arm(turn, count) for turn in range(count)]

    def arm(self, turn: int, count: int) -> Arm:
        before = f"arms.{turn}."
        preset = policy.PRESETS.get(self.values.get(f"{before}policy", ""), policy.PRESETS[policy.DEFAULT])
        choices = {"policy": list(arms.PRESETS.items()), "categories": list(arms.CATEGORIES.items())}

        def some(*names: str, truth: bool = False) -> list[Field]:
            usual = {name: str(getattr(preset, name, "") or 0) for name in (*typed.writing.OF_POLICY, "expiry_days")}
            return [
                self.field(
                    before + name,
                    arms.ARM[name],
                    default=usual.get(name, ""),
                    choices=choices.get(name, ()),
                    truth=truth,
                )
                for name in names
            ]

        returns = [
            self.field(f"{before}returns.{end}", Words(label), default=str(preset.returns.get(end, 0)))
            for end, label in arms.RETURNS.items()
        ]
        numbers = some(*typed.writing.OF_POLICY, "expiry_days")
        plans = [self.plan(before, name, preset) for name in policy.PLAN_NAMES]
        folded = [*numbers, *returns, *(field for row in plans for field in row[1:])]
        return Arm(
            turn,
            turn + 1,
            some("name", "policy"),
            some("quality", "free_open_profiles", truth=True),
            [*some("categories"), *numbers],
            returns,
            plans,
            any(field.value.strip() or field.error for field in folded),
            count > 2,
        )

    def plan(self, before: str, name: str, preset: policy.Policy) -> tuple[str, Field, Field]:
        terms, label = preset.plans[name], str(PlanName(name).label)
        monthly, cap = _("%(plan)s: credits a month"), _("%(plan)s: cap")
        return (
            label,
            self.field(f"{before}monthly.{name}", Words(monthly % {"plan": label}), default=str(terms.monthly)),
            self.field(f"{before}cap.{name}", Words(cap % {"plan": label}), default=str(terms.cap)),
        )


NEW_ARM = gettext_lazy("arm %(n)s")
