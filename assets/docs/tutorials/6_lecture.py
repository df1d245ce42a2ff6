# %% [markdown]
# # To the lecture: films, slides, a deck, a site
#
# What a scene shows goes into files by the ending of their names, each written whole or not at all.

# %%
from pathlib import Path
from tempfile import mkdtemp

import landscape as ls
from landscape import lecture
from landscape.render import FORMATS

folder = Path(mkdtemp(prefix="landscape-"))


def kilobytes(path: Path) -> str:
    return f"{path.name}: {path.stat().st_size / 1000:,.0f} kB"


# %%
optimizers = (ls.Momentum(learning_rate=0.002), ls.Adam(learning_rate=0.05))
experiment = ls.Experiment("himmelblau", optimizers, starts=[(0.0, -4.5), (-0.5, 4.5)], n_steps=200)
scene = experiment.run().scene()
scene

# %% [markdown]
# ## One picture, every format

# %%
for ending, made in FORMATS.items():
    print(f".{ending}: {made.title}")

# %% [markdown]
# For print, and for the projector: a film that starts by itself and repeats, with its still for the printer, on a slide
# for PowerPoint.

# %%
saved = scene.save(folder / "figure.pdf", theme="print")
scene.save(folder / "film.gif", size=(480, 270), seconds=2, fps=10)
scene.save(folder / "slide.pptx", seconds=2, fps=10)
scene.save(folder / "live.html")
for path in sorted(folder.iterdir()):
    print(kilobytes(path))

# %% [markdown]
# The caption says what was run, so that nobody has to type it:

# %%
print(saved.caption.text())

# %% [markdown]
# And the recipe runs by itself, in a script of its own:

# %%
scene.save(folder / "again.py")
print((folder / "again.py").read_text(encoding="utf-8"))

# %% [markdown]
# ## Slides in order
#
# A slide has a title, points, notes for the lecturer, and a picture: a run, a claim that is measured anew, or any
# figure of the app.

# %%
talk = lecture.Lecture(
    "Saddles, in two slides",
    (
        lecture.Slide(
            "Two paths, two minima",
            points=("Same steps, same starts",),
            notes="Ask first where they will end.",
            experiment=experiment,
        ),
        lecture.Slide("How long does a saddle hold?", claim="escape"),
    ),
)
for name in ("deck.html", "handout.pdf", "talk.json"):
    print(kilobytes(lecture.save(talk, folder / name)))

# %% [markdown]
# The deck needs no network: players, words and notes are in one file. The JSON is the recipe, from which the lecture
# comes back.

# %%
again = lecture.Lecture.from_json((folder / "talk.json").read_text(encoding="utf-8"))
assert again == talk

# %% [markdown]
# ## A site
#
# `landscape site public talk.json` writes this lecture, every surface with its lesson and every claim into a folder
# that needs no server: the gallery beside these pages is made so. `landscape lecture talk.json -o deck.html` makes the
# deck from the command line, `landscape app` opens the page in which lectures are put together by hand.
