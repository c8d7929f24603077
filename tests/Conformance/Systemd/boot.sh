#!/usr/bin/env bash
# The first process of the machine that power.sh lays, in namespaces of its own: it becomes systemd.
set -eu
folder=$1
programs=$2
root=$folder/layers/root
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount --rbind /dev "$root/dev"
# Wherever the hosts were built, in a temporary folder too, the machine has them there.
mkdir -p "$root$programs"
mount --bind "$programs" "$root$programs"
# Docker's layers and images of volumes do not lie on an overlay.
mount --bind "$folder/docker" "$root/var/lib/docker"
mount --bind "$folder/hedvigstorage" "$root/var/lib/hedvigstorage"
# The kernel has not been started anew; all who ask are told that it has.
cat /proc/sys/kernel/random/uuid >"$root/run/boot-id"
mount --bind "$root/run/boot-id" "$root/proc/sys/kernel/random/boot_id"
mkdir "$root/run/lock" "$root/run/before"
cd "$root"
pivot_root . run/before
umount -l /run/before
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec env -i container=docker PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --unit=multi-user.target
