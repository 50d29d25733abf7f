from django.urls import path, register_converter

from partnerships.converters import DayConverter
from partnerships.views import (
    activities,
    basics,
    contributions,
    documents,
    goals,
    handovers,
    invitations,
    levels,
    log,
    moves,
    partners,
    people,
    schools,
    starting,
    steps,
    table,
    timeline,
    wins,
)

register_converter(DayConverter, "day")

app_name = "partnerships"
urlpatterns = [
    path("partners/", partners.partner_list, name="partners"),
    path("partners/add/", partners.add_partner, name="add_partner"),
    path("partners/<int:pk>/", partners.partner, name="partner"),
    path("partners/<int:pk>/edit/", partners.edit_partner, name="edit_partner"),
    path("partners/<int:pk>/people/add/", people.add_partner_person, name="add_partner_person"),
    path("schools/", schools.school_list, name="schools"),
    path("schools/<int:pk>/", schools.school, name="school"),
    path("schools/<int:pk>/people/add/", people.add_school_person, name="add_school_person"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/leave/", people.leave, name="leave"),
    path("people/<int:pk>/back/", people.come_back, name="come_back"),
    path("partnerships/start/", starting.start, name="start"),
    path("partnerships/start/<int:pk>/", starting.draft, name="draft"),
    path("partnerships/start/<int:pk>/check/", starting.draft_check, name="draft_check"),
    path("partnerships/start/<int:pk>/throw-away/", starting.throw_away, name="throw_away"),
    path(
        "partnerships/start/<int:pk>/new-partner/",
        starting.draft_new_partner,
        name="draft_new_partner",
    ),
    path("partnerships/start/<int:pk>/<slug:step>/", starting.draft_step, name="draft_step"),
    path("partnerships/<int:pk>/basics/", basics.basics, name="basics"),
    path("partnerships/<int:pk>/people/", people.team, name="team"),
    path("partnerships/<int:pk>/people/add/<int:party_pk>/", people.add_seat, name="add_seat"),
    path("partnerships/<int:pk>/people/join/", table.join_party, name="join"),
    path(
        "partnerships/<int:pk>/people/parties/<int:party_pk>/leave/",
        table.leave_table,
        name="leave_table",
    ),
    path("partnerships/<int:pk>/relationship/", levels.levels, name="levels"),
    path("partnerships/<int:pk>/relationship/<int:party_pk>/", levels.say_level, name="say_level"),
    path("partnerships/<int:pk>/people/<int:seat_pk>/", people.edit_seat, name="edit_seat"),
    path("partnerships/<int:pk>/people/<int:seat_pk>/leave/", people.leave_seat, name="leave_seat"),
    path("partnerships/<int:pk>/people/<int:seat_pk>/invite/", invitations.invite, name="invite"),
    path(
        "partnerships/<int:pk>/people/<int:seat_pk>/invited/", invitations.invited, name="invited"
    ),
    path("partnerships/<int:pk>/people/<int:seat_pk>/remind/", invitations.remind, name="remind"),
    path("partnerships/<int:pk>/people/<int:seat_pk>/renew/", invitations.renew, name="renew"),
    path("partnerships/<int:pk>/people/<int:seat_pk>/revoke/", invitations.revoke, name="revoke"),
    path("invitations/<slug:token>/", invitations.invitation, name="invitation"),
    path(
        "invitations/<slug:token>/ask/", invitations.ask_for_invitation, name="ask_for_invitation"
    ),
    path("partnerships/<int:pk>/timeline/", timeline.timeline, name="timeline"),
    path("partnerships/<int:pk>/documents/", documents.documents, name="documents"),
    path("partnerships/<int:pk>/documents/add/", documents.add_document, name="add_document"),
    path("partnerships/<int:pk>/documents/<int:document_pk>/", documents.document, name="document"),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/edit/",
        documents.edit_document,
        name="edit_document",
    ),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/versions/add/",
        documents.add_document_version,
        name="add_document_version",
    ),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/versions/<int:number>/",
        documents.document_file,
        name="document_file",
    ),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/share/",
        documents.share_document,
        name="share_document",
    ),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/unshare/",
        documents.unshare_document,
        name="unshare_document",
    ),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/set-aside/",
        documents.set_document_aside,
        name="set_document_aside",
    ),
    path(
        "partnerships/<int:pk>/documents/<int:document_pk>/bring-back/",
        documents.bring_document_back,
        name="bring_document_back",
    ),
    path("partnerships/<int:pk>/move/", moves.choose_stage, name="choose_stage"),
    path("partnerships/<int:pk>/move/<slug:stage>/", moves.move, name="move"),
    path("partnerships/<int:pk>/recommit/", moves.recommit, name="recommit"),
    path("partnerships/<int:pk>/pause/", moves.change_status, {"page": "pause"}, name="pause"),
    path("partnerships/<int:pk>/resume/", moves.change_status, {"page": "resume"}, name="resume"),
    path("partnerships/<int:pk>/reopen/", moves.change_status, {"page": "reopen"}, name="reopen"),
    path("partnerships/<int:pk>/end/", moves.end, name="end"),
    # Give and take
    path("partnerships/<int:pk>/give-and-take/", contributions.give_and_take, name="give_and_take"),
    path(
        "partnerships/<int:pk>/give-and-take/parties/<int:party_pk>/add/",
        contributions.add_contribution,
        name="add_contribution",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/parties/<int:party_pk>/gains/add/",
        contributions.add_gain,
        name="add_gain",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/<int:contribution_pk>/",
        contributions.contribution,
        name="contribution",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/<int:contribution_pk>/edit/",
        contributions.edit_contribution,
        name="edit_contribution",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/<int:contribution_pk>/take-back/",
        contributions.take_back_contribution,
        name="take_back_contribution",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/<int:contribution_pk>/given/<int:delivery_pk>/",
        contributions.correct_delivery,
        name="correct_delivery",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/gains/<int:gain_pk>/",
        contributions.gain,
        name="gain",
    ),
    path(
        "partnerships/<int:pk>/give-and-take/gains/<int:gain_pk>/take-back/",
        contributions.take_back_gain,
        name="take_back_gain",
    ),
    # Activities
    path("partnerships/<int:pk>/activities/", activities.activities, name="activities"),
    path("partnerships/<int:pk>/activities/add/", activities.add_activity, name="add_activity"),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/", activities.activity, name="activity"
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/edit/",
        activities.edit_activity,
        name="edit_activity",
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/call-off/",
        activities.call_off_activity,
        name="call_off_activity",
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/plan-again/",
        activities.plan_activity_again,
        name="plan_activity_again",
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/days/<day:day>/",
        activities.day,
        name="day",
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/days/<day:day>/move/",
        activities.move_day,
        name="move_day",
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/days/<day:day>/call-off/",
        activities.call_off_day,
        name="call_off_day",
    ),
    path(
        "partnerships/<int:pk>/activities/<int:activity_pk>/days/<day:day>/plan-again/",
        activities.plan_day_again,
        name="plan_day_again",
    ),
    path("partnerships/<int:pk>/steps/", steps.steps, name="steps"),
    path("partnerships/<int:pk>/steps/add/", steps.add_step, name="add_step"),
    path("partnerships/<int:pk>/steps/<int:step_pk>/", steps.step, name="step"),
    path("partnerships/<int:pk>/steps/<int:step_pk>/tick/", steps.tick_step, name="tick_step"),
    path(
        "partnerships/<int:pk>/steps/<int:step_pk>/reopen/", steps.reopen_step, name="reopen_step"
    ),
    path("partnerships/<int:pk>/steps/<int:step_pk>/drop/", steps.drop_step, name="drop_step"),
    path("partnerships/<int:pk>/log/", log.log, name="log"),
    path("partnerships/<int:pk>/log/add/", log.add_log_entry, name="add_log_entry"),
    path("partnerships/<int:pk>/log/rhythm/", log.contact_rhythm, name="contact_rhythm"),
    path("partnerships/<int:pk>/log/<int:entry_pk>/", log.log_entry, name="log_entry"),
    path(
        "partnerships/<int:pk>/log/<int:entry_pk>/edit/", log.edit_log_entry, name="edit_log_entry"
    ),
    path(
        "partnerships/<int:pk>/log/<int:entry_pk>/settle/",
        log.settle_disagreement,
        name="settle_disagreement",
    ),
    # Goals
    path("partnerships/<int:pk>/goals/", goals.goals, name="goals"),
    path("partnerships/<int:pk>/goals/add/", goals.add_goal, name="add_goal"),
    path("partnerships/<int:pk>/goals/<int:goal_pk>/", goals.goal, name="goal"),
    path("partnerships/<int:pk>/goals/<int:goal_pk>/edit/", goals.edit_goal, name="edit_goal"),
    path("partnerships/<int:pk>/goals/<int:goal_pk>/measure/", goals.measure, name="measure"),
    path(
        "partnerships/<int:pk>/goals/<int:goal_pk>/paste/", goals.paste, name="paste_measurements"
    ),
    path(
        "partnerships/<int:pk>/goals/<int:goal_pk>/measurements/<int:row_pk>/correct/",
        goals.correct,
        name="correct_measurement",
    ),
    path(
        "partnerships/<int:pk>/goals/<int:goal_pk>/measurements/<int:row_pk>/take-back/",
        goals.take_back,
        name="take_back_measurement",
    ),
    path("partnerships/<int:pk>/goals/<int:goal_pk>/retire/", goals.retire, name="retire_goal"),
    path(
        "partnerships/<int:pk>/goals/<int:goal_pk>/take-up/",
        goals.take_up_again,
        name="take_up_goal",
    ),
    # People changes
    path(
        "partnerships/<int:pk>/people/<int:seat_pk>/handover/", handovers.handover, name="handover"
    ),
    # Small wins and thanks
    path("partnerships/<int:pk>/wins/", wins.wins, name="wins"),
    path("partnerships/<int:pk>/wins/add/", wins.add_win, name="add_win"),
    path("partnerships/<int:pk>/wins/<int:win_pk>/", wins.win, name="win"),
    path("partnerships/<int:pk>/wins/<int:win_pk>/edit/", wins.edit_win, name="edit_win"),
    path(
        "partnerships/<int:pk>/wins/<int:win_pk>/picture/<slug:name>/",
        wins.win_picture,
        name="win_picture",
    ),
    path(
        "partnerships/<int:pk>/wins/<int:win_pk>/remove-picture/",
        wins.remove_win_picture,
        name="remove_win_picture",
    ),
    path(
        "partnerships/<int:pk>/wins/<int:win_pk>/take-back/",
        wins.take_back_win,
        name="take_back_win",
    ),
    path(
        "partnerships/<int:pk>/wins/<int:win_pk>/bring-back/",
        wins.bring_win_back,
        name="bring_win_back",
    ),
    path("partnerships/<int:pk>/thanks/", wins.thanks, name="thanks"),
    path("partnerships/<int:pk>/thanks/add/", wins.thank, name="thank"),
    path("partnerships/<int:pk>/thanks/<int:thanks_pk>/", wins.certificate, name="certificate"),
]
