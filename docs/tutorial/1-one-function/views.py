from django.shortcuts import render

from blog.models import Post


def post_list(request):
    """Show all posts, newest first."""
    return render(request, "1-one-function/list.html", {"posts": Post.objects.timeline()})
