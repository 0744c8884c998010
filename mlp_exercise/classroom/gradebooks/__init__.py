"""Points go into the course's own sheets: `gradebook` fills in a `sheet`, and nothing else changes.

`layouts` knows what stands where, `wishes` which columns are asked for, `columns` what goes in,
`matching` whose row is whose, `participants` how Moodle numbers people, and `roster` who is in the
class.
"""
