from django.urls import path

from desk.views import cycles, guide, partnerships, schools, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("schools/<int:pk>/waiting/", schools.waiting, name="school_waiting"),
    path("partnerships/", partnerships.partnership_list, name="partnerships"),
    path("partnerships/<int:pk>/", guide.guide, name="guide"),
    path("partnerships/<int:pk>/stages/<slug:stage>/", guide.guide, name="stage"),
    path("partnerships/<int:pk>/cycles/", cycles.cycles, name="cycles"),
    path("partnerships/<int:pk>/cycles/<int:number>/", cycles.cycle, name="cycle"),
]
