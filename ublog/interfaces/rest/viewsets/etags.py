"""ETags of single objects in view sets: RFC 9110, section 8.8.3."""

from typing import Any

from rest_framework.mixins import CreateModelMixin, RetrieveModelMixin, UpdateModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from ublog.interfaces.rest.serializers import etag


class ETagMixin(CreateModelMixin, RetrieveModelMixin, UpdateModelMixin, GenericViewSet[Any]):
    """Send the version of the object as the ETag of each response with one object."""

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return with_etag(super().retrieve(request, *args, **kwargs))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return with_etag(super().create(request, *args, **kwargs))

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return with_etag(super().update(request, *args, **kwargs))

    def instance_response(self, instance: Any) -> Response:
        """Return a response with the object, for actions beyond those of DRF."""
        return with_etag(Response(self.get_serializer(instance).data))


def with_etag(response: Response) -> Response:
    """Return the response with the ETag of the object that its serializer has rendered."""
    response["ETag"] = etag(response.data.serializer.instance)
    return response
