import subprocess
import sys

import pytest

from agent.errors import SetupError
from agent.llm.loading import load_chat_model
from agent.settings import Settings


def test_none_is_no_model():
    assert load_chat_model(Settings(llm="none")) is None


def test_the_pilot_is_made_without_a_network_or_settings():
    assert load_chat_model(Settings(llm="pilot"))._llm_type == "recpilot-pilot"


def test_a_folder_is_a_local_model_with_the_timeout_of_the_settings(tiny_folder):
    model = load_chat_model(Settings(llm=str(tiny_folder), llm_timeout_s=7, device="cpu"))
    assert model._llm_type == "transformers"
    assert model.timeout_s == 7


def test_a_url_is_a_server(grammar_server):
    model = load_chat_model(Settings(llm=f"{grammar_server}/v1", llm_model="tiny", llm_timeout_s=7))
    assert (model._llm_type, model.model_name, model.timeout_s) == ("openai-compatible", "tiny", 7)


@pytest.mark.parametrize("name", ["./missing", "/no/such/folder", "a/b/c", ""])
def test_what_is_no_model_is_said_with_what_is_legal(name):
    with pytest.raises(SetupError, match=r"must be `pilot`, `none`, a name that .* an existing folder, a hub id"):
        load_chat_model(Settings(llm=name))


def test_a_hub_id_that_is_not_in_the_cache_is_said_with_the_command_that_gets_it():
    with pytest.raises(SetupError, match="hf download nobody/no-such-model"):
        load_chat_model(Settings(llm="nobody/no-such-model"))


def test_a_folder_that_is_no_model_is_said(tmp_path):
    with pytest.raises(SetupError, match=r"holds no config\.json"):
        load_chat_model(Settings(llm=str(tmp_path)))


def test_a_folder_whose_model_needs_code_of_its_own_is_refused(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "custom", "auto_map": {"AutoConfig": "evil.Config"}}')
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(SetupError, match="code of the model's own is not run"):
        load_chat_model(Settings(llm=str(tmp_path)))
    assert not (tmp_path / "ran").exists()


def test_loading_no_model_imports_neither_torch_nor_transformers():
    code = (
        "import sys; from agent.llm.loading import load_chat_model; from agent.settings import Settings\n"
        "load_chat_model(Settings(llm='none')); print([m for m in ('torch', 'transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
