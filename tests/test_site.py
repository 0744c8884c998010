"""The built site: its addresses, its links, and what it must never contain."""

import gzip
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from mlp_exercise.handout.notebook import as_text, student
from mlp_exercise.handout.source import load
from mlp_exercise.submission.mark import EXERCISES as MARKED
from mlp_reference.drawing import COLOURS, DARK
from mlp_reference.manual import solve
from mlp_reference.worked_example import EXERCISE, LESSON

LESSONS = (
    "00_gradient_descent",
    "01_pen_and_paper",
    "02_numpy_gradient",
    "03_pytorch_regression",
    "04_autograd",
    "05_classification",
    "06_data_parallel",
)
EXERCISES = {
    "ex1_01_pen_and_paper": 12,
    "ex1_02_numpy_gradient": 6,
    "ex1_03_pytorch_regression": 5,
}
"""The number of answers of each exercise."""
PAGES = (
    "notation",
    "mistakes",
    "glossary",
    "references",
    "run_it_yourself",
    "instructors",
    "fair_and_safe",
    "api/index",
)


def lessons_and_exercises() -> list[str]:
    lessons = [f"tutorials/{lesson}" for lesson in LESSONS]
    return lessons + [f"exercises/{exercise}" for exercise in EXERCISES]


def pages(site: Path) -> list[Path]:
    """Return the pages of the site, without those that are shown within one."""
    return sorted(set(site.rglob("*.html")) - set(site.glob("_static/**/*.html")))


@cache  # many tests read every page
def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text("utf-8"), "html.parser")


def attribute(tag: Tag, name: str) -> str:
    return str(tag[name])


@pytest.mark.parametrize(
    "address",
    [
        "index.html",
        *(f"{page}.html" for page in PAGES),
        *(f"tutorials/{lesson}.html" for lesson in LESSONS),
        *(f"exercises/{exercise}.html" for exercise in EXERCISES),
        *(f"downloads/{name}.ipynb" for name in (*LESSONS, *EXERCISES)),
    ],
)
def test_every_address_of_the_contract_is_there(site: Path, address: str) -> None:
    assert (site / address).is_file()


def test_exactly_one_wheel_is_served_under_the_name_of_its_version(site: Path) -> None:
    from mlp_reference import __version__

    wheels = [path.name for path in (site / "downloads").glob("*.whl")]
    assert wheels == [f"mlp_reference-{__version__}-py3-none-any.whl"]


def test_a_page_ends_with_the_licences_that_the_readme_names(site: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    for page in pages(site):
        links = [
            attribute(tag, "href") for tag in soup(page).select("footer [rel=license]")
        ]
        assert [urlsplit(link).netloc for link in links] == [
            "creativecommons.org",
            "opensource.org",
        ], page
        text = " ".join(soup(page).select_one("footer .licences").get_text().split())  # type: ignore[union-attr]  # it has links
        assert text == "Texts and figures: CC BY 4.0. Code: BSD-3-Clause."
    assert "CC BY 4.0" in readme
    assert "BSD-3-Clause" in readme


def test_no_link_within_the_site_is_broken(site: Path) -> None:
    ids = {
        page: {tag["id"] for tag in soup(page).select("[id]")} for page in pages(site)
    }
    broken = []
    for page in pages(site):
        for tag in soup(page).select("a[href], link[href], img[src], script[src]"):
            target = attribute(tag, "href" if tag.has_attr("href") else "src")
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            here = site if parts.path.startswith("/") else page.parent
            inside = unquote(parts.path).lstrip("/")
            path = (here / inside).resolve() if parts.path else page
            # A fragment with a "=" is a state of an interactive part, not an anchor.
            state = "=" in parts.fragment
            anchored = path.suffix == ".html" and parts.fragment and not state
            if not path.is_file():
                broken.append(f"{page.relative_to(site)} -> {target}")
            elif anchored and unquote(parts.fragment) not in ids[path]:
                broken.append(f"{page.relative_to(site)} -> {target} (no such anchor)")
    assert broken == []


def test_a_page_loads_nothing_from_another_host(site: Path) -> None:
    foreign = []
    for page in pages(site):
        for tag in soup(page).select(
            "link[href], img[src], script[src], iframe, source"
        ):
            target = attribute(tag, "href" if tag.has_attr("href") else "src")
            if urlsplit(target).netloc:
                foreign.append(f"{page.relative_to(site)}: {target}")
    for sheet in site.rglob("*.css"):
        foreign += re.findall(
            r"url\([\"']?(?:https?:)?//[^)]+\)", sheet.read_text("utf-8")
        )
    assert foreign == []


def test_whole_pages_are_shown_in_frames_as_the_command_wrote_them(site: Path) -> None:
    frames = soup(site / "instructors.html").select("article iframe")
    titles = []
    for frame in frames:
        file = site / attribute(frame, "src")
        text = file.read_text("utf-8")
        assert text.startswith("<!DOCTYPE html>")
        assert "default-src 'none'" in text
        assert "<script" not in text
        assert len(attribute(frame, "title")) > 10
        below = frame.find_next("a")
        assert isinstance(below, Tag)
        assert below["href"] == frame["src"], "it can be opened whole"
        titles.append(soup(file).title)
    assert len({str(title) for title in titles}) == 2
    shown = site.glob("_static/**/*.html")
    assert {file.name for file in shown} == {"class.html", "feedback.html"}


def test_lessons_go_by_number_in_their_titles_and_in_the_sidebar(site: Path) -> None:
    for number, lesson in enumerate(LESSONS):
        page = soup(site / f"tutorials/{lesson}.html")
        assert page.select("h1")[0].get_text().startswith(f"Lesson {number}: ")
        links = [a for a in page.select(".sidebar-tree a") if a.select(".number")]
        numbers = [a.select(".number")[0].get_text() for a in links]
        assert numbers == [str(each) for each in range(len(LESSONS))]
        assert "Lesson" not in " ".join(a.get_text() for a in links)
        assert re.fullmatch(
            r"\d+ minutes to read", page.select(".minutes")[0].get_text()
        )


def test_a_card_shows_what_its_page_has_computed(site: Path) -> None:
    page = soup(site / "tutorials/01_pen_and_paper.html")
    cards = [card.get_text() for card in page.select(".card")]
    for value in (solve(LESSON).dL_dy[0], solve(LESSON).loss):
        assert any(text.endswith(f"={value:.4f}") for text in cards)


def test_formulas_need_no_script(site: Path) -> None:
    for page in pages(site):
        scripts = " ".join(str(tag) for tag in soup(page).find_all("script"))
        assert "mathjax" not in scripts.lower(), page
        assert not re.search(r"\\\(|\\\[", soup(page).get_text()), page
    for name in lessons_and_exercises():
        assert soup(site / f"{name}.html").find("math")


@pytest.mark.parametrize("page", lessons_and_exercises())
def test_a_lesson_or_exercise_offers_its_notebook_right_below_its_title(
    site: Path, page: str
) -> None:
    title = soup(site / f"{page}.html").select_one("article h1")
    assert title is not None
    below = title.find_next_sibling()
    assert isinstance(below, Tag)
    link = below.find("a")
    assert isinstance(link, Tag)
    assert link["href"] == f"../downloads/{page.partition('/')[2]}.ipynb"
    assert link.get_text() == "Download notebook"


def test_every_written_page_has_one_title_and_a_description(site: Path) -> None:
    written = [site / f"{page}.html" for page in ("index", *PAGES)]
    written += [site / f"{page}.html" for page in lessons_and_exercises()]
    written += sorted((site / "api").glob("*.html"))
    for page in written:
        assert len(soup(page).find_all("h1")) == 1, page
        description = soup(page).select_one('meta[name="description"]')
        assert description is not None, page
        assert len(attribute(description, "content")) > 30, page


def test_every_picture_says_what_it_shows(site: Path) -> None:
    drawn = [
        p for page in pages(site) for p in soup(page).select("article svg.picture")
    ]
    assert len(drawn) >= 19
    for picture in drawn:
        assert picture["role"] == "img"
        assert len(attribute(picture, "aria-label")) > 40, picture
        assert not picture.find("title"), "it would pop up"
    for page in pages(site):
        for image in soup(page).select("article img:not(.toggler)"):
            assert len(attribute(image, "alt")) > 40, image


def test_every_picture_follows_the_theme(site: Path) -> None:
    for page in pages(site):
        content = soup(page)
        style = " ".join(tag.get_text() for tag in content("style"))
        for picture in content.select("svg.picture"):
            assert not re.search(r"#[0-9a-fA-F]{6}\b|font-family", str(picture)), page
            for name in re.findall(r"var\(--figure-(\w+)\)", str(picture)):
                assert f"--figure-{name}: {COLOURS[name]};" in style, page
                assert f"--figure-{name}: {DARK[name]};" in style, page
    assert not (site / "_images").exists(), "pictures are part of their pages"


def test_the_font_of_formulas_has_every_character(site: Path) -> None:
    listed = (site / "_static/fonts/characters.txt").read_text("utf-8").split()
    ends = [part.removeprefix("U+").partition("-")[::2] for part in listed]
    held = {
        chr(code)
        for first, last in ends
        for code in range(int(first, 16), int(last or first, 16) + 1)
    }
    formulas = [formula for page in pages(site) for formula in soup(page)("math")]
    assert (
        set("".join(formula.get_text() for formula in formulas)) - held - {"\n"}
        == set()
    )


def test_what_furo_and_myst_nb_lack_is_put_in_their_place(site: Path) -> None:
    for page in pages(site):
        text = page.read_text("utf-8")
        assert text.count('<aside aria-label="') == text.count("<aside"), page
        assert text.count('<nav aria-label="Top">') == 1, page
        assert text.count("<nav") == text.count("</nav>"), page
        assert "<summary aria-label" not in text, page
        assert text.count('role="heading"') == text.count('role="heading" aria-level')


def test_no_id_stands_twice_on_a_page_and_a_picture_refers_to_itself(
    site: Path,
) -> None:
    for page in pages(site):
        content = soup(page)
        ids = Counter(attribute(tag, "id") for tag in content.select("[id]"))
        assert {name for name, times in ids.items() if times > 1} == set(), page
        for picture in content.select("svg.picture"):
            own = {attribute(tag, "id") for tag in picture.select("[id]")}
            assert set(re.findall(r"#([^\")]+)", str(picture))) == own, page


def test_the_figures_of_the_course_are_drawn(site: Path) -> None:
    names = {
        tag["id"]
        for lesson in LESSONS
        for tag in soup(site / f"tutorials/{lesson}.html")("figure")
    }
    assert {
        "fig-graph",
        "fig-one-step",
        "fig-landings",
        "fig-ten-updates",
        "fig-v-curve",
        "fig-tanh",
        "fig-gradient-flow",
        "fig-loss-curves",
        "fig-predictions",
        "fig-learning-rates",
        "fig-initialisation",
        "fig-surface",
    } <= names


def test_shown_code_of_the_package_fits_the_page(site: Path) -> None:
    for lesson in LESSONS:
        for block in soup(site / f"tutorials/{lesson}.html").select(
            ".package-source pre"
        ):
            assert max(map(len, block.get_text().splitlines())) <= 88, block.get_text()


def test_no_cell_shows_an_error_or_a_bare_numpy_scalar(site: Path) -> None:
    for page in (*lessons_and_exercises(), "mistakes"):
        for output in soup(site / f"{page}.html").select(".cell_output"):
            assert not re.search(r"Traceback|Warning:|np\.float", output.get_text()), (
                page
            )


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_notebook_holds_plain_markdown_and_no_output(site: Path, lesson: str) -> None:
    notebook = json.loads((site / f"downloads/{lesson}.ipynb").read_text("utf-8"))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert "myst_nb" not in text
        else:
            assert not re.search(
                r"\{[\w:]+\}`|:::|```\{|^:\w+:|\]\((?!http|\w+\.ipynb\))",
                text,
                re.MULTILINE,
            ), text


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_students_notebook_is_served_without_solutions(
    site: Path, exercise: str
) -> None:
    text = (site / f"downloads/{exercise}.ipynb").read_text("utf-8")
    beside = [path.stem for path in (site / "downloads").glob("*.ipynb")]
    assert text == as_text(student(exercise, EXERCISE, beside=beside))
    given = {cell["id"]: cell["source"] for cell in json.loads(text)["cells"]}
    answers = [cell for cell in load(exercise).cells if "answer" in cell.tags]
    assert len(answers) == EXERCISES[exercise]
    for cell in answers:
        parts = re.split(r"### (?:BEGIN|END) SOLUTION\n?", cell.text)[1::2]
        solution = {line for part in parts for line in part.strip("\n").split("\n")}
        assert solution
        assert solution & {line.strip("\n") for line in given[cell.grade_id]} <= {""}


def stubs_of(page: BeautifulSoup) -> list[Tag]:
    blocks = page.select("article .highlight pre")
    return [b for b in blocks if "raise NotImplementedError()" in b.get_text()]


def test_beside_the_worksheet_stubs_are_folded_and_no_verdict_is_given_away(
    site: Path,
) -> None:
    page = soup(site / "exercises/ex1_01_pen_and_paper.html")
    stubs = stubs_of(page)
    answers = page.select("article .answer")
    assert len(stubs) == len(answers) == EXERCISES["ex1_01_pen_and_paper"]
    for stub, answer in zip(stubs, answers, strict=True):
        fold = answer.find_next_sibling("details")
        assert fold is not None
        assert fold in stub.parents
        solution = fold.find_next_sibling("div")
        assert solution is not None
        assert "Show a solution" in solution.get_text()
    assert page.select("article .cell_output") == []
    assert len(page.select("article details.hint")) >= 3


@pytest.mark.parametrize("exercise", [*EXERCISES][1:])
def test_the_page_of_an_exercise_holds_stubs_and_computed_verdicts(
    site: Path, exercise: str
) -> None:
    page = soup(site / f"exercises/{exercise}.html")
    folded = page.select("article details.above-input")
    assert len(stubs_of(page)) == len(folded) == EXERCISES[exercise]
    verdicts = []
    for solution in folded:
        assert "Show a solution" in solution.get_text()
        for output in solution.select(".cell_output"):
            verdicts += re.findall(r"^\w+: (.+)$", output.get_text(), re.MULTILINE)
    steps = {part.name: part.steps for part in MARKED}[exercise]
    assert len(verdicts) == len(steps)
    assert {verdict.partition(",")[0] for verdict in verdicts} == {"correct"}
    points = next(part.max_points for part in MARKED if part.name == exercise)
    report = page.select(".cell_output")[-1].get_text()
    assert f"{points:.1f} of {points:.1f} points" in report
    assert len(page.select("article details.hint")) >= 3


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_page_of_an_exercise_is_light(site: Path, exercise: str) -> None:
    path = site / f"exercises/{exercise}.html"
    page = soup(path)
    targets = [attribute(t, "src") for t in page.select("img[src], script[src]")]
    sheets = page.select('link[rel="stylesheet"]')
    targets += [attribute(sheet, "href") for sheet in sheets]
    files = [path, *((path.parent / urlsplit(t).path).resolve() for t in targets)]
    files += [*site.glob("_static/fonts/*.woff2")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 150_000
    assert len(files) <= 25


def test_the_home_page_leads_to_the_exercise(site: Path) -> None:
    links = soup(site / "index.html").select("article a[href]")
    assert "exercises/ex1_01_pen_and_paper.html" in [
        attribute(a, "href") for a in links
    ]


def test_three_ways_on_the_home_page_print_the_same_numbers(site: Path) -> None:
    (row,) = soup(site / "index.html").select(".side-by-side")
    columns = row.select(".beside")
    names = [attribute(column.select("p a")[0], "href") for column in columns]
    assert names == [f"tutorials/{lesson}.html" for lesson in LESSONS[1:4]]
    printed = [column.select_one(".cell_output") for column in columns]
    texts = {output.get_text() for output in printed if output}
    assert len(texts) == 1
    rows = [[f"{value:.6f}" for value in row] for row in solve(LESSON).dL_dw1]
    assert [line.split() for line in texts.pop().split("\n") if line.strip()] == rows


def test_code_on_the_home_page_needs_no_scrolling_on_a_phone(site: Path) -> None:
    for block in soup(site / "index.html").select(".beside .cell_input pre"):
        assert max(map(len, block.get_text().splitlines())) <= 42


def test_the_three_versions_agree_on_the_page_too(site: Path) -> None:
    outputs = soup(site / "tutorials/03_pytorch_regression.html").select(".cell_output")
    text = "\n".join(output.get_text() for output in outputs)
    bounds = dict(re.findall(r"^(.+?) +below (1e-\d+)$", text, flags=re.MULTILINE))
    assert len(bounds) == 5
    assert float(bounds.pop("first batch, gradients")) <= 1e-14
    assert max(map(float, bounds.values())) <= 1e-12


@pytest.mark.parametrize(
    ("lesson", "extras"),
    list(
        zip(
            LESSONS,
            (*["plot"] * 3, *["plot,torch"] * 2, "plot,torch,data", "plot,torch"),
            strict=True,
        )
    ),
)
def test_a_notebook_installs_only_what_it_needs(
    site: Path, lesson: str, extras: str
) -> None:
    notebook = json.loads((site / f"downloads/{lesson}.ipynb").read_text("utf-8"))
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert f'(wheel, "{extras}"' in "".join(first["source"])
