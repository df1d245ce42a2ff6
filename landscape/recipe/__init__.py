"""What a run depends on, as data: a recipe, the rules that make its starts, and its three ways to be written."""
