import pytest
from typer.testing import CliRunner

from gan_course.cli import app
from gan_course.data import imported, load, pictures
from gan_course.data.real import MissingDataError


@pytest.fixture
def flowers(tmp_path, folder_of, as_bytes, drawn):
    """A folder of twenty pictures."""
    return folder_of(tmp_path / "mine", {f"in/{k:03}.jpg": as_bytes(drawn(k, (40, 30))) for k in range(20)})


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "home"))


def call(*words):
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.output


def test_the_command_imports_a_folder_that_load_then_knows_by_name(flowers):
    code, output = call("data", "import", flowers, "--name", "my_flowers", "--size", 16)
    assert code == 0
    assert "20 pictures" in output
    assert 'load("my_flowers", size=16)' in output
    train, test = load("my_flowers", size=16), load("my_flowers", split="test")
    assert (len(train), len(test)) == (18, 2)
    assert train.name == "my_flowers"
    last = pictures.square((flowers / "in" / "019.jpg").read_bytes(), 16)
    assert (test.x[-1].numpy() == last).all()
    assert load("my_flowers", n=3).x.equal(train.x[:3])


def test_several_sizes_live_side_by_side_and_one_must_be_asked_for(flowers):
    for size in (8, 16):
        imported.import_pictures(pictures.source(flowers), "mine", size)
    assert imported.sizes() == {"mine": [8, 16]}
    assert load("mine", size=8).x.shape[2:] == (8, 8)
    with pytest.raises(MissingDataError, match="sizes 8, 16, asked for was no size"):
        load("mine")
    with pytest.raises(MissingDataError, match="--name mine --size 32"):
        load("mine", size=32)


def test_another_source_under_the_same_name_replaces_the_first(flowers):
    imported.import_pictures(pictures.source(flowers), "mine", 8)
    (flowers / "in" / "000.jpg").unlink()
    imported.import_pictures(pictures.source(flowers), "mine", 8)
    assert len(load("mine")) + len(load("mine", split="test")) == 19


@pytest.mark.parametrize("name", ["ring", "mnist", "cifar10"])
def test_names_of_the_course_are_taken(flowers, name):
    with pytest.raises(ValueError, match="is a data set of the course"):
        imported.import_pictures(pictures.source(flowers), name, 8)


@pytest.mark.parametrize("name", ["../up", "My Set", "1st", "a-b", ""])
def test_names_that_could_not_be_found_again_are_refused(flowers, name):
    with pytest.raises(ValueError, match="cannot be a name"):
        imported.import_pictures(pictures.source(flowers), name, 8)


def test_unknown_names_list_the_imported_ones_too(flowers):
    imported.import_pictures(pictures.source(flowers), "mine", 8)
    with pytest.raises(ValueError, match=r"unknown data set 'yours'; known: ring, .*mnist.*celeba, mine\."):
        load("yours")


def test_a_damaged_import_is_noticed(flowers):
    path = imported.import_pictures(pictures.source(flowers), "mine", 8)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(MissingDataError, match=r"is damaged.*import the pictures again"):
        load("mine")


def test_the_command_lists_bad_files_and_leaves_them_out_on_request(flowers):
    (flowers / "notes.txt").write_text("no picture")
    code, output = call("data", "import", flowers, "--name", "mine", "--size", 8)
    assert code == 1
    assert "notes.txt: not a picture" in output
    code, output = call("data", "import", flowers, "--name", "mine", "--size", 8, "--skip-bad")
    assert code == 0
    assert "20 pictures" in output
    assert "1 left out" in output


def test_the_command_explains_a_path_that_is_not_there(tmp_path):
    code, output = call("data", "import", tmp_path / "nothing", "--name", "mine")
    assert code == 1
    assert "give a folder or a zip" in output


def test_an_interrupted_import_says_how_to_go_on(flowers, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pictures, "square", interrupted)
    code, output = call("data", "import", flowers, "--name", "mine")
    assert code == 1
    assert "goes on where it stopped" in output


def test_doctor_tells_what_was_imported(flowers):
    imported.import_pictures(pictures.source(flowers), "mine", 8)
    code, output = call("doctor")
    assert code == 0
    assert "imported as 8×8" in output
    assert "gan-course data download celeba" in output
