"""Django's settings, derived from `env.py`; nothing here is to be edited on a machine."""

from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from palabre.config import env as _env
from palabre.config.secrets import encryption_key, signing_key
from palabre.runtime.postgres import connection_settings, settings_from_url

ENV = _env.read()
BASE_DIR = Path(__file__).resolve().parents[2]
DEBUG = ENV.debug

SECRET_KEY = signing_key(ENV.home)
ENCRYPTION_KEY = encryption_key(ENV.home)
ALLOWED_HOSTS = ENV.allowed_hosts
CSRF_TRUSTED_ORIGINS = [ENV.public_url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "palabre.ui",  # before allauth: its pages and their French are ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_scopes",
    "procrastinate.contrib.django",
    "palabre.agency",
    "palabre.alerts",
    "palabre.channels",
    "palabre.stream",
    "palabre.listening",
    "palabre.publishing",
    "palabre.inbox",
    "palabre.moderation",
    "palabre.insight",
    "palabre.intake",
    "palabre.desk",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "palabre.ui.middleware.StaticFiles",
    "palabre.ui.middleware.SecurityHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "palabre.agency.middleware.Presence",
    "django_htmx.middleware.HtmxMiddleware",
    "palabre.agency.middleware.ReaderLanguageAndZone",
]

ROOT_URLCONF = "palabre.config.urls"
ASGI_APPLICATION = "palabre.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "palabre.ui.context.shell",
                "palabre.agency.context.brands",
            ],
            "builtins": ["palabre.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "palabre.ui.forms.Renderer"

DATABASES = {
    "default": settings_from_url(ENV.database_url) if ENV.database_url else connection_settings(ENV.home)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "palabre_cache",
    }
}

# Who may come in: allauth with e-mail and password, optional TOTP and passkeys.
AUTH_USER_MODEL = "agency.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_ADAPTER = "palabre.agency.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Palabre · "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Palabre"
# Nobody signs up here: accounts are the owner's, and those that an invitation was mailed or handed to.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENV.public_url.startswith("http://")
USERSESSIONS_TRACK_ACTIVITY = True
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.public_url.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = ENV.home / "media"
FILE_UPLOAD_HANDLERS = [
    "palabre.publishing.library.receiving.Sized",  # before the others: what is too large is not kept
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Mail: PALABRE_EMAIL_URL wins; else what the owner typed in the settings page.
EMAIL_BACKEND = "palabre.alerts.mail.ConfiguredBackend"
DEFAULT_FROM_EMAIL = ENV.email_from
EMAIL_TIMEOUT = 20

PROCRASTINATE_ON_APP_READY = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"palabre": {"level": "INFO"}},
}
