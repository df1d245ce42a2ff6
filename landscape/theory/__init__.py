"""Closed forms to hold the measurements against: one topic a module, each with its derivation."""
