"""One file a noun: how it is shown, and who may see what of it."""
