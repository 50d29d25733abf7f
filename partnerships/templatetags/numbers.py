"""Numbers as the language of the page writes them."""

from django import template

from partnerships import numbers

register = template.Library()
register.filter("number", numbers.number)
register.filter("tenths", numbers.tenths)
register.filter("change", numbers.change)
