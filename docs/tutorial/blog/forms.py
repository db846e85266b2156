from django import forms

from blog.models import Link, Post


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ["body"]
        widgets = {"body": forms.Textarea}


class LinkForm(forms.ModelForm):
    class Meta:
        model = Link
        fields = ["title", "url"]
