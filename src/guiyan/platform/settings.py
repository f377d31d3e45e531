"""Django's settings, each from the environment with a safe default.

`guiyan serve` and `guiyan demo` fill the environment for the embedded database; an operator
with a database of their own sets DATABASE_URL (or DATABASE_URL_FILE) and GUIYAN_SECRET_KEY_FILE.
"""

import os
import sys
from pathlib import Path

from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured

from guiyan.platform.environment import flag, number, secret, words
from guiyan.platform.launcher.home import find_home
from guiyan.platform.launcher.urls import connection_settings
from guiyan.platform.metrics import address

PACKAGE = Path(__file__).resolve().parent.parent
HOME = find_home().root

DEBUG = flag("GUIYAN_DEBUG", default=False)
SECRET_KEY = secret("GUIYAN_SECRET_KEY", default="")
KEYS_DIR = Path(os.environ.get("GUIYAN_KEYS_DIR") or HOME / "keys")
FILES_DIR = Path(os.environ.get("GUIYAN_FILES_DIR") or HOME / "files")
CHECKPOINTS_DIR = Path(os.environ.get("GUIYAN_CHECKPOINTS_DIR") or HOME / "checkpoints")
PUBLIC_URL = os.environ.get("GUIYAN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
DEMO = flag("GUIYAN_DEMO", default=False)
# Where figures are given to a watching machine (docs/operations.md); `off` gives none.
METRICS_BIND = os.environ.get("GUIYAN_METRICS_BIND", "").strip() or address.DEFAULT
# How many proxies of one's own stand before the web server: so many addresses from the end of
# X-Forwarded-For is the browser's. With 0 that header, which anybody can write, is not read.
PROXY_HOPS = number("GUIYAN_PROXY_HOPS", default=0)

if not SECRET_KEY:
    if "pytest" not in sys.modules and "mypy" not in sys.modules:
        raise ImproperlyConfigured("Set GUIYAN_SECRET_KEY or GUIYAN_SECRET_KEY_FILE.")
    SECRET_KEY = "for-tests-only-never-served"  # noqa: S105

ALLOWED_HOSTS = words("GUIYAN_ALLOWED_HOSTS", default="127.0.0.1 localhost [::1]")
CSRF_TRUSTED_ORIGINS = words("GUIYAN_TRUSTED_ORIGINS", default=PUBLIC_URL)

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    # Not its default configuration: the loaders are written out below, for both packages at once.
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "guiyan.platform",
    "guiyan.orgs",
    "guiyan.channels",
    "guiyan.access",
    "guiyan.members",
    "guiyan.messaging",
    "guiyan.flows",
    "guiyan.field",
    "guiyan.outreach",
    "guiyan.liaison",
    "guiyan.insight",
    "guiyan.web",
]

MIDDLEWARE = [
    "guiyan.web.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "guiyan.web.device_policy.DevicePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guiyan.platform.request_log.RequestLogMiddleware",
    "guiyan.access.middleware.ActorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Last, because it runs the view itself, in one transaction and one scope.
    "guiyan.platform.transactions.TransactionMiddleware",
]

ROOT_URLCONF = "guiyan.web.urls"
WSGI_APPLICATION = "guiyan.web.wsgi.application"

TEMPLATE_FILES = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", TEMPLATE_FILES)],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "guiyan.platform.pages.shell_context",
            ],
        },
    }
]

DATABASES = {"default": connection_settings(secret("DATABASE_URL", default="postgresql:///guiyan"))}
if owner_url := secret("OWNER_DATABASE_URL", default=""):
    # Only in the processes that migrate or back up; the web and worker never hold it.
    DATABASES["owner"] = connection_settings(owner_url)
# Opening a connection costs more than most pages do; each thread of the web server keeps its own.
DATABASES["default"]["CONN_MAX_AGE"] = number("GUIYAN_CONNECTION_LASTS_S", default=300)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SESSION_COOKIE_NAME = "guiyan"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_AGE = number("GUIYAN_SESSION_ABSOLUTE_S", default=12 * 3600)
SESSION_IDLE_S = number("GUIYAN_SESSION_IDLE_S", default=30 * 60)
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "guiyan.platform.pages.csrf_failure"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# Only a proxy of one's own is believed when it says that the browser came by https.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_HOPS else None
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "style-src": ["'self'", NONCE],
        "script-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "guiyan_language"
LOCALE_PATHS = [PACKAGE / "web" / "locale"]

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "guiyan.web.statics.VersionedStatics"},
}
WHITENOISE_USE_FINDERS = True  # straight from the package; no step of collecting
WHITENOISE_MAX_AGE = 30 * 24 * 3600  # addresses carry the content's hash

FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a sitting places hundreds of members in one form

# Phones that come back together: so many calls in the long run, at a stroke, and side by side in
# each web process; the others are told when to come. A batch of 20 takes some 50 ms of one core.
FIELD_CALLS_PER_S = number("GUIYAN_FIELD_CALLS_PER_S", default=12)
FIELD_CALLS_BURST = number("GUIYAN_FIELD_CALLS_BURST", default=40)
FIELD_CALLS_AT_ONCE = number("GUIYAN_FIELD_CALLS_AT_ONCE", default=4)

# The ways out (docs/channels.md). What is not set is not used; secrets may stand in …_FILE.
CHANNELS = {
    "aliyun_sms": {
        "key_id": secret("GUIYAN_ALIYUN_KEY_ID", default=""),
        "key_secret": secret("GUIYAN_ALIYUN_KEY_SECRET", default=""),
        "sign_name": os.environ.get("GUIYAN_ALIYUN_SIGN_NAME", ""),
        "hook_key": secret("GUIYAN_ALIYUN_HOOK_KEY", default=""),
    },
    "tencent_sms": {
        "secret_id": secret("GUIYAN_TENCENT_SECRET_ID", default=""),
        "secret_key": secret("GUIYAN_TENCENT_SECRET_KEY", default=""),
        "app_id": os.environ.get("GUIYAN_TENCENT_SMS_APP_ID", ""),
        "sign_name": os.environ.get("GUIYAN_TENCENT_SIGN_NAME", ""),
        "hook_key": secret("GUIYAN_TENCENT_HOOK_KEY", default=""),
    },
    "wechat": {
        "app_id": os.environ.get("GUIYAN_WECHAT_APP_ID", ""),
        "secret": secret("GUIYAN_WECHAT_SECRET", default=""),
        "token": secret("GUIYAN_WECHAT_TOKEN", default=""),
        "aes_key": secret("GUIYAN_WECHAT_AES_KEY", default=""),
        "long_term_templates": os.environ.get("GUIYAN_WECHAT_LONG_TERM_TEMPLATES", ""),
    },
    "wecom": {
        "corp_id": os.environ.get("GUIYAN_WECOM_CORP_ID", ""),
        "agent_id": os.environ.get("GUIYAN_WECOM_AGENT_ID", ""),
        "secret": secret("GUIYAN_WECOM_SECRET", default=""),
        "token": secret("GUIYAN_WECOM_TOKEN", default=""),
        "aes_key": secret("GUIYAN_WECOM_AES_KEY", default=""),
    },
    "email": {
        "host": os.environ.get("GUIYAN_SMTP_HOST", ""),
        "port": os.environ.get("GUIYAN_SMTP_PORT", ""),
        "security": os.environ.get("GUIYAN_SMTP_SECURITY", "starttls"),
        "user": os.environ.get("GUIYAN_SMTP_USER", ""),
        "password": secret("GUIYAN_SMTP_PASSWORD", default=""),
        "sender": os.environ.get("GUIYAN_SMTP_SENDER", ""),
    },
}
# How long a provider may take for its whole answer, and how many messages go out side by side.
CHANNEL_PATIENCE_S = number("GUIYAN_CHANNEL_PATIENCE_S", default=10)
CHANNEL_THREADS = number("GUIYAN_CHANNEL_THREADS", default=4)
# Fakes on this machine may stand in the providers' places: the tests and measurements only.
CHANNELS_STAND_IN = flag("GUIYAN_CHANNELS_STAND_IN", default=False)

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A night that the machine was off for is made up for when the worker comes back.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 86_400}
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING_CONFIG = "guiyan.platform.request_log.configure_logging"
LOGGING = {"level": os.environ.get("GUIYAN_LOG_LEVEL", "INFO")}
