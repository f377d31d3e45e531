"""The demo's providers: fakes on this machine, for as long as something is sent."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from guiyan.channels import configuration
from guiyan.channels.aliyun_sms.fake import AliyunFake
from guiyan.channels.endpoints import standing_in
from guiyan.channels.tencent_sms.fake import TencentFake


@contextmanager
def providers() -> Iterator[None]:
    with ExitStack() as stack:
        aliyun = stack.enter_context(AliyunFake(configuration.DEMO["aliyun_sms"]["key_secret"]))
        tencent = stack.enter_context(TencentFake(configuration.DEMO["tencent_sms"]["secret_key"]))
        stack.enter_context(
            standing_in({"aliyun_sms": aliyun.address, "tencent_sms": tencent.address})
        )
        yield
