"""The script of the app, in a folder without ``pages`` beside it.

Streamlit takes a folder of that name beside its script for pages of its own making, each a script, and until the first
session has told it otherwise it answers a deep link with "page not found".
"""
