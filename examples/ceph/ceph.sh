#!/usr/bin/env bash
# A small Ceph cluster for tests and tries, all of it on this machine and in one folder: a monitor, a manager, OSDs in make-believe racks
# and data centers, and a metadata server with a file system. Nothing of it is for data that anybody wants to keep.
#
#   ceph.sh up DIR [--osds N]     makes the cluster, or starts it again; N is 3 to 6 (default: 6)
#   ceph.sh down DIR              ends it and removes DIR
#   ceph.sh kill DIR DAEMON       ends a daemon at once, as a power cut would: osd.0 …, mon.a, mgr.a, mds.a
#   ceph.sh start DIR DAEMON      starts it again
#   ceph.sh stop DIR DAEMON       lets it hang
#   ceph.sh continue DIR DAEMON   and go on
#
# DIR/ceph.conf is what clients take; the users are admin and hedvig. It needs Debian's packages ceph-mon, ceph-mgr, ceph-osd, ceph-mds
# and ceph-common.
set -euo pipefail

fail() { echo "ceph.sh: $*" >&2; exit 1; }
usage() { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 64; }

# OSD: data center, rack, host, device class. Whoever takes fewer has the first ones.
layout=(
    "dc1 r1 h1 ssd"
    "dc1 r1 h2 hdd"
    "dc2 r2 h3 ssd"
    "dc2 r3 h4 hdd"
    "dc1 r4 h5 ssd"
    "dc2 r3 h6 hdd"
)

write_configuration() {
    cat >"$dir/ceph.conf" <<END
[global]
fsid=$(cat "$dir/fsid")
mon_host=v2:127.0.0.1:$(cat "$dir/port")
keyring=$dir/keyring
run_dir=$dir/run
pid_file=
crash_dir=$dir/crash
log_file=$dir/log/\$name.log
public_network=127.0.0.0/8
ms_bind_msgr1=false
ms_bind_ipv6=false
# Each daemon takes the first free ones; above these are the ports that the system gives to clients.
ms_bind_port_min=16800
ms_bind_port_max=19999
auth_allow_insecure_global_id_reclaim=false
# Changes of pools and rules take 0.03 s in place of 1 s.
paxos_propose_interval=0.05
paxos_min_wait=0.01
osd_pool_default_pg_num=8
osd_pool_default_pgp_num=8
osd_pool_default_pg_autoscale_mode=off
mon_max_pg_per_osd=1000
mon_allow_pool_delete=true
mon_allow_pool_size_one=true
mon_warn_on_pool_no_redundancy=false
# A dead OSD is told after seconds. Monitor and OSDs both read these.
osd_heartbeat_interval=1
osd_heartbeat_grace=5
mon_osd_adjust_heartbeat_grace=false
mon_osd_min_down_reporters=1
osd_client_watch_timeout=5
# Without it the dirty data of a dead client keeps others waiting for minutes.
defer_client_eviction_on_laggy_osds=false
[mon]
mon_data=$dir/mon.\$id
pid_file=$dir/run/\$name.pid
mgr_initial_modules=
mon_data_avail_warn=1
mon_data_avail_crit=1
[mgr]
mgr_data=$dir/mgr.\$id
pid_file=$dir/run/\$name.pid
mgr_stats_period=2
# What is not loaded takes neither time nor memory. The monitor wants those that are left.
mgr_disabled_modules=$(unused_modules)
[osd]
osd_data=$dir/osd.\$id
pid_file=$dir/run/\$name.pid
bluestore_block_create=true
bluestore_block_size=10737418240
bluestore_block_preallocate_file=false
# Little memory: the cache has a fixed size, in place of a target that cannot be under 896 MiB.
bluestore_cache_autotune=false
bluestore_cache_size=33554432
osd_crush_initial_weight=1
osd_class_update_on_start=false
[mds]
mds_data=$dir/mds.\$id
pid_file=$dir/run/\$name.pid
mds_tick_interval=0.5
[client]
fuse_disable_pagecache=true
END
    local number dc rack host class
    for ((number = 0; number < osds; number++)); do
        read -r dc rack host class <<<"${layout[number]}"
        echo "[osd.$number]"
        echo "crush_location=root=default datacenter=$dc rack=$rack host=$host"
    done >>"$dir/ceph.conf"
}

unused_modules() {
    find /usr/share/ceph/mgr -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null |
        grep -Evx 'balancer|crash|devicehealth|orchestrator|pg_autoscaler|progress|rbd_support|status|telemetry|volumes' |
        paste -sd, || true
}

# Users and rights. What hedvig may do is what a cluster host needs: images and file systems in pools that it makes itself.
write_keyring() {
    local entity
    umask 077
    {
        echo "[mon.]"; key; echo '    caps mon = "allow *"'
        echo "[client.admin]"; key
        for entity in mon osd mds mgr; do echo "    caps $entity = \"allow *\""; done
        echo "[client.hedvig]"; key
        echo "    caps mon = \"$(hedvig_monitor_rights)\""
        echo '    caps mgr = "allow module volumes rw"'
        echo '    caps osd = "allow rwx tag rbd hedvig=*"'
        echo "[mgr.a]"; key
        echo '    caps mon = "allow profile mgr"'; echo '    caps osd = "allow *"'; echo '    caps mds = "allow *"'
        echo "[mds.a]"; key
        echo '    caps mon = "allow profile mds"'; echo '    caps osd = "allow rwx"'
        echo '    caps mds = "allow *"'; echo '    caps mgr = "allow profile mds"'
        for ((number = 0; number < osds; number++)); do
            echo "[osd.$number]"; key
            echo '    caps mon = "allow profile osd"'; echo '    caps mgr = "allow profile osd"'; echo '    caps osd = "allow *"'
        done
    } >"$dir/keyring"
    umask 022
}

key() { echo "    key = $(ceph-authtool --gen-print-key)"; }

# As in docs/ceph.md, which says what each is for.
hedvig_monitor_rights() {
    local command rights="profile rbd, allow service log w"
    for command in "osd pool op unmanaged-snap" "osd pool create" "osd pool set" "osd pool application enable" \
        "osd pool application set" "osd crush rule create-replicated" "osd setcrushmap" "fs ls" "fs add_data_pool"; do
        rights="$rights, allow command \\\"$command\\\""
    done
    echo "$rights"
}

ceph_() { ceph --conf "$dir/ceph.conf" --connect-timeout 10 "$@"; }

# The daemon's process, if it runs and is this cluster's: a number in a file may be somebody else's by now.
pid_of() {
    local pid
    pid=$(cat "$dir/run/$1.pid" 2>/dev/null) && [ -n "$pid" ] || return 1
    tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -Fxq -- "$dir/ceph.conf" || return 1
    echo "$pid"
}

start_daemon() {
    local kind=${1%%.*} id=${1#*.}
    pid_of "$1" >/dev/null && return
    # A file that a killed daemon has left keeps the next one from writing its own.
    rm -f "$dir/run/$1.pid"
    "ceph-$kind" --conf "$dir/ceph.conf" --id "$id" >>"$dir/log/start.log" 2>&1
}

# First all, then the wait for them: a big process takes a while to go.
end_daemons() {
    local daemon pid
    for daemon in "$@"; do pid=$(pid_of "$daemon") && kill -KILL "$pid" 2>/dev/null || true; done
    for daemon in "$@"; do
        while pid_of "$daemon" >/dev/null; do sleep 0.01; done
        rm -f "$dir/run/$daemon.pid"
    done
}

daemons() { (cd "$dir" && ls -d mon.a mgr.a mds.a osd.* 2>/dev/null); }

free_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# Another one may take the port in between. Then the monitor ends by itself, and the next port is tried.
make_monitor() {
    local attempt
    for attempt in 1 2 3 4 5; do
        free_port >"$dir/port"
        write_configuration
        rm -rf "$dir/mon.a"
        mkdir "$dir/mon.a"
        monmaptool --create --clobber --fsid "$(cat "$dir/fsid")" --addv a "[v2:127.0.0.1:$(cat "$dir/port")]" "$dir/monmap" >/dev/null
        ceph-mon --conf "$dir/ceph.conf" --id a --mkfs --monmap "$dir/monmap" --keyring "$dir/keyring" >>"$dir/log/start.log" 2>&1
        start_daemon mon.a && return
    done
    fail "The monitor does not start: see $dir/log."
}

make_osd() {
    ceph-osd --conf "$dir/ceph.conf" --id "$1" --mkfs --monmap "$dir/monmap" --osd-uuid "$(cat "$dir/osd.$1/uuid")" \
        >>"$dir/log/mkfs.log" 2>&1
}

make() {
    local number dc rack host class pids=()
    mkdir -p "$dir"/{run,log,crash,mgr.a,mds.a}
    cat /proc/sys/kernel/random/uuid >"$dir/fsid"
    write_keyring
    make_monitor
    start_daemon mgr.a &
    pids+=($!)
    for ((number = 0; number < osds; number++)); do
        mkdir -p "$dir/osd.$number"
        cat /proc/sys/kernel/random/uuid >"$dir/osd.$number/uuid"
        make_osd "$number" &
        pids+=($!)
    done
    # One session for all: each start of the command line takes 0.2 s.
    {
        for ((number = 0; number < osds; number++)); do echo "osd new $(cat "$dir/osd.$number/uuid")"; done
        for ((number = 0; number < osds; number++)); do
            read -r dc rack host class <<<"${layout[number]}"
            echo "osd crush add osd.$number 1.0 root=default datacenter=$dc rack=$rack host=$host"
            echo "osd crush set-device-class $class osd.$number"
        done
        echo "osd pool create cephfs_metadata"
        echo "osd pool create cephfs_data"
        echo "fs new cephfs cephfs_metadata cephfs_data"
    } | ceph_ >>"$dir/log/make.log" 2>&1 || fail "The cluster cannot be made: see $dir/log/make.log."
    for pid in "${pids[@]}"; do wait "$pid" || fail "A daemon cannot be made: see $dir/log."; done
    touch "$dir/made"
}

up() {
    local begun=$EPOCHREALTIME command start
    for command in ceph-mon ceph-mgr ceph-osd ceph-mds ceph ceph-authtool monmaptool; do
        command -v "$command" >/dev/null || fail "'$command' is missing: install ceph-mon, ceph-mgr, ceph-osd, ceph-mds and ceph-common."
    done
    # The longest name in it is that of a socket, which the system limits to 107 bytes.
    [ "${#dir}" -le 80 ] || fail "'$dir' is too long: it may have 80 characters."
    if [ ! -e "$dir/made" ]; then
        [ ! -e "$dir/fsid" ] || fail "'$dir' is a cluster that was not made to its end: take it down first."
        [ -z "$(ls -A "$dir" 2>/dev/null)" ] || fail "'$dir' is not empty and is not a cluster of this script's."
        make
    fi
    local daemon count starts=()
    # All at once, but for the monitor, which the others wait for.
    start_daemon mon.a || fail "The monitor does not start: see $dir/log."
    for daemon in $(daemons); do start_daemon "$daemon" & starts+=($!); done
    for start in "${starts[@]}"; do wait "$start" || fail "A daemon does not start: see $dir/log."; done
    count=$(ls -d "$dir"/osd.* | wc -l)
    until ceph_ osd stat --format json 2>/dev/null | grep -q "\"num_up_osds\":$count,"; do sleep 0.1; done
    until ceph_ fs subvolume ls cephfs >/dev/null 2>&1; do sleep 0.1; done
    # Until the OSDs have reported, Ceph has no space as far as anybody knows.
    until ceph_ df --format json 2>/dev/null | grep -q '"total_avail_bytes":[1-9]'; do sleep 0.1; done
    echo "$count OSDs, up after $(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $begun }") s: $dir/ceph.conf"
}

down() {
    [ -e "$dir" ] || return 0
    [ -e "$dir/fsid" ] || fail "'$dir' is not a cluster of this script's."
    # shellcheck disable=SC2046
    end_daemons $(daemons)
    rm -rf "$dir"
}

[ $# -ge 2 ] || usage
action=$1
dir=$(realpath -m -- "$2")
shift 2
osds=6
case $action in
    up)
        if [ "${1:-}" = --osds ]; then osds=${2:-}; shift 2 || usage; fi
        [[ $# = 0 && $osds =~ ^[3-6]$ ]] || usage
        up
        ;;
    down) [ $# = 0 ] || usage; down ;;
    kill | start | stop | continue)
        [ $# = 1 ] || usage
        [ -d "$dir/$1" ] || fail "This cluster has no '$1': it has $(daemons | tr '\n' ' ')"
        case $action in
            kill) end_daemons "$1" ;;
            start) start_daemon "$1" ;;
            stop) kill -STOP "$(pid_of "$1")" ;;
            continue) kill -CONT "$(pid_of "$1")" ;;
        esac
        ;;
    *) usage ;;
esac
