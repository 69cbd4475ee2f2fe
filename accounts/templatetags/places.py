"""Words for templates: the name of a country."""

from django import template

from accounts import countries

register = template.Library()
register.filter("country", countries.name)
