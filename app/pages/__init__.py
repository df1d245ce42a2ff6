"""One file a page: controls, call, scene."""
