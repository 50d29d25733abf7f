"""Whatever arrives, the answer is never a 500; and what is written is stored composed (NFC)."""

import json
import random
import re
import unicodedata
from urllib.parse import quote

import pytest
from django.urls import reverse

from tests.access.admin_matrix import ADDED, CHANGED, ROWS
from tests.access.browser import fields_of, names_in
from tests.access.matrix import send, undone
from tests.access.rules import ADMIN_FORMS, KEYS, RULES, WRITING
from tests.access.world import rows_by_table

TIMES = 45  # requests to each address

LONG = "a" * 1_000_000
SURROGATES = b"\xed\xa0\x80\xed\xbf\xbf"  # two lone halves, as UTF-8 does not allow them
TEXTS = [
    "\0",
    "a\0b",
    "",
    " ",
    "\r\nSet-Cookie: a=b",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "%s%n%(name)s {name}",
    "'; DROP TABLE partnerships_partner; --",
    "../../../etc/passwd",
    "\u202eright to left",
    "👩\u200d👩\u200d👧\u200d👦",
    unicodedata.normalize("NFD", "Phở Hà Nội"),
    "\ufffe\uffff",
    "ﬁ²①",
    "İıſß",
    "́" * 300,
    "[]",
    "null",
    "http://[",
    "//evil.example",
    "javascript:alert(1)",
]
NUMBERS = [
    "0",
    "-1",
    "9" * 19,
    "9" * 30,
    "9" * 5000,
    "-" + "9" * 30,
    "1e309",
    "NaN",
    "1.5",
    "0x10",
    "٣",
    "２",
    " 1 ",
    "+1",
    "1_0",
]
DATES = [
    "2027-02-30",
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "99999-12-31",
    "-1-1-1",
    "2027-1-1T00:00",
    "31/01/2027",
    "tomorrow",
    "20270131",
]
NASTY = [*TEXTS, *NUMBERS, *DATES]
SLUGS = ["-", "_", "a" * 3000, "Pre", "pre-", "action", "0", "print", "school", "dates"]
UNKNOWN = [
    "page",
    "next",
    "check",
    "all",
    "print",
    "group",
    "show",
    "order",
    "stage",
    "id",
    "__all__",
]
FILTERS = [
    "search",
    "status",
    "school",
    "kind",
    "engagement",
    "level",
    "late",
    "sort",
    "running",
    "place",
]
HEADERS = [
    {},
    {},
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Current-URL": "http://testserver/%00"},
    {"HX-Request": "true", "HX-Current-URL-URI-AutoEncoded": "true", "HX-Current-URL": "%ED%A0%80"},
    {"Accept-Language": "x" * 5000},
    {"Accept-Language": "vi;q=nan, en;q=-1, *"},
    {"Cookie": "sessionid=%00; messages=x; language=%ED%A0%80; csrftoken=" + "x" * 500},
    {"If-Modified-Since": "Yesterday", "Range": "bytes=5-1", "Accept-Encoding": "gzip, nonsense"},
    {"X-Forwarded-For": "nonsense, ,", "X-Forwarded-Proto": "gopher", "Referer": "http://["},
]
BODIES = [
    (b"--x\r\nContent-Disposition: form-data; name=a", "multipart/form-data; boundary=x"),
    (b"nothing of the kind", "multipart/form-data"),
    (b"--x", "multipart/form-data; boundary=" + "x" * 300),
    (
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\xfe\0\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        b'--x\r\nContent-Disposition: form-data; name="note"; filename="../a\0.svg"\r\n\r\n<svg/>\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        b"--x\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--",
        "multipart/form-data; boundary=x",
    ),
    (b"{", "application/json"),
    (b"name=a", "application/x-www-form-urlencoded; charset=utf-16"),
    (b"name=a", "application/x-www-form-urlencoded; charset=nonsense"),
    (b"name=" + SURROGATES, "application/x-www-form-urlencoded"),
    (
        b"name=%ED%A0%80&purpose=%ED%BF%BF&reason=%00%ff&text=%u0041",
        "application/x-www-form-urlencoded",
    ),
    (b"&&&===;;;%%%", "application/x-www-form-urlencoded"),
    (b"&".join(b"f%d=1" % n for n in range(600)), "application/x-www-form-urlencoded"),
    (b"name=" + b"a" * 3_000_000, "application/x-www-form-urlencoded"),
    (b"", ""),
]


class Fuzz:
    """Bad requests to one address, the same ones at each run."""

    def __init__(self, world, name, role="alice"):
        self.world, self.role = world, role
        self.chance = random.Random(f"1 {name}")  # repeatable, not secret
        rule = RULES[name]
        self.writes = "POST" in rule.takes
        self.reads = "GET" in rule.takes
        self.keys = (KEYS[rule.of[0]](world.alices) if rule.of else {}) | rule.also
        self.name, self.data = name, rule.data(world.alices)
        self.url = reverse(name, kwargs=self.keys)
        shown = send(world, role, "GET", self.url).content if self.reads else b""
        page = shown.decode(errors="replace")
        self.fields = sorted((names_in(page) | {*self.data}) - {"csrfmiddlewaretoken"})
        self.faults = []

    def run(self):
        requests = [self.query] * self.reads + [self.path] + [self.form, self.body] * self.writes
        for _time in range(TIMES):
            with undone():
                self.chance.choice(requests)()
        return self.faults

    def value(self):
        return LONG if self.chance.random() < 0.02 else self.chance.choice(NASTY)

    def query(self):
        """Known and unknown parameters, repeated, with anything in them."""
        names = self.chance.choices([*self.fields, *UNKNOWN, *FILTERS, "\0", "é" * 100], k=3)
        parts = [f"{quote(name)}={self.encoded()}" for name in [*names, names[0]]]
        self.ask("GET", f"{self.url}?{'&'.join(parts)}")

    def encoded(self) -> str:
        value = self.value()[:3000]  # longer lines are refused by the server before they reach us
        return quote(SURROGATES) if self.chance.random() < 0.1 else quote(value)

    def path(self):
        """Numbers and words in the address that lead nowhere."""
        keys = {
            key: self.chance.choice(["0", "9" * 19, "9" * 30, "9" * 4000, "007"])
            if isinstance(value, int)
            else self.chance.choice(SLUGS)
            for key, value in self.keys.items()
        }
        url = self.url
        for key, value in self.keys.items():
            if self.chance.random() < 0.7:
                url = url.replace(f"/{value}/", f"/{keys[key]}/", 1)
        if self.chance.random() < 0.2:
            url += self.chance.choice(
                ["%00/", "%ED%A0%80/", "%2e%2e/", "//", "%252F/", "a" * 2000 + "/"]
            )
        self.ask(self.chance.choice(["GET", "POST"]), url, self.data)

    def form(self):
        """A good form with some fields spoilt, left out, repeated or unknown."""
        data = {name: [value] for name, value in self.data.items()}
        for name in self.chance.choices(
            [*self.fields, "unknown"], k=self.chance.choice([1, 1, 2, 5])
        ):
            spoilt = [self.value(), [self.value(), self.value()], None]
            match self.chance.choice(spoilt):
                case None:
                    data.pop(name, None)
                case list(values):
                    data[name] = values
                case value:
                    data[name] = [value]
        self.ask("POST", self.url, data)

    def body(self):
        content, content_type = self.chance.choice(BODIES)
        self.ask("RAW", self.url, content, content_type)

    def ask(self, method, url, data=None, content_type=""):
        client = self.world.client(self.role)
        client.raise_request_exception = False
        headers = dict(self.chance.choice(HEADERS))
        if cookie := headers.pop("Cookie", None):
            client.cookies.load(cookie.replace("sessionid=", "other="))
        try:
            if method == "RAW":
                response = client.generic("POST", url, data, content_type, headers=headers)
            elif method == "POST":
                response = client.post(url, data, headers=headers)
            else:
                response = client.get(url, headers=headers)
        finally:
            client.raise_request_exception = True
        if response.status_code >= 500:
            self.faults.append(f"{method} {url[:200]} {headers} {content_type} {str(data)[:500]}")


@pytest.mark.parametrize("name", RULES)
def test_no_answer_is_a_500(world, name):
    faults = Fuzz(world, name).run()

    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.of])
def test_a_number_beyond_those_of_the_database_leads_nowhere(world, name):
    rule = RULES[name]
    keys = KEYS[rule.of[0]](world.alices) | rule.also
    method = "GET" if "GET" in rule.takes else "POST"
    numbers = [key for key, value in keys.items() if isinstance(value, int)]

    answers = {
        (key, number): send(
            world, "alice", method, reverse(name, kwargs=keys | {key: number})
        ).status_code
        for key in numbers
        for number in (2**63 - 1, 2**63, 10**30)
    }

    assert answers == dict.fromkeys(answers, 404)


@pytest.mark.parametrize("field", ["leads", "goals"])
def test_a_choice_beyond_those_of_the_database_is_none(world, field):
    rule = RULES["partnerships:add_activity"]
    url = reverse("partnerships:add_activity", kwargs=KEYS["partnership"](world.alices))

    response = send(world, "alice", "POST", url, rule.data(world.alices) | {field: "9" * 30})

    assert field in response.context["form"].errors


def test_control_a_500_is_found(world, monkeypatch):
    def breaks(*args):
        raise RuntimeError

    fuzz = Fuzz(world, "partnerships:edit_partner")
    monkeypatch.setattr("partnerships.models.Partner.can_be_managed_by", breaks)

    assert fuzz.run() != []


# Composed letters

NFD = unicodedata.normalize("NFD", "Trường Phổ thông Đổi mới ở Huế")
NFC = unicodedata.normalize("NFC", NFD)
# Not those for numbers, which say so by their inputmode.
TEXT_FIELD = re.compile(
    r'<textarea[^>]* ?name="([^"]+)"'
    r'|<input type="text"(?![^>]*inputmode="(?:decimal|numeric)")[^>]*? name="([^"]+)"'
)


def texts_written(post) -> list[str]:
    """Every text in a row that a post made or changed."""
    with undone():
        before = rows_by_table()
        post()
        after = rows_by_table()
    return [
        readable(value)
        for table, rows in after.items()
        for pk, row in rows.items()
        for column, value in row.items()
        if isinstance(value, str) and (before[table].get(pk) or {}).get(column) != value
    ]


def readable(text: str) -> str:
    """Take the escapes out of a column of JSON."""
    return json.dumps(json.loads(text), ensure_ascii=False) if text.startswith("{") else text


def check_composed(post):
    written = texts_written(post)
    assert [text for text in written if unicodedata.normalize("NFC", text) != text] == []
    assert any(NFC in text for text in written), written


def in_nfd(page: str, data: dict) -> dict:
    fields = {one or other for one, other in TEXT_FIELD.findall(page)}
    return data | dict.fromkeys(fields & {*data} | WORDS & fields, NFD)


# Fields with words of their own that are empty in the data of the rules.
WORDS = {"name", "title", "purpose", "note", "notes", "reason", "wording", "address", "changed"}
WORDS |= {"core_values"}
WITH_WORDS = [
    name
    for name in WRITING
    if "GET" in RULES[name].takes
    and name not in {"partnerships:edit_seat", "partnerships:leave", "partnerships:leave_seat"}
    and name not in {"partnerships:start", "partnerships:draft_check", "partnerships:add_seat"}
    and name not in {"partnerships:invite", "partnerships:join", "accounts:mail_settings"}
    and name not in {"desk:draw_up", "desk:withdraw_agreement", "partnerships:throw_away"}
    and name
    not in {"partnerships:contact_rhythm", "partnerships:move_day", "desk:close_voice_link"}
    and name not in {"evaluations:open_debrief", "evaluations:extend_debrief"}
    and name not in {"evaluations:close_debrief", "evaluations:debrief_link"}
    and name != "partnerships:paste_measurements"  # read as a table; see test_pasting.py
]


@pytest.mark.parametrize("name", WITH_WORDS)
def test_decomposed_text_is_stored_composed(world, name):
    rule = RULES[name]
    if rule.given:
        rule.given(world.alices)
    url = reverse(name, kwargs=(KEYS[rule.of[0]](world.alices) if rule.of else {}) | rule.also)
    page = send(world, "alice", "GET", url).content.decode()

    check_composed(lambda: send(world, "alice", "POST", url, in_nfd(page, rule.data(world.alices))))


def test_decomposed_text_of_a_new_person_at_the_table_is_stored_composed(world):
    keys = KEYS["party"](world.alices)
    url = reverse("partnerships:add_seat", kwargs=keys)

    check_composed(lambda: send(world, "alice", "POST", url, {"name": NFD, "title": NFD}))


def test_decomposed_text_typed_answer_by_answer_is_stored_composed(world):
    rule = RULES["evaluations:save_answer"]
    url = reverse("evaluations:save_answer", kwargs=KEYS["question"](world.alices) | rule.also)
    data = {name: NFD if name.endswith("text") else 1 for name in rule.data(world.alices)}

    check_composed(lambda: send(world, "alice", "POST", url, data))


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(
    ("label", "what"), [form for form in ADMIN_FORMS if form[0] != "partnerships.partnership"]
)
def test_decomposed_text_of_the_admin_is_stored_composed(world, label, what):
    args = [ROWS[label](world.alices).pk] if what == "change" else []
    url = reverse(f"admin:{label.replace('.', '_')}_{what}", args=args)
    page = send(world, "ada", "GET", url).content.decode()
    data = ADDED[label](world.alices) if what == "add" else fields_of(page)
    words = {*CHANGED.get(label, {"name": ""})}

    check_composed(lambda: send(world, "ada", "POST", url, data | dict.fromkeys(words, NFD)))


def test_decomposed_text_is_found_like_composed(world):
    world.alices.partner.name = NFC
    world.alices.partner.save()

    for words in (NFC, NFD, "truong pho thong"):
        page = send(
            world, "alice", "GET", reverse("partnerships:partners", query={"search": words})
        )
        assert NFC in page.content.decode()
