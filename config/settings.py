"""The one settings file: everything that differs between two machines comes from the environment.

Without DATABASE_URL and REDIS_URL, the servers that `python3 run.py` keeps are found through var/run.json.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import environ
from django.utils.translation import gettext_lazy as _

from config import heard, logs, places

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
VAR = places.var()
SHARED_DATA = Path(env.str("SHARED_DATA", str(BASE_DIR.parent / "shared" / "data")))

TESTING = env.bool("INMAIL_TESTING", False)
DEBUG = env.bool("DEBUG", False)
EMBEDDED = env.bool("INMAIL_EMBEDDED", "DATABASE_URL" not in env.ENVIRON)
SECRET_KEY = env.str("SECRET_KEY", "") or places.secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier ones, whose signatures still hold
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] + (["testserver"] if TESTING else [])
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- applications ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # Ours come last: the admin of the others is in place when ours changes it.
    "simulation",
    "lab",
    "inmail",
    "privacy",
    "accounts",
    "clock",
]

MIDDLEWARE = [
    "config.requests.Requests",
    "config.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.standstill.Standstill",
    "config.sessions.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "config.bounds.Bounds",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.impersonation.Impersonation",
    "accounts.second_factor.Required",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.busy.Busy",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "inmail.context.header",
            ],
        },
    },
]

# --- what is due, and who answers: dotted paths, so that a lower floor knows no upper one ---------

CLOCK_SOURCES = ["inmail.due.InmailWork", "simulation.world.SimulatedPeople"]
INMAIL_REACTIONS = "simulation.world.react"
INMAIL_IS_ACTIVE = "simulation.recipients.is_active"
INMAIL_ON_DEPARTURE = ["simulation.departure.forget", "lab.departure.forget"]
PRIVACY_IS_PREMIUM = "inmail.subscriptions.is_premium"
ACCOUNTS_ON_JOIN = "inmail.subscriptions.join_up"
ACCOUNTS_PLAN_CHOICES = "inmail.subscriptions.choices"
ACCOUNTS_BLOCKS = "privacy.blocks"
CLOCK_WITNESS = "accounts.journal.record"
HIJACK_PERMISSION_CHECK = "accounts.impersonation.may"
# After how many seconds without a sign of its worker a part of a run is taken up by another.
LAB_LEASE = env.float("LAB_LEASE", 15.0)
LAB_PROCESSES = env.int("LAB_PROCESSES", 0) or os.cpu_count() or 1  # that live runs, for what a run is told to take
UNDO_SECONDS = env.int("UNDO_SECONDS", 0 if TESTING else 10)

# --- database -------------------------------------------------------------------------------------

DATABASE_URL = places.database_url()
STATEMENT_TIMEOUT = env.int(
    "DATABASE_STATEMENT_TIMEOUT", 30
)  # seconds; 0 means none. Commands and workers set their own.
LOCK_TIMEOUT = env.float("DATABASE_LOCK_TIMEOUT", 1.5)  # an act may wait for the clock, then for a wallet
IDLE_TIMEOUT = env.int("DATABASE_IDLE_TIMEOUT", 60)
_database = env.db_url_config(DATABASE_URL)
DATABASES = {
    "default": {
        **_database,
        "HOST": unquote(_database["HOST"]),  # a folder of sockets is written with %2F
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 0 if TESTING else 600),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "options": (
                f"-c statement_timeout={STATEMENT_TIMEOUT}s -c lock_timeout={LOCK_TIMEOUT * 1000:.0f}"
                f" -c idle_in_transaction_session_timeout={IDLE_TIMEOUT}s"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- broker: a doorbell that may be out of order without anybody waiting for it -------------------

REDIS_URL = places.redis_url()
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
# A message whose worker died comes back after this long (seconds): more than any task may take.
CELERY_VISIBILITY_TIMEOUT = 3600
CELERY_TASK_TIME_LIMIT = 3300
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_VISIBILITY_TIMEOUT,
    # As stock, what a killed worker held is looked for every 100 seconds.
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    # A frozen broker would block who rings for ever.
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "max_retries": 0,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": CELERY_VISIBILITY_TIMEOUT}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A task that kills its worker runs four times, not for ever (task_reject_on_worker_lost).
CELERY_TASK_RETRY_ON_WORKER_LOST = True
CELERY_TASK_ANNOTATIONS = {"*": {"max_retries": 3, "default_retry_delay": 0}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 3.0
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "delivery"
CELERY_TASK_ROUTES = {"clock.*": {"queue": "clock"}, "lab.*": {"queue": "lab"}}
CELERY_TIMEZONE = "UTC"
LAB_BEAT = heard.WhileHeard(1.0, queue="lab", url=REDIS_URL)
CELERY_BEAT_SCHEDULE = {
    # What was not taken up in time is dropped: the next beat does the same work.
    "clock.tick": {"task": "clock.tick", "schedule": 1.0, "options": {"expires": 5}},
    "inmail.sweep": {"task": "inmail.sweep", "schedule": 1.0, "options": {"expires": 5}},
    "accounts.mail": {"task": "accounts.mail", "schedule": 5.0, "options": {"expires": 5}},
    "inmail.heartbeat": {"task": "inmail.heartbeat", "schedule": 5.0, "options": {"expires": 10}},
    "inmail.heartbeat.clock": {
        "task": "inmail.heartbeat",
        "args": ("clock",),
        "schedule": 5.0,
        "options": {"expires": 10, "queue": "clock"},
    },
    "lab.work": {"task": "lab.work", "schedule": LAB_BEAT, "options": {"expires": 5}},
    "inmail.prune": {"task": "inmail.prune", "schedule": 600.0, "options": {"expires": 600}},
}

# --- members and signing in -----------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["accounts.passwords.OneCheck"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": f"accounts.passwords.{name}"} for name in ("NotTooLong", "NotOfThisPlace")]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm", "signup": "accounts.forms.SignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
# Only who must confirm an address can be told the same whether it is known or not.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "InMail Simulator: "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {} if env.bool("ACCOUNT_RATE_LIMITS", not TESTING) else False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("NUM_PROXIES", 0)  # whose X-Forwarded-For is believed
USERSESSIONS_ADAPTER = "accounts.adapter.SessionsAdapter"
MFA_ADAPTER = "accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "InMail Simulator"
MFA_TOTP_TOLERANCE = 1  # steps of 30 s before and after, for clocks that differ; each code is taken once
MFA_RATE_LIMITS = ACCOUNT_RATE_LIMITS
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
    "activate_totp": "accounts.forms.FirstCodeForm",
    "login_webauthn": "accounts.forms.PasskeyAtTheDoorForm",
    "authenticate_webauthn": "accounts.forms.PasskeyBesideThePasswordForm",
    "reauthenticate_webauthn": "accounts.forms.PasskeyAgainForm",
    "add_webauthn": "accounts.forms.PasskeyForm",
    "edit_webauthn": "accounts.forms.PasskeyNameForm",
}

# --- mail -----------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "InMail Simulator <noreply@localhost>")
if env.str("EMAIL_URL", ""):  # a mail waits in the database until the worker has brought it to the mail server
    vars().update(env.email_url("EMAIL_URL"))
    MAIL_CARRIER, EMAIL_BACKEND = EMAIL_BACKEND, "accounts.mailing.EmailBackend"  # noqa: F821
    EMAIL_TIMEOUT = 5
elif EMBEDDED:
    EMAIL_BACKEND = "accounts.outbox.EmailBackend"
else:  # never the console: a log would hold addresses, and links that open accounts
    EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", VAR / "mail"

# --- cache: what all processes count together; see config/counters.py for a Valkey that is away ---

CACHES = {"default": {"BACKEND": "config.counters.Counters", "LOCATION": REDIS_URL, "KEY_PREFIX": "cache"}}

# --- REST -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "rest_framework.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["inmail.api.parsers.StrictParser"],
    "DEFAULT_THROTTLE_CLASSES": ["inmail.api.throttles.MemberThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        # A test that is about them sets its own.
        "member": env.str("API_RATE_MEMBER", None if TESTING else "3000/min"),
        "token": env.str("API_RATE_TOKEN", None if TESTING else "30/min"),
        "address": env.str("API_RATE_ADDRESS", None if TESTING else "100/min"),
    },
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "EXCEPTION_HANDLER": "inmail.api.errors.handle",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "InMail Simulator",
    "DESCRIPTION": "Write to people you do not know, as on a professional network, with simulated members.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_NAME_OVERRIDES": {
        "Category": "privacy.models.Category",
        "Messages": "privacy.models.Messages",
        "Plan": "inmail.models.terms.PlanName",
        "InmailStatus": "inmail.models.letters.Status",
        "AnswerKind": "inmail.models.letters.Answer",
        "Match": "inmail.models.letters.Match",
        "EntryKind": "inmail.models.wallets.Kind",
        "InvitationStatus": "accounts.models.Invitation.Status",
        "UpOrDown": [("ok", "ok"), ("down", "down")],
        "TaskStatus": "clock.models.Advance.Status",
        "RunStatus": "lab.models.Run.Status",
    },
}
# Seconds that a call waits for the worker to have moved the clock before it answers "not yet".
ADVANCE_WAIT = env.float("ADVANCE_WAIT", 20.0)

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("it", _("Italian"))]
# Ours, what we say otherwise than the libraries, and what the schema of the API says of itself.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries", BASE_DIR / "locale" / "api"]
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", str(VAR / "static")))
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING or DEBUG
WHITENOISE_AUTOREFRESH = TESTING or DEBUG  # a test's site, of which there are many, looks for no file unasked
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- safety ---------------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", False)  # whether a proxy in front serves us over TLS
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^metrics$", "^api/v1/"]  # the API says no instead: config/bounds.py
SECURE_HSTS_SECONDS = 3600 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# To have a name built into browsers (preload) can hardly be taken back: that is for its owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_DAYS", 14) * 24 * 3600  # since signing in, however much it is used
SESSION_IDLE = timedelta(hours=env.float("SESSION_IDLE_HOURS", 48))  # without a request
_bound = "__Host-" if HTTPS else ""  # such a cookie is taken over TLS only, for this host alone
SESSION_COOKIE_NAME = f"{_bound}sessionid"
CSRF_COOKIE_NAME = f"{_bound}csrftoken"
MESSAGES_COOKIE_NAME = f"{_bound}messages"
MESSAGE_STORAGE = "config.notices.Notices"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # pages carry the token of their forms themselves
LANGUAGE_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20  # of a whole body: config/bounds.py
FILE_UPLOAD_HANDLERS = ["config.bounds.NoFiles"]

# --- what is said ---------------------------------------------------------------------------------

# LOG_LEVEL, and LOG_FORMAT (json or line), are read by config.logs: gunicorn needs them before there are settings.
LOGGING = logs.configuration(*logs.wanted())
# Who bears it may read /metrics from elsewhere; without it, only who is on this machine.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
