"""Whole generations: the order of calls, batches, img2img, hires, errors and interrupts."""

import json

import numpy as np
import pytest
from PIL import Image

import sandbox  # noqa: F401 - puts the sandbox's modules on the path


def pixels(image) -> np.ndarray:
    return np.array(image).astype(int)


def names(host) -> list[str]:
    return [name for name, _, _ in host.probe.calls]


def test_calls_come_in_the_order_of_the_webui(draw, host):
    result = draw(n_iter=2, batch_size=2, sampler_name="Heun")
    step = ["cfg_denoiser", "cfg_denoised", "cfg_after_cfg"]
    picture = ["postprocess_image", "postprocess_maskoverlay", "postprocess_image_after_composite"]
    batch = [
        "before_process_batch",
        "after_extra_networks_activate",
        "process_batch",
        "process_before_every_sampling",
        *step * 3,  # Heun calls the model twice a step, but once in the last
        "post_sample",
        "postprocess_batch",
        "postprocess_batch_list",
        *picture * 2,
    ]
    assert names(host) == ["setup", "before_process", "process", *batch, *batch, "postprocess"]
    assert len(result.images) == 4
    assert json.loads(result.js())["all_seeds"] == [5, 6, 7, 8]


def test_scripts_get_their_slice_of_the_arguments(draw, host):
    draw(script_args=[0, "other word", 7, "somebody else's"])
    for name, args, _ in host.probe.calls:
        if name.startswith("cfg"):
            continue
        assert list(args[-2:]) == ["other word", 7], name
    sampling = next(kwargs for name, _, kwargs in host.probe.calls if name == "process_before_every_sampling")
    assert set(sampling) == {"x", "noise", "c", "uc"}
    assert sampling["x"].shape == (1, 4, 8, 8)
    batch = next(kwargs for name, _, kwargs in host.probe.calls if name == "postprocess_batch")
    assert batch["images"].shape == (1, 3, 64, 64)
    assert 0 <= batch["images"].min() <= batch["images"].max() <= 1


def test_pictures_are_the_same_alone_and_in_a_batch(draw):
    batch = draw(batch_size=3, sampler_name="Euler a", steps=3)
    alone = draw(seed=7, sampler_name="Euler a", steps=3)
    assert abs(pixels(batch.images[2]) - pixels(alone.images[0])).max() <= 1
    assert batch.infotexts[2] == alone.infotexts[0]
    assert abs(pixels(batch.images[0]) - pixels(alone.images[0])).max() > 20


@pytest.mark.parametrize("sampler", ["Euler", "Euler a", "Heun", "DPM++ 2M", "DDIM"])
def test_every_sampler_draws_the_same_twice(draw, sampler):
    first, second = (draw(sampler_name=sampler, width=72, height=40) for _ in range(2))
    assert first.images[0].size == (72, 40)
    assert np.array_equal(pixels(first.images[0]), pixels(second.images[0]))
    assert pixels(first.images[0]).std() > 5


def test_infotext(draw):
    result = draw(negative_prompt="a ring", sampler_name="DPM++ 2M", override_settings={"CLIP_stop_at_last_layers": 2})
    first, negative, settings = result.infotexts[0].split("\n")
    assert first == "a red circle"
    assert negative == "Negative prompt: a ring"
    pattern = [
        "Steps: 2",
        "Sampler: DPM++ 2M",
        "Schedule type: Karras",
        "CFG scale: 7.0",
        "Seed: 5",
        "Size: 64x64",
        f"Model hash: {result.sd_model_hash}",
        "Model: shapes",
        "Clip skip: 2",
        "Version: v1.10.1",
    ]
    assert settings.split(", ") == pattern
    assert result.images[0].info["parameters"] == result.infotexts[0]


def test_infotext_takes_lists_and_functions(draw, host, capsys):
    def add(p, *args, **kwargs):
        p.extra_generation_params.update(
            {
                "Of each": ["one", "two"],
                "Computed": lambda index, prompt_text, **kwargs: f"{index}, {prompt_text}",
                "Left out": None,
                "Broken": lambda **kwargs: 1 / 0,
            }
        )

    host.probe.faults["process"] = add
    texts = draw(batch_size=2).infotexts
    assert 'Of each: two, Computed: "1, a red circle", Version' in texts[1]
    assert "Left out" not in texts[0]
    assert "Broken" not in texts[0]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_options_are_overridden_for_one_generation(draw, host):
    draw(override_settings={"batch_cond_uncond": False, "sd_model_checkpoint": "nobody"})
    assert host.shared.opts.batch_cond_uncond is True
    sizes = [len(args[0].x) for name, args, _ in host.probe.calls if name == "cfg_denoiser"]
    assert sizes == [2, 2]


def test_comments_and_prompts_may_be_changed_by_scripts(draw, host):
    def before_batch(p, *args, **kwargs):
        p.prompts[:] = ["a blue square"]
        p.comment("changed your words")

    plain = draw(prompt="a blue square")
    host.probe.faults["before_process_batch"] = before_batch
    changed = draw()
    assert np.array_equal(pixels(plain.images[0]), pixels(changed.images[0]))
    assert changed.comments == "changed your words\n"


def test_network_tags_are_taken_out(draw, host, capsys):
    plain = draw(prompt="a red circle ")
    host.probe.calls.clear()
    tagged = draw(prompt="a red circle <fancy:style:0.5><lora:ink:1>")
    assert np.array_equal(pixels(plain.images[0]), pixels(tagged.images[0]))
    data = next(kwargs for name, _, kwargs in host.probe.calls if name == "after_extra_networks_activate")
    assert data["extra_network_data"]["fancy"][0].items == ["style", "0.5"]
    assert tagged.infotexts[0].startswith("a red circle <fancy:style:0.5><lora:ink:1>\n")
    assert tagged.comments == "Lora not found: ink\n"
    assert "unknown extra network: fancy" in capsys.readouterr().out


def test_conds_are_made_once_and_again_when_something_changed(draw, host, monkeypatch):
    made = []
    model = host.shared.sd_model
    encode = type(model).get_learned_conditioning
    monkeypatch.setattr(
        type(model), "get_learned_conditioning", lambda self, c: made.append(list(c)) or encode(self, c)
    )
    draw()
    assert made == [[""], ["a red circle"]]
    draw(seed=9)
    assert len(made) == 2
    draw(override_settings={"CLIP_stop_at_last_layers": 2})
    assert len(made) == 4


def test_img2img_changes_more_at_higher_strength(draw, host):
    start = draw(steps=6).images[0]
    far = []
    for strength in (0.05, 0.9):
        result = draw(prompt="a blue square", init_images=[start], denoising_strength=strength, steps=8, seed=3)
        assert f"Denoising strength: {strength}" in result.infotexts[0]
        far.append(abs(pixels(result.images[0]) - pixels(start)).mean())
    assert far[0] < 20
    assert far[1] > 3 * far[0]
    sampling = next(kwargs for name, _, kwargs in host.probe.calls if name == "process_before_every_sampling")
    assert sampling["x"].shape == (1, 4, 8, 8)


def test_pictures_survive_the_autoencoder(host):
    from modules import images, sd_samplers_common

    picture = Image.new("RGB", (64, 48), (200, 40, 90))
    latents = sd_samplers_common.images_tensor_to_samples(images.to_tensor(picture)[None])
    assert latents.shape == (1, 4, 6, 8)
    assert abs(pixels(sd_samplers_common.sample_to_image(latents)) - pixels(picture)).max() <= 2


@pytest.mark.parametrize("mode", [0, 1, 2, 3])
def test_resize_modes_of_img2img(draw, mode):
    start = Image.linear_gradient("L").convert("RGB").resize((96, 48))
    result = draw(init_images=[start], resize_mode=mode, width=64, height=72, denoising_strength=0.1)
    assert result.images[0].size == (64, 72)


def test_hires_pass(draw, host):
    result = draw(enable_hr=True, hr_scale=1.5, hr_second_pass_steps=2, hr_prompt="a blue square", steps=2)
    assert result.images[0].size == (96, 96)
    shapes = [kwargs["x"].shape for name, _, kwargs in host.probe.calls if name == "process_before_every_sampling"]
    assert shapes == [(1, 4, 8, 8), (1, 4, 12, 12)]
    assert names(host)[names(host).index("before_hr") + 1] == "process_before_every_sampling"
    assert "Hires prompt: a blue square, Hires upscale: 1.5, Hires steps: 2" in result.infotexts[0]


def test_grid(draw):
    result = draw(batch_size=3, do_not_save_grid=False)
    assert len(result.images) == len(result.infotexts) == 4
    assert result.index_of_first_image == 1
    assert result.images[0].size == (128, 128)


def test_an_error_in_a_script_is_printed_and_the_picture_is_drawn(draw, host, capsys):
    plain = draw()

    def fail(*args, **kwargs):
        raise RuntimeError("no ink")

    for name in ("before_process", "process", "process_batch", "process_before_every_sampling", "postprocess"):
        host.probe.faults[name] = fail
    assert np.array_equal(pixels(draw().images[0]), pixels(plain.images[0]))
    assert capsys.readouterr().err.count("RuntimeError: no ink") == 5


def test_an_error_in_sampling_ends_the_generation_without_postprocess(draw, host):
    def fail(*args):
        raise MemoryError("the UNet is out of memory")

    handle = host.shared.sd_model.model.diffusion_model.register_forward_pre_hook(fail)
    try:
        with pytest.raises(MemoryError, match="UNet"):
            draw(override_settings={"batch_cond_uncond": False})
    finally:
        handle.remove()
    assert names(host)[-1] == "cfg_denoiser"
    assert host.shared.opts.batch_cond_uncond is True


@pytest.mark.parametrize("sampler", ["Euler", "DDIM"])
def test_an_interrupt_gives_the_picture_reached_and_runs_postprocess(draw, host, sampler):
    steps = []

    def interrupt(params):
        steps.append(params.sampling_step)
        if len(steps) == 2:
            host.shared.state.interrupt()

    host.probe.faults["cfg_denoiser"] = interrupt
    result = draw(sampler_name=sampler, steps=6, n_iter=2)
    assert len(steps) == 2
    assert len(result.images) == 1
    assert names(host)[-1] == "postprocess"


def test_a_skip_ends_one_batch_only(draw, host):
    def skip(params):
        if sum(name == "cfg_denoiser" for name in names(host)) == 2:
            host.shared.state.skip()

    host.probe.faults["cfg_denoiser"] = skip
    result = draw(steps=4, n_iter=2)
    assert len(result.images) == 2
    assert names(host).count("cfg_denoiser") == 2 + 4


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"tiling": True}, "tiling"),
        ({"restore_faces": True}, "face restoration"),
        ({"refiner_checkpoint": "other"}, "refiner"),
        ({"enable_hr": True, "hr_upscaler": "R-ESRGAN"}, "R-ESRGAN"),
    ],
)
def test_what_the_sandbox_has_not_is_refused_in_words(draw, host, fields, what):
    from modules.processing import UnsupportedError

    with pytest.raises(UnsupportedError, match=f"the sandbox has no .*{what}"):
        draw(**fields)
    assert "process" not in names(host)
