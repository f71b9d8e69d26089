"""What a learner's code is tried with, and what is seen of it then: plain data, no judgement.

Nothing here knows what is right, so this is all of the exercises that goes where other people's
code runs. Keras is imported only when something is made with it or looked at.
"""
