"""Notebooks of Part 3 as learners may hand them in."""

from mlp_exercise import part3
from tests.mlp_exercise.solutions import Notebook

NOTEBOOK = Notebook(
    "ex1_03_pytorch_regression",
    part3,
    (  # settings that get below the threshold in less time than those of the solution
        ("SGD(model.parameters(), lr=0.05)", "Adam(model.parameters(), lr=0.03)"),
        ("epochs = 300", "epochs = 30"),
    ),
)
executed, observed, sources = NOTEBOOK.executed, NOTEBOOK.observed, NOTEBOOK.sources
by_step, marked, table = NOTEBOOK.by_step, NOTEBOOK.marked, NOTEBOOK.table
