"""What the documentation needs beside Sphinx."""
