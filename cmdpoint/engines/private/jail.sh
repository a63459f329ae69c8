#!/bin/sh
# The jail of one private engine. It runs as PID 1 of new mount, PID, net, IPC and UTS namespaces. When the engine
# ends, or when standard input (the owner's lifeline) is closed, the jail ends with everything in the namespaces.
#
# usage: jail.sh ROOT RUN SIZE CGROUPS COMMAND [ARGUMENT]...
#   ROOT     the unpacked root, which is not changed
#   RUN      the run folder, inside at /run/cmdpoint; the files in RUN/files replace those of the root
#   SIZE     limit of the storage for images and containers, as tmpfs's size=
#   CGROUPS  shared: an option of the engine names its cgroup; own: one cgroup is mounted as the root of the
#            hierarchy; v2: the same, for an engine that supports only version 2
set -eu
root=$1 run=$2 size=$3 cgroups=$4
shift 4

# All changes are in memory. The paths are relative, because overlay's options give ':' and ',' a meaning.
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
# Podman's builds mount an overlay in var/tmp, which is impossible on the overlay of the root.
mount --bind tmp var/tmp
mount -t tmpfs -o mode=0711,size="$size" storage var/lib/docker
if [ -d sys/fs/cgroup/unified ]; then
    # Version 1, together with a version 2 that has few controllers or none. crun does not support both at once.
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
            # In version 1 they are empty at first, and then no process can run in the cgroup.
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

# With chroot alone, the root of the mount namespace would stay that of the machine, and `docker exec` would enter it.
mount --move . /

# PID 1 waits for the end of the lifeline or of the engine; when it exits, everything in the namespaces ends. While it
# waits, the shell also reaps the shims and conmons of ended containers, which have no other parent; otherwise zombies
# would use up all process ids. If a signal ends the child that reads the lifeline, everything ends too, because an
# engine must not run without a lifeline.
exec 3<&0 </dev/null
trap exit USR1
{ chroot . "$@" 3<&- || :; kill -USR1 $$; } &
read -r _ <&3 &
wait $! || :
