from gan_course.claims import Claim
from gan_course.course import Result
from gan_course.publishing.pages import row, write_index


def stated(text, value, holds, why="holds", kind="analytic"):
    return Claim(text, value, None, 0.1, kind, None, "Theorem 1", holds, why)


def test_the_index_lists_notebooks_minutes_and_every_claim_with_its_evidence(tmp_path):
    done = Result("01_first", "done", seconds=90, claims=[stated("a <small> gap", 0.05, True)])
    false = Result("02_second", "failed", seconds=30, error="In [3]: ZeroDivisionError")
    write_index(tmp_path, [done, false, Result("03_third")], "cpu")
    page = (tmp_path / "index.html").read_text()
    assert '<a href="notebooks/01_first.html">01_first</a>' in page
    assert "a &lt;small&gt; gap" in page
    assert '<td class="n">0.05</td><td>at most 0.1</td><td class="n">–</td><td>Theorem 1</td>' in page
    assert "2.0 minutes altogether, 1 claims (1 analytic, 0 live, 0 checkpoint, 0 recorded)" in page
    assert "ZeroDivisionError" in page
    assert "✗ failed" in page
    assert "○ not run" in page


def test_numbers_and_dashes_are_aligned_and_names_that_begin_with_a_digit_are_not():
    assert (
        row(["00_start", "-2.5e-08", "–"])
        == '<tr><td>00_start</td><td class="n">-2.5e-08</td><td class="n">–</td></tr>'
    )


def test_the_index_names_no_other_host(tmp_path):
    write_index(tmp_path, [Result("01_first")], "cpu")
    assert "://" not in (tmp_path / "index.html").read_text()
