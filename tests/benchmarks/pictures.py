"""The pictures of README and docs: a real study, made through the page and photographed in headless Chromium.

python tests/benchmarks/pictures.py [--say "Tune ease and item_knn on the demo data, 10 trials"] [--to docs/pictures]

Starts `recpilot ui` on a fresh home and writes `page-light.png`, `page-dark.png` and the moving `tour.webp`.
"""

import argparse
import io
import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench_chats import served
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / "docs/pictures"
SAID = "Tune ease and item_knn on the demo data, 10 trials"
SIZE = {"width": 1280, "height": 800}
COLOURS = 256  # of a still picture
QUALITY = 60  # of the moving picture, in per cent
ARGS = ["--no-sandbox", "--disable-gpu"]
STUDY_S = 1800.0  # at most, however busy the machine
SETTLED_MS = 1500  # after which nothing moves
STEP_PERCENT = 20  # of the trials, between two pictures of a study that goes on
PLOTS = ("history", "slice", "importance", "contour")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """What a person sees, and for how long."""

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    shown_ms: list[int] = field(default_factory=list)

    def show(self, ms: int) -> None:
        """The page as it is now, for so long."""
        self.frames.append(taken(self.page))
        self.shown_ms.append(ms)

    def save(self, path: Path) -> None:
        """As a moving picture that begins again at its end."""
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=self.shown_ms, loop=0, quality=QUALITY, method=6)


def taken(page: Page) -> Image.Image:
    """A picture of what the window shows."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def save(picture: Image.Image, path: Path) -> None:
    """As a small PNG, whose few bright colours stay as they are."""
    picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)


def draw(page: Page, kind: str) -> None:
    """Opens a plot of the study and waits until it is there."""
    page.locator(f"[data-go='plot/{kind}']").first.click()
    expect(page.locator(f"#view a[data-go='plot/{kind}'][aria-current=page]")).to_be_visible()
    page.wait_for_timeout(SETTLED_MS)


def tune(page: Page, said: str, tour: Tour) -> None:
    """Orders the study and watches it to its end."""
    box = page.locator("#say textarea")
    box.fill(said)
    tour.show(700)
    box.press("Enter")
    progress, last = page.locator("#view [role=progressbar]"), -STEP_PERCENT
    until = time.monotonic() + STUDY_S
    while page.locator("#state").inner_text() != "finished":
        done = int(progress.get_attribute("aria-valuenow") or 0) if progress.count() else -1
        if done >= last + STEP_PERCENT:
            last = done
            tour.show(400)
        if time.monotonic() > until:
            raise TimeoutError(f"the study did not end within {STUDY_S:.0f} s")
        page.wait_for_timeout(300)
    page.wait_for_timeout(2 * SETTLED_MS)
    tour.show(800)


def ask(page: Page, tour: Tour) -> None:
    """Why the best trial?"""
    box = page.locator("#say textarea")
    box.fill("why the best trial?")
    tour.show(400)
    box.press("Enter")
    answers = page.locator("#chat [data-testid=bot]")
    expect(answers.last).to_contain_text("is the best of")
    page.wait_for_timeout(SETTLED_MS)
    page.locator("#chat [data-testid=user]").last.evaluate("said => said.scrollIntoView({block: 'start'})")
    box.blur()
    page.wait_for_timeout(SETTLED_MS)
    tour.show(1200)


def photograph(page: Page, said: str, folder: Path) -> None:
    """All pictures, from one study."""
    tour = Tour(page=page)
    expect(page.locator("#chat")).to_contain_text("What shall we tune?")
    page.wait_for_timeout(SETTLED_MS)
    tune(page, said, tour)
    ask(page, tour)
    save(taken(page), folder / "page-light.png")
    for kind in PLOTS:
        draw(page, kind)
        tour.show(600)
        if kind == "slice":
            page.emulate_media(color_scheme="dark")
            page.wait_for_timeout(SETTLED_MS)
            save(taken(page), folder / "page-dark.png")
            page.emulate_media(color_scheme="light")
    tour.save(folder / "tour.webp")


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--say", default=SAID)
    parser.add_argument("--to", type=Path, default=PICTURES)
    asked = parser.parse_args(words)
    chromium = os.environ.get("RECPILOT_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    asked.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as (_, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        context = browser.new_context(viewport=SIZE, color_scheme="light", device_scale_factor=1)
        context.set_default_timeout(120_000)
        expect.set_options(timeout=120_000)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/?chat=new")
        photograph(page, asked.say, asked.to)
        browser.close()
    for path in sorted(asked.to.iterdir()):
        print(f"{path.name}  {path.stat().st_size / 1e3:.0f} KB")


if __name__ == "__main__":
    main()
