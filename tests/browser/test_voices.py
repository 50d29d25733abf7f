"""A student's phone says something; both sides read it, answer it, and let everybody see it."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Feedback, FeedbackLink
from partnerships.models import Partnership, Step
from partnerships.vocabulary import Audience
from tests.desk.test_voices import public_page
from tests.voices import release

pytestmark = pytest.mark.browser

IDEA = "Cho các bạn lớp tám đến xem robot một buổi chiều ạ."
ANSWER = "Good idea. We look for an afternoon in spring."


def table():
    return Partnership.objects.with_sides().get(parties__partner__name="Harbor Robotics")


def form_of(audience) -> str:
    link = FeedbackLink.objects.open_now().get(partnership=table(), audience=audience)
    return f"/v/{link.slug}/"


def say_on_a_phone(visit, *, scripts):
    """Open the form on a phone, send it empty, change the language, and send it in the end."""
    phone = visit(None, language="vi", scripts=scripts)
    phone.page.set_viewport_size({"width": 320, "height": 640})
    phone.page.context.clear_cookies()
    phone.go(form_of(Audience.STUDENTS) + "?lang=vi")
    phone.reads("Chúng tôi không hỏi bạn là ai. Xin đừng viết tên mình.")
    phone.page.wait_for_timeout(3_000)  # as long as anybody takes to read it
    phone.press("Gửi")
    phone.reads("Hãy trả lời ít nhất một trong ba câu hỏi.")
    phone.page.get_by_label("Tốt", exact=True).check()
    phone.fill("Bạn có ý tưởng gì không?", IDEA)
    phone.language = "en"
    phone.press("English")
    assert phone.page.get_by_label("Do you have an idea?").input_value() == IDEA
    expect(phone.page.get_by_label("Well", exact=True)).to_be_checked()
    phone.language = "vi"
    phone.press("Tiếng Việt")
    phone.page.wait_for_timeout(3_000)
    phone.press("Gửi")
    phone.reads("Điều bạn viết đã đến nơi, và không có gì cho biết bạn là ai.")
    assert phone.page.context.cookies() == []
    phone.is_content()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_phone_to_an_answer_that_everybody_sees(visit, scripts):
    say_on_a_phone(visit, scripts=scripts)
    voice = Feedback.objects.get(idea=IDEA)
    assert (voice.going, voice.language, voice.audience) == (4, "vi", "students")
    page = release(table(), by=table().coordinator)
    assert IDEA not in public_page(page.partnership, None)

    rosa = visit("coordinator@demo.example", scripts=scripts)
    rosa.go(table().get_absolute_url())
    rosa.follow("Looking back")
    rosa.follow("Voices")
    card = rosa.page.locator(f"#voice-{voice.pk}")
    expect(card).to_contain_text("not read yet by Harbor Robotics")
    card.get_by_role("button", name="Mark as read").click()
    rosa.look()
    expect(card).not_to_contain_text("not read yet by Lincoln High")

    dana = visit("partner@demo.example", scripts=scripts)
    dana.go(f"{table().get_absolute_url()}voices/?show=unread")
    dana.page.locator(f"#voice-{voice.pk}").get_by_role("link").click()
    dana.look()
    dana.page.get_by_label("We will do it").check()
    dana.fill("Your answer", ANSWER)
    dana.press("Give this answer")
    dana.reads(ANSWER)
    dana.press("Let it be shown")
    dana.reads("Noted. It is shown once every side has read it and said yes.")
    dana.follow("Make it a step")
    dana.press("Add the step")
    assert Step.objects.get(what=IDEA).partnership == table()
    assert IDEA not in public_page(page.partnership, None)

    rosa.go(voice.get_absolute_url())
    rosa.reads(ANSWER)
    rosa.press("Let it be shown")
    rosa.reads("Every side has said yes. It is shown in public now.")
    seen = public_page(page.partnership, None)
    assert IDEA in seen
    assert ANSWER in seen
    rosa.is_content()
    dana.is_content()


def test_a_coordinator_makes_a_link_and_prints_it(visit):
    minh = visit("minh@demo.example", language="vi")
    anlac = FeedbackLink.objects.filter(partnership__coordinator__name="Trần Văn Minh").first()
    anlac = anlac.partnership
    minh.go(f"{anlac.get_absolute_url()}voices/links/")
    card = minh.page.locator("section", has=minh.page.get_by_role("heading", name="Nhân viên"))
    card.get_by_role("button", name="Tạo liên kết").click()
    minh.look()
    minh.reads("Đã tạo liên kết. Hãy in ra hoặc chuyển cho mọi người.")
    link = FeedbackLink.objects.get(partnership=anlac, audience=Audience.STAFF)
    for address in ("print/vi/", "print/vi/?slips"):
        minh.go(f"{anlac.get_absolute_url()}voices/links/staff/{address}")
        minh.reads(f"/v/{link.slug}/")

    phone = visit(None)
    phone.go(f"/v/{link.slug}/?lang=en")
    minh.go(f"{anlac.get_absolute_url()}voices/links/staff/close/")
    minh.press("Đóng liên kết")
    phone.page.goto(phone.base + f"/v/{link.slug}/")
    phone.reads("This form is closed")
    minh.is_content()
