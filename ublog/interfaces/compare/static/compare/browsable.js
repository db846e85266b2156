// Fills in a request that a link names: #method=PUT&body=…. Nothing after the # is sent.
// In a block, since DRF's script writes the page again, in which this one runs again.
{
  const filled = new URLSearchParams(location.hash.slice(1));

  // A PATCH has a button of its own in the form of a PUT. A form of fields has no _content.
  const sends = (form, method) => {
    const button = form.querySelector("[data-method]");
    const methods = [form.getAttribute("method"), form.dataset.method, button?.dataset.method];
    return form.elements._content && methods.includes(method);
  };

  const form = [...document.forms].find((each) => sends(each, filled.get("method")));
  if (form) {
    document.cookie = "tabstyle=raw-tab; path=/"; // where DRF's own script remembers the tab
    form.elements._content_type.value = "application/json";
    form.elements._content.value = filled.get("body") ?? "";
    addEventListener("load", () => form.scrollIntoView({ block: "center" }));
  }
}
