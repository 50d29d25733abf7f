"""The demo's small wins and thanks. Their pictures are drawn as the demo is made: none lies in the repository."""

from datetime import timedelta
from functools import partial
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from desk.seeding import fixture
from partnerships.mails import send_thanks
from partnerships.models import Thanks
from partnerships.pictures import cleaned

TWICE = 2  # drawn twice as large and made smaller, so that edges are soft
WIDTH, HEIGHT = 1200, 900
BLUE, CLAY, GREEN, GOLD = "#1f4f8f", "#b65a2e", "#3f7d5a", "#d9a441"
INK, PAPER, WARM, SHADE = "#1d2733", "#fffdf8", "#f6e7cf", "#e4cfae"


def diary(story) -> list:
    """What is told and said, as (days ago, function) pairs."""
    keys = f"{story.entry['school']}/{story.entry['partner']}"
    told = fixture("demo_wins").get(keys, {"wins": [], "thanks": []})
    wins = Wins(story)
    return [
        *(line for entry in told["wins"] for line in wins.lines(**entry)),
        *((entry["ago"], partial(wins.thank, **entry)) for entry in told["thanks"]),
    ]


class Wins:
    def __init__(self, story):
        self.story, self.told = story, {}

    def lines(self, *, ago, taken_back=None, **said):
        number = len(self.told)
        self.told[number] = None
        yield ago, partial(self.tell, number, **said)
        if taken_back:
            yield taken_back, partial(self.take_back, number, said["by"])

    def user(self, key):
        return self.story.demo.users[key]

    def tell(self, number, *, by, day, text, thanked="", picture=None, alt="", consent=""):
        table = self.story.partnership
        table.refresh_from_db(fields=["cycle"])
        self.told[number] = table.wins.tell(
            by=self.user(by),
            text=text,
            on=table.district.today(-timedelta(days=day)),
            thanked=thanked,
            picture=cleaned(drawn(DRAWINGS[picture])) if picture else "",
            picture_alt=alt,
            consent=consent,
        )

    def take_back(self, number, by):
        self.told[number].take_back(by=self.user(by))

    def thank(self, *, by, to, way, language, text, about=None, **_day):
        table = self.story.partnership
        seat = self.story.seat_of(to) if way == "mail" else None
        thanks = Thanks(
            partnership=table,
            win=self.told.get(about),
            seat=seat,
            name=seat.person.name if seat else to,
            text=text,
            language=language,
            way=way,
        ).say(by=self.user(by))
        if thanks.goes_by_mail:
            send_thanks(thanks)


def drawn(draw) -> SimpleUploadedFile:
    """Draw a picture, as somebody would send it in."""
    picture = Image.new("RGB", (WIDTH * TWICE, HEIGHT * TWICE), WARM)
    draw(Pen(picture))
    picture = picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    file = BytesIO()
    picture.save(file, "PNG")
    return SimpleUploadedFile("drawing.png", file.getvalue())


class Pen:
    """Flat shapes, measured in the picture as it will be."""

    def __init__(self, picture):
        self.draw = ImageDraw.Draw(picture)

    def larger(self, points):
        return [value * TWICE for value in points]

    def box(self, *points, fill, radius=0):
        self.draw.rounded_rectangle(self.larger(points), radius * TWICE, fill=fill)

    def round(self, x, y, radius, fill):
        self.draw.ellipse(self.larger([x - radius, y - radius, x + radius, y + radius]), fill=fill)

    def shape(self, *points, fill):
        self.draw.polygon(self.larger(points), fill=fill)

    def line(self, *points, fill, width):
        self.draw.line(self.larger(points), fill=fill, width=width * TWICE, joint="curve")
        for x, y in zip(points[::2], points[1::2], strict=True):
            self.round(x, y, width / 2, fill)


def robot(pen: Pen):
    """A robot arm at a table, drawing a lighthouse."""
    pen.round(980, 170, 90, GOLD)
    pen.box(0, 690, WIDTH, HEIGHT, fill=SHADE)
    pen.shape(560, 740, 1080, 740, 1160, 860, 500, 860, fill=PAPER)
    pen.shape(
        800, 752, 836, 752, 850, 838, 782, 838, fill=CLAY
    )  # the lighthouse, lying on the sheet
    pen.shape(796, 776, 839, 776, 842, 796, 793, 796, fill=PAPER)
    pen.round(818, 750, 13, GOLD)
    pen.line(700, 842, 950, 842, fill=BLUE, width=6)
    pen.box(120, 640, 380, 760, fill=INK, radius=22)  # the arm
    pen.box(180, 560, 320, 670, fill=BLUE, radius=26)
    pen.line(250, 580, 360, 250, fill=BLUE, width=78)
    pen.line(360, 250, 690, 400, fill=BLUE, width=62)
    pen.line(690, 400, 760, 600, fill=CLAY, width=40)
    for x, y, radius in ((250, 580, 58), (360, 250, 52), (690, 400, 42)):
        pen.round(x, y, radius, INK)
        pen.round(x, y, radius * 0.45, GOLD)
    pen.shape(735, 600, 790, 590, 812, 690, 790, 722, fill=INK)  # the pen in its hand
    pen.shape(797, 700, 809, 694, 800, 746, fill=CLAY)


def books(pen: Pen):
    """Open books under a red lantern."""
    pen.box(0, 640, WIDTH, HEIGHT, fill=SHADE)
    for x, y, radius in ((150, 160, 7), (330, 90, 5), (920, 120, 7), (1080, 250, 5), (240, 330, 5)):
        pen.round(x, y, radius, GOLD)
    pen.line(600, 0, 600, 110, fill=INK, width=6)
    pen.box(540, 105, 660, 135, fill=GOLD, radius=10)
    pen.draw.ellipse(pen.larger([455, 125, 745, 395]), fill="#b3302a")
    pen.draw.ellipse(pen.larger([520, 125, 680, 395]), fill="#cf4a3a")
    pen.draw.ellipse(pen.larger([575, 125, 625, 395]), fill="#e2745a")
    pen.box(540, 385, 660, 412, fill=GOLD, radius=10)
    for x in (570, 600, 630):
        pen.line(x, 412, x, 480, fill=CLAY, width=6)
    for x, y, cover in ((260, 700, BLUE), (600, 770, GREEN), (940, 700, CLAY)):
        open_book(pen, x, y, cover)


def open_book(pen: Pen, x, y, cover):
    pen.shape(
        x - 170,
        y - 62,
        x,
        y - 28,
        x + 170,
        y - 62,
        x + 182,
        y + 62,
        x,
        y + 96,
        x - 182,
        y + 62,
        fill=cover,
    )
    pen.shape(x - 158, y - 78, x, y - 42, x, y + 72, x - 166, y + 40, fill=PAPER)
    pen.shape(x + 158, y - 78, x, y - 42, x, y + 72, x + 166, y + 40, fill="#f3ece0")
    for row in range(4):
        fall = y - 44 + row * 24
        pen.line(x - 134, fall, x - 24, fall + 24, fill=SHADE, width=6)
        pen.line(x + 24, fall + 24, x + 134, fall, fill=SHADE, width=6)


DRAWINGS = {"robot": robot, "books": books}
