"""The class on one page: `class_page` puts together `class_results` and whom to pay `attention`.

`counts` adds up what `charts` and `page_tables` show.
"""
