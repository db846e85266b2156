"""Files that a user downloads, and nobody else."""

from typing import IO, Any

from django.http import FileResponse

from ublog.blog.archives import Archive


def archive_response(archive: Archive, file: IO[Any]) -> FileResponse:
    """Return the archive as a download, streamed, which no cache keeps."""
    name = f"ublog-{archive.created_on:%Y-%m-%d}.zip"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    response["Cache-Control"] = "private, no-store"
    return response
