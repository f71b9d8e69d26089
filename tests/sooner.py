"""What lets a lesson run to its end sooner, where other tests look at what is left out.

Each is code for a cell before a lesson's first.
"""

# How small the file of a picture may be is tried for longer than it is drawn. tests/test_pictures.py
# looks at that, and nobody at the pictures of these runs: their words are compared.
COARSE = """
from helpers.pictures import picture
picture.DRAWING_LADDER = picture.PHOTOGRAPH_LADDER = ((1, 17),)
"""
# What a student has not attempted, a lesson trains all the same, to go on with it. That it learns, the
# solved notebook shows, with the same cells: here twenty steps are enough to run to the end.
FEW_STEPS = """
import keras
from helpers import training
def few(*arrays):
    return tuple(part[:1280] for part in arrays)
def few_steps(model, images, labels, held_out, *, train=training.train, **how):
    return train(model, *few(images, labels), few(*held_out), **how)
def fit_few(model, images, labels, *, validation_data, fit=keras.Model.fit, **how):
    return fit(model, *few(images, labels), validation_data=few(*validation_data), **how)
training.train, keras.Model.fit = few_steps, fit_few
"""
