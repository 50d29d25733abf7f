from django.urls import path

from desk.views import (
    agreement,
    calendar,
    certificate,
    cycles,
    debriefs,
    deciding,
    differences,
    district_trends,
    dossier,
    give_voice,
    guide,
    partnerships,
    public,
    public_settings,
    schools,
    today,
    voices,
    welcome,
    work,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("schools/<int:pk>/waiting/", schools.waiting, name="school_waiting"),
    path("partnerships/", partnerships.partnership_list, name="partnerships"),
    path("partnerships/<int:pk>/", guide.guide, name="guide"),
    path("partnerships/<int:pk>/stages/<slug:stage>/", guide.guide, name="stage"),
    path(
        "partnerships/<int:pk>/questions/<slug:key>/<int:question_pk>/to-do/",
        differences.question_to_item,
        name="question_to_item",
    ),
    path("partnerships/<int:pk>/work/", work.work, name="work"),
    path("partnerships/<int:pk>/cycles/", cycles.cycles, name="cycles"),
    path("partnerships/<int:pk>/cycles/<int:number>/", cycles.cycle, name="cycle"),
    path("partnerships/<int:pk>/decide/", deciding.decide, name="decide"),
    path("partnerships/<int:pk>/ending/", deciding.ending, name="ending"),
    path("partnerships/<int:pk>/agreement/", agreement.agreement, name="agreement"),
    path("partnerships/<int:pk>/agreement/draft/", agreement.arrange, name="arrange_agreement"),
    path("partnerships/<int:pk>/agreement/draw-up/", agreement.draw_up, name="draw_up"),
    path(
        "partnerships/<int:pk>/agreement/<int:number>/",
        agreement.version,
        name="agreement_version",
    ),
    path(
        "partnerships/<int:pk>/agreement/<int:number>/pdf/<slug:language>/",
        agreement.pdf,
        name="agreement_pdf",
    ),
    path(
        "partnerships/<int:pk>/agreement/<int:number>/sign/<int:party_pk>/",
        agreement.sign,
        name="sign",
    ),
    path(
        "partnerships/<int:pk>/agreement/<int:number>/paper/<int:party_pk>/",
        agreement.sign_on_paper,
        name="sign_on_paper",
    ),
    path(
        "partnerships/<int:pk>/agreement/<int:number>/scan/<int:party_pk>/",
        agreement.scan,
        name="scan",
    ),
    path(
        "partnerships/<int:pk>/agreement/<int:number>/take-back/",
        agreement.withdraw,
        name="withdraw_agreement",
    ),
    path(
        "partnerships/<int:pk>/thanks/<int:thanks_pk>/certificate/<slug:language>/",
        certificate.certificate,
        name="certificate",
    ),
    # The dossier
    path("partnerships/<int:pk>/dossier/", dossier.dossier, name="dossier"),
    path(
        "partnerships/<int:pk>/debriefs/<int:number>/pdf/<slug:language>/",
        debriefs.pdf,
        name="debrief_pdf",
    ),
    path("partnerships/<int:pk>/dossier/pdf/<slug:language>/", dossier.pdf, name="dossier_pdf"),
    path("partnerships/<int:pk>/dossier/zip/<slug:language>/", dossier.archive, name="dossier_zip"),
    # Calendar
    path("calendar/", calendar.of_person, name="own_calendar"),
    path("calendar/feed/", calendar.feed_page, name="own_feed"),
    path("calendar/feed/make/", calendar.make_feed, name="make_own_feed"),
    path("calendar/feed/end/", calendar.end_feed, name="end_own_feed"),
    path("calendar/feeds/<slug:token>/", calendar.feed, name="feed"),
    path("partnerships/<int:pk>/calendar/", calendar.of_partnership, name="calendar"),
    path("partnerships/<int:pk>/calendar/feed/", calendar.feed_page, name="partnership_feed"),
    path(
        "partnerships/<int:pk>/calendar/feed/make/",
        calendar.make_feed,
        name="make_partnership_feed",
    ),
    path(
        "partnerships/<int:pk>/calendar/feed/end/", calendar.end_feed, name="end_partnership_feed"
    ),
    # Of a district, for its admins
    path("districts/<int:pk>/trends/", district_trends.district_trends, name="district_trends"),
    path(
        "districts/<int:pk>/trends/csv/",
        district_trends.district_trends_csv,
        name="district_trends_csv",
    ),
    path("partnerships/<int:pk>/welcome/", welcome.welcome, name="welcome"),
    # The public page, for those at the table
    path("partnerships/<int:pk>/public/", public_settings.settings_page, name="public_settings"),
    path("partnerships/<int:pk>/public/text/", public_settings.text, name="public_text"),
    path("partnerships/<int:pk>/public/preview/", public_settings.preview, name="preview_public"),
    path(
        "partnerships/<int:pk>/public/parts/<slug:part>/<int:party_pk>/release/",
        public_settings.release,
        name="release_part",
    ),
    path(
        "partnerships/<int:pk>/public/parts/<slug:part>/<int:party_pk>/paper/",
        public_settings.release_on_paper,
        name="release_on_paper",
    ),
    path(
        "partnerships/<int:pk>/public/parts/<slug:part>/<int:party_pk>/withdraw/",
        public_settings.withdraw,
        name="withdraw_part",
    ),
    path(
        "partnerships/<int:pk>/public/poster/<slug:language>/",
        public_settings.poster,
        name="public_poster",
    ),
    path("partnerships/<int:pk>/public/qr.<slug:kind>", public_settings.qr, name="public_qr"),
    # The same, for everybody
    path("p/<slug:address>/", public.public_page, name="public_page"),
    path("p/<slug:address>/pictures/<int:win_pk>/", public.public_picture, name="public_picture"),
    path("p/<slug:address>/<slug:language>/", public.public_page, name="public_page"),
    path("p/<slug:address>/<slug:language>/print/", public.public_print, name="public_print"),
    path("d/<slug:slug>/", public.district_public, name="district_public"),
    path("d/<slug:slug>/<slug:language>/", public.district_public, name="district_public"),
    # The community's voice
    path("v/<slug:slug>/", give_voice.give_voice, name="give_voice"),
    path("partnerships/<int:pk>/voices/", voices.voices, name="voices"),
    path("partnerships/<int:pk>/voices/read/", voices.read_voices, name="read_voices"),
    path("partnerships/<int:pk>/voices/aside/", voices.set_voices_aside, name="set_voices_aside"),
    path("partnerships/<int:pk>/voices/back/", voices.bring_voices_back, name="bring_voices_back"),
    path("partnerships/<int:pk>/voices/links/", voices.voice_links, name="voice_links"),
    path(
        "partnerships/<int:pk>/voices/links/<slug:audience>/make/",
        voices.make_voice_link,
        name="make_voice_link",
    ),
    path(
        "partnerships/<int:pk>/voices/links/<slug:audience>/close/",
        voices.close_voice_link,
        name="close_voice_link",
    ),
    path(
        "partnerships/<int:pk>/voices/links/<slug:audience>/print/<slug:language>/",
        voices.print_voice_link,
        name="print_voice_link",
    ),
    path("partnerships/<int:pk>/voices/<int:voice_pk>/", voices.voice, name="voice"),
    path("partnerships/<int:pk>/voices/<int:voice_pk>/show/", voices.show_voice, name="show_voice"),
    path("partnerships/<int:pk>/voices/<int:voice_pk>/hide/", voices.hide_voice, name="hide_voice"),
    path(
        "partnerships/<int:pk>/voices/<int:voice_pk>/answers/<int:reply_pk>/take-back/",
        voices.take_reply_back,
        name="take_reply_back",
    ),
]
