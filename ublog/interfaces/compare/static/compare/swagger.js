// Fills in a request that a link names: #/TAG/OPERATION/body=…&id=5. Nothing after the # is sent.
// Swagger UI opens the operation, and shortens the hash; it has no option that fills its fields.
const [, operationId, filled] = location.hash.match(/^#\/[^/]*\/([^/]*)\/(.+)/) ?? [];

function fillRequest() {
  if (!operationId) return;
  const values = new URLSearchParams(filled);
  const { paths } = ui.specSelectors.specJson().toJS();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (operation.operationId === operationId) fill([path, method], operation, values);
    }
  }
}

function fill(pathMethod, operation, values) {
  for (const { name, in: place } of operation.parameters ?? []) {
    if (values.has(name)) ui.specActions.changeParam(pathMethod, name, place, values.get(name), false);
  }
  if (values.has("body")) {
    ui.oas3Actions.setRequestContentType({ value: "application/json", pathMethod });
    ui.oas3Actions.setRequestBodyValue({ value: values.get("body"), pathMethod });
  }
}
