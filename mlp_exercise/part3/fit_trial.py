"""The trial of the training loop: it gets a model, a loss, an optimizer and batches of ours."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from mlp_exercise.observations import MISSING, Seen, look, problem
from mlp_exercise.part3.events import HOLDS_GRAPH
from mlp_exercise.part3.material import EPOCHS
from mlp_exercise.part3.recorders import (
    Diary,
    RecordingLoader,
    RecordingLoss,
    RecordingModel,
    RecordingSGD,
)


def try_fit(namespace: dict[str, Any]) -> dict[str, Seen]:
    """Run the loop.

    Parameters
    ----------
    namespace : dict
        The notebook's variables.

    Returns
    -------
    dict of str to Seen
        What it returned, what happened meanwhile, its batches one below the other with the
        number of rows of each, and the parameters at the end.
    """
    if namespace.get("fit") is None:
        return {"": MISSING}
    diary = Diary()
    model = RecordingModel(diary)
    optimizer = RecordingSGD(model, diary)
    loader = RecordingLoader(diary)
    try:
        losses = namespace["fit"](
            model, RecordingLoss(diary), optimizer, loader, EPOCHS
        )
        returned = _losses(losses)
    except (Exception, SystemExit) as error:
        returned = problem(error)
    rows = [len(batch) for batch in diary.batches]
    return {
        "returned": returned,
        "events": look(np.array(diary.events, dtype=int)),
        "batches": look(torch.cat(diary.batches) if rows else np.empty((0, 2))),
        "rows": look(np.array(rows, dtype=int)),
        "parameters": look(nn.utils.parameters_to_vector(model.parameters())),
    }


def _losses(returned: object) -> Seen:
    """Look at a list as well: it is what is asked for."""
    if not isinstance(returned, Sequence) or isinstance(returned, str):
        return look(returned)
    items = [look(item) for item in returned[:1000]]
    if any(item.kind != "numbers" or item.array.size != 1 for item in items):
        return Seen("other", f"{type(returned).__name__} with more than numbers in it")
    record = any(isinstance(i, torch.Tensor) and i.requires_grad for i in returned)
    values = np.array([item.array.item() for item in items])
    return Seen("numbers", HOLDS_GRAPH if record else "", values)
