"""SMS by Tencent Cloud (腾讯云短信)."""
