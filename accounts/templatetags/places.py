"""Words for templates: the names of a country and of an industry."""

from django import template

from accounts import countries, industries

register = template.Library()
register.filter("country", countries.name)
register.filter("industry", industries.name)
