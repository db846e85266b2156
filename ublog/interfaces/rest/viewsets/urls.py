from rest_framework.routers import DefaultRouter

from ublog.interfaces.rest.viewsets.notifications import NotificationViewSet
from ublog.interfaces.rest.viewsets.posts import PostViewSet

router = DefaultRouter()
router.include_root_view = False
router.include_format_suffixes = False
router.register("posts", PostViewSet, basename="post")
router.register("notifications", NotificationViewSet)
urlpatterns = router.urls
