"""The industries of the field, in one place: stored by their English name, shown in the reader's language."""

from django.utils.translation import gettext_lazy as _

INDUSTRIES = {
    "Automotive": _("Automotive"),
    "Construction": _("Construction"),
    "Consulting": _("Consulting"),
    "Design": _("Design"),
    "Education": _("Education"),
    "Energy": _("Energy"),
    "Fashion": _("Fashion"),
    "Finance": _("Finance"),
    "Food and Beverage": _("Food and Beverage"),
    "Government": _("Government"),
    "Health Care": _("Health Care"),
    "Hospitality and Tourism": _("Hospitality and Tourism"),
    "Human Resources": _("Human Resources"),
    "Information Technology": _("Information Technology"),
    "Legal Services": _("Legal Services"),
    "Logistics": _("Logistics"),
    "Manufacturing": _("Manufacturing"),
    "Marketing and Advertising": _("Marketing and Advertising"),
    "Media": _("Media"),
    "Non-profit": _("Non-profit"),
    "Pharmaceuticals": _("Pharmaceuticals"),
    "Real Estate": _("Real Estate"),
    "Retail": _("Retail"),
    "Telecommunications": _("Telecommunications"),
}


def name(industry: str) -> str:
    """The industry in the language in force; one that is not of the list stays as it was written."""
    return str(INDUSTRIES.get(industry, industry))


def choices() -> list[tuple[str, str]]:
    """All industries by their name in the language in force."""
    return sorted(((key, str(label)) for key, label in INDUSTRIES.items()), key=lambda pair: pair[1])
