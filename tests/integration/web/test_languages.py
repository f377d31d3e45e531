"""Three faces, one program: every text in English and Traditional, and nobody reads a mixed page."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import polib
import pytest
from django.test import Client, RequestFactory
from django.utils.translation import override

from guiyan.access.forms import ElevationForm
from guiyan.flows import rules
from guiyan.kernel.findings import Phrase
from guiyan.kernel.workbooks.refusals import WorkbookRefused, too_many_rows
from guiyan.members.showing import day
from guiyan.platform.clock import today
from guiyan.platform.errors import Refused, refuse
from guiyan.platform.pages import refused_page
from guiyan.platform.wording import on_record, said, sentence

HAN = re.compile(r"[\u4e00-\u9fff]")
LANGUAGES = ("zh-hans", "zh-hant", "en")


def _script(name: str) -> ModuleType:
    path = Path(__file__).parents[3] / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"scripts_{name}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


messages = _script("messages")


@pytest.mark.parametrize("language", [messages.ENGLISH, messages.TRADITIONAL])
class TestCatalogues:
    def test_every_text_of_the_program_is_translated_and_compiled(self, language: str) -> None:
        assert [each for each in messages.problems() if each.startswith(f"{language}:")] == []

    def test_a_translation_fills_in_the_same_values(self, language: str) -> None:
        assert messages.other_placeholders(messages.read_catalogue(language)) == []

    def test_a_text_keeps_its_blanks_at_both_ends(self, language: str) -> None:
        """A label that something follows ends in a blank in English, and nothing begins with one."""
        for entry in messages.read_catalogue(language):
            for text in (entry.msgstr, *entry.msgstr_plural.values()):
                assert not text.startswith(" "), entry.msgid


def test_traditional_follows_simplified_except_where_a_person_corrected_it() -> None:
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="党员报到"))
    catalogue.append(polib.POEntry(msgid="后台", msgstr="後臺的字", tcomment="by hand"))
    messages.fill_traditional(catalogue)
    assert [entry.msgstr for entry in catalogue] == ["黨員報到", "後臺的字"]


def test_a_refusal_that_a_rule_makes_is_found_for_the_catalogues() -> None:
    source = (
        'Refusal("late", "太晚了。"); Refused("x", message); Phrase("现有 %(n)s 名", {"n": "名"})'
    )
    assert [text for _, texts in messages.calls_in_python(source) for text in texts] == [
        *("late", "太晚了。"),
        *("x", ""),
        *("现有 %(n)s 名", ""),
    ]


@pytest.mark.django_db
class TestPages:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh-hans", "离家在外，组织还在"),
            ("zh-hant", "離家在外，組織還在"),
            ("en", "Away from home, still among your own"),
        ],
    )
    def test_the_landing_page_speaks_the_readers_language(
        self, client: Client, language: str, words: str
    ) -> None:
        page = client.get("/", headers={"accept-language": language}).content.decode()
        assert words in page
        assert f'<html lang="{language}"' in page

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_landing_page_stays_within_10_kilobytes(
        self, client: Client, language: str
    ) -> None:
        assert len(client.get("/", headers={"accept-language": language}).content) <= 9.5 * 1024

    @pytest.mark.parametrize("path", ["/", "/in", "/me/in", "/near", "/hotlines", "/feedback"])
    def test_a_public_page_in_english_leaves_no_word_untranslated(
        self, client: Client, path: str
    ) -> None:
        """What stays Chinese says so: the names of the other languages, and examples of input."""
        page = client.get(path, headers={"accept-language": "en"}).content.decode()
        page = re.sub(r"<style.*?</style>|<script.*?</script>|<[^>]*lang=[^>]*>[^<]*", "", page)
        text = " ".join(re.findall(r">([^<]+)<", page))
        text = re.sub(r"[Ff]or example: [^.;]*", "", text)
        assert not HAN.search(text), HAN.findall(text)

    def test_a_wrong_password_is_answered_in_the_readers_language(self, client: Client) -> None:
        page = client.post(
            "/in",
            {"login": "nobody.here", "password": "no such password"},
            headers={"accept-language": "en"},
        ).content.decode()
        assert "The sign-in name or password is wrong" in page

    def test_a_missing_page_is_explained_in_the_readers_language(self, client: Client) -> None:
        page = client.get("/no/such/page", headers={"accept-language": "en"}).content.decode()
        assert "This page was not found" in page

    def test_a_form_that_was_open_too_long_is_explained_in_the_readers_language(self) -> None:
        client = Client(enforce_csrf_checks=True)
        page = client.post("/in", headers={"accept-language": "en"}).content.decode()
        assert "This page was open too long" in page


class TestRefusals:
    def test_a_refusal_of_a_rule_is_said_in_the_readers_language(self) -> None:
        with pytest.raises(Refused) as refused:
            refuse(rules.may_open(has_open_case=True))
        assert refused.value.message.startswith("这名党员已有")
        with override("en"):
            assert refused.value.message == (
                "This member already has an open case. Please go on there."
            )

    def test_a_refusal_with_a_name_is_looked_up_first_and_filled_in_then(self) -> None:
        refused = Refused(
            "not-a-branch", "%(name)s不能接收党员。请选择一个党支部。", {"name": "100%县委"}
        )
        with override("en"):
            assert refused.message == "100%县委 cannot take in members. Please choose a branch."

    def test_a_refusal_without_values_may_contain_a_percent_sign(self) -> None:
        assert Refused("x", "只有 100% 才行").message == "只有 100% 才行"

    def test_a_refusal_without_words_stays_without_words(self) -> None:
        with override("en"):
            assert Refused("x", "").message == ""

    def test_the_page_of_a_refusal_is_in_the_readers_language(self) -> None:
        request = RequestFactory().get("/")
        with override("en"):
            page = refused_page(request, "ended", "这次研判会已经结束。请另开一次会。", 422)
        assert "This sitting is closed. Please open another." in page.content.decode()

    def test_a_workbook_that_is_turned_away_says_so_with_its_numbers(self) -> None:
        refused = too_many_rows()
        assert refused.message == "表格超过 1,048,576 行。请分成几个文件上传。"
        with override("en"):
            assert "1,048,576 rows" in said(refused.text, refused.values)

    def test_a_workbooks_refusal_without_values_is_its_text(self) -> None:
        assert WorkbookRefused("x", "满 100% 才行").message == "满 100% 才行"


class TestSentences:
    WHY = (
        Phrase("同行业（%(trade)s）", {"trade": "餐饮"}),
        Phrase("会%(languages)s", {"languages": ("彝语", "苗语")}),
        Phrase("现有 %(size)s 名流动党员", {"size": 7}),
    )

    def test_a_composed_reason_is_one_sentence_in_each_language(self) -> None:
        assert sentence(self.WHY) == "同行业（餐饮），会彝语、苗语，现有 7 名流动党员"
        with override("en"):
            assert sentence(self.WHY) == "same trade (餐饮), speaks Yi, Miao, 7 mobile members now"

    def test_what_is_kept_is_written_in_the_language_of_the_records(self) -> None:
        with override("en"):
            assert on_record(self.WHY) == "同行业（餐饮），会彝语、苗语，现有 7 名流动党员"

    def test_a_date_is_written_as_the_language_writes_it(self) -> None:
        """In English with fixed blanks: a date does not break in a narrow column."""
        when = today().replace(year=2026, month=3, day=2)
        with override("en"):
            assert (day(when), day(when, "month"), day(when, "year")) == (
                *("2\u00a0Mar\u00a02026", "Mar\u00a02026", "2026"),
            )
        with override("zh-hant"):
            assert day(when) == "2026年3月2日"


def test_what_is_chosen_from_is_said_in_the_reader_s_language() -> None:
    """A choice that is put together when the program starts would stay Chinese for everybody."""
    with override("en"):
        said_first = [str(text) for _value, text in ElevationForm().fields["minutes"].choices]  # type: ignore[attr-defined]
    assert not [text for text in said_first if HAN.search(text)]
