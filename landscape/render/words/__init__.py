"""A scene in words and numbers: captions, tables, scripts."""
