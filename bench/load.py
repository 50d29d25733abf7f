"""Partnerships in bulk, by plain SQL: 60 to a school, 32 items each, over all stages."""

from django.db import connection

from accounts.models import User
from checklists.models import Checklist
from desk.seeding import seed
from partnerships.models import Coordinator, District, School

PER_SCHOOL = 60
EMAIL = "coordinator@bench.example"

PARTNERS = """
INSERT INTO partnerships_partner
  (id, version, district_id, name, kind, place, website, address, phone, core_values, can_offer, needs,
   notes, folded)
SELECT n, 0, %(district)s, 'Workshop number ' || n, 'business', 'outside', '', '', '', '', '', '', '',
  'workshop number ' || n
FROM generate_series(%(first)s, %(last)s) AS n
"""
SCHOOLS = """
INSERT INTO partnerships_school (id, district_id, name, short_name, address, phone, folded)
SELECT n, %(district)s, 'School ' || n, '', '', '', 'school ' || n
FROM generate_series(%(first_school)s, %(last_school)s) AS n
ON CONFLICT DO NOTHING
"""
PARTNERSHIPS = """
INSERT INTO partnerships_partnership
  (id, version, district_id, coordinator_id, purpose, stage, cycle, status, created_at, active_at)
SELECT n, 0, %(district)s, NULL, 'Students learn a trade.',
  (ARRAY['pre', 'mobilize', 'direction', 'action', 'reflect', 'recommit'])[1 + n %% 6], 1, 'active',
  now(), now() - (n %% 50) * interval '1 day'
FROM generate_series(%(first)s, %(last)s) AS n
"""
PARTIES = """
INSERT INTO partnerships_party (partnership_id, school_id, partner_id, position, level_now, level_wanted)
SELECT n, 1 + (n - 1) / %(per_school)s, NULL, 1, 'coordination', 'cooperation'
FROM generate_series(%(first)s, %(last)s) AS n
UNION ALL
SELECT n, NULL, n, 2, '', '' FROM generate_series(%(first)s, %(last)s) AS n
"""
PEOPLE = """
INSERT INTO partnerships_person (id, school_id, partner_id, name, title, email, phone, folded)
SELECT n, NULL, n, 'Person ' || n, '', '', '', 'person ' || n
FROM generate_series(%(first)s, %(last)s) AS n
"""
SEATS = """
INSERT INTO partnerships_seat (party_id, person_id, champion, contact, board, student, family)
SELECT party.id, party.partner_id, true, true, false, false, false
FROM partnerships_party AS party
WHERE party.partner_id BETWEEN %(first)s AND %(last)s
"""
MOVES = """
INSERT INTO partnerships_move
  (partnership_id, kind, from_stage, to_stage, cycle, by_id, at, reason, open_items)
SELECT n, 'start', '', 'pre', 1, %(user)s, now() - interval '60 days', '', 0
FROM generate_series(%(first)s, %(last)s) AS n
"""
ITEMS = """
INSERT INTO checklists_item
  (version, partnership_id, cycle, template_item_id, wording, stage, position, side, only_when, note,
   evidence_url, origin, state, reason, due_on, settled_at, settled_by_id)
SELECT 0, n, 1, line.id, '', line.stage, heading.position * 100 + line.position, line.side, line.only_when,
  '', '', '', CASE WHEN (n + line.id) %% 3 = 0 THEN 'done' ELSE 'open' END, '',
  CASE WHEN (n + line.id) %% 16 = 1 THEN current_date + ((n + line.id) %% 40 - 20)::int END,
  CASE WHEN (n + line.id) %% 3 = 0 THEN now() END,
  CASE WHEN (n + line.id) %% 3 = 0 THEN %(user)s END
FROM generate_series(%(first)s, %(last)s) AS n
CROSS JOIN checklists_templateitem AS line
JOIN checklists_heading AS heading ON heading.id = line.heading_id
WHERE heading.checklist_id = %(checklist)s
"""
STEPS = [PARTNERS, SCHOOLS, PARTNERSHIPS, PARTIES, PEOPLE, SEATS, MOVES, ITEMS]
TABLES = ["partner", "school", "partnership", "person"]


def prepare() -> User:
    """Bring in the content, and a coordinator of the first school."""
    seed()
    district = District.objects.create(name="Bench District", timezone="America/Los_Angeles")
    school = School.objects.create(pk=1, district=district, name="School 1")
    user = User.objects.create_user(EMAIL, "bench", name="Rosa Bench")
    Coordinator.objects.create(school=school, user=user)
    return user


def load(first: int, last: int, user: User):
    """Add the partnerships with these numbers."""
    values = {
        "first": first,
        "last": last,
        "first_school": 1,
        "last_school": 1 + (last - 1) // PER_SCHOOL,
        "per_school": PER_SCHOOL,
        "district": District.objects.get().pk,
        "checklist": Checklist.objects.get().pk,
        "user": user.pk,
    }
    with connection.cursor() as cursor:
        for step in STEPS:
            cursor.execute(step, values)
        for table in TABLES:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [f"partnerships_{table}", 10_000_000],
            )
        cursor.execute("VACUUM ANALYZE")
