"""The IDE at `/graphiql`: the page that Strawberry ships, pointed at our endpoint."""

import re

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from strawberry.http.ides import get_graphql_ide_html

WELCOME = """# Encore
#
# Much can be read without signing in. To act as someone:
#
#   1. Run SignIn with an e-mail and a password. A server that was started
#      with "make serve" has printed the log-ins of its demo.
#   2. Copy the access token from the answer.
#   3. Open "Headers" below and write:
#
#        {"Authorization": "Bearer TOKEN"}
#
# Run: Ctrl-Enter.   Complete: Ctrl-Space.

query Now {
  serverTime
}

mutation SignIn {
  signIn(input: { email: "you@example.com", password: "your password" }) {
    ... on SignedIn {
      accessToken
    }
    ... on Refused {
      reasons {
        message
      }
    }
  }
}
"""
"""What the editor holds at first. It must not contain a backquote, a backslash or a dollar sign."""

# Each pattern must be found exactly once. Strawberry's page would send its operations to its own address.
_CHANGES = (
    (r"<title>[^<]*</title>", "<title>Encore GraphiQL</title>"),
    (r"const EXAMPLE_QUERY = `[^`]*`;", f"const EXAMPLE_QUERY = `{WELCOME}`;"),
    (
        r"const fetchURL = [^;]*;",
        'const fetchURL = new URL("/graphql", window.location.href).href;',
    ),
)


def graphiql_page() -> str:
    """The page as HTML. Raises `RuntimeError` when Strawberry's page has changed so that it must be read anew."""
    page = get_graphql_ide_html("graphiql")
    for pattern, replacement in _CHANGES:
        page, count = re.subn(pattern, lambda _, text=replacement: text, page)
        if count != 1:
            raise RuntimeError(f"Strawberry's GraphiQL page has {count} matches of {pattern}, not one.")
    return page


async def serve_graphiql(_: Request) -> Response:
    """Answers with the page. No other site may show it in a frame, where a click could be led astray."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(graphiql_page(), headers=headers)
