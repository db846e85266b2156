"""One class for each interface: how a user does there what the tests say."""

import html
import re

ROW = re.compile(r'<b>(.+?)</b>: <a href="(\d+)/">(.+?)</a> \((\d+) likes?\)')


class Pages:
    """Act as a browser does: forms, and what is read in the HTML."""

    def __init__(self, url):
        self.url = url

    def list(self, client):
        page = client.get(self.url).content.decode()
        rows = ROW.findall(page)
        return [(pk, html.unescape(body), author, int(likes)) for author, pk, body, likes in rows]

    def publish(self, client, body):
        client.post(f"{self.url}new/", {"body": body})

    def edit(self, client, pk, body):
        client.post(f"{self.url}{pk}/edit/", {"body": body})

    def delete(self, client, pk):
        client.post(f"{self.url}{pk}/delete/")

    def like(self, client, pk):
        client.post(f"{self.url}{pk}/like/")


class Json:
    """Act as a program does, by the URLs of step 4."""

    new, one_to_edit, one_to_delete = "new/", "{}/edit/", "{}/delete/"

    def __init__(self, url):
        self.url = url

    def list(self, client):
        posts = client.get(self.url).json()
        return [(str(post["id"]), post["body"], post["author"], post["likes"]) for post in posts]

    def publish(self, client, body):
        client.post(self.url + self.new, {"body": body}, "application/json")

    def edit(self, client, pk, body):
        url = self.url + self.one_to_edit.format(pk)
        client.put(url, {"body": body}, "application/json")

    def delete(self, client, pk):
        client.delete(self.url + self.one_to_delete.format(pk))

    def like(self, client, pk):
        client.post(f"{self.url}{pk}/like/")


class ViewSet(Json):
    """The same by the URLs of the router: the method says what to do."""

    new, one_to_edit, one_to_delete = "", "{}/", "{}/"


class GraphQL:
    """Act as a GraphQL client does."""

    def __init__(self, url):
        self.url = url

    def run(self, client, query, **variables):
        request = {"query": query, "variables": variables}
        return client.post(self.url, request, "application/json").json()["data"]

    def list(self, client):
        posts = self.run(client, "{ posts { id body author likes } }")["posts"]
        return [(post["id"], post["body"], post["author"], post["likes"]) for post in posts]

    def publish(self, client, body):
        query = "mutation ($body: String!) { createPost(body: $body) { post { id } } }"
        self.run(client, query, body=body)

    def edit(self, client, pk, body):
        query = """mutation ($id: ID!, $body: String!) {
            updatePost(id: $id, body: $body) { post { id } } }"""
        self.run(client, query, id=pk, body=body)

    def delete(self, client, pk):
        self.run(client, "mutation ($id: ID!) { deletePost(id: $id) { deletedId } }", id=pk)

    def like(self, client, pk):
        self.run(client, "mutation ($id: ID!) { likePost(id: $id) { post { id } } }", id=pk)
