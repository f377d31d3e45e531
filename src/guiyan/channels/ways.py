"""The ways out that there are, in the order in which pages list them."""

from guiyan.channels import contract
from guiyan.channels.aliyun_sms.channel import AliyunSms
from guiyan.channels.call_list.channel import CallList
from guiyan.channels.email.channel import Email
from guiyan.channels.group_text.channel import GroupTextChannel
from guiyan.channels.inbox.channel import Inbox
from guiyan.channels.tencent_sms.channel import TencentSms
from guiyan.channels.wechat.channel import WeChat
from guiyan.channels.wecom.channel import WeCom

for way in (
    Inbox(),
    AliyunSms(),
    TencentSms(),
    WeChat(),
    WeCom(),
    Email(),
    CallList(),
    GroupTextChannel(),
):
    contract.add(way)
