#!/usr/bin/python
# -*- coding: utf-8 -*-

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: famfs_files
short_description: Directories and files of a famfs, as a manifest declares them
version_added: "0.1.0"
description:
  - Makes the directories and files that are missing, all under one lock, or, with a mistake or a conflict, none.
  - What exists and differs is an error, unless C(onConflict) of the item says what becomes of it.
  - Takes a manifest of the managed host, or the same keys in the task.
options:
  manifest:
    description: Path of a manifest on the managed host, in YAML or JSON. It may declare a pool too.
    type: path
  directories:
    description: As in a manifest; paths, or dicts with C(path), C(mode), C(uid), C(gid), C(onConflict).
    type: list
    elements: raw
  files:
    description: As in a manifest; dicts with C(path), C(size), C(source), C(seed), C(mode) and so on.
    type: list
    elements: dict
  defaults:
    description: As in a manifest.
    type: dict
extends_documentation_fragment: [famfs.tools.common]
author: the founders of famfs
"""

EXAMPLES = r"""
- name: A thousand files of 1 GiB, and the weights of a model
  famfs.tools.famfs_files:
    dev: [/dev/dax0.0]
    defaults: {mode: "0640"}
    files:
      - {path: "data/shard-{000..999}", size: 1G}
      - {path: data/weights, sources: "/srv/weights/**"}

- name: What a manifest declares
  famfs.tools.famfs_files:
    manifest: /etc/famfs/pool.yaml
"""

RETURN = r"""
items:
  description: What is made, changed, replaced or kept, each with action, type, path, size and reasons.
  returned: success
  type: list
counts:
  description: How many items there are of each action.
  returned: success
  type: dict
rewrites_log:
  description: Whether the log is rewritten, which needs C(clients_unmounted).
  returned: success
  type: bool
errors:
  description: Every error, with code, message, hint, and, of a mistake, file, line, column and key.
  returned: failure
  type: list
failed:
  description: Files whose bytes could not be had. The others were made.
  returned: failure
  type: list
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.famfs.tools.plugins.module_utils.famfs import COMMON, Famfs, manifest_text

INLINE = ("directories", "files", "defaults")


def main():
    module = AnsibleModule(
        argument_spec=dict(
            COMMON,
            manifest=dict(type="path"),
            directories=dict(type="list", elements="raw"),
            files=dict(type="list", elements="dict"),
            defaults=dict(type="dict"),
        ),
        mutually_exclusive=[("manifest", key) for key in INLINE],
        required_one_of=[("manifest", "directories", "files")],
        supports_check_mode=True,
    )
    given = module.params
    if given["manifest"] is not None:
        Famfs(module, given["manifest"]).run()
    else:
        Famfs(module, "-", manifest_text(dict((key, given[key]) for key in INLINE))).run()


if __name__ == "__main__":
    main()
