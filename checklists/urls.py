from django.urls import path

from checklists.views import checklist, items

app_name = "checklists"
urlpatterns = [
    path("partnerships/<int:pk>/checklist/", checklist.checklist, name="checklist"),
    path("partnerships/<int:pk>/checklist/print/", checklist.print_checklist, name="print"),
    path("partnerships/<int:pk>/items/add/", items.add_item, name="add"),
    path("partnerships/<int:pk>/items/<int:item_pk>/", items.item, name="item"),
    path("partnerships/<int:pk>/items/<int:item_pk>/tick/", items.tick, name="tick"),
    path("partnerships/<int:pk>/items/<int:item_pk>/reopen/", items.reopen, name="reopen"),
    path(
        "partnerships/<int:pk>/items/<int:item_pk>/not-relevant/",
        items.not_relevant,
        name="not_relevant",
    ),
]
