"""Functions to measure the slope of. None treats two places of a kernel alike."""


def sum_of_squares(kernel):
    return float((kernel**2).sum())


def growing_squares(kernel):
    return float(sum((1 + n) * value**2 for n, value in enumerate(kernel.ravel().tolist())))


def cubes(kernel):
    return float(sum((1 + n) * value**3 for n, value in enumerate(kernel.ravel().tolist())))


def neighbours_multiplied(kernel):
    values = kernel.ravel()
    return float((values[:-1] * values[1:]).sum() + 5 * values[0])


def seven(kernel):
    return 7.0
