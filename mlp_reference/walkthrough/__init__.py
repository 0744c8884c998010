"""The worked example told step by step: what each quantity is, and how each element comes about.

`quantities` has the sixteen quantities and the names of their elements, `workings` a line of
arithmetic for each element, `chains` each gradient as a product of local gradients.
All is text with names in braces; `workings.fill` puts numbers in.
"""
