"""The prompt language: schedules, emphasis, AND, chunks of 75 tokens."""

import pytest
import torch

import sandbox  # noqa: F401 - puts the sandbox's modules on the path


@pytest.mark.parametrize(
    ("prompt", "schedule"),
    [
        ("plain, (bright:1.2) words", [[10, "plain, (bright:1.2) words"]]),
        ("a [cat:4]", [[4, "a "], [10, "a cat"]]),
        ("a [cat::4] here", [[4, "a cat here"], [10, "a  here"]]),
        ("[cat:dog: 0.3 ]", [[3, "cat"], [10, "dog"]]),
        ("[cat:dog:.5] [old:new:7]", [[5, "cat old"], [7, "dog old"], [10, "dog new"]]),
        ("[red [wine:tea:2]:milk:5]", [[2, "red wine"], [5, "red tea"], [10, "milk"]]),
        ("[x:y:99]", [[10, "x"]]),
        ("[x:y:-1]", [[10, "y"]]),
        ("[quiet] words [[deep]]", [[10, "[quiet] words [[deep]]"]]),
        ("[open (crossed] :3)", [[10, "[open (crossed] :3)"]]),
        ("[a:b:c:3] [d:2]", [[2, "[a:b:c:3] "], [10, "[a:b:c:3] d"]]),
        ("[(a:1.5):3]", [[3, ""], [10, "(a:1.5)"]]),
        (r"\[a:b:3\]", [[10, r"\[a:b:3\]"]]),
        ("stray | bar [a:b:3]", [[10, "stray | bar [a:b:3]"]]),
        ("[a|b:3]", [[10, "[a|b:3]"]]),
        ("ends in a backslash [a:3] \\", [[10, "ends in a backslash [a:3] \\"]]),
        ("", [[10, ""]]),
    ],
)
def test_schedule(prompt, schedule):
    from modules.prompt_schedule import prompt_schedule

    assert prompt_schedule(prompt, 10) == schedule


def test_alternation_changes_every_step():
    from modules.prompt_schedule import prompt_schedule

    assert prompt_schedule("[a|b|]x", 4) == [[1, "ax"], [2, "bx"], [3, "x"], [4, "ax"]]


def test_schedule_of_the_hires_pass():
    from modules.prompt_schedule import prompt_schedule

    assert prompt_schedule("[a:b:0.5]", 10, hires_steps=4) == [[4, "b"]]
    assert prompt_schedule("[a:b:1.5]", 10, hires_steps=4) == [[2, "a"], [4, "b"]]
    assert prompt_schedule("[a:b:13]", 10, hires_steps=4) == [[3, "a"], [4, "b"]]
    assert prompt_schedule("[a:b:0.5]", 10, hires_steps=4, use_old_scheduling=True) == [[5, "a"], [10, "b"]]
    assert prompt_schedule("[a:b:1.5]", 10, use_old_scheduling=True) == [[1, "a"], [10, "b"]]


@pytest.mark.parametrize(
    ("prompt", "pieces"),
    [
        ("plain", [["plain", 1.0]]),
        ("a (b) c", [["a ", 1.0], ["b", 1.1], [" c", 1.0]]),
        ("((b)) [c] (d:0.5)", [["b", 1.21], [" ", 1.0], ["c", 1 / 1.1], [" ", 1.0], ["d", 0.5]]),
        ("(a (b:2):1.5)", [["a ", 1.5], ["b", 3.0]]),
        ("(open", [["open", 1.1]]),
        ("shut) :1.2)", [["shut) :1.2)", 1.0]]),
        (r"\(a\) \[b\] \\", [["(a) [b] \\", 1.0]]),
        (r"un\known", [["unknown", 1.0]]),
        ("a:b", [["a:b", 1.0]]),
        ("x BREAK y", [["x", 1.0], ["BREAK", -1], ["y", 1.0]]),
        ("BREAKFAST", [["BREAKFAST", 1.0]]),
        ("", [["", 1.0]]),
    ],
)
def test_emphasis(prompt, pieces):
    from modules.prompt_parser import parse_prompt_attention

    found = parse_prompt_attention(prompt)
    assert [text for text, _ in found] == [text for text, _ in pieces]
    assert [weight for _, weight in found] == pytest.approx([weight for _, weight in pieces])


def test_and_splits_with_weights_and_shares_equal_texts():
    from modules.prompt_parser import SdConditioning, get_multicond_prompt_list

    prompts = SdConditioning(["a cat :1.5 AND a dog", "a dog AND SAND", "x:y AND z :-.5 "], width=64)
    indexes, texts, _ = get_multicond_prompt_list(prompts)
    assert texts == ["a cat", " a dog", "a dog", " SAND", "x:y", " z"]
    assert indexes == [[(0, 1.5), (1, 1.0)], [(2, 1.0), (3, 1.0)], [(4, 1.0), (5, -0.5)]]
    assert texts.width == 64
    assert get_multicond_prompt_list(["a AND a"])[1] == ["a", " a"]
    assert get_multicond_prompt_list(["a:2 AND b", "a"])[0] == [[(0, 2.0), (1, 1.0)], [(0, 1.0)]]


def test_conds_follow_the_step():
    from modules.prompt_parser import (
        ComposableScheduledPromptConditioning as Part,
    )
    from modules.prompt_parser import (
        MulticondLearnedConditioning,
        ScheduledPromptConditioning,
        reconstruct_cond_batch,
        reconstruct_multicond_batch,
    )

    early, late, long = torch.zeros(2, 3), torch.ones(2, 3), torch.arange(12.0).view(4, 3)
    changing = [ScheduledPromptConditioning(1, early), ScheduledPromptConditioning(3, late)]
    fixed = [ScheduledPromptConditioning(3, late)]
    assert [reconstruct_cond_batch([changing, fixed], step)[0, 0, 0].item() for step in (0, 1, 2, 3)] == [0, 0, 1, 1]

    c = MulticondLearnedConditioning((2,), [[Part(changing, 0.5), Part(fixed)], [Part([(3, long)])]])
    c.batch[1][0].schedules = [ScheduledPromptConditioning(3, long)]
    rows, tensor = reconstruct_multicond_batch(c, 0)
    assert rows == [[(0, 0.5), (1, 1.0)], [(2, 1.0)]]
    assert tensor.shape == (3, 4, 3)
    assert torch.equal(tensor[2], long)
    assert torch.equal(tensor[1], torch.cat([late, late[-1:], late[-1:]]))


def test_chunks_break_at_75_tokens_and_go_back_to_a_comma(host):
    clip = host.shared.sd_model.cond_stage_model
    (word,), (comma,) = clip.tokenize(["a", ","])
    assert comma == clip.comma_token

    def layout(prompt):
        chunks, count = clip.tokenize_line(prompt)
        assert all(len(c.tokens) == len(c.multipliers) == 77 for c in chunks)
        assert all(c.tokens[0] == clip.id_start and c.tokens[-1] == clip.id_end for c in chunks)
        return [sum(token in (word, comma) for token in c.tokens) for c in chunks], count

    assert layout("") == ([0], 0)
    assert layout("a " * 75) == ([75], 75)
    assert layout("a " * 76) == ([75, 1], 76)
    # A comma at place 60: the 15 words behind it move on with what follows.
    assert layout("a " * 59 + ", " + "a " * 20) == ([60, 20], 95)
    # One at place 50 is too far back.
    assert layout("a " * 49 + ", " + "a " * 30) == ([75, 5], 80)
    # A comma that would open a chunk does.
    assert layout("a " * 75 + ", a") == ([75, 2], 77)
    host.shared.opts.comma_padding_backtrack = 0
    assert layout("a " * 59 + ", " + "a " * 20) == ([75, 5], 80)
    assert layout("a BREAK a a") == ([1, 2], 77)
    assert clip.get_target_prompt_token_count(76) == 150


def test_shorter_prompts_are_filled_with_empty_chunks(host):
    model = host.shared.sd_model
    both = model.get_learned_conditioning(["a " * 80, "a red circle"])
    assert both.shape == (2, 154, 64)
    assert torch.allclose(both[1, :77], model.get_learned_conditioning(["a red circle"])[0], atol=1e-5)
    assert torch.allclose(both[1, 77:], model.cond_stage_model_empty_prompt[0], atol=1e-5)


def test_emphasis_scales_the_words_and_keeps_the_mean(host):
    model, opts = host.shared.sd_model, host.shared.opts
    plain = model.get_learned_conditioning(["a red circle"])
    strong = model.get_learned_conditioning(["a (red:1.5) circle"])
    assert strong.mean().item() == pytest.approx(plain.mean().item(), rel=1e-3)
    ratio = strong / plain
    assert torch.allclose(ratio[0, 2] / ratio[0, 1], torch.full((64,), 1.5), rtol=1e-4)
    opts.emphasis = "No norm"
    assert torch.allclose(model.get_learned_conditioning(["a (red:1.5) circle"])[0, 1], plain[0, 1])
    opts.emphasis = "Ignore"
    assert torch.equal(model.get_learned_conditioning(["a (red:1.5) circle"]), plain)
    opts.emphasis = "None"
    assert not torch.equal(model.get_learned_conditioning(["a (red:1.5) circle"]), plain)


def test_clip_skip_takes_an_earlier_layer(host):
    model = host.shared.sd_model
    last = model.get_learned_conditioning(["a red circle"])
    host.shared.opts.CLIP_stop_at_last_layers = 2
    before = model.get_learned_conditioning(["a red circle"])
    assert before.shape == last.shape
    assert not torch.allclose(before, last)


def test_a_phrase_is_the_text_encoders_output_at_its_end(host):
    from lib_rpg.webui.host import host as rpg_host

    model = host.shared.sd_model
    encoder = model.cond_stage_model.wrapped
    texts = ["a red circle", "a ring", "(a red:1.4) circle", "a " * 80]
    found = rpg_host.phrase_embeddings(model, texts)
    assert (found.shape, found.dtype, found.requires_grad) == ((4, 64), torch.float32, False)
    for text, embedding in zip(texts[:2], found, strict=False):
        tokens = encoder.tokenizer(text, return_tensors="pt")["input_ids"]  # begun and ended, and no more
        with torch.no_grad():
            expected = encoder.transformer(tokens).last_hidden_state[0, -1]
        assert (embedding - expected).abs().max() <= 1e-5
    assert torch.equal(found[2], found[0])
    assert torch.allclose(found[3], rpg_host.phrase_embeddings(model, ["a " * 75])[0], atol=1e-6)
    assert (found[0] - found[1]).abs().max() > 0.01
