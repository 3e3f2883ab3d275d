"""The operations of the screens, as apps would send them: a file each, with the fragments that it uses."""

from functools import cache
from pathlib import Path

from graphql import DocumentNode, FragmentSpreadNode, OperationDefinitionNode, Visitor, parse, print_ast, visit
from graphql.language.ast import FragmentDefinitionNode, Node

FOLDER = Path(__file__).parent / "operations"
NAMES = sorted(file.stem for file in FOLDER.glob("[A-Z]*.graphql"))


@cache
def fragments() -> dict[str, FragmentDefinitionNode]:
    """Those that several operations share."""
    found = parse((FOLDER / "fragments.graphql").read_text(encoding="utf-8")).definitions
    return {each.name.value: each for each in found if isinstance(each, FragmentDefinitionNode)}


@cache
def operation(name: str) -> OperationDefinitionNode:
    """The only operation of its file."""
    (found,) = parse((FOLDER / f"{name}.graphql").read_text(encoding="utf-8")).definitions
    assert isinstance(found, OperationDefinitionNode)
    return found


@cache
def document(name: str) -> str:
    """An operation with the fragments that it uses, and no other."""
    needed: dict[str, FragmentDefinitionNode] = {}
    asked: list[Node] = [operation(name)]
    while asked:
        for spread in spreads(asked.pop()) - needed.keys():
            needed[spread] = fragments()[spread]
            asked.append(needed[spread])
    return print_ast(DocumentNode(definitions=(operation(name), *needed.values())))


def spreads(node: Node) -> set[str]:
    """The fragments that something names."""
    found: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
            found.add(node.name.value)

    visit(node, Spreads())
    return found
