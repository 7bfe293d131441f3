"""Thousands of files: a ledger of what is done, workers that may die, the same results as one by one."""
