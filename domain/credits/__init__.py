"""The life of a credit: its end, its ledger, and holds (sections 3 and 6 of the rule book)."""
