"""Take the pictures of the README: docs/img/*.png, in Vietnamese, from a running demo.

    ./start                                     (in another window)
    .venv/bin/python manage.py render_coverage_map --unit 99 --lang vi --output coverage.html
    .venv/bin/python scripts/pictures.py --coverage coverage.html

Needs a Chromium (or what ``playwright install chromium`` brings) and the logins of the demo.
Pictures are reduced to a palette, so that a clone stays small.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
)
OFFICE = {"width": 1280, "height": 800}  # px
PHONE = {"width": 390, "height": 844}  # px
SETTLE_MS = 1500  # tiles are drawn after the network is quiet
COLOURS = 256  # of a palette
HERE = {"latitude": 11.87, "longitude": 106.96, "accuracy": 8}  # degrees, m; in the demo's commune


@dataclass(frozen=True)
class Picture:
    """One page to be taken. ``link``: a part of the address of a link to follow first."""

    name: str
    user: str
    path: str
    link: str = ""
    is_phone: bool = False


PICTURES = (
    Picture("overview", "kehoach", "/maps/overview/"),
    Picture("map", "kehoach", "/maps/"),
    Picture("noncompliance-list", "kiemtra", "/hazards/noncompliances/"),
    Picture("record", "kiemtra", "/hazards/AT-0000002-1/"),
    Picture("review", "duyet", "/surveys/review/", link="/surveys/review/"),
    Picture("phone-near-me", "khaosat", "/surveys/near/", is_phone=True),
    Picture("phone-capture", "khaosat", "/surveys/near/", link="capture/?hazard=", is_phone=True),
)


def passwords(file: Path) -> dict[str, str]:
    """Return {user name: password} of the demo's file of logins."""
    lines = (line.split() for line in file.read_text().splitlines() if not line.startswith("#"))
    return {words[2]: words[3] for words in lines if len(words) == 4}


def browser_path() -> str | None:
    named = os.environ.get("SAFESHORE_CHROMIUM")
    return named or next((path for name in BROWSERS if (path := shutil.which(name))), None)


@contextmanager
def signed_in(browser: Browser, site: str, picture: Picture, password: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=site,
        viewport=PHONE if picture.is_phone else OFFICE,  # type: ignore[arg-type]
        is_mobile=picture.is_phone,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        geolocation=HERE,  # type: ignore[arg-type]
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=username]", picture.user)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    yield page
    context.close()


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE_MS)


def follow(page: Page, part: str) -> None:
    """Open the first link of the page's own part that leads further than the page itself."""
    settle(page)
    links = page.eval_on_selector_all("main a[href]", "links => links.map((a) => a.href)")
    page.goto(next(link for link in links if re.search(re.escape(part) + "[^?#/]", link)))


def exact_palette(picture: Image.Image) -> Image.Image:
    """Reduce to the commonest colours and those of the marks; the rest go to the nearest of them.

    Pillow's own methods mix a palette of averages, and the small marks lose their colour.
    """
    counted = picture.getcolors(picture.width * picture.height) or []
    common = [colour for _count, colour in sorted(counted, reverse=True)][:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for colour in common for part in colour])  # type: ignore[union-attr]
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def save(page: Page, name: str, folder: Path) -> None:
    settle(page)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = folder / f"{name}.png"
    exact_palette(picture).save(file, optimize=True)
    print(f"{file}  {file.stat().st_size / 1000:.0f} kB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--logins", type=Path, default=ROOT / "var" / "demo-logins.txt")
    parser.add_argument("--coverage", type=Path, help="HTML file of render_coverage_map")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "img")
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    known = passwords(asked.logins)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=FLAGS)
        for picture in PICTURES:
            with signed_in(browser, asked.url, picture, known[picture.user]) as page:
                page.goto(picture.path)
                if picture.link:
                    follow(page, picture.link)
                save(page, picture.name, asked.output)
        if asked.coverage:
            page = browser.new_page(viewport=OFFICE)  # type: ignore[arg-type]
            page.goto(asked.coverage.resolve().as_uri())
            save(page, "coverage-map", asked.output)
        browser.close()


if __name__ == "__main__":
    main()
