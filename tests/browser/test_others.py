"""A partner contact and a district admin, each on their own way through the product."""

import pytest
from playwright.sync_api import expect

from checklists.models import Item
from partnerships.models import Partnership, School

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_partner_contact_ticks_what_is_theirs_and_nothing_else(visit, scripts):
    dana = visit("partner@demo.example", scripts=scripts)

    expect(dana.page.get_by_role("link", name="Partners", exact=True)).to_have_count(0)
    dana.follow("Partnerships")
    dana.reads("1 partnership")
    dana.page.get_by_role("link", name="Harbor Robotics", exact=True).click()
    dana.look()
    expect(dana.page.get_by_role("link", name="Move to stage 4")).to_have_count(0)
    item = dana.page.locator(".todo", has_text="Book the training cell")
    item.locator(".tick").click()
    expect(dana.page.locator(".todo.done", has_text="Book the training cell")).to_have_count(1)
    dana.follow("People")
    dana.reads("Rosa Delgado")
    dana.follow("Record")
    dana.reads("Dana Whitfield ticked “Book the training cell for the February groups”")
    mine = Partnership.objects.get(parties__partner__name="Harbor Robotics").get_absolute_url()
    other = Partnership.objects.get(parties__partner__name="Green Valley Farm").get_absolute_url()
    for path in ("/partners/", other, f"{mine}worksheets/is-it-right/"):
        assert dana.page.goto(dana.base + path).status == 404

    # Chromium itself writes each answer of 404 to the console.
    assert [fault for fault in dana.faults if "404" not in fault] == []
    assert Item.objects.get(wording_en__startswith="Book the training").state == "done"


def test_a_district_admin_keeps_schools_people_and_the_checklist(visit):
    linh = visit("district@demo.example")

    linh.go("/admin/")
    linh.follow("Schools")
    linh.follow("Add school")
    linh.page.locator("#id_district").select_option(label="Bayview Unified School District")
    linh.page.locator("#id_name").fill("Harborside Academy")
    linh.press("Save")
    linh.go("/admin/partnerships/coordinator/add/")
    linh.page.locator("#id_school").select_option(label="Harborside Academy")
    linh.page.locator("#id_name").fill("Nina Brooks")
    linh.page.locator("#id_email").fill("nina@harborside.example")
    linh.press("Save")
    linh.go("/admin/checklists/checklist/")
    linh.page.locator("input[name=_selected_action]").check()
    linh.page.locator("select[name=action]").select_option("copy_for_our_district")
    linh.press("Run")
    expect(linh.page.locator(".messagelist")).to_contain_text("1 copy made")
    linh.go("/admin/partnerships/partnership/")
    linh.page.locator("#result_list a").first.click()
    linh.look()
    expect(linh.page.locator("[name=stage], [name=cycle], [name=status]")).to_have_count(0)

    linh.is_content()
    school = School.objects.get(name="Harborside Academy")
    assert [user.email for user in school.coordinators.all()] == ["nina@harborside.example"]


CUT_OFF = """(elements) => elements.filter((element) => {
  const box = element.getBoundingClientRect();
  return box.left < 0 || box.right > document.documentElement.clientWidth || !box.width;
}).map((element) => element.textContent)"""


@pytest.mark.parametrize(
    ("email", "language"), [("operator@demo.example", "en"), ("minh@demo.example", "vi")]
)
def test_on_a_phone_the_whole_navigation_and_every_menu_can_be_reached(visit, email, language):
    one = visit(email, language=language)
    one.page.set_viewport_size({"width": 320, "height": 900})
    harbor = Partnership.objects.get(parties__partner__name="Harbor Robotics")
    one.go(harbor.get_absolute_url())

    assert one.page.locator(".topbar nav a").evaluate_all(CUT_OFF) == []
    for menu in one.page.locator("details.menu").all():
        menu.locator("summary").click()
        links = menu.get_by_role("link")
        assert links.count() >= 3
        assert links.evaluate_all(CUT_OFF) == []
