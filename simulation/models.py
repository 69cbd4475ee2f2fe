"""What the simulation must remember: the seed, how far senders have walked, what is decided but not yet due."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from clock.models import Timeline
from inmail.models import Thread


class World(models.Model):
    """The simulated people of this platform: their traits hash `seed`; `members` have been made from it."""

    seed = models.PositiveBigIntegerField(_("seed"))
    members = models.PositiveBigIntegerField(_("simulated members"), default=0)

    class Meta:
        verbose_name = _("world")
        verbose_name_plural = _("worlds")

    def __str__(self) -> str:
        return f"{self.members} members of seed {self.seed}"


class Walk(models.Model):
    """How many candidates of its market a sender has looked at on a timeline."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("walk")
        verbose_name_plural = _("walks")
        constraints = [models.UniqueConstraint(fields=["timeline", "member"], name="one_walk_a_sender")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.position}"


class SwitchOff(models.Model):
    """A simulated member will switch InMail off at the first midnight after `decided_at`."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("switch-off")
        verbose_name_plural = _("switch-offs")

    def __str__(self) -> str:
        return f"{self.member_id} from the midnight after {self.decided_at:%Y-%m-%d %H:%M}"


class DueReply(models.Model):
    """A simulated member will write on in a thread, or accept an invitation, at `at`; null: never, it is decided."""

    timeline = models.ForeignKey(Timeline, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, null=True, on_delete=models.CASCADE, related_name="+")
    invitation = models.OneToOneField(Invitation, null=True, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    body = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reply due")
        verbose_name_plural = _("replies due")
        indexes = [models.Index(fields=["timeline", "at"], name="reply_by_time")]

    def __str__(self) -> str:
        return f"{self.author_id} at {self.at}"
