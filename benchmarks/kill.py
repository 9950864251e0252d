"""Kill runs at random moments over a real S3 server: ``python benchmarks/kill.py [KILLS] [SEED]``; 200 take minutes."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import boto3

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import ACCESS_KEY, SECRET_KEY, end_server, start_server  # noqa: E402, tests are no package


def main() -> int:
    """Print what was seen; 1 if anything but whole states and clean ends."""
    kills, seed = (int(argument) for argument in (*sys.argv[1:], "200", "1")[:2])
    os.environ.update(AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY, OMP_NUM_THREADS="1")
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        server, ports = start_server(lambda name: Path(tempfile.mkdtemp(prefix=name, dir=folder)))
        try:
            os.environ["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{ports[0]}"
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="newsmill")
            command = [sys.executable, "-m", "tests.kills", "s3://newsmill/kills", str(kills), str(seed)]
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        finally:
            end_server(server, ports)
    first, *lines = done.stdout.splitlines()
    print(first)
    for what, count in sorted(Counter(line.partition(": ")[2] for line in lines).items()):
        print(f"{count:5} {what}")
    return 0 if len(lines) == kills else 1


if __name__ == "__main__":
    sys.exit(main())
