"""What lets a lesson run to its end sooner, where other tests look at what is left out.

Each is code for a cell before a lesson's first.
"""

# How small the file of a picture may be is tried for longer than it is drawn. tests/test_pictures.py
# looks at that, and nobody at the pictures of these runs: their words are compared.
COARSE = """
from helpers.pictures import picture
picture.DRAWING_LADDER = picture.PHOTOGRAPH_LADDER = ((1, 17),)
"""
# What a student has not attempted, a lesson trains all the same, to go on with it, and most of what a
# solved notebook trains is only looked at: two steps of each epoch are enough to run to the end. The
# training that a check asks about is named by a line behind this.
FEW_STEPS = """
import keras
from helpers import training
FIT, TRAIN, IN_FULL = keras.Model.fit, training.train, ""
def few(*arrays):
    return tuple(part[:128] for part in arrays)
def fit_few(model, images, labels, *, validation_data, **how):
    return FIT(model, *few(images, labels), validation_data=few(*validation_data), **how)
def train(*what, name="", **how):
    keras.Model.fit = FIT if name and name == IN_FULL else fit_few
    try:
        return TRAIN(*what, name=name, **how)
    finally:
        keras.Model.fit = fit_few
keras.Model.fit, training.train = fit_few, train
"""
# Lesson 4's exam asks what this network has learned.
ONE_IN_FULL = f"{FEW_STEPS}IN_FULL = 'CNN'\n"
