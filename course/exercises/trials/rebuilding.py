"""A network that has left the place where it was made, run in another: no learner's code is there."""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course.exercises.trials.leaving import IMAGE, Plan

MOST_NUMBERS = 2**20  # that it gives; the course's small network gives 6,000 in all its layers
MOST_NODES = 2000  # of a graph; the course's networks have about 50

ARITHMETIC = """
Placeholder Const Identity IdentityN NoOp StopGradient PreventGradient Cast
Add AddV2 AddN Sub Mul Div RealDiv DivNoNan FloorDiv FloorMod Neg Abs Sign Square
SquaredDifference Sqrt Rsqrt Reciprocal Pow Exp Expm1 Log Log1p Sin Cos Tan Atan Erf Erfc
Floor Ceil Round Rint Maximum Minimum ClipByValue Greater GreaterEqual Less LessEqual Equal
NotEqual LogicalAnd LogicalOr LogicalNot Select SelectV2 IsNan IsInf IsFinite
Relu Relu6 LeakyRelu Elu Selu Sigmoid Tanh Softplus Softsign Softmax LogSoftmax
MatMul BatchMatMul BatchMatMulV2 Einsum Conv2D Conv2DBackpropInput DepthwiseConv2dNative
BiasAdd MaxPool AvgPool FusedBatchNormV3 LRN
Sum Mean Max Min Prod All Any ArgMax ArgMin Cumsum TopKV2 OneHot
Shape ShapeN Size Rank Reshape ExpandDims Squeeze Transpose Pack Unpack ConcatV2 Split SplitV
Slice StridedSlice GatherV2 GatherNd Tile BroadcastTo BroadcastArgs Fill Range ZerosLike
OnesLike Pad PadV2 MirrorPad ReverseV2 Roll SpaceToBatchND BatchToSpaceND DepthToSpace
SpaceToDepth ResizeBilinear ResizeNearestNeighbor ResizeBicubic
PartitionedCall StatefulPartitionedCall
"""
OPERATIONS = frozenset(ARITHMETIC.split())
"""What a graph may consist of: arithmetic. No files, no Python, no variables, no loops."""


class Trial(NamedTuple):
    """A network, and what to try it with."""

    plan: Plan
    images: np.ndarray
    key: int | None = None
    """New weights are drawn with it; without, it keeps its own."""


class Ran(NamedTuple):
    """What a network did."""

    sizes: tuple[int, ...] = ()
    """Heights of the maps on their way through it, each only where it changes."""
    outputs: tuple[np.ndarray, ...] = ()
    error: str = ""
    """Why it could not be run: a sentence."""


class Refused(Exception):
    """A network can't be tried; why."""


# With these, of 200 draws none let two networks of lesson 4 pass for one another.
CENTRED = 0.9  # of its mean is taken from each kernel; not all, or a constant would not show
LOUDER = 2.5  # than biases, what windows give


@lru_cache(maxsize=2)
def new_weights(shapes: tuple[tuple[int, ...], ...], key: int) -> tuple[np.ndarray, ...]:
    """Make weights under which every activation shows: signals of both signs, biases too.

    Images are nowhere negative, so most kernels would give one sign, or the other, everywhere.
    """
    rng = np.random.default_rng(key)

    def weight(shape: tuple[int, ...]) -> np.ndarray:
        if not shape[1:]:
            return rng.normal(size=shape, scale=0.3)
        scale = np.sqrt(2 / np.prod(shape[:-1])) * (LOUDER if shape[3:] else 1)
        kernel = rng.normal(size=shape, scale=scale)
        window = tuple(range(len(shape) - 2)) or 0  # each channel's by itself
        return kernel - CENTRED * kernel.mean(axis=window, keepdims=True)

    return tuple(weight(shape).astype(np.float32) for shape in shapes)


def run(trial: Trial) -> Ran:
    """Run a network."""
    try:
        return ran(trial)
    except Refused as why:
        return Ran(error=str(why))
    except Exception as error:  # noqa: BLE001 - the graph is a stranger's
        said = str(error).strip().splitlines() or [""]
        return Ran(
            error=f"It failed on a batch of images ({type(error).__name__}: {said[0][:200]})."
        )


def ran(trial: Trial) -> Ran:
    """Run a network, or raise."""
    import tensorflow as tf

    plan = trial.plan
    if plan.graph is None:
        raise Refused(
            f"TensorFlow can't write down what it computes ({plan.error}). A network is made of layers "
            "and functions of Keras alone, without NumPy in between."
            if plan.callable
            else f"It does not take images of shape (N, 28, 28, 1) ({plan.error})."
        )
    definition = tf.compat.v1.GraphDef()
    definition.ParseFromString(plan.graph.tobytes())
    examine(definition)
    weights = plan.weights if trial.key is None else new_weights(plan.shapes, trial.key)
    # A session begins in half the time that eager TensorFlow takes: many of these are run once.
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(definition, name="")
        inputs = [graph.get_tensor_by_name(name) for name in plan.inputs]
        outputs = [tf.cast(graph.get_tensor_by_name(one), tf.float32) for one in plan.outputs]
        given = [
            np.asarray(value, tensor.dtype.as_numpy_dtype)
            for value, tensor in zip([trial.images, *weights], inputs, strict=True)
        ]
        with tf.compat.v1.Session(graph=graph, config=as_it_stands()) as session:
            made = tuple(session.run(outputs, dict(zip(plan.inputs, given, strict=True))))
    numbers = sum(one.size for one in made)
    if numbers > MOST_NUMBERS:
        raise Refused(f"It gives {numbers:,} numbers for {len(trial.images)} images.")
    return Ran(map_sizes(graph), made)


def as_it_stands() -> Any:
    """Have TensorFlow run a graph without making it faster first: that takes longer than to run it."""
    import tensorflow as tf

    config = tf.compat.v1.ConfigProto(
        intra_op_parallelism_threads=1, inter_op_parallelism_threads=1
    )
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.optimizer_options.opt_level = -1
    return config


def examine(graph: Any) -> None:
    """Refuse a graph with anything in it but `OPERATIONS`, and not too many."""
    nodes = [*graph.node, *(node for one in graph.library.function for node in one.node_def)]
    if len(nodes) > MOST_NODES:
        raise Refused(f"It has {len(nodes):,} operations; the course's networks have about 50.")
    functions = {one.signature.name for one in graph.library.function}
    if strange := sorted({node.op for node in nodes} - OPERATIONS - functions):
        raise Refused(
            f"It uses TensorFlow's operation {strange[0][:50]}, which is no arithmetic. A network is "
            "made of layers and functions of Keras alone, without Python in between, variables of "
            "its own, files or loops."
        )


def map_sizes(graph: Any) -> tuple[int, ...]:
    """Heights of the maps that a graph computes of the images, each only where it changes."""
    sizes: list[int] = []
    for one in graph.get_operations():
        shape = one.outputs[0].shape if one.outputs else None
        if one.type == "Placeholder" or shape is None or shape.rank != 4:
            continue
        batch, height = shape[:2]
        before = sizes[-1] if sizes else None
        moved = one.type in ("Conv2D", "DepthwiseConv2dNative", "MaxPool", "AvgPool")
        if (
            batch is None
            and height not in (None, before)
            and (sizes or moved or height != IMAGE[0])
        ):
            sizes.append(int(height))
    return tuple(sizes)
