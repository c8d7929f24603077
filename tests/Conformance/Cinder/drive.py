"""Runs Cinder's own, unmodified Hedvig driver, step by step.

Reads a JSON object a line from standard input, carries out the step that it names, and answers with a JSON object a line:
"result", "error" ("type" and "message", or null) and "log", all that the driver logged meanwhile.

Nothing of Cinder is stood in for: volumes and snapshots are Cinder's own objects, and volume types and their QoS specs are in Cinder's own
database, in memory.
"""

import json
import logging
import os
import sys

answers = os.fdopen(os.dup(1), 'w', encoding='ascii')
os.dup2(2, 1)

from oslo_config import cfg  # noqa: E402

from cinder import context  # noqa: E402
from cinder import objects  # noqa: E402
from cinder.db.sqlalchemy import api as database  # noqa: E402
from cinder.db.sqlalchemy import models  # noqa: E402
from cinder.volume import configuration  # noqa: E402
from cinder.volume import driver as base  # noqa: E402
from cinder.volume import qos_specs  # noqa: E402
from cinder.volume import volume_types  # noqa: E402
from cinder.volume.drivers.hedvig import hedvig_cinder  # noqa: E402
from cinder.volume.drivers.san import san  # noqa: E402

CONF = cfg.CONF
drivers = {}


class Memory(logging.Handler):
    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def prepare():
    CONF([], project='cinder', default_config_files=[])
    CONF.set_override('connection', 'sqlite://', group='database')
    objects.register_all()
    # SQLite cannot have this one table, which drivers never see.
    tables = [table for table in models.BASE.metadata.sorted_tables if table.name != 'workers']
    models.BASE.metadata.create_all(database.get_engine(), tables=tables)


def volume_of(given):
    return objects.Volume(
        context.get_admin_context(), _name_id=None, id=given['id'], size=given['size'], display_name=given.get('displayName'),
        display_description=given.get('displayDescription'), project_id=given.get('project'), volume_type_id=given.get('type'))


def snapshot_of(given):
    volume = volume_of(given['volume'])
    return objects.Snapshot(
        context.get_admin_context(), id=given['id'], volume=volume, volume_id=volume.id, display_name=given.get('displayName'),
        project_id=given.get('project'))


def open_driver(step):
    name = step['driver']
    settings = configuration.Configuration(base.volume_opts + san.san_opts, config_group=name)
    for option in ('san_ip', 'san_login', 'san_password', 'san_clustername'):
        CONF.set_override(option, step[option], group=name)
    drivers[name] = hedvig_cinder.HedvigISCSIDriver(configuration=settings)
    drivers[name].do_setup(context.get_admin_context())
    drivers[name].check_for_setup_error()
    return sorted(drivers[name].hrs.nodeMap)


def make_type(step):
    admin = context.get_admin_context()
    specs = qos_specs.create(admin, step['name'], dict(step['specs'], consumer='back-end'))
    made = volume_types.create(admin, step['name'])
    qos_specs.associate_qos_with_type(admin, specs.id, made.id)
    return made.id


STEPS = {
    'open': open_driver,
    'type': make_type,
    'stats': lambda step: drivers[step['driver']].get_volume_stats(refresh=True),
    'create': lambda step: drivers[step['driver']].create_volume(volume_of(step['volume'])),
    'delete': lambda step: drivers[step['driver']].delete_volume(volume_of(step['volume'])),
    'extend': lambda step: drivers[step['driver']].extend_volume(volume_of(step['volume']), step['size']),
    'clone': lambda step: drivers[step['driver']].create_cloned_volume(volume_of(step['volume']), volume_of(step['source'])),
    'snapshot': lambda step: drivers[step['driver']].create_snapshot(snapshot_of(step['snapshot'])),
    'restore': lambda step: drivers[step['driver']].create_volume_from_snapshot(volume_of(step['volume']), snapshot_of(step['snapshot'])),
    'forget': lambda step: drivers[step['driver']].delete_snapshot(snapshot_of(step['snapshot'])),
    'attach': lambda step: drivers[step['driver']].initialize_connection(volume_of(step['volume']), step['connector']),
    'detach': lambda step: drivers[step['driver']].terminate_connection(volume_of(step['volume']), step['connector']),
}


def main():
    memory = Memory()
    logger = logging.getLogger('cinder.volume.drivers.hedvig')
    logger.setLevel(logging.DEBUG)
    logger.addHandler(memory)
    logger.propagate = False
    prepare()
    for line in sys.stdin:
        memory.lines.clear()
        answer = {'result': None, 'error': None}
        try:
            step = json.loads(line)
            answer['result'] = STEPS[step['step']](step)
        except Exception as error:
            answer['error'] = {'type': type(error).__name__, 'message': str(error)}
        answer['log'] = memory.lines
        answers.write(json.dumps(answer) + '\n')
        answers.flush()


main()
