"""Carries out on images what is asked on standard input, with nothing but Ceph's library, and tells the seconds that each call took."""

import concurrent.futures
import json
import sys
import time

import rados
import rbd

configuration, pool = sys.argv[1:]
FEATURES = (
    rbd.RBD_FEATURE_LAYERING
    | rbd.RBD_FEATURE_EXCLUSIVE_LOCK
    | rbd.RBD_FEATURE_OBJECT_MAP
    | rbd.RBD_FEATURE_FAST_DIFF
    | rbd.RBD_FEATURE_DEEP_FLATTEN
)
cluster = rados.Rados(conffile=configuration, rados_id="admin")
cluster.conf_set("rbd_default_clone_format", "2")
cluster.connect()
context = cluster.open_ioctx(pool)
images = rbd.RBD()


def create(name):
    images.create(context, name, 1 << 30, old_format=False, features=FEATURES)


def create_many(prefix, number, at_once):
    with concurrent.futures.ThreadPoolExecutor(int(at_once)) as threads:
        list(threads.map(lambda each: create(f"{prefix}-{each}"), range(int(number))))


def snapshot(name, snapshot_name):
    with rbd.Image(context, name) as image:
        image.create_snap(snapshot_name)


def clone(name, snapshot_name, target):
    images.clone(context, name, snapshot_name, context, target, features=FEATURES)


def remove(name):
    images.remove(context, name)


def count():
    return len(images.list(context))


calls = {call.__name__: call for call in (create, create_many, snapshot, clone, remove, count)}
for line in sys.stdin:
    name, *arguments = json.loads(line)
    begun = time.perf_counter()
    calls[name](*arguments)
    print(time.perf_counter() - begun, flush=True)
