import pytest
import torch

from gan_course.evaluation.distances import floor, frechet_distance, kernel_distance
from gan_course.training.seeding import generator

pytest.importorskip("torchmetrics.image.fid")  # loaded here: it takes seconds, which are no test's own


def normal(n, d, seed):
    return torch.randn(n, d, generator=generator(seed), dtype=torch.float64)


def with_moments(rows, mean, root):
    """Rows shifted and mixed so that their sample mean is `mean` and their sample covariance root @ root.T."""
    centred = rows - rows.mean(0)
    white = centred @ torch.linalg.inv(torch.linalg.cholesky(centred.T.cov())).T
    return mean + white @ root.T


def test_frechet_distance_equals_the_closed_form_when_the_covariances_commute():
    a, b = torch.tensor([1.0, 2.0, 0.5]).double(), torch.tensor([0.5, 2.5, 3.0]).double()
    shift = torch.tensor([1.0, -2.0, 0.3]).double()
    real = with_moments(normal(200, 3, 0), torch.zeros(3).double(), a.diag())
    fake = with_moments(normal(300, 3, 1), shift, b.diag())
    expected = shift.square().sum() + (a - b).square().sum()  # sqrt of commuting products: Tr = sum (a - b)²
    assert frechet_distance(real, fake) == pytest.approx(expected.item(), rel=1e-9)


def test_frechet_distance_equals_a_symmetric_eigenvalue_computation():
    real, fake = normal(400, 6, 0) @ normal(6, 6, 1), normal(500, 6, 2) @ normal(6, 6, 3) + 0.5
    c_r, c_f = real.T.cov(), fake.T.cov()
    values, vectors = torch.linalg.eigh(c_r)
    root = vectors @ values.sqrt().diag() @ vectors.T
    cross = torch.linalg.eigvalsh(root @ c_f @ root).sqrt().sum()  # Tr (C_r C_f)^(1/2)
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    assert frechet_distance(real, fake) == pytest.approx((gap + c_r.trace() + c_f.trace() - 2 * cross).item())


def test_frechet_distance_is_zero_for_equal_sets_symmetric_and_unmoved_by_a_common_shift():
    real, fake = normal(200, 4, 0).float(), 1.5 * normal(200, 4, 1).float()
    assert frechet_distance(real, real) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(real, fake) == pytest.approx(frechet_distance(fake, real))
    assert frechet_distance(real + 1000, fake + 1000) == pytest.approx(frechet_distance(real, fake), rel=1e-3)


def test_frechet_distance_grows_with_noise_and_does_not_depend_on_the_chunk():
    real, clean, noise = normal(1000, 8, 0), normal(1000, 8, 1), normal(1000, 8, 2)
    distances = [frechet_distance(real, clean + level * noise) for level in (0.0, 0.5, 1.0, 2.0)]
    assert distances == sorted(distances)
    assert frechet_distance(real, clean, chunk=7) == pytest.approx(distances[0], rel=1e-9)


def test_frechet_distance_between_samples_of_one_law_shrinks_with_the_count():
    at = {n: frechet_distance(normal(n, 64, 0), normal(n, 64, 1)) for n in (100, 1000)}
    assert at[100] == pytest.approx(22.1, rel=0.1)  # the averages of ten repetitions are 22.1 and 2.19
    assert at[1000] == pytest.approx(2.19, rel=0.1)


def test_kernel_distance_of_one_law_is_zero_on_average():
    repeats = torch.tensor(
        [
            kernel_distance(normal(100, 8, 2 * k), normal(100, 8, 2 * k + 1), subsets=1, subset_size=100)[0]
            for k in range(60)
        ]
    )
    standard_error = repeats.std() / 60**0.5
    assert repeats.mean().abs() < 3 * standard_error
    assert (repeats < 0).any()


def test_kernel_distance_equals_the_unbiased_sum_over_pairs():
    x, y = normal(5, 3, 0), normal(5, 3, 1)
    k = lambda a, b: float((a @ b / 3 + 1) ** 3)
    within = sum(k(x[i], x[j]) + k(y[i], y[j]) for i in range(5) for j in range(5) if i != j) / 20
    across = sum(k(a, b) for a in x for b in y) / 25
    mean, deviation = kernel_distance(x, y, subsets=3, subset_size=5)
    assert mean == pytest.approx(within - 2 * across)
    assert deviation == pytest.approx(0, abs=1e-12)  # every subset is the whole


def test_kernel_distance_depends_on_its_seed_alone():
    x, y = normal(60, 3, 0), normal(60, 3, 1) + 1
    first = kernel_distance(x, y, subset_size=30, seed=1)
    torch.rand(3)
    state = torch.get_rng_state()
    assert kernel_distance(x, y, subset_size=30, seed=1) == first
    assert kernel_distance(x, y, subset_size=30, seed=2) != first
    assert torch.equal(torch.get_rng_state(), state)
    assert first[0] > 3 * first[1] > 0  # a shift of one deviation is seen


def test_floor_is_the_distance_of_two_disjoint_parts():
    real = torch.arange(10.0)[:, None]
    seen = floor(lambda a, b: (a, b), real, size=4, seed=3)
    assert len(torch.cat(seen).unique()) == 8
    assert floor(frechet_distance, normal(1000, 8, 0)) < frechet_distance(
        normal(500, 8, 1), normal(500, 8, 2) + 0.5
    )


def test_errors_say_what_to_do():
    with pytest.raises(ValueError, match="different width"):
        frechet_distance(normal(5, 3, 0), normal(5, 2, 0))
    with pytest.raises(ValueError, match="subset_size is 500; choose between 2 and the 40 rows"):
        kernel_distance(normal(50, 3, 0), normal(40, 3, 0))
    with pytest.raises(ValueError, match="two parts of 6 rows cannot be taken from 10"):
        floor(frechet_distance, normal(10, 3, 0), size=6)
