"""Icons chosen at run time, which no template names: the build puts every one of them in the sprite."""

SENTIMENT = {"positive": "mood-smile", "neutral": "mood-neutral", "negative": "mood-sad"}
MESSAGE = {
    "debug": "info-circle",
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "alert-octagon",
}
NETWORKS = {
    "x": "brand-x",
    "facebook_page": "brand-facebook",
    "instagram": "brand-instagram",
    "threads": "brand-threads",
    "linkedin_page": "brand-linkedin",
    "youtube": "brand-youtube",
    "tiktok": "brand-tiktok",
    "pinterest": "brand-pinterest",
    "reddit": "brand-reddit",
    "google_business_profile": "brand-google",
    "telegram": "brand-telegram",
    "discord": "brand-discord",
    "slack": "brand-slack",
    "discourse": "messages",
    "ghost": "ghost-2",
    "matrix": "brand-matrix",
    "peertube": "player-play",
    "twitch": "brand-twitch",
}
"""Networks that have rules and no connector, so no manifest that names their icon."""

MODERATION = {
    "keep": "check",
    "approve": "circle-check",
    "hold": "hand-stop",
    "hide": "eye-off",
    "unhide": "eye",
    "spam": "ban",
    "unspam": "mail-check",
    "delete": "trash",
    "restore": "arrow-back-up",
    "rewrite": "pencil",
    "mute": "volume-off",
    "unmute": "volume",
    "block": "user-off",
    "unblock": "user-check",
    "kick": "door-exit",
    "ban": "user-x",
    "unban": "user-check",
    "report": "flag",
    "held": "shield",
    "reported": "flag",
    "flagged": "message-report",
    "rule": "robot",
    "word": "list-search",
    "toxic": "alert-triangle",
}
"""Acts of moderation and reasons for a review."""
