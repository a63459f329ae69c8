#!/bin/sh
# The jail of one private engine. Runs as PID 1 of fresh mount, PID, net, IPC and UTS namespaces, and ends, and with
# it everything in them, as soon as the engine ends or standard input (the owner's lifeline) does.
#
# usage: jail.sh ROOT RUN SIZE CGROUPS COMMAND [ARGUMENT]...
#   ROOT     the unpacked root; only read
#   RUN      the run folder, seen from inside as /run/cmdpoint; the files in RUN/files go over those of the root
#   SIZE     limit of the storage for images and containers, as tmpfs's size=
#   CGROUPS  shared: the engine has been told which cgroup to keep to; own: it is to take one for the uppermost;
#            v2: the same, where it knows version 2 alone
set -eu
root=$1 run=$2 size=$3 cgroups=$4
shift 4

# Whatever is written goes to memory. Bound and named relatively, because a ':' or ',' in a path is overlay's syntax.
mount -t tmpfs -o mode=0755 jail "$run/jail"
cd "$run/jail"
mkdir lower upper work root
mount --bind "$root" lower
mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work jail root
cd root
mkdir -p proc sys dev run tmp root var/lib/docker var/tmp
if [ -d "$run/files" ]; then
    cp -R "$run/files/." .
fi

mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 run run
mount -t tmpfs -o mode=1777 tmp tmp
# Podman's builds lay an overlay on what is there, which cannot lie on the one that the root is.
mount --bind tmp var/tmp
mount -t tmpfs -o mode=0711,size="$size" storage var/lib/docker
if [ -d sys/fs/cgroup/unified ]; then
    # Version 1, with a version 2 beside it that has few controllers or none. crun refuses to work with both.
    if [ "$cgroups" = v2 ]; then
        mount --bind sys/fs/cgroup/unified sys/fs/cgroup
    else
        umount sys/fs/cgroup/unified
    fi
fi
if [ "$cgroups" != shared ]; then
    # Version 1 is a folder of hierarchies and links to them, version 2 is one.
    hierarchies=sys/fs/cgroup
    [ -e sys/fs/cgroup/cgroup.procs ] || hierarchies=sys/fs/cgroup/*
    for hierarchy in $hierarchies; do
        [ -e "$hierarchy/cgroup.procs" ] && [ ! -L "$hierarchy" ] || continue
        mkdir "$hierarchy/${run##*/}"
        for setting in cpuset.cpus cpuset.mems; do
            # Version 1's begin empty, and then nothing may run there.
            [ ! -e "$hierarchy/$setting" ] || cat "$hierarchy/$setting" >"$hierarchy/${run##*/}/$setting"
        done
        mount --bind "$hierarchy/${run##*/}" "$hierarchy"
    done
fi
mkdir run/cmdpoint
mount --bind "$run" run/cmdpoint

# dockerd would raise the kernel's key limits and load an AppArmor profile; both would outlive it.
if [ -d proc/sys/kernel/keys ]; then
    mount --bind proc/sys/kernel/keys proc/sys/kernel/keys
    mount -o remount,bind,ro proc/sys/kernel/keys
fi
if [ -d sys/kernel/security ]; then
    mount -t tmpfs -o ro none sys/kernel/security
fi

# A root that is only changed (chroot) is not the mount namespace's: `docker exec` would enter the machine's own.
mount --move . /

# PID 1, which no stray signal can end, waits for the end of the lifeline or of the engine; when it exits, everything
# here ends. A shell that waits reaps too: the shims and conmons that containers leave behind have no other parent, and
# dead ones would pile up until the machine has no number left for a process. Should a signal end the child that reads
# the lifeline, that ends everything as well, rather than leave an engine that no process watches.
exec 3<&0 </dev/null
trap exit USR1
{ chroot . "$@" 3<&- || :; kill -USR1 $$; } &
read -r _ <&3 &
wait $! || :
