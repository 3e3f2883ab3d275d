"""One file a noun: how it is shown, and who may see what of it.

Nouns refer to one another in circles, as a graph does: what would close a circle is imported where it is used.
"""
