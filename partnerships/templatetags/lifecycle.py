"""The track of stages, with a ring of progress each."""

from django import template

from partnerships.stages import Stage

register = template.Library()


@register.inclusion_tag("partnerships/_track.html")
def track(partnership, open_stage=None):
    """The six stages of a partnership; `open_stage` is the one whose page is open."""
    return {
        "partnership": partnership,
        "steps": [
            {
                "stage": stage,
                "progress": partnership.progress_by_stage.get(stage),
                "is_past": stage.number < partnership.at_stage.number,
                "is_here": stage == partnership.stage,
                "is_open": stage == open_stage,
            }
            for stage in Stage
        ],
    }
