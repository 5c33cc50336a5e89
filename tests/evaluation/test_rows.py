import pytest
import torch

from gan_course.evaluation.rows import as_comparable_rows, as_rows


def test_images_become_rows_and_a_line_of_numbers_becomes_a_column():
    assert as_rows(torch.zeros(5, 1, 28, 28), "x").shape == (5, 784)
    assert as_rows(torch.zeros(5), "x").shape == (5, 1)
    assert as_rows(torch.zeros(5, 2, dtype=torch.uint8), "x").dtype == torch.float32


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (torch.tensor(1.0), "single number"),
        (torch.zeros(1, 2), "1 rows; this measurement needs at least 2"),
        (torch.zeros(0, 2), "0 rows"),
        (torch.zeros(3, 0), "holds no numbers"),
        (torch.tensor([[1.0], [torch.nan]]), "not finite"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_its_name(x, message):
    with pytest.raises(ValueError, match=f"fakes.*{message}"):
        as_rows(x, "fakes", least=2)


def test_rows_of_different_width_or_scale_are_not_compared():
    with pytest.raises(ValueError, match=r"different width.*a \(4, 2\), b \(4, 3\)"):
        as_comparable_rows(a=torch.zeros(4, 2), b=torch.zeros(4, 3))
    with pytest.raises(ValueError, match=r"a torch.uint8, b torch.float32.*Resident.take"):
        as_comparable_rows(a=torch.zeros(4, 2, dtype=torch.uint8), b=torch.zeros(4, 2))
