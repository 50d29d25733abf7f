from django.urls import path

from evaluations.views import (
    answering,
    debrief_links,
    debriefs,
    joint,
    preview,
    results,
    talk,
    translations,
    trends,
    wishes,
    worksheets,
)

app_name = "evaluations"
urlpatterns = [
    path("partnerships/<int:pk>/worksheets/<slug:key>/", worksheets.worksheet, name="worksheet"),
    path(
        "partnerships/<int:pk>/worksheets/<slug:key>/print/",
        worksheets.print_worksheet,
        name="print",
    ),
    path(
        "partnerships/<int:pk>/worksheets/<slug:key>/<int:question_pk>/",
        worksheets.save_answer,
        name="save_answer",
    ),
    path("partnerships/<int:pk>/relationship/talk/", talk.talk_levels, name="talk_levels"),
    path("partnerships/<int:pk>/questions/", joint.questions, name="questions"),
    path("partnerships/<int:pk>/questions/<slug:key>/", joint.joint_set, name="joint"),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/print/", joint.print_joint, name="print_joint"
    ),
    path("partnerships/<int:pk>/questions/<slug:key>/enter/", joint.enter_sheet, name="enter"),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/remind/<int:party_pk>/",
        joint.remind_of_questions,
        name="remind",
    ),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/",
        joint.joint_question,
        name="joint_question",
    ),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/answer/<int:party_pk>/",
        joint.answer,
        name="give",
    ),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/wording/<int:party_pk>/",
        joint.word,
        name="word",
    ),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/said/<int:party_pk>/",
        joint.spoken,
        name="spoken",
    ),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/translation/<int:party_pk>/",
        translations.translation,
        name="translation",
    ),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/translation/<int:party_pk>/said/",
        translations.spoken,
        name="translation_spoken",
    ),
    path("partnerships/<int:pk>/debriefs/", debriefs.debriefs, name="debriefs"),
    path("partnerships/<int:pk>/debriefs/open/", debriefs.open_debrief, name="open_debrief"),
    path("partnerships/<int:pk>/debriefs/<int:number>/", debriefs.debrief, name="debrief"),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/extend/",
        debriefs.extend_debrief,
        name="extend_debrief",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/close/",
        debriefs.close_debrief,
        name="close_debrief",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/answer/<int:seat_pk>/",
        answering.answer_debrief,
        name="answer_debrief",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/link/<int:seat_pk>/",
        debrief_links.debrief_link,
        name="debrief_link",
    ),
    path("debriefs/answer/<slug:token>/", answering.answer_by_link, name="answer_by_link"),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/print/",
        results.print_debrief,
        name="print_debrief",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/results/<slug:key>/comment/<int:party_pk>/",
        results.comment_result,
        name="comment_result",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/results/<slug:key>/step/",
        results.step_from_result,
        name="step_from_result",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/notes/",
        results.debrief_notes,
        name="debrief_notes",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/notes/<int:party_pk>/",
        results.write_notes,
        name="write_notes",
    ),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/notes/<int:party_pk>/said/",
        results.notes_said,
        name="notes_said",
    ),
    path("question-sets/<int:pk>/", preview.preview_set, name="preview_set"),
    path("partnerships/<int:pk>/trends/", trends.trends, name="trends"),
    path("partnerships/<int:pk>/decide/<int:party_pk>/", wishes.say_wish, name="say_wish"),
]
