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

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultEditorToolsVisibility: true,
    defaultQuery: "{\n  posts(first: 5) {\n    edges { node { id body likeCount createdBy { username } } }\n  }\n}\n",
  }),
);
