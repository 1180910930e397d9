"""Icons chosen at run time, which no template names: the build puts every one of them in the sprite."""

SENTIMENT = {"positive": "mood-smile", "neutral": "mood-neutral", "negative": "mood-sad"}
MESSAGE = {
    "debug": "info-circle",
    "info": "info-circle",
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "alert-octagon",
}
