"""A user's own table: bytes to text to cells to columns, with a record of what was decided on the way."""
