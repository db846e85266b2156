"""The types of images, of posts and of profiles."""

import graphene


class RenditionType(graphene.ObjectType):
    """An image in one size."""

    class Meta:
        name = "Rendition"

    url = graphene.String(required=True)
    width = graphene.Int(required=True, description="Pixels.")
    height = graphene.Int(required=True, description="Pixels.")


def avatar_field() -> graphene.List:
    """Return the field of a profile picture."""
    return graphene.List(
        graphene.NonNull(RenditionType),
        source="avatar_info",
        description="The profile picture: squares of 96 and 400 pixels. null: no picture.",
    )
