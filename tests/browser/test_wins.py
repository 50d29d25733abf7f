"""Small wins on a phone and at a desk: told with a picture, thanked for, printed; in both languages."""

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from partnerships.models import Partnership, Thanks, Win
from tests.partnerships.test_pictures import exif, photo, saved
from tests.reading import text_of_pdf

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def vi(message, **words):
    with translation.override("vi"):
        return gettext(message) % words if words else gettext(message)


def wall(partner, school):
    found = Partnership.objects.filter(parties__partner__name=partner)
    return f"{found.get(parties__school__name=school).get_absolute_url()}wins/"


def shown_picture(visitor) -> list[int]:
    """How large the picture of the page is, once it has come."""
    picture = visitor.page.locator("main img").first
    expect(picture).to_be_visible()
    return picture.evaluate("img => img.decode().then(() => [img.naturalWidth, img.naturalHeight])")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_win_is_told_on_a_phone_and_thanked_for(visit, scripts, tmp_path):
    hoa = visit("hoa@demo.example", language="vi", scripts=scripts)
    hoa.page.set_viewport_size(PHONE)
    camera = tmp_path / "IMG_2207.jpg"
    camera.write_bytes(saved(photo((4000, 3000)), "JPEG", exif=exif(orientation=6)))

    hoa.go(wall("Hội Phụ huynh Việt", "Trường Tiểu học An Lạc"))
    hoa.follow(vi("Tell a small win"))
    hoa.page.locator("#id_text").fill("Các em tự viết thiệp mời ông bà.")
    hoa.page.locator("#id_thanked").fill("Võ Quốc Bảo")
    hoa.page.locator("#id_picture").set_input_files(camera)
    hoa.press(vi("Tell this win"))
    hoa.reads(vi("Say in a few words what the picture shows."))
    hoa.reads(
        vi("The picture you chose is kept. Choose a file again only if you want another one.")
    )
    expect(hoa.page.locator("#id_text")).to_have_value("Các em tự viết thiệp mời ông bà.")
    hoa.page.locator("#id_picture_alt").fill("Những tấm thiệp trên bàn")
    hoa.page.locator("#id_consent").fill("Trong ảnh không có ai")
    hoa.press(vi("Tell this win"))
    hoa.reads(vi("It is told. All sides see it."))
    if scripts:
        assert shown_picture(hoa) == [960, 1280]  # upright, as the phone was held
    expect(hoa.page.get_by_alt_text("Những tấm thiệp trên bàn")).to_be_visible()

    hoa.follow(vi("Thank for this"))
    hoa.page.get_by_label(vi("by mail")).check()
    hoa.press(vi("Check it"))
    hoa.reads("bao.vo@anlac.example")
    assert Thanks.objects.filter(text="Các em tự viết thiệp mời ông bà.").count() == 0
    hoa.press(vi("Send this mail"))
    hoa.reads(vi("The mail to %(name)s is on its way.", name="Võ Quốc Bảo"))

    hoa.go(Win.objects.get(consent="Trong ảnh không có ai").get_absolute_url())
    hoa.press(vi("Remove the picture"))
    hoa.reads(vi("The picture is deleted for good. The win stays."))
    assert hoa.page.locator("main img").count() == 0
    hoa.is_content()


def test_a_certificate_is_made_and_printed(visit):
    dana = visit("partner@demo.example")

    dana.go(wall("Harbor Robotics", "Lincoln High School"))
    dana.follow("Thank somebody")
    dana.fill("Or somebody else", "The families of Lincoln High")
    dana.fill("What do you thank for?", "For every cake at the exhibition.")
    dana.page.get_by_label("by a certificate to print").check()
    dana.press("Check it")
    dana.reads("The families of Lincoln High")
    dana.press("Make this certificate")
    dana.reads("is ready to print")
    for link, words in (
        ("PDF in English", "With warm thanks to"),
        ("PDF in Vietnamese", "Trân trọng cảm ơn"),
    ):
        with dana.page.expect_download() as download:
            dana.page.get_by_role("link", name=link, exact=True).click()
        said = text_of_pdf(download.value.path().read_bytes())
        assert (words in said, "For every cake at the exhibition." in said) == (True, True)
    dana.follow("Print view in English")
    dana.reads("For every cake at the exhibition.")
    dana.is_content()


def test_its_pages_are_accessible_in_english_too(visit):
    rosa = visit("coordinator@demo.example")
    listed = wall("Harbor Robotics", "Lincoln High School")
    win = Win.objects.exclude(picture="").get(partnership__parties__partner__name="Harbor Robotics")

    for path in (listed, f"{listed}?print", f"{listed}?aside", f"{listed}?cycle=1"):
        rosa.go(path)
    for path in (win.get_absolute_url(), f"{win.get_absolute_url()}edit/"):
        rosa.go(path)
    rosa.page.locator("#id_text").fill("")
    rosa.press("Save this")
    rosa.reads("Say what went well, in a sentence or two.")
    rosa.go(listed.replace("/wins/", "/thanks/"))
    rosa.is_content()


def test_after_the_end_the_guide_leads_to_thanks(visit):
    rosa = visit("coordinator@demo.example")
    ended = Partnership.objects.get(parties__partner__name="Bayview Fire Department")

    rosa.go(ended.get_absolute_url())
    rosa.follow("Small wins and thanks")
    rosa.follow("Thanks that were said")
    rosa.reads("Captain Jerome Cole and his crew")
    rosa.follow("Thank somebody")
    rosa.is_content()
