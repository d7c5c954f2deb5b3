"""With which settings does Django run? One module for both databases and both profiles.

Everything that differs between clinics comes from `place.current()`.
"""

from __future__ import annotations

from pathlib import Path

from daybreak.web import database, place

PLACE = place.current()
CLINIC = PLACE.profile == "clinic"
HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY, *SECRET_KEY_FALLBACKS = [key.secret for key in PLACE.keys["django"]]
ALLOWED_HOSTS = [PLACE.host, "localhost", "127.0.0.1"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "daybreak.web.audit",
    "daybreak.web.once",
    "daybreak.web.flood",
    "daybreak.web.people",
    "daybreak.web.presence",
    "daybreak.web.links",
    "daybreak.web.outbox",
    "daybreak.web.crisis",
    "daybreak.web.patients",
    "daybreak.web.demo",
    "daybreak.web.protocols",
    "daybreak.web.limits",
    "daybreak.web.watching",
    "daybreak.web.screening",
    "daybreak.web.authorisation",
    "daybreak.web.requests",
    "daybreak.web.transfer",
    "daybreak.web.glass",
    "daybreak.web.tasks",
    "daybreak.web.rota",
    "daybreak.web.labels",
    "daybreak.web.papers",
    "daybreak.web.forms",
    "daybreak.web.assessments",
    "daybreak.web.intake",
    "daybreak.web.courses",
    "daybreak.web.dosing",
    "daybreak.web.misuse",
    "daybreak.web.pdmp",
    "daybreak.web.closing",
    "daybreak.web.morning",
    "daybreak.web.onsite",
    "daybreak.web.reach",
    "daybreak.web.texting",
    "daybreak.web.diary",
    "daybreak.web.referral",
    "daybreak.web.waitlist",
    "daybreak.web.cupboard",
    "daybreak.web.treatment",
    "daybreak.web.bedside",
    "daybreak.web.switches",
    "daybreak.web.consent",
    "daybreak.web.cockpit",
    "daybreak.web.chronicle",
    "daybreak.web.cards",
    "daybreak.web.rems",
    "daybreak.web.levels",
    "daybreak.web.adverse",
    "daybreak.web.steering",
    "daybreak.web.checkins",
    "daybreak.web.letters",
    "daybreak.web.careplan",
    "daybreak.web.therapy",
    "daybreak.web.window",
    "daybreak.web.costs",
    "daybreak.web.public",
    "daybreak.web.registry",
    "daybreak.web.card",
]
MIDDLEWARE = [
    "daybreak.web.headers.Headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "daybreak.web.files.Files",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "daybreak.web.presence.who.Who",
    "daybreak.web.people.sessions.SessionLimits",
    "daybreak.web.access.DeclaredAccess",
    "daybreak.web.glass.open.EmergencyAccess",
    "daybreak.web.presence.kept.Refill",
    "daybreak.web.links.shown.Turn",
]
ROOT_URLCONF = "daybreak.web.urls"
ASGI_APPLICATION = "daybreak.web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "daybreak.web.words",
                "daybreak.web.watching.tags",
                "daybreak.web.cockpit.help",
                "daybreak.web.crisis.card",
                "daybreak.web.tasks.tags",
                "daybreak.web.reach.tags",
                "daybreak.web.consent.tags",
                "daybreak.web.rems.tags",
                "daybreak.web.intake.tags",
                "daybreak.web.links.shown",
                "daybreak.web.public.hashed",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "daybreak.web.people.navigation.navigation",
                "daybreak.web.demo.mark.banner",
            ],
        },
    }
]

WORDINGS = PLACE.home / "wordings"  # of scales that the clinic holds a licence for
DATABASES = {"default": database.settings(PLACE.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "/login/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# Length and a list of common passwords; no rules about sorts of characters, no forced change.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# A file about a patient stays in memory until it is in the database: no copy of it is left in a folder for such files.
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

STATIC_URL = "static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True

WHITENOISE_ALLOW_ALL_ORIGINS = False

# Cookies that only this host can have set, sent over TLS only; a demo has no TLS and names them otherwise.
_HOST = "__Host-" if CLINIC else ""
SESSION_ENGINE = "daybreak.web.presence.store"
DEVICE_COOKIE_NAME = f"{_HOST}device"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = f"{_HOST}session", f"{_HOST}csrf", f"{_HOST}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CLINIC
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "daybreak.web.errors.form_too_old"

SECURE_SSL_REDIRECT = CLINIC
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine itself, behind its proxy
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if CLINIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = CLINIC
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_path": {"()": "daybreak.web.headers.WithoutPath"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "fido2": {"level": "WARNING"},  # what it says otherwise names devices
        "django.request": {"level": "ERROR", "filters": ["without_path"]},
        "django.security": {"level": "CRITICAL"},  # what it says, our own line about the request says without the path
    },
}
