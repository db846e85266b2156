from rest_framework import serializers
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from .schema import schema


class RequestSerializer(serializers.Serializer):
    query = serializers.CharField()
    variables = serializers.DictField(required=False)


@api_view(["POST"])
@permission_classes([AllowAny])
def graphql(request):
    """Run the query or the mutation of the request. The actions check the user."""
    serializer = RequestSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    result = schema.execute(data["query"], variables=data.get("variables"), context=request)
    return Response(result.formatted)
