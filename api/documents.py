"""The GraphQL document of a request: parsed, and the one operation in it that is to run."""

from functools import lru_cache

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, parse

MAX_TOKENS = 2_000
"""The longest document, in tokens."""


# Apps send the same few texts again and again. Strawberry's cache of validations then finds the very same document.
# The longest documents take some 1 MB each.
@lru_cache(maxsize=128)
def read_document(query: str) -> DocumentNode:
    """The parsed document. Raises `GraphQLError` for what is no GraphQL, too long or nested too deeply."""
    return parse(query, max_tokens=MAX_TOKENS)


def chosen_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation of that name, or the only one when no name is given. Raises `GraphQLError`."""
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is not None:
        operations = [one for one in operations if one.name and one.name.value == name]
        if not operations:
            raise GraphQLError("The document has no operation of the name in operationName.")
    if not operations:
        raise GraphQLError("The document has no operation to run.")
    if len(operations) > 1:
        raise GraphQLError("The document has several operations: operationName must say which to run.")
    return operations[0]
