"""The builders of scenes, one a file: a run or a study in, a ``Scene`` out. No renderer is in them."""
