from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import reverse_lazy
from django.views.generic import CreateView, DeleteView, DetailView, ListView, UpdateView

from blog.forms import LinkForm
from blog.models import Link


class LinkMixin:
    model = Link
    success_url = reverse_lazy("links-by-classes:list")


class LinkFormMixin(LoginRequiredMixin, LinkMixin):
    form_class = LinkForm
    template_name = "2-six-functions/form.html"


class LinkList(LinkMixin, ListView):
    context_object_name = "links"
    template_name = "3-classes/list.html"


class LinkDetail(LinkMixin, DetailView):
    template_name = "3-classes/detail.html"


class LinkCreate(LinkFormMixin, CreateView):
    pass


class LinkUpdate(LinkFormMixin, UpdateView):
    pass


class LinkDelete(LoginRequiredMixin, LinkMixin, DeleteView):
    template_name = "3-classes/delete.html"
