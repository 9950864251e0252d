"""What is missing is named with its mend."""

from pathlib import Path

from tests.cli.command import lines_of, newsmill


def test_doctor_names_the_mend(tmp_path: Path) -> None:
    (tmp_path / "newsmill.toml").write_text('model = "no_such_model"\n[schedule]\ncron = "99 99 * *"\n')

    done = newsmill("doctor", "--output", "json", cwd=tmp_path)

    states = {row[""]: row for row in lines_of(done.stdout)}
    assert done.returncode == 1
    assert "no_such_model" in str(states["model"]["detail"])
    assert states["schedule"]["state"] == "problem"
    assert states["lake lake"]["state"] == "ok"
