#!/usr/bin/env bash
# A machine with systemd as its first process, over what is installed on this one. $1 is a folder of its own on a real disk, $2 the one that has
# the hosts.
# It answers "ready" when all is laid, then reads commands: "on" starts the machine and answers with the process below which it runs, "off" cuts the power.
# At the end of the input, whatever has ended its writer, nothing is left: the mounts are in a namespace of this process, which must have one of its own.
set -eu
folder=$1
programs=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$folder/layers/root
machine=

power_off() {
    if [ -n "$machine" ]; then
        kill -KILL "$machine" 2>/dev/null || true
        wait "$machine" 2>/dev/null || true
        machine=
    fi
}

clean_up() {
    power_off
    umount -l "$folder/layers" || true
    rm -rf --one-file-system "$folder"
}
trap clean_up EXIT

# Mounts of others that came along would keep their loop devices.
awk '$3 ~ /^7:/ { print $5 }' /proc/self/mountinfo | xargs -r umount -l

# The upper layer cannot be on the file system of the lower one.
mkdir -p "$folder/layers" "$folder/docker" "$folder/hedvigstorage"
mount -t tmpfs tmpfs "$folder/layers"
mkdir "$folder/layers/upper" "$folder/layers/work" "$root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/layers/upper,workdir=$folder/layers/work" "$root"
mkdir -p "$root/var/lib/docker" "$root/var/lib/hedvigstorage" "$root/var/log/journal" "$root/etc/docker" "$root/run" "$root/tmp"
echo '{"bridge":"none","iptables":false,"ip6tables":false}' >"$root/etc/docker/daemon.json"

# Of this machine's services it runs Docker only, and it leaves the kernel, which is this machine's, as it is.
cd "$root/etc/systemd/system"
rm -rf -- *.wants *.requires
mkdir multi-user.target.wants
ln -s /lib/systemd/system/docker.service multi-user.target.wants/docker.service
for unit in systemd-udevd.service systemd-udev-trigger.service systemd-sysctl.service systemd-modules-load.service systemd-tmpfiles-setup-dev.service \
    systemd-binfmt.service systemd-remount-fs.service systemd-random-seed.service systemd-logind.service getty.target; do
    ln -sf /dev/null "$unit"
done
cd /
echo ready

while read -r command; do
    power_off
    if [ "$command" = on ]; then
        unshare --fork --kill-child --pid --mount --cgroup --uts --ipc --net bash "$here/boot.sh" "$folder" "$programs" </dev/null >"$folder/console.log" 2>&1 &
        machine=$!
        echo "$machine"
    else
        echo off
    fi
done
