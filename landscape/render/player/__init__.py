"""The player that shows a scene in a page: its scripts, its data, and the page that plays alone."""
