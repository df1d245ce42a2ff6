"""Surfaces and update rules as data, so that a browser computes what Python computes: lists of operations."""
