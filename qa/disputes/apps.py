"""The app of disputes, and what it hands to the sampling below it."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    """Objections of agents and their decisions."""

    name = "qa.disputes"
    label = "disputes"
    verbose_name = "Disputes"

    def ready(self) -> None:
        """Let sampling rules of the kind `disputed` find what they look at."""
        from qa.disputes.selection import of_disputed_agents  # noqa: PLC0415 (needs the models)
        from qa.sampling.models import Kind  # noqa: PLC0415
        from qa.sampling.selection import CONDITIONS  # noqa: PLC0415

        CONDITIONS[Kind.DISPUTED] = of_disputed_agents
