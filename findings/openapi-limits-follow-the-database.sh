#!/usr/bin/env bash
# Question: a blog writes its OpenAPI document with drf-spectacular from a ModelSerializer: a post and
#   its count of replies, a `PositiveIntegerField`. Is the document the same on every database?
# Common guess: yes. It is made from the code, and no database is asked: it can be written without one.
# Behaviour: `maximum` and `format` of the count come from the configured database. Django's integer
#   fields have validators of the range that the backend stores, a ModelSerializer takes over the
#   range as `max_value`, and drf-spectacular writes it down: on SQLite a maximum of 2^63 - 1 with
#   `format: int64`, on PostgreSQL 2^31 - 1 without a format. A view that only reads has the same. If
#   the serializer says `read_only_fields`, both are gone and the documents are equal.
# Versions: Django 5.2.19, djangorestframework 3.18.3, drf-spectacular 0.30.0, psycopg 3.3.9. No
#   PostgreSQL runs: nothing connects.
# Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#integerfield says that the range
#   depends on the database; neither DRF's nor drf-spectacular's documents say what follows.
# Why a microblog cares: it is developed on SQLite and served from PostgreSQL. A generated client then
#   has a 64-bit type for one site and none for the other, and a test that compares the document in
#   git with the generated one passes on one database and fails on the other.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check \
	Django==5.2.19 djangorestframework==3.18.3 drf-spectacular==0.30.0 "psycopg[binary]==3.3.9"
cd "$place"
cat >document.py <<'PYTHON'
"""Print the count of replies in the OpenAPI document of a blog, on the database named."""

import json
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": f"django.db.backends.{sys.argv[1]}", "NAME": "blog"}},
    INSTALLED_APPS=["rest_framework", "drf_spectacular"],
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
)
django.setup()

from django.db import models
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework import generics, serializers


class Post(models.Model):
    body = models.TextField()
    reply_count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "blog"


class PostSerializer(serializers.ModelSerializer):
    class Meta:
        model = Post
        fields = ["body", "reply_count"]
        if sys.argv[2] == "read-only":
            read_only_fields = ["reply_count"]


class Posts(generics.ListAPIView):
    queryset = Post.objects.none()
    serializer_class = PostSerializer


document = SchemaGenerator(patterns=[path("posts/", Posts.as_view())]).get_schema(public=True)
print(json.dumps(document["components"]["schemas"]["Post"]["properties"]["reply_count"]))
PYTHON
python=venv/bin/python
"$python" -m pip list --disable-pip-version-check 2>/dev/null | grep -iE "^(django|drf|psycopg)"
for kind in as-it-comes read-only; do
	for database in sqlite3 postgresql; do
		"$python" document.py "$database" "$kind" >"$kind.$database"
		echo "$kind, $database: $(cat "$kind.$database")"
	done
done
grep -q '"maximum": 9223372036854775807' as-it-comes.sqlite3
grep -q '"format": "int64"' as-it-comes.sqlite3
grep -q '"maximum": 2147483647' as-it-comes.postgresql
test "$(grep -c format as-it-comes.postgresql || true)" = 0
cmp read-only.sqlite3 read-only.postgresql
test "$(grep -c maximum read-only.sqlite3 || true)" = 0
echo "Seen: the limits of an integer in the document are those of the database."
