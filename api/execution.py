"""Running operations on a Strawberry schema."""

from collections.abc import Callable, Iterator
from typing import Any

from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from api.operations import Caller, Operation, Run

_DOCUMENT = "document"


class ParsedDocument(SchemaExtension):
    """Gives Strawberry the document that the transport has parsed, so that it is not parsed twice."""

    def on_parse(self) -> Iterator[None]:
        self.execution_context.graphql_document = (self.execution_context.operation_extensions or {}).get(_DOCUMENT)
        yield


def run_on(schema: Schema, context: Callable[[Caller], Any]) -> Run:
    """The function that runs operations on the schema, each with the context made for its caller."""
    schema.extensions = (*schema.extensions, ParsedDocument)

    async def run(operation: Operation, caller: Caller) -> ExecutionResult:
        allowed = {OperationType.QUERY, OperationType.MUTATION} if operation.mutation_allowed else {OperationType.QUERY}
        return await schema.execute(
            operation.query,
            operation.variables,
            context(caller),
            operation_name=operation.operation_name,
            allowed_operation_types=allowed,
            operation_extensions={_DOCUMENT: operation.document},
        )

    return run
