#!/usr/bin/python
# -*- coding: utf-8 -*-

from __future__ import absolute_import, division, print_function

__metaclass__ = type

DOCUMENTATION = r"""
---
module: famfs_pool
short_description: A famfs pool on the daxdevs that it is to have
version_added: "0.1.0"
description:
  - Makes a famfs file system on blank daxdevs, or adds blank daxdevs to the pool that is there.
  - Never replaces what a daxdev holds. A pool that differs in label, log length, allocation unit or default interleave is an error.
options:
  daxdevs:
    description:
      - The daxdevs, the primary first. Each is a path, or a dict with C(path), C(uuid) and C(size), or with C(label).
      - An image that is missing is made if it has a C(size).
    type: list
    elements: raw
    required: true
  label:
    description: Name of the file system.
    type: str
  loglen:
    description: Length of the log, a power of two from 8M.
    type: str
  alloc_unit:
    description: Allocation unit, 4k or 2M.
    type: str
  stripes:
    description: Default interleave, in strips.
    type: int
  chunk:
    description: Chunk of the default interleave.
    type: str
extends_documentation_fragment: [famfs.tools.common]
author: the founders of famfs
"""

EXAMPLES = r"""
- name: A pool of four images for tests
  famfs.tools.famfs_pool:
    daxdevs:
      - {path: "/var/lib/famfs/p{0..3}.img", size: 4G}
    stripes: 4
    label: models
"""

RETURN = r"""
daxdevs:
  description: Each daxdev, with its action (create, exists, extra), index, path and size.
  returned: success
  type: list
counts:
  description: How many daxdevs there are of each action.
  returned: success
  type: dict
errors:
  description: Every error, with code, message, hint, and, of a mistake, its key.
  returned: failure
  type: list
"""

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.famfs.tools.plugins.module_utils.famfs import COMMON, Famfs, manifest_text, without_none


def main():
    module = AnsibleModule(
        argument_spec=dict(
            COMMON,
            daxdevs=dict(type="list", elements="raw", required=True),
            label=dict(type="str"),
            loglen=dict(type="str"),
            alloc_unit=dict(type="str"),
            stripes=dict(type="int"),
            chunk=dict(type="str"),
        ),
        supports_check_mode=True,
    )
    given = module.params
    pool = dict((key, given[key]) for key in ("daxdevs", "label", "loglen", "stripes", "chunk"))
    pool["allocUnit"] = given["alloc_unit"]
    Famfs(module, "-", manifest_text(dict(pool=without_none(pool)))).run()


if __name__ == "__main__":
    main()
