"""The clauses of a message: what each one is, from an order to a wish, and in which language."""
