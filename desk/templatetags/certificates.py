"""What the page of a thank-you says of its certificate as a PDF."""

from django import template

from desk.certificate import lacks_letters_for

register = template.Library()
register.filter("lacks_letters_for", lacks_letters_for)
