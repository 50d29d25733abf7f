from django import template

from accounts.templatetags.words import own_words

register = template.Library()


@register.filter
def wording(item):
    """What an item says: the product's own content in the page's language, or somebody's own words."""
    return own_words(item.text) if item.is_own else item.text
