from django.contrib.auth import get_user_model
from django.test import TestCase


class Links(TestCase):
    def test_both_styles_make_the_same_pages(self):
        self.client.force_login(get_user_model().objects.create_user("ada"))
        for url in ("/3/links/functions/", "/3/links/classes/"):
            link = {"title": "Django", "url": "https://www.djangoproject.com/"}
            self.assertRedirects(self.client.post(f"{url}new/", link), url)
            pk = self.client.get(url).context["links"].get().pk
            self.client.post(f"{url}{pk}/edit/", {**link, "title": "The web framework"})
            self.assertContains(self.client.get(f"{url}{pk}/"), "The web framework")
            self.client.post(f"{url}{pk}/delete/")
            self.assertContains(self.client.get(url), "Nothing yet.")
