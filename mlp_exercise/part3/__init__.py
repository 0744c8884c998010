"""Part 3: a regression in PyTorch, from the model to its validation error.

`steps` lists the four answers, `material` has the data and the settings of the trials.
`trials` puts together what is tried out (`model_trial`, `settings_trial`, `fit_trial`,
`validation_trial`): all of it in PyTorch, behind `keeping`, which leaves everything as it was;
`recorders` are a model, a loss, an optimizer and a loader that tell what a loop does with them.
`marking` judges what was seen, with NumPy alone: `model_findings`, `settings_findings`,
`fit_findings` with its `replay`, and `validation_findings`. `checks` answers inside a notebook.
"""
