"""Digests to a machine keep to Standard Webhooks."""

from palabre.alerts.webhook import signature


def test_the_signature_is_that_of_the_published_example() -> None:
    # The example of the Standard Webhooks reference libraries (github.com/standard-webhooks, 2026-11-23).
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        identity="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_another_body_or_secret_has_another_signature() -> None:
    given = {"identity": "msg_1", "timestamp": 1, "body": b"{}"}
    first = signature("whsec_AAAA", **given)  # type: ignore[arg-type]
    assert first != signature("whsec_BBBB", **given)  # type: ignore[arg-type]
    assert first != signature("whsec_AAAA", **{**given, "body": b"[]"})  # type: ignore[arg-type]
