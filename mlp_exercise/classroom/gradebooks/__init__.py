"""Points go into the course's own sheets: `gradebook` fills in a `sheet`, and nothing else changes.

`layouts` knows what stands where, `columns` what goes in, `matching` whose row is whose, and
`roster` who is in the class.
"""
