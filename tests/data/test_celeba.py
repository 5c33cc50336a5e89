import pytest
import torch

from gan_course.data import celeba, decoding, imported, load
from gan_course.data.celeba import ATTRIBUTES
from gan_course.data.decoding import BadPicturesError
from gan_course.data.real import MissingDataError

N = 12
PUBLISHED = [
    name.title().replace("5_O_C", "5_o_C") for name in ATTRIBUTES
]  # 5_o_Clock_Shadow Arched_Eyebrows ...
ROWS = {f"{k:06}.jpg": [1 if (k * j) % 3 == 1 else -1 for j in range(40)] for k in range(1, N + 1)}
PARTITION = {
    name: 0 if k < 7 else 1 if k < 9 else 2 for k, name in enumerate(ROWS)
}  # 7 train, 2 valid, 3 test


def attributes_txt(rows=ROWS, count=None):
    lines = [str(len(rows) if count is None else count), " ".join(PUBLISHED) + " "]
    lines += [f"{name} " + " ".join(f"{value:2}" for value in values) for name, values in rows.items()]
    return ("\n".join(lines) + "\n").encode()


def attributes_csv(rows=ROWS):
    lines = [",".join(["image_id", *PUBLISHED])]
    lines += [",".join([name, *map(str, values)]) for name, values in rows.items()]
    return "\r\n".join(lines).encode()


def partition_txt(parts=PARTITION):
    return "".join(f"{name} {part}\n" for name, part in parts.items()).encode()


def partition_csv(parts=PARTITION):
    return ("image_id,partition\n" + "".join(f"{name},{part}\n" for name, part in parts.items())).encode()


TXT = {"list_attr_celeba.txt": attributes_txt(), "list_eval_partition.txt": partition_txt()}
CSV = {"list_attr_celeba.csv": attributes_csv(), "list_eval_partition.csv": partition_csv()}


@pytest.fixture
def faces(as_bytes, drawn):
    """The pictures by name."""
    return {name: as_bytes(drawn(k)) for k, name in enumerate(ROWS, 1)}


@pytest.fixture
def tree(tmp_path, folder_of, faces):
    """The layout of torchvision; the root is returned."""
    root = tmp_path / "data"
    folder_of(root / "celeba" / "img_align_celeba", faces)
    folder_of(root / "celeba", TXT)
    return root


def inside(folder, files):
    return {f"{folder}/{name}": content for name, content in files.items()}


def test_the_layout_of_torchvision_loads_with_attributes_and_partition(tree):
    train, test = (load("celeba", split=split, size=32, root=tree) for split in ("train", "test"))
    assert train.x.shape == (7, 3, 32, 32)
    assert test.x.shape == (3, 3, 32, 32)
    assert train.x.dtype == torch.uint8
    assert list(train.columns) == [*ATTRIBUTES, "beard"]
    assert all(column.dtype == torch.int64 for column in train.columns.values())
    for j, name in enumerate(ATTRIBUTES):
        expected = [(values[j] + 1) // 2 for values in ROWS.values()]
        assert train.column(name).tolist() == expected[:7]
        assert test.column(name).tolist() == expected[9:]
    assert train.column("beard").equal(1 - train.column("no_beard"))


def test_pictures_are_cut_to_their_middle_and_64_is_the_default(tree, faces):
    from gan_course.data import pictures

    row = load("celeba", root=tree).x[0].numpy()
    assert row.shape == (3, 64, 64)
    assert (row == pictures.square(faces["000001.jpg"], 64)).all()


@pytest.mark.parametrize("tables", [TXT, CSV], ids=["txt", "csv"])
@pytest.mark.parametrize(
    "place", ["kaggle.zip", "img_align_celeba.zip", "official", "folder", "unpacked kaggle"]
)
def test_every_usual_place_gives_the_same_rows(tmp_path, tree, faces, tables, place, folder_of, zip_of):
    root = tmp_path / "other"
    if place == "kaggle.zip":
        files = inside("img_align_celeba/img_align_celeba", faces) | tables
        root = zip_of(
            root / "archive.zip", files | {"__MACOSX/._000001.jpg": b"x", "list_bbox_celeba.csv": b"x"}
        )
    elif place == "img_align_celeba.zip":
        zip_of(folder_of(root, tables) / "img_align_celeba.zip", inside("img_align_celeba", faces))
    elif place == "official":
        zip_of(root / "Img" / "img_align_celeba.zip", inside("img_align_celeba", faces))
        attributes, partition = tables
        folder_of(root, {f"Anno/{attributes}": tables[attributes], f"Eval/{partition}": tables[partition]})
    elif place == "folder":
        folder_of(root, faces | tables)
    else:
        folder_of(root, inside("img_align_celeba/img_align_celeba", faces) | tables)
    for split in ("train", "test"):
        ours, theirs = (load("celeba", split=split, size=16, root=where) for where in (root, tree))
        assert ours.x.equal(theirs.x)
        assert all(ours.column(name).equal(theirs.column(name)) for name in theirs.columns)


def test_the_environment_names_the_folder(tree, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_DATA", str(tree))
    assert len(load("celeba", size=16)) == 7


def test_a_root_with_other_pictures_is_not_taken_for_celeba(tmp_path, folder_of, faces, monkeypatch):
    """Only where the reader points at them are loose pictures CelebA."""
    folder_of(tmp_path / "photos", faces)
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "photos"))
    with pytest.raises(MissingDataError, match="no aligned pictures under"):
        load("celeba")
    assert len(load("celeba", size=16, root=tmp_path / "photos")) == 11


def test_without_tables_there_are_pixels_and_the_last_tenth_is_the_test_split(tmp_path, zip_of, faces):
    path = zip_of(tmp_path / "faces.zip", faces)
    train, test = (load("celeba", split=split, size=16, root=path) for split in ("train", "test"))
    assert (len(train), len(test)) == (11, 1)
    assert train.columns == {}


def test_attributes_are_matched_by_name_not_by_order(tree):
    expected = load("celeba", size=16, root=tree)
    table, partition = tree / "celeba" / "list_attr_celeba.txt", tree / "celeba" / "list_eval_partition.txt"
    table.write_bytes(attributes_txt(dict(reversed(ROWS.items()))))
    partition.write_bytes(partition_txt(dict(reversed(PARTITION.items()))))
    again = load("celeba", size=16, root=tree)
    assert again.x.equal(expected.x)
    assert all(again.column(name).equal(expected.column(name)) for name in expected.columns)


def test_columns_are_matched_by_name_not_by_order(tree):
    smiling = load("celeba", size=16, root=tree).column("smiling")
    text = attributes_txt().decode().splitlines()
    turned = [text[0], " ".join(reversed(text[1].split()))]
    turned += [" ".join([name, *reversed(values)]) for name, *values in map(str.split, text[2:])]
    (tree / "celeba" / "list_attr_celeba.txt").write_text("\n".join(turned))
    assert load("celeba", size=16, root=tree).column("smiling").equal(smiling)


def test_png_pictures_match_the_jpg_of_the_tables(tmp_path, folder_of, as_bytes, drawn):
    files = {name.replace("jpg", "png"): as_bytes(drawn(k), "PNG") for k, name in enumerate(ROWS, 1)}
    assert "smiling" in load("celeba", size=16, root=folder_of(tmp_path / "png", files | TXT)).columns


def test_splits_that_are_no_block_are_copied_row_by_row(tree):
    parts = {name: 2 * (k % 2) for k, name in enumerate(ROWS)}
    (tree / "celeba" / "list_eval_partition.txt").write_bytes(partition_txt(parts))
    whole = decoding.cached(celeba.find(tree), 16)
    test = load("celeba", size=16, split="test", root=tree)
    assert test.x.equal(whole.images[1::2])
    assert test.column("young").tolist() == [(values[39] + 1) // 2 for values in list(ROWS.values())[1::2]]


@pytest.mark.parametrize(
    ("table", "content", "message"),
    [
        ("attr", attributes_txt(count=13), "announces 13 rows in its first line, but has 12"),
        (
            "attr",
            attributes_txt({k: v for k, v in ROWS.items() if k != "000004.jpg"}),
            "no row for 000004 of 12",
        ),
        (
            "attr",
            attributes_txt(ROWS | {"000013.jpg": [1] * 40}),
            "13 rows, but there are 12 .*missing are 000013",
        ),
        ("attr", attributes_txt(ROWS | {"000003.jpg": [1] * 39}), "must hold 40 values.*wrong are 000003"),
        ("attr", attributes_txt(ROWS | {"000003.jpg": [2] * 40}), "each one of -1, 0, 1; wrong are 000003"),
        (
            "attr",
            attributes_txt().replace(b"Smiling", b"Grinning"),
            "not the 40 attributes .*grinning, smiling",
        ),
        ("attr", b"", "has 0 columns"),
        ("attr", attributes_txt() + attributes_txt().splitlines()[-1], "announces 12 rows .*13"),
        ("eval", partition_txt(PARTITION | {"000002.jpg": 3}), "each one of 0, 1, 2; wrong are 000002"),
        ("eval", partition_txt() + b"000001.jpg 0\n", "several rows for the same picture"),
    ],
    ids=[
        "count",
        "row missing",
        "picture missing",
        "short row",
        "value",
        "name",
        "empty",
        "long",
        "part",
        "twice",
    ],
)
def test_tables_that_do_not_fit_are_refused_before_anything_is_decoded(
    tree, monkeypatch, table, content, message
):
    monkeypatch.setattr(decoding, "cached", None)  # decoding would fail otherwise
    file = {"attr": "list_attr_celeba.txt", "eval": "list_eval_partition.txt"}[table]
    (tree / "celeba" / file).write_bytes(content)
    with pytest.raises(MissingDataError, match=message):
        load("celeba", size=16, root=tree)


def test_a_part_of_the_pictures_is_used_on_request(tree, monkeypatch, tmp_path):
    (tree / "celeba" / "img_align_celeba" / "000002.jpg").unlink()
    (tree / "celeba" / "img_align_celeba" / "000003.jpg").write_bytes(b"")
    with pytest.raises(MissingDataError, match="--skip-bad"):
        celeba.import_celeba(tree, 16, tmp_path, skip_bad=False)
    celeba.import_celeba(tree, 16, tmp_path, skip_bad=True)
    train = load("celeba", size=16, root=tmp_path)
    assert len(train) == 5
    rows = [values for k, values in enumerate(ROWS.values()) if k not in (1, 2)][:5]
    assert train.column("bald").tolist() == [(values[4] + 1) // 2 for values in rows]


def test_two_pictures_of_one_name_are_refused(tmp_path, zip_of, faces):
    files = inside("a", faces) | {"b/000002.jpg": faces["000002.jpg"]}
    with pytest.raises(MissingDataError, match="more than one picture named 000002"):
        load("celeba", root=zip_of(tmp_path / "a.zip", files))


def test_a_damaged_picture_is_named(tree):
    path = tree / "celeba" / "img_align_celeba" / "000005.jpg"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(BadPicturesError, match=r"000005\.jpg: "):
        load("celeba", size=16, root=tree)


def test_a_zip_cut_short_is_named(tmp_path, zip_of, faces):
    path = zip_of(tmp_path / "img_align_celeba.zip", faces)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(
        MissingDataError, match=r"img_align_celeba\.zip is neither a folder nor an intact zip"
    ):
        load("celeba", root=tmp_path)


def test_an_imported_set_works_without_its_source(tree, tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_COURSE_DATA", str(tmp_path / "home"))
    expected = load("celeba", size=16, root=tree)
    celeba.import_celeba(tree, 16, None, skip_bad=False)
    monkeypatch.setattr(celeba, "find", None)
    ours = load("celeba", size=16)
    assert ours.x.equal(expected.x)
    assert list(ours.columns) == list(expected.columns)
    assert imported.sizes() == {"celeba": [16]}


def test_absent_data_says_where_to_get_them_under_which_licence_and_what_works_now(tmp_path):
    with pytest.raises(MissingDataError) as error:
        load("celeba")
    message = str(error.value)
    assert "gan-course data download celeba" in message
    assert "gan-course data import FOLDER_OR_ZIP --name celeba --size 64" in message
    assert celeba.PAGE in message
    assert "non-commercial research only" in message
    assert 'load("faces")' in message


def test_load_never_downloads(monkeypatch, tmp_path):
    import torchvision

    monkeypatch.setattr(torchvision.datasets, "CelebA", None)
    with pytest.raises(MissingDataError):
        load("celeba", root=tmp_path)


@pytest.mark.parametrize(
    "error", [RuntimeError("gdown is required"), OSError("no route"), Exception("quota")]
)
def test_a_failed_download_says_how_to_do_it_by_hand(monkeypatch, tmp_path, error):
    import torchvision

    def refused(*_, **__):
        raise error

    monkeypatch.setattr(torchvision.datasets, "CelebA", refused)
    with pytest.raises(
        ConnectionError, match=f"could not download celeba: {error}[\\s\\S]*list_attr_celeba.txt"
    ):
        celeba.download(tmp_path)


def test_pictures_that_are_there_are_not_downloaded_again(tree, monkeypatch):
    import torchvision

    monkeypatch.setattr(torchvision.datasets, "CelebA", None)
    lines = []
    assert celeba.download(tree, lines.append) == tree / "celeba" / "img_align_celeba"
    assert "already" in lines[0]


def test_attribute_names_agree_with_those_of_the_drawn_faces():
    from gan_course.data.face_factors import ATTRIBUTES as DRAWN

    assert len(ATTRIBUTES) == len(set(ATTRIBUTES)) == 40
    shared = {"smiling", "eyeglasses", "wearing_hat", "beard"}
    assert shared <= set(DRAWN)
    assert shared <= {*ATTRIBUTES, "beard"}
