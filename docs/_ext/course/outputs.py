"""Look at what the cells printed and drew before readers do."""

from nbformat import NotebookNode

from course.sources import Page

PICTURES = ("image/svg+xml", "image/png")


def problems(page: Page, executed: NotebookNode) -> list[str]:
    """List what a reader should not get to see, each with its lesson and cell.

    Parameters
    ----------
    page : Page
        Where the cells stand.
    executed : NotebookNode
        The same cells with their outputs.

    Returns
    -------
    list of str
        One line a problem: output on stderr, or a picture without alternative text.
    """
    found = []
    for index, cell in enumerate(executed.cells):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                found.append(
                    f"{page.where(index)} writes to stderr: {output.text.strip()}"
                )
            if any(kind in output.get("data", {}) for kind in PICTURES) and not _alt(
                cell
            ):
                found.append(
                    f"{page.where(index)} draws a picture without alternative text: {_HOW}"
                )
    return found


def _alt(cell: NotebookNode) -> str:
    return str(
        cell.metadata.get("mystnb", {}).get("image", {}).get("alt") or ""
    ).strip()


_HOW = "say what it shows in the cell's metadata under mystnb: image: alt"
