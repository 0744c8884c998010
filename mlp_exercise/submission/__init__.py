"""One notebook that was handed in: read without trusting it, run behind a fence, marked.

`notebook` takes a file apart, `python` makes Python of a cell or says why it is none, `read` finds
the answers that need no execution. `mark` has the rest run (`run`), in a fork of a warm `process`
that becomes a `child` behind a `fence` and the walls of the `kernel`, with stand-ins for what
`editors` bring; `troubles` are what goes wrong there.
"""

__all__ = ()  # the command is what is used; how it marks is nobody's to import
