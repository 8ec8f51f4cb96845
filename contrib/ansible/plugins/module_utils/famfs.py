# -*- coding: utf-8 -*-
"""Runs famfs plan and apply for the modules of this collection."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

# options that every module has, as in famfs --help
COMMON = dict(
    dev=dict(type="list", elements="str", default=[]),
    clients_unmounted=dict(type="bool", default=False),
    chdir=dict(type="path"),
    executable=dict(type="path", default="famfs"),
)

# as famfs plan prints them
SIGNS = dict(create="+", conflict="!", keep="=", change="~", replace="-/+")

DOES_NOTHING = 0
HAS_CHANGES = 2


class Famfs(object):
    """A manifest, and the famfs that compares it and makes it."""

    def __init__(self, module, source, text=None):
        """source is the path of the manifest, or '-' for text."""
        self.module = module
        self.source = source
        self.text = text

    def run(self):
        """Ends the module: with what would change in check mode, or with what was changed."""
        command = "plan" if self.module.check_mode else "apply"
        status, report = self._call(command)
        counts = report["counts"]
        changed = counts["create"] + counts["change"] + counts["replace"] > 0
        result = dict(
            changed=changed,
            counts=counts,
            rewrites_log=report["rewritesLog"],
            daxdevs=(report["pool"] or {}).get("daxdevs", []),
            items=[item for item in report["items"] if item["action"] not in ("exists", "extra")],
        )
        if self.module._diff:
            result["diff"] = dict(prepared="".join(line + "\n" for line in self._lines(report)))
        self.module.exit_json(**result)

    def _call(self, command):
        params = self.module.params
        argv = [self._executable(), command, "--json", "--quiet"]
        for dev in params["dev"]:
            argv += ["--dev", dev]
        if command == "apply" and params["clients_unmounted"]:
            argv.append("--clients-unmounted")
        status, out, err = self.module.run_command(argv + ["--", self.source], data=self.text, cwd=params["chdir"])
        errors = self._errors(err)
        if status not in (DOES_NOTHING, HAS_CHANGES) or not out:
            self._fail(command, status, out, err, errors)
        return status, json.loads(out)

    def _executable(self):
        name = self.module.params["executable"]
        return name if "/" in name else self.module.get_bin_path(name, required=True)

    def _errors(self, err):
        """The errors that were printed; warnings are passed on."""
        errors = []
        for line in err.splitlines():
            try:
                document = json.loads(line)
            except ValueError:
                continue
            if "warning" in document:
                self.module.warn("famfs: " + document["warning"]["message"])
            elif "error" in document:
                errors.append(document["error"])
        return errors

    def _fail(self, command, status, out, err, errors):
        """All mistakes and conflicts at once, each with its place in the manifest and what to do."""
        lines = [e["message"] + ("; " + e["hint"] if e.get("hint") else "") for e in errors]
        message = "\n".join(lines) or err.strip() or "famfs %s ended with status %d" % (command, status)
        failed = json.loads(out).get("failed", []) if out else []
        self.module.fail_json(msg=message, errors=errors, failed=failed, rc=status)

    @staticmethod
    def _lines(report):
        for daxdev in (report["pool"] or {}).get("daxdevs", []):
            if daxdev["action"] == "create":
                yield "+ daxdev %d: %s" % (daxdev["daxdev"], daxdev["path"])
        for item in report["items"]:
            sign = SIGNS.get(item["action"])
            if sign is None:
                continue
            size = "/" if item["type"] == "directory" else "" if item["size"] is None else " (%d bytes)" % item["size"]
            reasons = ": " + ", ".join(item["reasons"]) if item.get("reasons") else ""
            yield "%s %s%s%s" % (sign, item["path"], size, reasons)


def without_none(value):
    """What was given of a dict."""
    return dict((key, inner) for key, inner in value.items() if inner is not None)


def manifest_text(manifest):
    """A manifest on standard input: JSON, which famfs reads fastest."""
    return json.dumps(without_none(manifest))
