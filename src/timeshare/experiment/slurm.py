"""What a driver on a Slurm cluster cannot learn from Snakemake: what to change after a failure, and
which jobs an earlier driver left behind.

A driver is the process of Snakemake that plans and submits jobs. Killed without warning, it leaves
jobs in Slurm's queue, and one that starts or fails later deletes outputs of a second driver.
So each driver notes where its log is, and the next one first cancels what was submitted by the log.
"""

import re
import subprocess
import time
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path

from timeshare.storage.files import replacing

WAIT_SECONDS = 120.0
"""How long cancelled jobs may take to end."""

PROFILE = "in profiles/slurm/config.yaml"
REFUSED = {
    "Invalid partition": f"set `slurm_partition` {PROFILE} to one of those that `sinfo` lists",
    "Invalid account": f"set `slurm_account` {PROFILE} to one of yours, which your site names",
    "Invalid qos": f"set `qos` {PROFILE} to one that your account may use",
    "Requested time limit": f"lower `runtime` {PROFILE}, or name another `slurm_partition`",
    "Requested node configuration": f"no node of the partition has so much: lower `mem_mb` or "
    f"`cpus_per_task` {PROFILE}, or name another `slurm_partition`",
    "Memory specification": f"no node of the partition has so much: lower `mem_mb` {PROFILE}",
}
"""What to change, by the beginning of Slurm's reason for refusing a job."""
ENDED = {
    "TIMEOUT": ("over its time", "runtime", "minutes"),
    "OUT_OF_MEMORY": ("over its memory", "mem_mb", "megabytes"),
}
"""What ended a job, by Slurm's status: in words, the resource to raise, and its unit."""


def explanations(log: str) -> list[str]:
    """One sentence for each different failure of Slurm in Snakemake's log: what to change.

    Arguments:
        log: content of the log of a driver; the logs of its jobs are read where it says they are.
    """
    found = []
    starts = [*re.finditer(r"Error in (?:rule|group) (\S+):\n\s+message: SLURM", log)]
    for start, after in zip_longest(starts, starts[1:]):
        block = log[start.start() : after.start() if after else None]
        refused = re.search(r"SLURM sbatch failed\. The error message was '([^']*)'", block)
        ended = re.search(r"SLURM-job '(\d+)' failed, SLURM status is: '(\w+)'", block)
        if refused:
            found.append(_refusal(start[1], refused[1]))
        elif ended:
            found.append(_end(start[1], _status(ended[2], _output(ended[1], log))))
    return list(dict.fromkeys(found))


def _refusal(rule: str, message: str) -> str:
    reason = message.rpartition("failed: ")[2].strip()
    for start, advice in REFUSED.items():
        if reason.lower().startswith(start.lower()):
            return f"Slurm takes no job of the rule `{rule}` ({reason}): {advice}."
    return f"Slurm takes no job of the rule `{rule}`: {reason}. Change what is asked for {PROFILE}."


def _output(job: str, log: str) -> str:
    """What a job wrote, as far as its file is here; Slurm adds there why it ended a job."""
    file = re.search(rf"submitted with SLURM jobid {job} \(log: (.*)\)\.", log)
    return content([file[1]]) if file else ""


def _status(status: str, output: str) -> str:
    """Slurm's status; a job over its memory is called cancelled or failed, and its log says why."""
    if re.search(r"memory limit|oom[-_ ]kill", output, re.IGNORECASE):
        return "OUT_OF_MEMORY"
    return "TIMEOUT" if "DUE TO TIME LIMIT" in output else status


def _end(rule: str, status: str) -> str:
    if status not in ENDED:
        return (
            f"A job of the rule `{rule}` ended with Slurm's status {status}: see its log above, "
            "and start the same command again; what is finished stays."
        )
    words, resource, unit = ENDED[status]
    return (
        f"A job of the rule `{rule}` was {words}: raise it by "
        f"`--set-resources {rule}:{resource}=<{unit}>`, or under `set-resources` {PROFILE}."
    )


def cancel_left_behind(record: Path) -> list[str]:
    """Cancel the jobs that the last driver of an experiment submitted and that have not ended.

    Arguments:
        record: file in which that driver noted the paths of its logs, as `note_driver` does.

    Returns:
        the ids of the cancelled jobs. Raises `TimeoutError` where one does not end.
    """
    text = content(record.read_text().splitlines()) if record.is_file() else ""
    run = re.search(r"SLURM run ID: (\S+)", text)
    submitted = set(re.findall(r"has been submitted with SLURM jobid (\d+)", text))
    if run is None or not submitted:
        return []
    if left := sorted(submitted & _active(run[1]), key=int):
        subprocess.run(["scancel", *left], check=True)
        deadline = time.monotonic() + WAIT_SECONDS
        while submitted & _active(run[1]):
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"Jobs of an earlier run do not end ({', '.join(left)}): cancel them by "
                    "`scancel`, wait until `squeue` does not list them, and start again."
                )
            time.sleep(1)
    return left


def note_driver(record: Path, logs: Iterable[str]) -> None:
    """Note where the logs of this driver are, for the next one."""
    with replacing(record) as temporary:
        temporary.write_text("".join(f"{Path(log).absolute()}\n" for log in logs))


def content(logs: Iterable[str]) -> str:
    """What the log files of a driver hold, those that there are."""
    files = [Path(log) for log in logs if Path(log).is_file()]
    return "".join(file.read_text(errors="replace") for file in files)


def _active(run: str) -> set[str]:
    """The ids of the jobs of a driver that have not ended; the plugin gives them all one name."""
    command = ["squeue", "--noheader", "--format=%A", f"--name={run}"]
    command.append("--states=PENDING,RUNNING,SUSPENDED,COMPLETING,CONFIGURING")
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return set(done.stdout.split())
