"""The own data in REST: how much there is, and an archive of it."""

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from ublog.blog import archive_actions
from ublog.interfaces.http.downloads import archive_response
from ublog.interfaces.rest.accounts import serializers
from ublog.interfaces.rest.auth_views import RestrictedView


class OwnDataView(RestrictedView):
    @extend_schema(responses=serializers.OwnDataSerializer)
    def get(self, request: Request) -> Response:
        """Read how much the site stores for you, and whether your archive is made."""
        data = archive_actions.get_own_data(by=request.user)
        return Response(serializers.OwnDataSerializer(data).data)

    @extend_schema(request=None, responses={202: serializers.ArchiveSerializer})
    def post(self, request: Request) -> Response:
        """Request an archive of your data.

        It is made within minutes, and can be downloaded for seven days. Until it expires, a second
        request returns the same one.
        """
        archive = archive_actions.request_archive(by=request.user)
        content = serializers.ArchiveSerializer(archive).data
        return Response(content, status=status.HTTP_202_ACCEPTED)


class ArchiveView(RestrictedView):
    @extend_schema(
        operation_id="profile_data_download",
        responses={
            (200, "application/zip"): OpenApiTypes.BINARY,
            404: serializers.DetailSerializer,
        },
    )
    def get(self, request: Request) -> FileResponse:
        """Download your archive.

        A ZIP file with your profile, posts, what you marked, and sessions as JSON, and your
        pictures.
        """
        return archive_response(*archive_actions.open_archive(by=request.user))
