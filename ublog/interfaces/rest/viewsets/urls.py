from rest_framework.routers import DefaultRouter

from ublog.interfaces.rest.viewsets.mutes import UserViewSet
from ublog.interfaces.rest.viewsets.notifications import NotificationViewSet
from ublog.interfaces.rest.viewsets.posts import PostViewSet

router = DefaultRouter(use_regex_path=False)
router.include_root_view = False
router.include_format_suffixes = False
router.register("posts", PostViewSet, basename="post")
router.register("notifications", NotificationViewSet)
router.register("users", UserViewSet, basename="user")
urlpatterns = router.urls
