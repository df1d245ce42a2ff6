"""The pen for films: MP4 and GIF."""
