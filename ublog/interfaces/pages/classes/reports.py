"""Reports of posts and users to the moderators, as class-based views."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import FormView

from ublog.accounts.models import CustomUser
from ublog.blog import report_actions
from ublog.blog.models import Post
from ublog.interfaces.pages.forms import ReportForm


class ReportView(FormView[ReportForm]):
    """The base of both: ask for a reason, and report."""

    form_class = ReportForm
    template_name = "posts/report.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form to a user who is logged in."""
        CustomUser.objects.get_active(request.user)
        return super().get(request, *args, **kwargs)

    def submit(self, form: ReportForm) -> bool:
        """Report with the data of the form, and return whether it worked."""
        raise NotImplementedError

    def form_valid(self, form: ReportForm) -> HttpResponse:
        """Thank the user, or show the form again."""
        if not self.submit(form):
            return self.form_invalid(form)
        messages.success(self.request, "Thank you. The moderators will look at it.")
        return super().form_valid(form)

    def form_invalid(self, form: ReportForm) -> HttpResponse:
        """Show the form again with status 400."""
        CustomUser.objects.get_active(self.request.user)
        return self.render_to_response(self.get_context_data(form=form), status=400)


class PostReport(ReportView):
    """Ask why a post is reported, or report it."""

    def submit(self, form: ReportForm) -> bool:
        """Report the post."""
        pk = self.kwargs["pk"]
        return form.submit(report_actions.report, post_id=pk, by=self.request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the post."""
        post = Post.objects.get_row(self.request.user, self.kwargs["pk"])
        return super().get_context_data(post=post, **context)

    def get_success_url(self) -> str:
        """Return the URL of the post."""
        return reverse("cbv:detail", args=[self.kwargs["pk"]])


class UserReport(ReportView):
    """Ask why a user is reported, or report them."""

    def submit(self, form: ReportForm) -> bool:
        """Report the user."""
        name = self.kwargs["username"]
        return form.submit(report_actions.report_user, username=name, by=self.request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Add the user."""
        profile = CustomUser.objects.get_by_username(self.kwargs["username"], self.request.user)
        return super().get_context_data(profile=profile, **context)

    def get_success_url(self) -> str:
        """Return the URL of the user's page."""
        return reverse("accounts:user", args=[self.kwargs["username"]])
