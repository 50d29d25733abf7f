"""`make bench`: how fast the pages are, beside bare pages of the same shape, as the data grows.

PostgreSQL and two gunicorn workers on this machine, loopback only; it ends by itself.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import quantiles
from urllib.parse import urlencode

import psutil

from tests.postgres import postgres

PORT = 8765
SCALES = (1_000, 10_000, 100_000)
COORDINATOR_GUIDE = 4  # a partnership of the coordinator's own school, at “Take action”


def say(text=""):
    print(text, flush=True)  # noqa: T201  # what the benchmark is for


@contextmanager
def server():
    """gunicorn with two workers, as in production; yields how much memory its workers use, in MiB."""
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{PORT}"]
    process = subprocess.Popen([*command, "--workers", "2", "--log-level", "error"])  # noqa: S603
    try:
        wait_for_port()
        parent = psutil.Process(process.pid)
        yield lambda: [round(w.memory_info().rss / 2**20) for w in parent.children()]
    finally:
        process.terminate()
        process.wait()


def wait_for_port():
    for _attempt in range(100):
        try:
            connection = HTTPConnection("127.0.0.1", PORT, timeout=5)
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("The server did not start.")


class Browser:
    """A signed-in client that keeps its cookies."""

    def __init__(self, cookies):
        self.headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}

    def get(self, path):
        return self.send("GET", path)

    def post(self, path, token):
        return self.send("POST", path, urlencode({"csrfmiddlewaretoken": token, "next": "/"}))

    def send(self, method, path, body=None):
        headers = dict(self.headers, **{"Accept-Encoding": "gzip"})
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        size = len(response.read())
        connection.close()
        if response.status not in {200, 302}:
            sys.exit(f"{method} {path}: {response.status}")
        return size


def measure(act, *, clients: int, requests: int) -> dict:
    """Act about `requests` times in all, by so many clients at once; times in milliseconds."""
    times, sizes = [], []

    def work():
        for _number in range(max(2, requests // clients)):
            began = time.perf_counter()
            sizes.append(act())
            times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=work) for _client in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = quantiles(times, n=20)
    return {
        "p50": cuts[9],
        "p95": cuts[18],
        "rate": len(times) / (time.perf_counter() - began),
        "bytes": max(sizes),
    }


PAGES = {
    "list": "/partnerships/",
    "list, filtered": "/partnerships/?stage=action&late=yes",
    "list, searched": "/partnerships/?search=workshop+12",
    "guide": f"/partnerships/{3 + 6 * COORDINATOR_GUIDE}/",
    "Today": "/",
}


def count(user, path, *, token=None) -> tuple[int, int]:
    """Return how many queries a page asks, and how many rows they bring."""
    from django.db import connection
    from django.test import Client

    asked = []

    def note(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        asked.append(max(context["cursor"].rowcount, 0) if sql.startswith("SELECT") else 0)
        return result

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    client.get("/")
    with connection.execute_wrapper(note):
        client.post(path) if token else client.get(path)
    return len(asked), sum(asked)


def row(name, figures, bare, queries):
    ratio = figures["p50"] / bare["p50"] if bare else 1
    say(
        f"| {name} | {figures['p50']:.1f} | {figures['p95']:.1f} | {figures['rate']:.0f} "
        f"| {queries} | {figures['bytes']:,} | {ratio:.2f} |"
    )


def compare(name, real, bare, queries, requests):
    for clients in (1, 8):
        many = requests * (1 if clients == 1 else 2)
        measure(real, clients=1, requests=20)  # warm
        floor = measure(bare, clients=clients, requests=many)
        figures = measure(real, clients=clients, requests=many)
        label = f"{name}, {clients} client{'s' if clients > 1 else ''}"
        row(label, figures, floor, queries)
        row("  bare page", floor, None, queries)


def measure_scale(scale, user, browser, token, requests):
    from checklists.models import Item

    say(f"\n### {scale:,} partnerships\n")
    say("| page | p50 ms | p95 ms | requests/s | queries | bytes | ratio |")
    say("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, path in PAGES.items():
        queries, rows = count(user, path)
        bare = f"/bare/rows/{queries}/{rows}/"
        compare(
            name, lambda p=path: browser.get(p), lambda p=bare: browser.get(p), queries, requests
        )
    item = Item.objects.filter(partnership=3 + 6 * COORDINATOR_GUIDE).first()
    url = f"/partnerships/{item.partnership_id}/items/{item.pk}/"
    turn = iter(range(10**9))

    def tick():
        return browser.post(url + ("tick/" if next(turn) % 2 else "reopen/"), token)

    Item.objects.filter(pk=item.pk).update(state="open")
    queries, _rows = count(user, url + "tick/", token=True)
    compare(
        "tick", tick, lambda: browser.post(f"/bare/tick/{item.pk}/", token), queries, requests // 2
    )


def sign_in(user):
    """Return the cookies of a session, and a token that goes with them."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string, _mask_cipher_secret
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    secret = _get_new_csrf_string()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookies = {settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: secret}
    return cookies, _mask_cipher_secret(secret)


def processor() -> str:
    found = re.search(r"model name\s*: (.+)", open("/proc/cpuinfo").read())  # noqa: PTH123, SIM115
    return found[1] if found else platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=int, nargs="+", default=SCALES)
    parser.add_argument("--requests", type=int, default=200)
    options = parser.parse_args()
    with postgres() as address:
        os.environ.update(DATABASE_URL=address, DJANGO_SETTINGS_MODULE="bench.settings")
        import django

        django.setup()
        from django.core.management import call_command

        from bench.load import load, prepare

        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        call_command("collectstatic", interactive=False, verbosity=0)
        user = prepare()
        cookies, token = sign_in(user)
        say(
            f"{processor()}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"
        )
        loaded = 0
        for scale in options.scales:
            began = time.perf_counter()
            load(loaded + 1, scale, user)
            loaded = scale
            say(f"\n({scale:,} loaded in {time.perf_counter() - began:.0f} s)")
            with server() as memory:
                measure_scale(scale, user, Browser(cookies), token, options.requests)
                say(f"\nWorkers: {' and '.join(f'{size} MiB' for size in memory())}")


if __name__ == "__main__":
    main()
