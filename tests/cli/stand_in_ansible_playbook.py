#!/usr/bin/python3
"""ansible-playbook, where there is none, as far as a recipe needs it: `PLAY --extra-vars @FILE`, hosts of the inventory that are this
machine or cannot be reached (port 1), and tasks that are templates. It ends as the real one does: 2 when a task failed, 4 when a host
cannot be reached, both when both.

https://github.com/ansible/ansible/blob/devel/lib/ansible/executor/task_queue_manager.py
"""
import json
import os
import pathlib
import re
import sys

import yaml

FAILED, UNREACHABLE = 2, 4


def filled(text, values):
    return re.sub(r"{{ (\w+) }}", lambda name: values[name[1]], text)


def run(tasks, values):
    for task in tasks:
        told = task["ansible.builtin.template"]
        target = pathlib.Path(filled(told["dest"], values))
        target.touch(int(told["mode"], 8))
        target.chmod(int(told["mode"], 8))
        target.write_text(filled(pathlib.Path(told["src"]).read_text(), values))


_, play_file, option, file = sys.argv
assert option == "--extra-vars" and file.startswith("@"), sys.argv
file = os.path.realpath(file[1:])  # as Ansible has it, which is why it cannot read a pipe
if not os.path.exists(file):
    print(f"ERROR! Unable to retrieve file contents\nCould not find or access '{file}' on the Ansible Controller.", file=sys.stderr)
    sys.exit(1)
extra = json.loads(pathlib.Path(file).read_text())
inventory = pathlib.Path(os.environ["ANSIBLE_INVENTORY"]).read_text()
ended = 0
for play in yaml.safe_load(pathlib.Path(play_file).read_text()):
    group = re.search(rf"^\[{play['hosts']}\]\n((?:(?!\[).+\n)*)", inventory, re.M)[1]
    for line in group.splitlines():
        name, *variables = line.split()
        if "ansible_port=1" in variables:
            print(f"fatal: [{name}]: UNREACHABLE!")
            ended |= UNREACHABLE
            continue
        try:
            run(play["tasks"], extra | {"inventory_hostname": name})
            print(f"changed: [{name}]")
        except OSError:
            print(f"fatal: [{name}]: FAILED!")
            ended |= FAILED
sys.exit(ended)
