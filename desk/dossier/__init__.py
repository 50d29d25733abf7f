"""The dossier: a whole partnership in one file, as far as its reader may see it.

`contents.SECTIONS` says what is in it; `pdf` and `archive` both go through that one table.
"""
