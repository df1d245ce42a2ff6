"""The pen for paper: Matplotlib figures."""
