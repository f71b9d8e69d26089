"""Code with one thing changed: what a slip of the pen, or of the mind, makes of a right answer."""

import ast
import copy
from collections.abc import Iterator
from typing import Any

OPERATORS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Pow: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt,),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
NAMES = {
    "max": "min",
    "min": "max",
    "sum": "mean",
    "mean": "sum",
    "median": "mean",
    "maximum": "minimum",
    "rint": "floor",
    "zeros": "ones",
    "abs": "square",
    "sqrt": "abs",
}


def one_change(source: str) -> Iterator[tuple[str, ast.Module]]:
    """Make every change that can be made once: what was done, and the code."""
    tree = ast.parse(source)
    for place, node in enumerate(ast.walk(tree)):
        for number, (how, _) in enumerate(changes(node)):
            altered = copy.deepcopy(tree)
            target = list(ast.walk(altered))[place]
            _, instead = list(changes(target))[number]
            made = ast.fix_missing_locations(Replaced(target, instead).visit(altered))
            yield f"line {getattr(node, 'lineno', 0)}: {how}", made


class Replaced(ast.NodeTransformer):
    """Put another node in the place of one."""

    def __init__(self, node: ast.AST, instead: ast.AST) -> None:
        self.node = node
        self.instead = instead

    def visit(self, node: ast.AST) -> Any:
        return self.instead if node is self.node else self.generic_visit(node)


def with_(node: ast.AST, **fields: Any) -> ast.AST:
    """Copy a node with other fields."""
    made = copy.copy(node)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What may go wrong in one place."""
    match node:
        case ast.BinOp(left=left, op=operator, right=right):
            yield "right operand dropped", left
            if isinstance(operator, ast.Sub | ast.Div | ast.FloorDiv):
                yield "operands swapped", with_(node, left=right, right=left)
        case ast.UnaryOp(operand=operand):
            yield "sign dropped", operand
        case ast.Constant(value=bool() as value):
            yield f"{value} to {not value}", with_(node, value=not value)
        case ast.Constant(value=int() | float() as value):
            yield f"{value} to {value + 1}", with_(node, value=value + 1)
            yield f"{value} to {value - 1}", with_(node, value=value - 1)
        case ast.Tuple(elts=[one, other]):
            yield "pair swapped", with_(node, elts=[other, one])
        case ast.Call(args=[one]):
            yield "call dropped", one
        case ast.Call(args=[one, other, *rest]):
            yield "first two arguments swapped", with_(node, args=[other, one, *rest])
        case ast.Slice(step=ast.AST()):
            yield "step dropped", with_(node, step=None)
        case ast.If():
            yield "condition always met", with_(node, test=ast.Constant(True))
    for field in ("op", "ops"):
        held: Any = getattr(node, field, None)
        several = isinstance(held, list)
        old = type(held[0] if several else held)
        for new in OPERATORS.get(old, ()):
            made = [new(), *held[1:]] if several else new()
            yield f"{old.__name__} to {new.__name__}", with_(node, **{field: made})
    for field in ("id", "attr"):
        name = getattr(node, field, None)
        if name in NAMES:
            yield f"{name} to {NAMES[name]}", with_(node, **{field: NAMES[name]})
    body = getattr(node, "body", None)
    if isinstance(node, ast.FunctionDef | ast.For | ast.If) and isinstance(body, list):
        yield from changed_body(node, body)


def changed_body(node: ast.AST, body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Leave one statement out, or return inside a loop."""
    for index, statement in enumerate(body):
        if len(body) > 1 and not isinstance(statement, ast.Expr | ast.Return):
            less = body[:index] + body[index + 1 :]
            yield f"line {statement.lineno} left out", with_(node, body=less)
        if isinstance(node, ast.For) and isinstance(statement, ast.Assign | ast.AugAssign):
            value: ast.AST = (
                statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
            )
            while isinstance(value, ast.Subscript):
                value = value.value
            if isinstance(value, ast.Name):
                early = ast.Return(ast.Name(value.id, ast.Load()))
                made = [*body[: index + 1], early, *body[index + 1 :]]
                yield "return inside the loop", with_(node, body=made)
