# -*- coding: utf-8 -*-
"""Options that all modules have."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class ModuleDocFragment(object):
    DOCUMENTATION = r"""
options:
  dev:
    description:
      - Daxdevs of the file system, in place of those that the manifest names.
      - Without either, C(FAMFS_DEV) or the configuration of the managed host says where it is.
    type: list
    elements: str
    default: []
  clients_unmounted:
    description:
      - Confirms that no host has the file system mounted or uses it. Needed where C(onConflict) changes or replaces something.
    type: bool
    default: false
  chdir:
    description: Folder where relative paths of the task start. Those of a manifest start at its own folder.
    type: path
  executable:
    description: The famfs to run.
    type: path
    default: famfs
notes:
  - Check mode runs C(famfs plan), which locks and writes nothing. Diff mode lists what changes, in the signs of C(famfs plan).
  - The managed host needs famfs, and the user of the task access to the daxdevs.
"""
