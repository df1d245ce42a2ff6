"""What the sidebar asks, one file a question, with widgets made from the fields of what is asked about."""
