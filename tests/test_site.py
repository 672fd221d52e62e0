"""The pages of a build in a real browser: opened from their folder, without a server or network."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csstrain import outputs
from csstrain.numbering import Numbering
from csstrain.outputs import agenda
from csstrain.pipeline import Compilation
from csstrain.render import Artifact, Compiled, Format, Page, page_alone, render
from csstrain.site import outline, with_links
from tests import binder_sample
from tests.browser import Browser
from tests.curricula import ROOT
from tests.npm import command, package
from tests.test_agenda_pages import laid

HTML: tuple[Format, ...] = ("html",)
HELD = "m1-standards m4-model m4-tools m4-questions m4-triads-1 m6-triads-1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as started:
        yield started


def write(artifacts: Iterable[Artifact], folder: Path) -> Path:
    for each in artifacts:
        path = folder / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(each.content if isinstance(each.content, bytes) else each.content.encode())
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small program as a draft: every kind of page that there is."""
    assert outputs.__path__  # importing the package registers every output
    made = render(replace(binder_sample.compiled(), draft=True), HTML)
    return write(made, tmp_path_factory.mktemp("stick") / "Ünder a näme")


@pytest.fixture(scope="module")
def site(shipped: Compilation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped program with a few hours laid by hand."""
    assert shipped.curriculum
    assert shipped.coverage
    held = laid(shipped.curriculum, HELD)
    made = render(Compiled(shipped.curriculum, held, shipped.coverage), HTML)
    return write(made, tmp_path_factory.mktemp("site"))


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


# ── every page ───────────────────────────────────────────────────────────────────────


def test_no_page_complains_asks_for_anything_outside_its_folder_or_is_wider_than_a_phone(
    browser: Browser, sample: Path
) -> None:
    for reader in ("trainer", "trainee", "assessor", "audit"):
        root = (sample / reader).as_uri()
        for path in pages(sample / reader):
            browser.open(path)
            asked, said = browser.run("return [seen.asked, seen.said]")
            assert said == [], path
            outside = [a for a in asked if a != "about:blank" and not a.startswith(root + "/")]
            assert outside == [], path
            assert len(asked) > 4
            browser.run("await page.setViewportSize({ width: 360, height: 780 })")
            assert browser.inside("document.documentElement.scrollWidth") <= 360, path
            browser.run("await page.setViewportSize({ width: 1280, height: 900 })")


def test_wide_tables_scroll_in_boxes_that_keys_reach_and_that_have_names(
    browser: Browser, site: Path
) -> None:
    browser.open(site / "audit" / "matrix.html")
    boxes = """[...document.querySelectorAll("main .scroll")].map((box) => [
      box.scrollWidth > box.clientWidth + 1, box.tabIndex, box.ariaLabel])"""
    found = []
    for width in (1280, 360, 1280):
        browser.run("await page.setViewportSize({ width: given.width, height: 780 })", width=width)
        browser.inside("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        found.append(browser.inside(boxes))
        assert all((tab == 0) == wide for wide, tab, _ in found[-1])
        assert all(name for wide, _, name in found[-1] if wide)
    wide, phone, again = found
    assert [box[0] for box in again] == [box[0] for box in wide] != [box[0] for box in phone]
    assert phone[0][0]
    assert phone[0][2].startswith("T taught, P practiced")


# What the paper's style tells of pages alone: where they break, how wide a column is, what stays
# together. All else that has a look on paper has one on screen.
PAPER_ALONE = """
    guide fresh keep copy wide-sheet week-page chain remediation spare spare-start staffing
    transition small-table terms sources competencies print-list approvals left-out goal-plan
    findings opens
"""


def test_what_has_a_look_on_paper_has_one_on_screen(site: Path) -> None:
    def styled(name: str) -> set[str]:
        text = (ROOT / "templates" / name).read_text("utf-8")
        plain = re.sub(r"/\*.*?\*/|url\([^)]*\)", "", text, flags=re.DOTALL)
        return set(re.findall(r"\.([a-zA-Z][\w-]*)", plain))

    used = {
        name
        for path in pages(site)
        for names in re.findall(r'class="([^"]*)"', path.read_text("utf-8"))
        for name in names.split()
    }
    missing = used & styled("print.css") - styled("screen.css") - set(PAPER_ALONE.split())
    assert {name for name in missing if not name.startswith("w-")} == set()


def test_the_policy_stops_what_is_not_from_the_folder(browser: Browser, site: Path) -> None:
    browser.open(site / "trainer" / "index.html")
    assert browser.run("""
        return await page.evaluate(async () => {
          const stopped = [];
          document.addEventListener("securitypolicyviolation", (violation) => {
            stopped.push(violation.effectiveDirective);
          });
          const script = document.createElement("script");
          script.textContent = "window.hit = 1";
          document.body.append(script);
          const image = document.createElement("img");
          image.src = "https://example.org/x.png";
          document.body.append(image);
          await fetch("https://example.org/").catch(() => {});
          document.body.setAttribute("style", "display: none");
          await new Promise((done) => setTimeout(done));
          return [window.hit ?? null, getComputedStyle(document.body).display, stopped.sort()];
        })
    """) == [None, "flex", ["connect-src", "img-src", "script-src-elem", "style-src-attr"]]


def test_a_page_alone_has_its_style_and_loads_nothing(browser: Browser, tmp_path: Path) -> None:
    made = binder_sample.compiled()
    page = page_alone(made, Page("agenda.html", "Agenda", agenda.sections(made, "2")))
    (tmp_path / "agenda.html").write_text(page, "utf-8")
    browser.open(tmp_path / "agenda.html")
    asked, said = browser.run("return [seen.asked, seen.said]")
    assert said == []
    files = [address for address in asked if not address.startswith(("about:", "data:"))]
    assert files == [(tmp_path / "agenda.html").as_uri()]
    top = "getComputedStyle(document.querySelector('.top')).backgroundColor"
    assert browser.inside(top) == "rgb(31, 78, 107)"


AXE = """
    const fs = await import("node:fs");
    await page.evaluate(fs.readFileSync(given.axe, "utf8"));
    return await page.evaluate(async (only) => {
      const options = { preload: false, resultTypes: ["violations"], ...only };
      const found = await axe.run(document, options);
      return found.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))]);
    }, given.only);
"""


def test_axe_finds_nothing_on_any_kind_of_page_in_light_and_dark(
    browser: Browser, sample: Path
) -> None:
    axe = str(package("axe-core") / "axe.min.js")
    # What depends on colors alone is asked again in the dark.
    colors = {"runOnly": ["color-contrast", "link-in-text-block"]}
    for path in pages(sample):
        browser.open(path)
        for scheme, only in (("light", {}), ("dark", colors)):
            browser.run(
                "await page.emulateMedia({ colorScheme: given.scheme });"
                "await page.locator(`html[data-theme=${given.scheme}]`).waitFor();",
                scheme=scheme,
            )
            assert browser.run(AXE, axe=axe, only=only) == [], (scheme, path)
        browser.run("await page.emulateMedia({ colorScheme: 'light' })")


def test_axe_finds_nothing_while_results_and_clock_are_shown(browser: Browser, site: Path) -> None:
    axe = str(package("axe-core") / "axe.min.js")
    browser.open(site / "trainer" / "present" / "m4.html")
    browser.run("await page.click('#go-run'); await page.click('#go-on');")
    search(browser, "contact")
    assert browser.run(AXE, axe=axe, only={}) == []


def nu(*paths: Path) -> list[dict[str, Any]]:
    """What the Nu checker finds wrong."""
    jar = package("vnu-jar") / "build" / "dist" / "vnu.jar"
    java = [command("java", "default-jre-headless"), "-Xss2m", "-jar", str(jar)]
    options = ["--errors-only", "--format", "json", "--stdout", "--exit-zero-always"]
    ended = subprocess.run([*java, *options, *map(str, paths)], capture_output=True, check=True)
    found: list[dict[str, Any]] = json.loads(ended.stdout)["messages"]
    return found


def test_the_nu_checker_finds_no_error_on_any_kind_of_page(sample: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.html"
    wrong.write_text("<!doctype html><html lang=en><title>x</title><p id=a><p id=a>")
    found = nu(wrong, *pages(sample))
    assert {each["url"].rpartition("/")[2] for each in found} == {"wrong.html"}


def test_a_draft_says_so_on_every_page(sample: Path, site: Path) -> None:
    assert all('class="draft-banner"' in path.read_text("utf-8") for path in pages(sample))
    assert not any('class="draft-banner"' in path.read_text("utf-8") for path in pages(site))


def test_without_script_pages_read_well(browser: Browser, site: Path) -> None:
    shown = browser.run(
        """
        const context = await browser.newContext({ javaScriptEnabled: false, offline: true });
        const plain = await context.newPage();
        const shown = {};
        for (const [name, address] of Object.entries(given.addresses)) {
          await plain.goto(address);
          shown[name] = {};
          for (const what of ["#search", "#theme", ".side a", "#filters", "#clock", "#controls"]) {
            shown[name][what] = await plain.locator(what).first().isVisible();
          }
          shown[name].slots = await plain.locator(".slot:visible").count();
          shown[name].rows = await plain.locator("#matrix tbody tr:visible").count();
        }
        await context.close();
        return shown;
        """,
        addresses={
            "room": (site / "trainer" / "present" / "m4.html").as_uri(),
            "matrix": (site / "audit" / "coverage.html").as_uri(),
        },
    )
    assert shown["room"]["slots"] == 4
    assert shown["matrix"]["rows"] == 31
    assert shown["matrix"][".side a"]
    hidden = ("#search", "#theme", "#filters", "#clock", "#controls")
    assert not any(page[what] for page in shown.values() for what in hidden)


# ── finding one's way ────────────────────────────────────────────────────────────────


def test_navigation_marks_the_page_and_leads_on_and_back(browser: Browser, site: Path) -> None:
    browser.open(site / "trainer" / "modules" / "m4.html")
    marked = "document.querySelector('.side [aria-current]').textContent.trim()"
    assert browser.inside(marked) == "4 Customer contact"
    browser.run("await page.click('.around .after'); await page.waitForURL('**/m5.html')")
    assert browser.inside(marked).startswith("5 ")
    browser.run("await page.click('.around .before'); await page.waitForURL('**/m4.html')")
    browser.run("await page.click('.also a'); await page.waitForURL('**/present/m4.html')")
    assert browser.inside("document.title").startswith("4 Customer contact – Trainer binder")


def test_the_first_tab_skips_to_the_content(browser: Browser, site: Path) -> None:
    browser.open(site / "trainee" / "index.html")
    browser.run("await page.keyboard.press('Tab')")
    assert browser.inside("document.activeElement.className") == "skip"
    browser.run("await page.keyboard.press('Enter')")
    assert browser.inside("document.activeElement.id") == "main"


def test_dark_is_toggled_and_remembered(browser: Browser, site: Path) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    browser.open(site / "trainer" / "index.html")
    assert browser.inside(paper) == "rgb(255, 255, 255)"
    browser.run("await page.click('#theme')")
    assert browser.inside(paper) == "rgb(20, 25, 29)"
    browser.open(site / "trainer" / "agenda.html")
    assert browser.inside(paper) == "rgb(20, 25, 29)"
    assert browser.inside("document.getElementById('theme').ariaPressed") == "true"
    browser.run("await page.emulateMedia({ media: 'print' })")
    assert browser.inside(paper) == "rgb(255, 255, 255)"
    browser.run("await page.emulateMedia({ media: 'screen', colorScheme: 'light' })")
    browser.run("await page.click('#theme')")
    assert browser.inside(paper) == "rgb(255, 255, 255)"


def test_where_nothing_may_be_stored_nothing_is_remembered_and_nothing_breaks(
    browser: Browser, site: Path
) -> None:
    said, theme, state = browser.run(
        """
        const other = await browser.newPage();
        const said = [];
        other.on("pageerror", (fault) => said.push(String(fault)));
        await other.addInitScript(() => {
          for (const name of ["localStorage", "sessionStorage"]) {
            Object.defineProperty(window, name, {
              get() { throw new DOMException("no", "SecurityError"); },
            });
          }
        });
        await other.goto(given.address);
        await other.click("#theme");
        await other.click("#go-run");
        const theme = await other.evaluate("document.documentElement.dataset.theme");
        const state = await other.textContent("#go-run");
        await other.close();
        return [said, theme, state];
        """,
        address=(site / "trainer" / "present" / "m4.html").as_uri(),
    )
    assert (said, theme, state) == ([], "dark", "Pause")


def test_paper_gets_the_text_alone(browser: Browser, site: Path) -> None:
    browser.open(site / "trainer" / "present" / "m4.html")
    browser.run("await page.emulateMedia({ media: 'print' })")
    shown = "[...document.querySelectorAll(given)].filter((e) => e.checkVisibility()).length"
    for what, count in ((".top, .crumbs, .controls, .clock-bar", 0), (".slot", 4)):
        assert browser.inside(shown.replace("given", json.dumps(what))) == count
    browser.run("await page.emulateMedia({ media: 'screen' })")


# ── search ───────────────────────────────────────────────────────────────────────────


def search(browser: Browser, words: str) -> list[tuple[str, str]]:
    """The results for some words: their titles and addresses."""
    found = browser.run(
        """
        await page.keyboard.press("/");
        await page.locator("#search-words:focus").waitFor();
        await page.locator("#search-words").fill(given.words);
        await page.locator("#search-count", { hasText: /result|found/ }).waitFor();
        return await page.evaluate(() => [...document.querySelectorAll("#search-found a")].map(
          (a) => [a.querySelector(".found-title").textContent, a.getAttribute("href")]));
        """,
        words=words,
    )
    return [(title, href) for title, href in found]


def test_search_puts_what_is_called_so_first(
    browser: Browser, site: Path, shipped: Compilation
) -> None:
    assert shipped.curriculum
    card = Numbering(shipped.curriculum).sheets["mat-m4-contact-card"].number
    browser.open(site / "trainer" / "modules" / "m1.html")
    assert search(browser, "k13")[0] == ("k13 Finding needs", "../trace.html#k13")
    assert search(browser, card)[0][1] == "../modules/m4.html#mat-m4-contact-card"
    title, href = search(browser, "appeal")[0]
    assert title == "Appeal"
    assert href == "../program.html#appeal"


def test_search_wants_every_word_and_takes_beginnings_of_words(
    browser: Browser, site: Path
) -> None:
    browser.open(site / "trainer" / "index.html")
    both = search(browser, "privacy records")
    assert both
    assert {*both} <= {*search(browser, "priv rec")}
    index = (site / "trainer" / "site" / "search-index.js").read_text("utf-8")
    passages = json.loads(index.partition("=")[2].rstrip(";\n"))["passages"]
    wanted = [p for p in passages if re.search(r"(?i)\bcounter", p[2] + " " + p[3])]
    search(browser, "counter")
    said = browser.inside("document.getElementById('search-count').textContent")
    assert said.startswith(f"{len(wanted)} results")
    assert search(browser, "ounter") == []
    assert browser.inside("document.getElementById('search-count').textContent") == "Nothing found"


def test_results_are_reached_and_opened_by_keys(browser: Browser, site: Path) -> None:
    browser.open(site / "trainer" / "modules" / "m1.html")
    search(browser, "triads round 1")
    focused = "document.activeElement.getAttribute('href')"
    browser.run("await page.keyboard.press('ArrowDown'); await page.keyboard.press('ArrowDown')")
    second = browser.inside(focused)
    browser.run("await page.keyboard.press('ArrowUp')")
    first = browser.inside(focused)
    assert first != second
    browser.run("await page.keyboard.press('Enter'); await page.waitForURL((url) => url.hash)")
    assert browser.inside("location.href").endswith(first.removeprefix(".."))
    assert browser.inside("!!document.querySelector(':target')")


def test_escape_closes_the_results_and_single_keys_can_be_turned_off(
    browser: Browser, site: Path
) -> None:
    browser.open(site / "trainee" / "index.html")
    assert search(browser, "appeal")
    browser.run("await page.keyboard.press('Escape')")
    assert browser.inside("document.getElementById('search-found').hidden")
    browser.run("await page.click('#keys'); await page.keyboard.press('/')")
    assert browser.inside("document.activeElement.id") == "keys"
    browser.run("await page.click('#keys')")


def test_text_in_results_is_never_taken_for_html(browser: Browser, tmp_path: Path) -> None:
    text = "<img src=x onerror=alert(1)> &lt;b&gt; </script> CANARYsetup"
    content = binder_sample.CONTENT.replace("CANARYsetup", json.dumps(text))
    write(render(binder_sample.compiled(content), HTML), tmp_path)
    browser.open(tmp_path / "trainer" / "index.html")
    assert search(browser, "CANARYsetup onerror")
    assert browser.inside("document.querySelector('#search-found img, #search-found b')") is None
    assert "<img src=x" in browser.inside("document.getElementById('search-found').textContent")
    assert browser.run("return seen.said") == []


# ── the coverage table ───────────────────────────────────────────────────────────────

ROWS = (
    "[...document.querySelectorAll('#matrix tbody tr')].filter((r) => !r.hidden).map((r) => r.id)"
)
COUNT = "document.getElementById('count').textContent"


def test_the_coverage_table_is_filtered_by_gaps_status_module_and_words(
    browser: Browser, site: Path
) -> None:
    browser.open(site / "audit" / "coverage.html")
    every = browser.inside(ROWS)
    assert len(every) == 31
    browser.run("await page.check('#filter-gaps')")
    gaps = browser.inside(ROWS)
    assert 0 < len(gaps) < 31
    assert browser.inside(COUNT) == f"{len(gaps)} of 31 KSAs"
    flagged = "[...document.querySelectorAll('#matrix .flag')].map((f) => f.closest('tr').id)"
    assert set(browser.inside(flagged)) <= set(gaps)
    browser.run("await page.selectOption('#filter-module', 'm4')")
    of_module = browser.inside(ROWS)
    assert set(of_module) < set(gaps)
    browser.run("await page.click('#filters [type=reset]')")
    assert browser.inside(ROWS) == every
    browser.run("await page.selectOption('#filter-status', 'entry')")
    entry = browser.inside(ROWS)
    assert set(entry) == set(
        browser.inside("[...document.querySelectorAll('[data-status=entry]')].map((r) => r.id)")
    )
    browser.run("await page.fill('#filter-words, #filter-text', 'writ')")
    assert "k02" in browser.inside(ROWS)
    assert len(browser.inside(ROWS)) < len(entry)


def test_the_coverage_table_is_sorted_by_keys_and_says_so(browser: Browser, site: Path) -> None:
    browser.open(site / "audit" / "coverage.html")
    by_id = browser.inside(ROWS)
    button = "#matrix th[data-sort=required] button"
    browser.run("await page.focus(given.button); await page.keyboard.press('Enter')", button=button)
    levels = (
        "[...document.querySelectorAll('#matrix tbody tr')].map((r) => Number(r.dataset.required))"
    )
    falling = browser.inside(levels)
    assert falling == sorted(falling, reverse=True)
    head = "document.querySelector('th[data-sort=required]').ariaSort"
    assert browser.inside(head) == "descending"
    assert "sorted by required, largest first" in browser.inside(COUNT)
    browser.run("await page.keyboard.press('Enter')")
    assert browser.inside(levels) == sorted(falling)
    browser.run("await page.click('#matrix th[data-sort=order] button')")
    assert browser.inside(ROWS) == by_id


# ── in the room ──────────────────────────────────────────────────────────────────────

ROOM = """
    const room = await browser.newPage({ offline: true, reducedMotion: "reduce" });
    await room.clock.install({ time: new Date(2026, 10, 30, 9, 0) });
    await room.goto(given.address);
    await room.clock.pauseAt(new Date(2026, 10, 30, 9, 0, 30)); // from here on time is ours
    const text = (selector) => room.textContent(selector);
    const watch = async (name) => ({
      left: await text(`#watch-${name} .watch-left`),
      state: await text(`#watch-${name} .watch-state`),
      gone: await text(`#watch-${name} .watch-gone`),
      kind: await room.getAttribute(`#watch-${name}`, "data-state"),
    });
    const slot = () => room.locator(".slot:visible").getAttribute("id");
    const step = () => room.evaluate(() => {
      const steps = [...document.querySelectorAll(".slot:not([hidden]) .at-step")];
      return steps.findIndex((each) => each.ariaCurrent === "step") + 1;
    });
"""


def in_room(browser: Browser, site: Path, code: str, anchor: str = "") -> Any:
    address = (site / "trainer" / "present" / "m4.html").as_uri() + anchor
    return browser.run(ROOM + code, address=address)


def test_the_clock_runs_pauses_and_is_set_back(browser: Browser, site: Path) -> None:
    seen = in_room(
        browser,
        site,
        """
        const told = { before: await watch("activity") };
        await room.click("#go-run");
        await room.clock.runFor("01:05");
        told.running = await watch("activity");
        told.step = await watch("step");
        told.ends = await text("#plan-now");
        told.heads = await room.locator(".watch-head").allTextContents();
        await room.click("#go-run");
        await room.clock.runFor("10:00");
        told.paused = await watch("activity");
        told.button = await text("#go-run");
        await room.click("#go-reset");
        told.reset = await watch("activity");
        return told;
        """,
    )
    assert seen["before"] == {
        "left": "30:00",
        "state": "● on time",
        "gone": "0:00 gone of 30 min",
        "kind": "fine",
    }
    assert (seen["running"]["left"], seen["step"]["left"]) == ("28:55", "0:55")
    assert seen["heads"] == ["Activity 4.1", "Step 1 of 7"]
    assert seen["ends"] == "Now 9:01, ends 9:30 at this pace"
    assert (seen["paused"]["left"], seen["button"]) == ("28:55", "Go on")
    assert seen["reset"] == seen["before"]


def test_little_time_and_none_are_told_by_word_shape_and_color(
    browser: Browser, site: Path
) -> None:
    states = in_room(
        browser,
        site,
        """
        await room.click("#go-run");
        const states = [];
        for (const time of ["23:59", "00:02", "06:00"]) {
          await room.clock.runFor(time);
          const now = await watch("activity");
          const color = await room.locator("#watch-activity").evaluate(
            (box) => getComputedStyle(box).borderColor);
          states.push([now.state, now.left, color, await text("#said")]);
        }
        return states;
        """,
    )
    (fine, short, over) = states
    assert fine[:2] == ["● on time", "6:01"]
    assert short[:2] == ["▲ 20 % left", "5:59"]
    assert over[:2] == ["■ over", "+0:01"]
    assert len({each[2] for each in states}) == 3
    assert short[3] == "Activity: 20 % left"
    assert over[3] == "Activity: over"


def test_keys_go_from_step_to_step_and_from_activity_to_activity(
    browser: Browser, site: Path
) -> None:
    seen = in_room(
        browser,
        site,
        """
        const told = [];
        const keys = ["ArrowRight", "PageDown", "ArrowLeft"];
        for (const key of [...keys, "Shift+ArrowRight", "ArrowLeft", "Shift+ArrowLeft"]) {
          await room.keyboard.press(key);
          told.push([await slot(), await step()]);
        }
        await room.keyboard.press("Space");
        told.push(await text("#go-run"));
        const shown = await room.locator(".slot:visible").count();
        return [told, shown, await room.evaluate("location.hash")];
        """,
    )
    states, shown, anchor = seen
    assert states[:3] == [["m4-model", 2], ["m4-model", 3], ["m4-model", 2]]
    assert states[3] == ["m4-tools", 1]
    assert states[4][0] == "m4-model"
    assert states[4][1] > 3
    assert states[6] == "Pause"
    assert shown == 1
    assert anchor == "#m4-model"


def test_the_clock_outlives_a_reload_and_an_address_opens_its_activity(
    browser: Browser, site: Path
) -> None:
    seen = in_room(
        browser,
        site,
        """
        const opened = await slot();
        await room.click("#go-run");
        await room.clock.runFor("02:00");
        await room.reload();
        return [opened, await slot(), (await watch("activity")).gone, await text("#go-run")];
        """,
        "#m4-tools",
    )
    assert seen[:2] == ["m4-tools", "m4-tools"]
    assert seen[2].startswith("2:00 gone of ")
    assert seen[3] == "Pause"


def test_the_screen_is_filled_and_left_by_a_key_and_what_comes_next_is_told(
    browser: Browser, site: Path
) -> None:
    seen = in_room(
        browser,
        site,
        """
        const told = [await text("#then")];
        for (const filled of [true, false]) {
          await room.keyboard.press("f");
          const button = room.locator(`#go-full[aria-pressed=${filled}]`);
          await button.waitFor();
          told.push([await room.locator(".top").isVisible(), await button.isVisible()]);
        }
        await room.keyboard.press("Shift+ArrowRight");
        return [...told, await text("#then")];
        """,
    )
    assert seen[0].startswith("Then 4.2 ")
    assert seen[1:3] == [[False, True], [True, True]]
    assert seen[3].startswith("Then 4.3 ")


# ── the trace ────────────────────────────────────────────────────────────────────────


def traced(page: Path) -> dict[str, dict[str, set[str]]]:
    """Each entry of a trace with the entries that each of its two directions leads to."""
    entries = re.findall(
        r'<article class="traced" id="([^"]+)">(.*?)</article>', page.read_text("utf-8"), re.DOTALL
    )
    ways = re.compile(r"<dt>(.*?)</dt>(.*?)</div>", re.DOTALL)
    return {
        name: {
            head: set(re.findall(r'<a class="ref[ id]*" href="#([^"]+)"', body))
            for head, body in ways.findall(text)
        }
        for name, text in entries
    }


@pytest.mark.parametrize("reader", ["trainer", "assessor", "audit", "trainee"])
def test_what_serves_something_is_served_by_it_and_every_entry_is_there(
    site: Path, shipped: Compilation, reader: str
) -> None:
    found = traced(site / reader / "trace.html")
    for name, ways in found.items():
        for other in ways.get("Serves", ()):
            assert name in found[other]["Is served by"], (name, other)
    assert shipped.curriculum
    held = HELD.split()
    assert set(held) <= found.keys()
    if reader != "trainee":
        every = shipped.curriculum
        assert {*every.ksas, *every.objectives, *every.activities, *every.instruments} == {*found}
        for objective in every.objectives.values():
            served = found[objective.id]["Serves"]
            assert {link.ksa for link in objective.ksas} <= served


def test_ids_that_pages_show_lead_to_the_trace(site: Path) -> None:
    guide = (site / "trainer" / "modules" / "m4.html").read_text("utf-8")
    assert '<a class="ref id" href="../trace.html#o4-1">o4-1</a>' in guide
    assert '<a class="ref" href="../trace.html#k13">k13</a>' in guide
    clock = (site / "trainer" / "agenda.html").read_text("utf-8")
    assert '<a class="ref id" href="trace.html#o4-1">o4-1</a>' in clock
    assert '<a class="ref" href="modules/m4.html#plan_m4-model">4.1</a>' in clock
    matrix = (site / "audit" / "matrix.html").read_text("utf-8")
    assert '<a class="ref" href="trace.html#m4-model">4.1</a>' in matrix
    assert '<a class="ref" href="trace.html#k13">k13</a>' in matrix


# ── pages as text ────────────────────────────────────────────────────────────────────


def test_a_heading_that_opens_something_with_an_id_is_found_by_that() -> None:
    made = outline('<div id="a1"><h3>Try it</h3>now</div><h2>Try it</h2><h2>Try it</h2>')
    assert [h.anchor for h in made.headings] == ["a1", "try-it", "try-it-2"]
    assert made.html.startswith('<div id="a1"><h3>')
    assert ("a1", "Try it", "now") in made.passages


def test_rows_with_ids_are_passages_and_the_text_around_them_goes_on() -> None:
    made = outline(
        '<h2 id="h">All</h2>before <table><tr id="k1"><th>k1</th><td>one&amp;two</td></tr>'
        "<tr><td>plain</td></tr></table> after"
    )
    assert [tuple(p) for p in made.passages] == [
        ("h", "All", "before plain after"),
        ("k1", "k1", "k1 one&two"),
    ]


def test_no_links_are_made_in_headings_links_and_pictures() -> None:
    html = '<h2>k1</h2><a href="#x">k1</a><svg><text>k1</text></svg><p title="k1">k1-x, k1.</p>'
    made = with_links(html, "a.html", {"k1": "t.html#k1"}, {})
    assert made == html.replace("k1.</p>", '<a class="ref" href="t.html#k1">k1</a>.</p>')
