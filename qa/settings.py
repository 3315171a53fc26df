"""All settings, driven by the environment (see .env.example and qa/core/env.py)."""

from pathlib import Path

from csp.constants import NONCE, SELF

from qa.core import env
from qa.core.version import VERSION

BASE_DIR = Path(__file__).resolve().parent.parent
env.load_file(BASE_DIR / ".data" / "stack.env")

DEBUG = env.boolean("DEBUG", False)
SECURE = env.boolean("SECURE", not DEBUG)
SECRET_KEY = env.text("SECRET_KEY")  # Django refuses to use an empty one
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "qa",
    "qa.audit",
    "qa.outbox",
    "qa.organizations",
    "qa.notices",
    "transcripts",
    "scorecards",
    "qa.sampling",
    "qa.reviews",
    "qa.coaching",
    "qa.disputes",
    "qa.calibration",
    "qa.agreement",
    "qa.dashboards",
    "qa.first_steps",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qa.site.reset.LeaveNoTrace",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qa.site.views.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "qa.urls"
WSGI_APPLICATION = "qa.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qa.site.navigation.member",
                "qa.first_steps.context.newcomers",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "qa.templatetags.agents",
                "qa.templatetags.help",
                "qa.templatetags.look",
                "qa.templatetags.times",
            ],
        },
    }
]

# How long PostgreSQL works on a statement, waits for a lock, and keeps a transaction open in which
# nothing happens, in seconds. Short where people wait; a worker's task ends with its own limit; a
# command, such as a migration, takes what it needs (HEARD_PROCESS: qa/wsgi.py, manage.py).
TASK_SECONDS = 120
STATEMENT_SECONDS = env.integer("STATEMENT_SECONDS", 30, low=1, high=3600)
LOCK_SECONDS = env.integer("LOCK_SECONDS", 10, low=1, high=3600)
IDLE_TRANSACTION_SECONDS = env.integer("IDLE_TRANSACTION_SECONDS", 300, low=1, high=86_400)
LIMITS = {
    "WEB": (STATEMENT_SECONDS, LOCK_SECONDS, IDLE_TRANSACTION_SECONDS),
    "WORKER": (TASK_SECONDS, TASK_SECONDS // 2, IDLE_TRANSACTION_SECONDS),
    "COMMAND": (0, 0, 0),
}[env.choice("HEARD_PROCESS", "WORKER", "WEB", "WORKER", "COMMAND")]
DATABASES = {
    "default": env.database(
        "DATABASE_URL",
        statement_timeout=LIMITS[0],
        lock_timeout=LIMITS[1],
        idle_in_transaction_session_timeout=LIMITS[2],
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organizations.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail is unique among proven accounts (ADR 21)
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "qa.organizations.sign_in.AddressBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_CALLABLE = "qa.organizations.access.name_at_sign_in"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_SENSITIVE_PARAMETERS = [  # kept and logged as asterisks; "password" always is
    "username",
    "ip_address",
    "old_password",
    "new_password1",
    "new_password2",
]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["qa.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".data" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "qa.core.staticfiles.NpmFinder",
]
# The image has them compressed and named by their content; elsewhere the sources are served.
STATIC_COLLECTED = env.boolean("STATIC_COLLECTED", False)
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
if STATIC_COLLECTED:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# A request has so long to arrive; a long body gets more as it comes (qa/core/patient_worker).
REQUEST_SECONDS = env.integer("REQUEST_SECONDS", 30, low=1, high=3600)

# Uploads and requests: what is larger is refused in words (qa/intake/upload_handler).
MAX_FILE_BYTES = env.integer("MAX_FILE_MB", 25, low=1, high=500) * 1024 * 1024
# A file that is read within a request, so that its answer comes in seconds (qa/intake/files).
MAX_FILE_INTERACTIONS = env.integer("MAX_FILE_INTERACTIONS", 2_000, low=1, high=1_000_000)
MAX_FILE_TURNS = env.integer("MAX_FILE_TURNS", 20_000, low=1, high=10_000_000)
MAX_FILE_CHARACTERS = env.integer("MAX_FILE_CHARACTERS", 4_000_000, low=1, high=500_000_000)
MAX_BODY_BYTES = env.integer("MAX_BODY_MB", 10, low=1, high=100) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FILES = 500
FILE_UPLOAD_HANDLERS = ["qa.intake.upload_handler.LimitedUploadHandler"]

# Whoever proves their address may open an organization (qa/organizations/sign_up.py).
SIGN_UP = env.boolean("SIGN_UP", False)

# Names that nobody introduces are looked for by a language model (transcripts/names_model.py).
NAMES_MODEL = env.boolean("NAMES_MODEL", False)

# Transport and browser
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "qa.site.views.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["qa.organizations.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["qa.organizations.authentication.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "qa.api.base.problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Heard",
    "DESCRIPTION": "Push transcripts, read pre-scores and reviews. Every refusal is "
    "`application/problem+json` (RFC 9457) with the path of each field at fault.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "EmotionEnum": "qa.api.prescore_serializers.EMOTIONS",
        "FeelingEnum": "qa.api.prescore_serializers.FEELINGS",
        "ApologyEnum": "qa.api.prescore_serializers.APOLOGIES",
        "ChannelEnum": "transcripts.models.Channel",
        "InteractionStatusEnum": "transcripts.models.Interaction.Status",
        "FileStatusEnum": "transcripts.models.UploadedFile.Status",
        "RuleKindEnum": "qa.api.sampling_serializers.KINDS",
        "OutcomeEnum": "qa.api.prescore_serializers.OUTCOMES",
        "UploadStatusEnum": "qa.api.serializers.UPLOAD_STATES",
    },
}

# Celery: the row is the job, a message only says that it is there (qa/dispatch.py).
REDIS_URL = env.redis("REDIS_URL")
CELERY_IMPORTS = ("qa.tasks", "qa.site.worker")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = TASK_SECONDS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False  # mails that are printed stay readable
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # longer than the time limit: nothing runs twice at once
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # How long publishing looks for a broker that is away; workers go on looking by themselves.
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0.2,
}
CELERY_TASK_PUBLISH_RETRY = False  # the sweep sends again; intake never waits for the broker
CELERY_ACCEPT_CONTENT = ["json"]
# What came in by the ten thousand waits behind mails and the sweep (0 goes first).
CELERY_TASK_ROUTES = {"qa.tasks.process*": {"priority": 3}}
SWEEP_SECONDS = env.integer("SWEEP_SECONDS", 60, low=1, high=3600)
# When workers that answer, but get nothing done, are called stuck (qa/heartbeat.py). Longer than
# an interaction takes whose message was lost (5 min, and a sweep) or that is tried four times.
STUCK_SECONDS = env.integer("STUCK_MINUTES", 15, low=10, high=1440) * 60
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "qa.tasks.sweep", "schedule": SWEEP_SECONDS},
    "remind": {"task": "qa.tasks.remind", "schedule": 60},
    "digests": {"task": "qa.tasks.send_digests", "schedule": 300},
}

# Mail: printed to the log until a server is named. Digests also need the site's own address.
EMAIL = env.mail_server("EMAIL_URL")
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND", f"django.core.mail.backends.{'smtp' if EMAIL else 'console'}.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = EMAIL.get("host", "localhost"), EMAIL.get("port", 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL.get("user", ""), EMAIL.get("password", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL.get("starttls", False), EMAIL.get("tls", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "heard@localhost")
SITE_URL = env.site("SITE_URL")
DIGESTS = bool(EMAIL and SITE_URL)
DIGEST_HOUR = env.integer("DIGEST_HOUR", 6, low=0, high=23)  # of each organization's day

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "qa.core.logs.PrivateFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "axes": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "qa": {"level": "INFO"},
    },
}
