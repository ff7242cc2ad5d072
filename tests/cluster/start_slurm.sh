#!/usr/bin/env bash
# Start a Slurm of one node on this machine, from Debian's packages: munge, slurmctld, slurmd. For tests
# in a container or a virtual machine of their own; it writes /etc/slurm/slurm.conf and needs root.
#   tests/cluster/start_slurm.sh         start what does not run yet, wait until the node takes jobs;
#                                        status 2 where the machine has a Slurm of its own
#   tests/cluster/start_slurm.sh stop    stop it
set -euo pipefail

CONFIGURATION=/etc/slurm/slurm.conf
STATE=/var/spool/timeshare-slurm
MARK="# Written by tests/cluster/start_slurm.sh"

stop() {
    local service file
    for service in slurmd slurmctld; do
        file=$STATE/$service.pid
        if [ -f "$file" ]; then kill "$(cat "$file")" 2>/dev/null || true; fi
    done
    # Without cgroups Slurm loses sight of what outlives the script of a cancelled job
    for file in $(grep -slz '^SLURM_CLUSTER_NAME=timeshare' /proc/[0-9]*/environ); do
        kill -9 "$(basename "$(dirname "$file")")" 2>/dev/null || true
    done
}

if [ "${1:-start}" = stop ]; then
    stop
    exit
fi
if [ -f $CONFIGURATION ] && ! grep -qF "$MARK" $CONFIGURATION; then
    echo "$CONFIGURATION is not this script's: this machine has a Slurm of its own" >&2
    exit 2
fi
if sinfo --noheader 2>/dev/null | grep -qE 'idle|mix|alloc'; then exit; fi

mkdir -p /etc/slurm $STATE/state $STATE/node /run/munge
chown munge /run/munge
pgrep -x munged >/dev/null || runuser -u munge -- munged
node=$(hostname -s)
# More than this machine has: the jobs of the tests are small, and none should wait for another
cat >$CONFIGURATION <<EOF
$MARK
ClusterName=timeshare
SlurmctldHost=$node(localhost)
SlurmUser=root
AuthType=auth/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,batch_sched_delay=0
# A node that was away comes back by itself
ReturnToService=2
# squeue must see a job long enough after its end, and the tests look at jobs of minutes ago
MinJobAge=3600
KillWait=2
# Memory over the request ends a job, seen by polling, since there are no cgroups here
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=1
JobAcctGatherParams=OverMemoryKill
OverTimeLimit=0
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
StateSaveLocation=$STATE/state
SlurmdSpoolDir=$STATE/node
SlurmctldPidFile=$STATE/slurmctld.pid
SlurmdPidFile=$STATE/slurmd.pid
SlurmctldLogFile=$STATE/slurmctld.log
SlurmdLogFile=$STATE/slurmd.log
NodeName=$node NodeAddr=localhost CPUs=8 RealMemory=64000 State=UNKNOWN
PartitionName=normal Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
slurmctld
slurmd
for _ in $(seq 120); do
    if sinfo --noheader 2>/dev/null | grep -qE 'idle|mix|alloc'; then exit; fi
    sleep 0.5
done
echo "the node does not take jobs after a minute; see $STATE/slurmctld.log and slurmd.log" >&2
tail -n 5 $STATE/slurmctld.log $STATE/slurmd.log >&2
exit 1
