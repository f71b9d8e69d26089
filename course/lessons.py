"""What a lesson is: its number, name and title, its exercises in their order, and its files."""

from dataclasses import dataclass
from pathlib import Path

from course.misprints import Misprint, demand, has_text

ROOT = next(
    (folder for folder in Path(__file__).resolve().parents if (folder / "notebooks").is_dir()),
    Path(__file__).resolve().parents[1],
)
"""What `notebooks` and `solutions` are in: the repository, or `course` where it was installed from a
wheel, which has them inside."""


@dataclass(frozen=True)
class Lesson:
    """One lesson of the course.

    Parameters
    ----------
    number : int
        Its place in the course, from 1.
    name : str
        What its files and the folder of its exercises are called.
    title : str
        What a reader calls it.
    minutes : int
        About how long it takes a beginner, reading and all.
    exercises : tuple of str
        The keys of its exercises, in the order in which it asks them.
    keras : bool
        Whether it trains networks: it then needs Keras, and time.
    stored : bool
        Whether it has stored networks to go on with where there is no Keras.
    """

    number: int
    name: str
    title: str
    minutes: int
    exercises: tuple[str, ...]
    keras: bool = False
    stored: bool = False

    def __post_init__(self) -> None:
        owner = f"lesson {self.number}"
        demand(from_one(self.number), "a lesson", "number", self.number, "a whole number from 1")
        name = isinstance(self.name, str) and self.name.isidentifier() and self.name.islower()
        demand(name, owner, "name", self.name, "a name of small letters, digits and underscores")
        demand(has_text(self.title), owner, "title", self.title, "a text")
        demand(from_one(self.minutes), owner, "minutes", self.minutes, "a whole number from 1")
        keys = isinstance(self.exercises, tuple) and all(map(has_text, self.exercises))
        a_tuple = 'a tuple of keys, of one with a comma behind it, ("mirror",),'
        demand(keys, owner, "exercises", self.exercises, a_tuple)

    @property
    def heading(self) -> str:
        """Number and title: ``1. Convolution by hand``."""
        return f"{self.number}. {self.title}"

    @property
    def in_a_tab(self) -> bool:
        """Whether it runs in a browser tab, where there is no Keras."""
        return self.stored or not self.keras

    @property
    def stem(self) -> str:
        """The name of each of its files, without the ending: ``01_convolution_by_hand``."""
        return f"{self.number:02d}_{self.name}"

    @property
    def file(self) -> str:
        """The name of its notebooks, ours and a learner's: ``01_convolution_by_hand.ipynb``."""
        return f"{self.stem}.ipynb"

    def source(self, root: Path = ROOT) -> Path:
        """Where its source stands, of which both notebooks are made."""
        return root / "solutions" / f"{self.stem}.py"

    def notebook(self, root: Path = ROOT) -> Path:
        """Where the notebook stands that learners get."""
        return root / "notebooks" / self.file

    def solution(self, root: Path = ROOT) -> Path:
        """Where the notebook stands that has the solutions and was run."""
        return root / "solutions" / self.file


def from_one(number: object) -> bool:
    """Whether a value is a whole number from 1."""
    return type(number) is int and number >= 1


def numbered(*lessons: Lesson) -> tuple[Lesson, ...]:
    """Give the lessons back, if each stands once and in its place.

    Raises
    ------
    Misprint
        If a number is missing, or a number, a name or a key stands twice.
    """
    names: set[str] = set()
    keys: dict[str, int] = {}
    for place, lesson in enumerate(lessons, start=1):
        if lesson.number != place:
            raise Misprint(
                f"lesson {lesson.number} stands where lesson {place} is wanted. Lessons stand in "
                "their order, from 1 and without a gap"
            )
        if lesson.name in names:
            raise Misprint(
                f"lesson {place} has name={lesson.name!r}, and so has a lesson before it"
            )
        names.add(lesson.name)
        for key in lesson.exercises:
            if key in keys:
                raise Misprint(
                    f"`{key}` is in lesson {keys[key]} already, and again in lesson {place}"
                )
            keys[key] = place
    return lessons


LESSONS = {
    lesson.number: lesson
    for lesson in numbered(
        Lesson(
            1,
            "convolution_by_hand",
            "Convolution by hand",
            minutes=75,
            exercises=(
                "neighborhood",
                "convolve_pixel",
                "conv2d_valid",
                "output_size",
                "to_pixels",
                "conv2d_same",
                "true_convolution",
                "bug_finder",
            ),
        ),
        Lesson(
            2,
            "edge_kernels",
            "Edge kernels",
            minutes=75,
            exercises=(
                "horizontal_kernel",
                "vertical_kernel",
                "predicted_responses",
                "gradient_magnitude",
                "normalize_kernel",
                "box_kernel",
                "motion_blur_kernel",
                "sharpen_kernel",
                "emboss",
                "diagonal_kernel",
                "median_filter",
            ),
        ),
        Lesson(
            3,
            "pooling",
            "Pooling",
            minutes=80,
            exercises=(
                "max_pool_2x2",
                "pool_output_size",
                "kept_fraction",
                "max_pool2d",
                "average_pool2d",
                "relu",
                "conv_relu_pool",
                "conv_channels",
                "shift_change",
            ),
        ),
        Lesson(
            4,
            "keras_cnn",
            "A network that learns its own kernels",
            minutes=80,
            keras=True,
            exercises=(
                "prepare",
                "build_dense",
                "build_cnn",
                "predicted_shapes",
                "conv_parameters",
                "predicted_parameters",
                "predicted_without_second_block",
                "StopAtAccuracy",
                "confusion_matrix",
                "predictions",
            ),
        ),
        Lesson(
            5,
            "inside_the_network",
            "Inside the network",
            minutes=80,
            keras=True,
            stored=True,
            exercises=(
                "to_keras_kernel",
                "keras_convolve",
                "activation_model",
                "conv_layer",
                "receptive_field",
                "initial_limit",
                "dead_channels",
                "forward",
            ),
        ),
        Lesson(
            6,
            "learning_kernels",
            "Learning kernels",
            minutes=70,
            exercises=(
                "mean_squared_error",
                "kernel_gradient",
                "numerical_gradient",
                "learn_kernel",
                "input_gradient",
                "conv2d_fast",
            ),
        ),
    )
}
"""Every lesson by its number, in the order of the course."""
