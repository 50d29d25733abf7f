from django.urls import path

from desk.views import cycles, differences, guide, partnerships, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("partnerships/", partnerships.partnership_list, name="partnerships"),
    path("partnerships/<int:pk>/", guide.guide, name="guide"),
    path("partnerships/<int:pk>/stages/<slug:stage>/", guide.guide, name="stage"),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/to-do/",
        differences.question_to_item,
        name="question_to_item",
    ),
    path("partnerships/<int:pk>/cycles/", cycles.cycles, name="cycles"),
    path("partnerships/<int:pk>/cycles/<int:number>/", cycles.cycle, name="cycle"),
]
