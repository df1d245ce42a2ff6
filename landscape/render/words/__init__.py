"""A scene in words and numbers: captions, tables, scripts, and the pack of all files."""
