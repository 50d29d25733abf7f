from checklists.models.items import Item, State
from checklists.models.templates import Checklist, Condition, Heading, TemplateItem

__all__ = ["Checklist", "Condition", "Heading", "Item", "State", "TemplateItem"]
