"""A worker as `palabre worker` is, but for its patience: what a killed one held is looked for in seconds."""

from datetime import timedelta

from palabre.runtime import processes


def main() -> int:
    """Work until asked to stop."""
    processes._prepare()
    import django

    django.setup()
    from palabre.channels import outcomes
    from palabre.publishing.delivery import claims, finding

    claims.LEASE = timedelta(seconds=5)
    finding.SETTLE, finding.NEXT_LOOKS = timedelta(seconds=3), (1, 2, 3, 4, 5)
    outcomes.FIRST_LOOK = timedelta(seconds=1)
    return processes.worker([])


if __name__ == "__main__":
    main()
