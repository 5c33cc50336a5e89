import pytest
import torch

from gan_course.grading.prelude import decode, encode


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool])
def test_tensors_travel_unchanged(dtype):
    x = (torch.arange(12).reshape(3, 4) % 2).to(dtype)
    back = decode(encode(x))
    assert back.dtype == dtype
    assert torch.equal(back, x)


def test_what_is_no_number_still_travels():
    values = {
        "inf": float("-inf"),
        "nan": torch.tensor([float("nan"), float("inf")]),
        "empty": torch.zeros(0, 3),
        "deep": [{"a": (1, None)}],
    }
    back = decode(encode(values))
    assert back["inf"] == float("-inf")
    assert torch.isnan(back["nan"][0])
    assert back["nan"][1] == float("inf")
    assert back["empty"].shape == (0, 3)
    assert back["deep"] == [{"a": [1, None]}]


def test_other_kinds_of_numbers_become_the_nearest_kind_that_travels():
    assert decode(encode(torch.ones(2, dtype=torch.bfloat16))).dtype == torch.float32
    assert decode(encode(torch.ones(2, dtype=torch.int16))).dtype == torch.int64


def test_a_view_with_gradient_travels_as_its_values():
    x = torch.arange(6.0, requires_grad=True).reshape(2, 3).t()
    assert torch.equal(decode(encode(x)), x.detach())


def test_objects_travel_as_their_kind():
    assert encode(torch.nn.ReLU()) == "<ReLU>"


@pytest.mark.parametrize(
    "forged",
    [
        {"tensor": "object", "shape": [1], "bytes": "AAAA"},
        {"tensor": "float32", "shape": [7], "bytes": "AAAAAA=="},
        {"tensor": "float32", "shape": [1], "bytes": "not base64!"},
        {"tensor": "float32"},
    ],
)
def test_forged_tensors_raise_an_ordinary_error(forged):
    with pytest.raises((ValueError, KeyError, RuntimeError, TypeError)):
        decode(forged)
