"""How often a user, or a network without an account, may do what costs something."""

from environs import Env


def read(env: Env) -> dict[str, str]:
    """Return the limits by name, each in the notation of the `limits` library.

    https://limits.readthedocs.io/en/stable/quickstart.html#rate-limit-string-notation
    """
    return {
        "post": env.str("UBLOG_LIMIT_POST", "20/minute"),
        "anonymous_post": env.str("UBLOG_LIMIT_ANONYMOUS_POST", "5/minute;30/hour"),
        "like": env.str("UBLOG_LIMIT_LIKE", "60/minute"),
        "image": env.str("UBLOG_LIMIT_IMAGE", "20/minute"),
        "image_bytes": env.str("UBLOG_LIMIT_IMAGE_BYTES", "100000000/day"),
        "anonymous_image_bytes": env.str("UBLOG_LIMIT_ANONYMOUS_IMAGE_BYTES", "20000000/day"),
        "search": env.str("UBLOG_LIMIT_SEARCH", "60/minute"),
        "anonymous_search": env.str("UBLOG_LIMIT_ANONYMOUS_SEARCH", "30/minute"),
        # Failures: of an account from one address; of an address or known browser.
        "sign_in": env.str("UBLOG_LIMIT_SIGN_IN", "5/15minute"),
        "sign_in_address": env.str("UBLOG_LIMIT_SIGN_IN_ADDRESS", "20/15minute"),
        # Successes, and confirmations by password: of an account; of a network, such as a class.
        "login": env.str("UBLOG_LIMIT_LOGIN", "30/hour"),
        "login_network": env.str("UBLOG_LIMIT_LOGIN_NETWORK", "600/hour"),
        # Mails that somebody asks for: to one address, and from one address of the network.
        "mail": env.str("UBLOG_LIMIT_MAIL", "3/hour"),
        "mail_address": env.str("UBLOG_LIMIT_MAIL_ADDRESS", "100/hour"),
    }
