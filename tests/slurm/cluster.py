# SPDX-License-Identifier: GPL-2.0-or-later
"""A Slurm cluster of one node on localhost: munged, slurmctld and slurmd in a directory of their own."""

import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

import debian

PROGRAMS = ["munged", "slurmctld", "slurmd", "sbatch", "squeue"]
PACKAGES = ["slurm-wlm", "munge"]

CONFIGURATION = """ClusterName=gbsim
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={munge}
CryptoType=crypto/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort={controller_port}
SlurmdPort={node_port}
StateSaveLocation={dir}/state
SlurmdSpoolDir={dir}/spool
SlurmctldPidFile={dir}/slurmctld.pid
SlurmdPidFile={dir}/slurmd.pid
SlurmctldLogFile={dir}/slurmctld.log
SlurmdLogFile={dir}/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000
DefMemPerCPU=100
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
KillWait=1
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def require_host():
    """What Slurm's daemons ask of a machine and a bare chroot may lack; raises Unavailable."""
    try:
        socket.gethostbyname(socket.gethostname())
    except OSError as error:
        raise debian.Unavailable(f"the host name {socket.gethostname()} does not resolve; is it in /etc/hosts?") from error
    if not os.path.ismount("/sys/fs/cgroup"):
        raise debian.Unavailable("slurmd needs cgroups; nothing is mounted on /sys/fs/cgroup")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """Runs while it is entered; @env is what programs need to find it. Leaving it ends every daemon it started."""

    def __init__(self, directory, cpus=2, memory_mib=2000):
        self.dir = Path(directory)
        self.cpus, self.memory = cpus, memory_mib
        self.munge = self.dir / "munge" / "socket"
        self.env = dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin", SLURM_CONF=str(self.dir / "slurm.conf"))
        self.daemons = []

    def __enter__(self):
        for name in ("munge", "state", "spool"):
            (self.dir / name).mkdir(parents=True)
        self.configure()
        try:
            self.start("munged", "--foreground", "--force", f"--key-file={self.key()}", f"--socket={self.munge}",
                       f"--pid-file={self.munge.parent}/pid", f"--seed-file={self.munge.parent}/seed",
                       f"--log-file={self.munge.parent}/log")
            self.await_that(self.munge.exists, "munged's socket")
            self.start("slurmctld", "-D", "-c")
            self.start("slurmd", "-D", "-N", self.host())
            self.await_that(lambda: self.words("sinfo", "-h", "-o", "%T") == ["idle"], "an idle node")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        subprocess.run(["scancel", "--user=root"], env=self.env, capture_output=True, timeout=30)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def host(self):
        return socket.gethostname().split(".")[0]

    def key(self):
        path = self.dir / "munge" / "key"
        path.write_bytes(secrets.token_bytes(128))
        path.chmod(0o400)
        return path

    def configure(self):
        (self.dir / "slurm.conf").write_text(CONFIGURATION.format(
            dir=self.dir, munge=self.munge, host=self.host(), controller_port=free_port(),
            node_port=free_port(), cpus=self.cpus, memory=self.memory))

    def start(self, *command):
        log = open(self.dir / f"{command[0]}.out", "w")
        self.daemons.append(subprocess.Popen(command, env=self.env, stdout=log, stderr=log, cwd=self.dir))

    def words(self, *command):
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=60).stdout.split()

    def await_that(self, condition, what):
        deadline = time.monotonic() + 30
        while not condition():
            if time.monotonic() > deadline:
                raise RuntimeError(f"no {what} within 30 s; logs:\n{self.logs()}")
            time.sleep(0.05)

    def logs(self):
        texts = [f"{path.name}: {path.read_text(errors='replace')[-1500:]}"
                 for path in [*self.dir.glob("*.out"), *self.dir.glob("*.log")]]
        return "\n".join(texts)
