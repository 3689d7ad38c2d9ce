"""The folder of presets: any name is safe, files are whole, and a broken file stops nothing else."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lib_rpg.errors import RpgError
from lib_rpg.plan import Plan, Region
from lib_rpg.presets import Preset, PresetStore, store
from lib_rpg.presets.store import file_name
from tests.tables import for_each

PLAN = Plan(split_ratio="1,1", regions=(Region("a cat"), Region("a dog")))


def preset(name: str, plan: Plan = PLAN, **fields) -> Preset:
    return Preset(name, plan, 512, 768, **fields)


@pytest.fixture
def presets(tmp_path: Path) -> PresetStore:
    return PresetStore(tmp_path / "presets")


def sentence(call, *arguments, **options) -> str:
    with pytest.raises(RpgError) as caught:
        call(*arguments, **options)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
    return str(caught.value)


def test_a_preset_is_saved_listed_read_renamed_and_deleted(presets: PresetStore) -> None:
    assert presets.names() == []
    presets.save(preset("two halves"))
    presets.save(preset("Beside", words=False))
    entries = presets.listing().presets
    assert [(entry.name, len(entry.boxes), entry.width, entry.height, entry.words) for entry in entries] == [
        ("Beside", 2, 512, 768, False),
        ("two halves", 2, 512, 768, True),
    ]
    assert presets.load("two halves") == preset("two halves")
    presets.rename("two halves", "halves")
    assert presets.names() == ["Beside", "halves"] and presets.load("halves").plan == PLAN
    presets.delete("Beside")
    assert presets.names() == ["halves"] and len(list(presets.folder.iterdir())) == 1


def test_without_a_folder_it_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RPG_CONFIG", str(tmp_path / "mine"))
    PresetStore().save(preset("a"))
    [file] = (tmp_path / "mine" / "presets").iterdir()
    assert Preset.from_json(file.read_text(encoding="utf-8")) == preset("a")


def test_a_user_without_a_home_folder_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "presets_folder", lambda: None)
    assert sentence(PresetStore().names).endswith("set RPG_CONFIG to a folder")


def test_a_name_that_is_taken_is_saved_over_only_where_asked(presets: PresetStore) -> None:
    presets.save(preset("a"))
    other = preset("a", Plan(split_ratio="1;2", regions=PLAN.regions))
    assert sentence(presets.save, other) == "there is a preset 'a' already; choose another name, or replace it"
    assert presets.load("a") == preset("a")
    presets.save(other, replace=True)
    assert presets.load("a") == other and presets.names() == ["a"]


def test_renaming_to_a_name_that_is_taken_is_refused(presets: PresetStore) -> None:
    presets.save(preset("a"))
    presets.save(preset("b", words=False))
    assert "there is a preset 'b' already" in sentence(presets.rename, "a", "b")
    assert presets.load("a") == preset("a") and presets.load("b") == preset("b", words=False)
    presets.rename("a", "a")
    presets.rename("a", "A")
    assert presets.names() == ["A", "b"]


def test_a_name_that_is_not_there_is_refused_with_the_nearest(presets: PresetStore) -> None:
    assert sentence(presets.load, "halves") == "there is no preset 'halves'; save it first"
    presets.save(preset("two halves"))
    for call in (presets.load, presets.delete, presets.export, lambda name: presets.rename(name, "x")):
        assert sentence(call, "two halfs") == "there is no preset 'two halfs'; did you mean 'two halves'?"


ODD_NAMES = [
    *("../../x", "..", ".", "/etc/passwd", "C:\\x", "a/b", "a\\b", "CON", "con", "Con ", "nul.json", "COM1", "a.", "a"),
    *(
        "A",
        "🐈",
        "🐈‍⬛",
        "猫",
        "-rf",
        "~",
        "$HOME",
        "%2e",
        "x" * 100,
        "X" * 100,
        "a b",
        "a-b",
        "e\u0301a",
        "ea",
        "<b>",
        "*?|",
    ),
]
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=100).filter(lambda t: t.strip())


def test_odd_names_are_kept_apart_inside_the_folder(presets: PresetStore, tmp_path: Path) -> None:
    for name in ODD_NAMES:
        presets.save(preset(name))
    kept = sorted(preset(name).name for name in ODD_NAMES)
    assert sorted(presets.names()) == kept
    assert list(tmp_path.iterdir()) == [presets.folder]
    for name in kept:
        assert presets.load(name).name == name
        presets.delete(name)
    assert list(presets.folder.iterdir()) == []


@given(NAMES, NAMES)
@example("Two Halves", "two halves")
@example("a.", "a")
@example("CON", "con")
@example("x" * 100, "x" * 99)
def test_every_name_has_a_file_name_of_its_own_that_any_system_takes(one: str, other: str) -> None:
    one, other = preset(one).name, preset(other).name
    file = file_name(one)
    assert file.isascii() and file == file.lower() and len(file) < 70
    assert set(file) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and file[0] not in "-." and file.count(".") == 1
    assert file.partition(".")[0] not in ("con", "prn", "aux", "nul", "com1", "lpt1")
    assert (file == file_name(other)) == (one == other)


BROKEN = {
    "empty.json": b"",
    "cut.json": preset("x").to_json().encode()[:-9],
    "latin.json": b'{"name": "\xe9"}',
    "newer.json": json.dumps({**preset("x").to_dict(), "version": 2, "shape": 1}).encode(),
    "other.json": b'{"a": 1}',
    "list.json": b"[]",
    "twice.json": b'{"name": "a", "name": "b"}',
    "deep.json": b"[" * 100_000,
    "nan.json": b'{"version": NaN}',
    "digits.json": b'{"version": ' + b"9" * 5000 + b"}",
    "path.json": json.dumps({**preset("x").to_dict(), "name": "a\0b"}).encode(),
}


def test_broken_files_are_listed_with_their_reasons_and_block_nothing(presets: PresetStore) -> None:
    presets.save(preset("good"))
    for file, data in BROKEN.items():
        (presets.folder / file).write_bytes(data)
    (presets.folder / "folder.json").mkdir()
    (presets.folder / "notes.txt").write_text("mine")
    listing = presets.listing()
    assert [entry.name for entry in listing.presets] == ["good"]
    reasons = {file.file: file.reason for file in listing.unreadable}
    assert reasons.keys() == BROKEN.keys()
    assert all(file in reason and "\n" not in reason and len(reason) < 300 for file, reason in reasons.items())
    assert "the newest supported version is 1; update sd-webui-rpg" in reasons["newer.json"]
    presets.save(preset("another"))
    presets.rename("another", "third")
    presets.delete("empty.json")
    assert presets.names() == ["good", "third"] and not (presets.folder / "empty.json").exists()
    assert (presets.folder / "notes.txt").exists()


@given(st.binary(max_size=200) | st.builds(lambda cut: preset("x").to_json().encode()[:cut], st.integers(0, 2000)))
def test_any_bytes_are_a_preset_or_a_reason(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("presets")
    (folder / "some.json").write_bytes(data)
    listing = PresetStore(folder).listing()
    assert len(listing.presets) + len(listing.unreadable) == 1


def test_a_broken_file_of_a_name_says_why_and_can_be_replaced(presets: PresetStore) -> None:
    presets.save(preset("a"))
    (presets.folder / file_name("a")).write_text("{")
    assert "is not valid JSON" in sentence(presets.load, "a")
    assert "is not valid JSON" in sentence(presets.rename, "a", "b")
    assert "already" in sentence(presets.save, preset("a"))
    presets.save(preset("a"), replace=True)
    assert presets.load("a") == preset("a")


def test_a_file_that_was_put_there_by_hand_is_found_by_the_name_in_it(presets: PresetStore) -> None:
    presets.folder.mkdir()
    (presets.folder / "from a friend.json").write_text(preset("gift").to_json(), encoding="utf-8")
    assert presets.load("gift") == preset("gift")
    assert "already" in sentence(presets.save, preset("gift"))
    presets.save(preset("gift", words=False), replace=True)
    assert [file.name for file in presets.folder.iterdir()] == ["from a friend.json"]
    presets.rename("gift", "mine")
    assert [file.name for file in presets.folder.iterdir()] == [file_name("mine")]


def test_of_two_files_with_one_name_one_is_the_preset_and_the_other_is_told(presets: PresetStore) -> None:
    presets.save(preset("a"))
    for copy in ("0.json", "z.json"):
        (presets.folder / copy).write_text(preset("a", words=False).to_json(), encoding="utf-8")
    listing = presets.listing()
    assert [(entry.name, entry.file) for entry in listing.presets] == [("a", file_name("a"))]
    assert [file.file for file in listing.unreadable] == ["0.json", "z.json"]
    assert all("is also that of" in file.reason for file in listing.unreadable)


def test_a_file_whose_name_inside_was_changed_is_not_written_over(presets: PresetStore) -> None:
    presets.save(preset("a"))
    (presets.folder / file_name("a")).write_text(preset("b").to_json(), encoding="utf-8")
    assert presets.names() == ["b"] and "there is no preset 'a'" in sentence(presets.load, "a")
    assert "holds a preset of another name" in sentence(presets.save, preset("a"))
    assert presets.load("b") == preset("b")


def test_the_number_of_presets_is_bounded(presets: PresetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_PRESETS", 3)
    added = presets.add([preset(f"p{number}") for number in range(5)])
    assert added.names == ("p0", "p1", "p2")
    assert added.refused.keys() == {"p3", "p4"} and "3 is the most; delete some" in added.refused["p3"]
    presets.save(preset("p0", words=False), replace=True)
    (presets.folder / "zz.json").write_text(preset("zz").to_json())
    listing = presets.listing()
    assert len(listing.presets) == 3 and "more than presets may take" in listing.unreadable[0].reason


def test_the_size_of_a_file_and_of_the_folder_are_bounded(presets: PresetStore, monkeypatch) -> None:
    presets.save(preset("a"))
    size = len(preset("a").to_json())
    monkeypatch.setattr(store, "MAX_FOLDER", 2 * size + 10)
    presets.save(preset("b"))
    assert "bytes together; delete some" in sentence(presets.save, preset("c"))
    presets.rename("b", "c")
    presets.rename("c", "b")
    presets.save(preset("b"), replace=True)
    (presets.folder / "zz.json").write_text(preset("zz").to_json())
    listing = presets.listing()
    assert len(listing.presets) == 2 and "more than presets may take" in listing.unreadable[0].reason
    (presets.folder / "zz.json").unlink()
    monkeypatch.setattr(store, "MAX_FILE", size - 1)
    assert len(presets.listing().unreadable) == 2
    assert "too large" in sentence(presets.load, "a")


def test_what_is_imported_over_a_name_that_is_taken_is_told(presets: PresetStore) -> None:
    presets.save(preset("a"))
    added = presets.add([preset("a", words=False), preset("b")])
    assert added.names == ("b",) and "already" in added.refused["a"]
    assert presets.load("a").words and presets.add([preset("a", words=False)], replace=True).names == ("a",)


def test_an_export_is_the_file(presets: PresetStore) -> None:
    presets.save(preset("a"))
    assert presets.export("a") == (presets.folder / file_name("a")).read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_files_are_their_owners_alone_and_leave_no_part_behind(presets: PresetStore) -> None:
    presets.save(preset("a"))
    [file] = presets.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and file.suffix == ".json"


def test_what_a_dead_process_was_writing_is_removed_and_other_files_are_not(presets: PresetStore) -> None:
    presets.save(preset("a"))
    dead, other = presets.folder / f"{file_name('a')}.0123abcd.part", presets.folder / "film.part"
    for file in (dead, other):
        file.write_text("{")
        os.utime(file, (0, 0))
    presets.save(preset("a"), replace=True)
    assert not dead.exists() and other.exists()


def test_a_write_that_fails_leaves_the_old_preset(presets: PresetStore, monkeypatch: pytest.MonkeyPatch) -> None:
    presets.save(preset("a"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert "No space left on device" in sentence(presets.save, preset("a", words=False), replace=True)
    assert presets.load("a") == preset("a") and len(list(presets.folder.iterdir())) == 1


def test_a_folder_that_is_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    presets = PresetStore(tmp_path / "x")
    for call in (presets.listing, lambda: presets.save(preset("a")), lambda: presets.delete("a")):
        sentence(call)


def test_of_two_pages_that_save_under_one_name_at_once_one_is_refused(presets: PresetStore) -> None:
    stored: list[str] = []

    def save() -> None:
        for number in range(30):
            with suppress(RpgError):
                PresetStore(presets.folder).save(preset(f"p{number}"))
                stored.append(f"p{number}")

    threads = [threading.Thread(target=save) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stored) == sorted(presets.names()) and len(stored) == 30


def test_a_broken_file_gives_way_to_one_that_was_put_there_by_hand(presets: PresetStore) -> None:
    presets.save(preset("a"))
    (presets.folder / file_name("a")).write_text("{")
    (presets.folder / "by hand.json").write_text(preset("a", words=False).to_json())
    assert presets.names() == ["a"] and presets.load("a") == preset("a", words=False)


@for_each(["", "\0", 7, None, ["a"], {}, "x" * 101], name=repr)
def test_a_name_that_is_none_is_refused_everywhere(name: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        presets = PresetStore(Path(folder))
        for call in (presets.load, presets.export, presets.delete, lambda one: presets.rename("b", one)):
            assert "name: " in sentence(call, name)
