"""Loading extensions and checkpoints, callbacks, settings."""

import shutil
import sys

import pytest
import yaml

from sandbox import SANDBOX_DIR

CHECKPOINT = SANDBOX_DIR / "shapes" / "shapes.safetensors"


def test_extension_is_loaded_with_its_folder_on_the_path(booted, capsys):
    from modules import extensions, scripts

    assert booted.probe.basedir.endswith("probe_extension")
    assert scripts.basedir() == str(SANDBOX_DIR)
    assert booted.probe.basedir not in sys.path
    assert extensions.find_extension(booted.probe.__file__).name == "probe_extension"
    assert extensions.find_extension(__file__) is None
    assert scripts.list_files_with_name("nothing.css") == []
    assert [file.filename for file in scripts.list_scripts("scripts", ".py")] == ["sd_upscale.py", "probe.py"]


def test_scripts_have_widgets_names_and_ids(booted):
    runner = booted.scripts.scripts_img2img
    script = runner.script("PROBE ME")
    assert (script.name, script.is_img2img, script.alwayson) == ("probe me", True, True)
    assert (script.args_from, script.args_to) == (1, 3)
    assert [control.label for control in runner.inputs[1:3]] == ["word", "number"]
    assert script.elem_id("box") == "script_img2img_probe_me_box"
    assert [(arg.label, arg.value) for arg in script.api_info.args] == [("word", "word"), ("number", 2)]


def test_script_that_cannot_be_loaded_is_named(tmp_path, capsys, monkeypatch):
    from modules import extensions, script_callbacks, scripts

    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "broken.py").write_text("import nothing_of_that_name")
    monkeypatch.setattr(extensions, "extensions", [extensions.Extension(str(tmp_path))])
    monkeypatch.setattr(scripts, "scripts_data", [])
    monkeypatch.setattr(script_callbacks, "callback_map", {})
    runners = scripts.scripts_txt2img, scripts.scripts_img2img
    path = list(sys.path)
    scripts.load_scripts()
    scripts.scripts_txt2img, scripts.scripts_img2img = runners
    assert "Error loading script: broken.py" in capsys.readouterr().err
    assert sys.path == path


def test_callbacks_are_removed_by_the_file_that_made_them(monkeypatch):
    from modules import script_callbacks

    monkeypatch.setattr(script_callbacks, "callback_map", {k: [] for k in script_callbacks.callback_map})
    heard = []
    script_callbacks.on_infotext_pasted(lambda text, params: params.update(seen=text))
    script_callbacks.on_before_ui(lambda: heard.append("first"))
    script_callbacks.on_before_ui(lambda: heard.append("second"))
    params = {}
    script_callbacks.infotext_pasted_callback("a cat", params)
    script_callbacks.before_ui_callback()
    assert params == {"seen": "a cat"}
    assert heard == ["second", "first"]
    script_callbacks.on_script_unloaded(script_callbacks.errors.report)
    script_callbacks.remove_callbacks_for_function(script_callbacks.errors.report)
    assert script_callbacks.callback_map["callbacks_script_unloaded"] == []
    script_callbacks.remove_current_script_callbacks()
    assert not any(script_callbacks.callback_map.values())


def test_options_keep_values_that_were_there_before_the_option(capsys):
    from modules.options import OptionInfo, Options, options_section

    opts = Options(options_section(("a", "A"), {"known": OptionInfo(3, "Known")}))
    assert opts.data_labels["known"].section == ("a", "A")
    opts.data["new"] = "kept"
    opts.add_option("new", OptionInfo("default", "New", restrict_api=True).info("why"))
    assert opts.new == "kept"
    opts.known = 4
    assert (opts.known, opts.data["known"], opts.get_default("known")) == (4, 4, 3)
    assert not opts.set("new", "other", is_api=True)
    with pytest.raises(AttributeError, match="missing"):
        _ = opts.missing

    heard = []
    opts.onchange("known", lambda: heard.append(opts.known))
    assert opts.set("known", 5)
    assert not opts.set("known", 5)
    assert heard == [4, 5]
    opts.onchange("known", lambda: 1 / 0, call=False)
    assert not opts.set("known", 6)
    assert opts.known == 5
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert opts.cast_value("known", "7") == 7


def test_checkpoint_is_known_by_its_names(host):
    from modules import sd_models

    info = host.shared.sd_model.sd_checkpoint_info
    assert info.title == f"shapes.safetensors [{info.sha256[:10]}]"
    for name in (info.title, "shapes", info.shorthash):
        assert sd_models.get_closet_checkpoint_match(name) is info
    assert sd_models.reload_model_weights(info) is host.shared.sd_model
    assert host.shared.opts.sd_model_checkpoint == info.title


def test_model_has_what_extensions_look_for(host):
    model = host.shared.sd_model
    assert (model.is_sd1, model.is_sdxl, model.parameterization) == (True, False, "eps")
    assert model.model.conditioning_key == "crossattn"
    assert type(model.model.diffusion_model).__module__ == "ldm.modules.diffusionmodules.openaimodel"
    assert any(name.endswith("attn2") for name, _ in model.model.diffusion_model.named_modules())
    assert model.alphas_cumprod.shape == (1000,)
    assert host.shared.loaded_hypernetworks == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda config: config.update(target="ldm.Other"), "the sandbox loads"),
        (lambda config: config["params"]["unet_config"]["params"].update(num_res_blocks=2), "does not fit"),
    ],
)
def test_checkpoint_that_does_not_fit_is_refused(host, tmp_path, change, what):
    from modules import sd_models

    loaded = host.shared.sd_model
    config = yaml.safe_load(CHECKPOINT.with_suffix(".yaml").read_text(encoding="utf8"))
    change(config["model"])
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(config), encoding="utf8")
    (tmp_path / "other.safetensors").symlink_to(CHECKPOINT)
    shutil.copytree(CHECKPOINT.parent / "text-encoder", tmp_path / "text-encoder")
    with pytest.raises(ValueError, match=what):
        sd_models.load_model(tmp_path / "other.safetensors")
    assert host.shared.sd_model is loaded


def test_state_counts_and_previews(draw, host):
    state = host.shared.state
    draw(n_iter=2)
    assert (state.job_no, state.job_count, state.job) == (2, 2, "Batch 2 out of 2")
    assert state.dict()["sampling_steps"] == 2
    state.sampling_step = 20
    state.set_current_image()
    assert state.current_image.size == (64, 64)
    assert state.id_live_preview == 1
    state.end()
    assert state.job == ""
