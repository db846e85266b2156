// Starts GraphiQL with the page's CSRF token, so that someone logged in on the pages is so here.
const csrfToken = document.querySelector("[name=csrfmiddlewaretoken]").value;

async function fetcher(operation, { headers }) {
  const response = await fetch(location.pathname, {
    method: "POST",
    headers: {
      "Accept": "application/json",
      "Content-Type": "application/json",
      "X-CSRFToken": csrfToken,
      ...headers,
    },
    body: JSON.stringify(operation),
  });
  return response.json();
}

// A link may fill in a request. What is after the # is not sent to the server.
const filled = new URLSearchParams(location.hash.slice(1));

// GraphiQL's name is a link to the comparison, on a site that has it.
const place = document.getElementById("graphiql");
const link = React.createElement("a", { href: place.dataset.compare, className: "graphiql-logo-link" }, "Five ways");
const logo = place.dataset.compare && React.createElement(GraphiQL.Logo, null, link);

ReactDOM.createRoot(place).render(
  React.createElement(
    GraphiQL,
    {
      fetcher,
      query: filled.get("query") ?? undefined,
      variables: filled.get("variables") ?? undefined,
      defaultEditorToolsVisibility: true,
      defaultQuery: "{\n  posts(first: 5) {\n    edges { node { id body likeCount createdBy { username } } }\n  }\n}\n",
    },
    logo,
  ),
);
