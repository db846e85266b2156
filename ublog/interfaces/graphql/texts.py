"""Texts in GraphQL: cut into segments, so that no client parses them."""

import graphene

from ublog.core.text_grammar import KINDS

SegmentKind = graphene.Enum("SegmentKind", [(kind, kind) for kind in KINDS])


class SegmentType(graphene.ObjectType):
    """A part of a text. The texts of all segments, put together, are the whole text."""

    class Meta:
        name = "Segment"

    type = SegmentKind(required=True)
    text = graphene.String(required=True, description="As it was written: what to show.")
    username = graphene.String(description="The current username of who is mentioned.")
    tag = graphene.String(description="The hashtag without its sign.")
    url = graphene.String(description="http or https, without user information.")


def segments_field(description: str) -> graphene.List:
    """Return the field of a text's segments."""
    return graphene.List(graphene.NonNull(SegmentType), required=True, description=description)
