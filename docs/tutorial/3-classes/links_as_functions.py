from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render

from blog.forms import LinkForm
from blog.models import Link


def link_list(request):
    return render(request, "3-classes/list.html", {"links": Link.objects.all()})


def link_detail(request, pk):
    link = get_object_or_404(Link, pk=pk)
    return render(request, "3-classes/detail.html", {"link": link})


@login_required
def link_create(request):
    form = LinkForm(request.POST or None)
    if form.is_valid():
        form.save()
        return redirect("links-by-functions:list")
    return render(request, "2-six-functions/form.html", {"form": form})


@login_required
def link_update(request, pk):
    link = get_object_or_404(Link, pk=pk)
    form = LinkForm(request.POST or None, instance=link)
    if form.is_valid():
        form.save()
        return redirect("links-by-functions:list")
    return render(request, "2-six-functions/form.html", {"form": form})


@login_required
def link_delete(request, pk):
    link = get_object_or_404(Link, pk=pk)
    if request.method == "POST":
        link.delete()
        return redirect("links-by-functions:list")
    return render(request, "3-classes/delete.html", {"link": link})
