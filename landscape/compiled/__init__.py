"""The compiled loop: the same surfaces and update rules as machine code, kept on disk between runs."""
