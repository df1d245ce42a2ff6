"""How the documentation is built: ``sphinx-build -W assets/docs build/docs``. Nothing in it asks the network."""

import sys
from pathlib import Path

from landscape.version import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "landscape"
copyright = "the authors of landscape, MIT licence"
version = release = __version__
html_title = f"landscape {version}"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    *(f"parts.{name}" for name in ("reference", "players", "formulas", "gallery")),
]
exclude_patterns = ["conf.py", "parts"]

# Tutorials are scripts with cells (``# %%``), which linters and type checkers read too; each build runs them anew.
nb_custom_formats = {".py": ["jupytext.reads", {"fmt": "py:percent"}]}
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "dollarmath", "deflist"]
myst_heading_anchors = 3

autodoc_inherit_docstrings = False
autodoc_type_aliases = {"Array": "Array"}
python_use_unqualified_type_names = True
maximum_signature_line_length = 88
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["docs.css"]
html_show_sphinx = False
html_copy_source = False
html_show_search_summary = False  # it would be fetched, which pages opened from a disk may not
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
