"""attach_styles.py PROGRAM COUNT SEED: makes COUNT manifests in every style that YAML and JSON have, pipes
them through `PROGRAM attach`, and holds the output against the input with readers of its own (PyYAML's
pure one, json): each document must be the old one and the Secret, every byte of the input must still be
there, in order, and a second run must change nothing."""

import copy
import json
import random
import subprocess
import sys

import yaml

NAME = "team-pull"
WORDS = ["web", "a b", "한글", "ünï", "x: y", "#no", "*no", "{{x", "yes", "12", "- a", "it's", 'say "hi"', ""]


class Maker:
    """One document: a structure, and a text that means it."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.feed = self.random.choice(["\n", "\n", "\r\n"])
        self.step = self.random.randint(1, 4)
        self.indented = self.random.random() < 0.5
        self.comments = self.random.random() < 0.5
        self.anchors = 0

    def chance(self, odds):
        return self.random.random() < odds

    # What it means.

    def labels(self):
        return {f"k{i}": self.random.choice(WORDS) for i in range(self.random.randint(0, 3))}

    def pod_spec(self):
        spec = {}
        if self.chance(0.3):
            spec["nodeSelector"] = self.labels()
        if self.chance(0.5):
            spec["imagePullSecrets"] = self.random.choice(
                [None, [], [{"name": "old"}], [{"name": "old"}, {"name": "older"}], [{"name": NAME}],
                 [{"name": NAME}, {"name": "x"}], [{}], [{"name": "old", "odd": ["x"]}]])
        spec["containers"] = [{"name": f"c{i}", "image": "ghcr.io/a/b:1", "args": [self.random.choice(WORDS)]}
                              for i in range(self.random.randint(1, 2))]
        items = list(spec.items())
        self.random.shuffle(items)
        return dict(items)

    def thing(self, depth=0):
        kind = self.random.choice(["Pod", "Deployment", "CronJob", "ServiceAccount", "ConfigMap", "Rollout", "List"])
        if kind == "List" and depth < 2:
            return {"apiVersion": "v1", "kind": "List",
                    "items": [self.thing(depth + 1) for _ in range(self.random.randint(0, 4))]}
        meta = {"name": self.random.choice(["a", "b-1"]), "labels": self.labels()}
        template = {"metadata": {"labels": self.labels()}, "spec": self.pod_spec()}
        bodies = {
            "Pod": ("v1", {"spec": self.pod_spec()}),
            "Deployment": ("apps/v1", {"spec": {"replicas": 2, "template": template}}),
            "CronJob": ("batch/v1", {"spec": {"jobTemplate": {"spec": {"template": template}}}}),
            "ServiceAccount": ("v1", {}),
            "Rollout": ("argoproj.io/v1alpha1", {"spec": {"template": template, "strategy": {"canary": {}}}}),
        }
        version, body = bodies.get(kind, ("v1", {"data": self.labels()}))
        head = [("apiVersion", version), ("kind", kind), ("metadata", meta)] + list(body.items())
        if self.chance(0.3):
            self.random.shuffle(head)
        return dict([("apiVersion", version), ("kind", "ConfigMap")] if kind == "List" else head)

    # How it is written.

    def scalar(self, value, flow):
        if value is None:
            return self.random.choice(["null", "~"] + ([] if flow else [""]))
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        style = self.random.choice(["plain", "single", "double"])
        plain = bool(value) and all(c.isalnum() or c in "./:-" and value[0].isalnum() for c in value)
        if style == "plain" and plain and not value.isdigit() and value not in ("yes", "null") and ": " not in value:
            return value
        if style == "single":
            return "'" + value.replace("'", "''") + "'"
        return json.dumps(value, ensure_ascii=self.chance(0.5))

    def note(self):
        return self.random.choice(["", " # note", "   # 한글: [x]"]) if self.comments else ""

    def gap(self, pad):
        lines = ""
        while self.comments and self.chance(0.15):
            lines += self.random.choice(["", " " * pad + "# in between", "#  - name: no"]) + self.feed
        return lines

    def anchor(self):
        if not self.chance(0.06):
            return ""
        self.anchors += 1
        return f"&a{self.anchors} "

    def flow(self, value, pad):
        lines = self.chance(0.3)
        begin = self.feed + " " * (pad + 2) if lines else self.random.choice(["", " "])
        if isinstance(value, dict):
            parts = [self.scalar(k, True) + ": " + self.flow(v, pad + 2) for k, v in value.items()]
            around = "{}"
        elif isinstance(value, list):
            parts, around = [self.flow(v, pad + 2) for v in value], "[]"
        else:
            return self.scalar(value, True)
        between = "," + (self.note() + begin if lines and self.comments else begin if lines else " ")
        tail = self.random.choice(["", ","]) if parts and around == "[]" else ""
        return around[0] + begin + between.join(parts) + tail + (begin or "") + around[1]

    def block(self, value, pad):
        """Lines that begin at `pad`; the first one's indentation is the caller's."""
        lines = []
        if isinstance(value, dict):
            for key, member in value.items():
                lines.append(self.scalar(key, False) + ":" + self.member(member, pad, self.indented))
        else:
            blanks = self.random.randint(1, 3)
            for item in value:
                inner = self.inner(item, pad + 1 + blanks)
                lines.append("-" + (" " * blanks + inner if inner else self.feed))
        text = ""
        for number, line in enumerate(lines):
            text += (self.gap(pad) + " " * pad if number else "") + line
        return text

    def inner(self, value, pad):
        if isinstance(value, (dict, list)) and value and not self.chance(0.2):
            return self.block(value, pad)
        text = self.flow(value, pad)
        return (text + self.note() + self.feed) if text else ""

    def member(self, value, pad, indented):
        anchor = self.anchor()
        if isinstance(value, (dict, list)) and value and not self.chance(0.15):
            below = pad if isinstance(value, list) and not indented else pad + self.step
            return (" " + anchor).rstrip() + self.note() + self.feed + self.gap(below) + " " * below + self.block(
                value, below)
        text = self.flow(value, pad + 1) if isinstance(value, (dict, list)) else self.scalar(value, False)
        return ((" " + anchor + text).rstrip() or "") + self.note() + self.feed

    def json(self, value):
        indent = self.random.choice([None, 1, 2, 4, "\t"])
        separators = self.random.choice([(",", ":"), (", ", ": "), (",", ": ")])
        text = json.dumps(value, indent=indent, separators=separators, ensure_ascii=self.chance(0.5))
        return text.replace("\n", self.feed) + self.feed

    def document(self):
        value = self.thing()
        if self.chance(0.3):
            return value, self.json(value), True
        text = self.gap(0) + self.block(value, 0)
        return value, text, False


def added(value):
    """The structure as it must become."""
    if value.get("kind") == "List" and isinstance(value.get("items"), list):
        for item in value["items"]:
            added(item)
        return value
    path = {"Pod": ["spec"], "Deployment": ["spec", "template", "spec"], "Rollout": ["spec", "template", "spec"],
            "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"], "ServiceAccount": []}.get(value["kind"])
    if path is None:
        return value
    spec = value
    for key in path:
        spec = spec[key]
    secrets = spec.get("imagePullSecrets") or []
    if not any(isinstance(item, dict) and item.get("name") == NAME for item in secrets):
        spec["imagePullSecrets"] = secrets + [{"name": NAME}]
    return value


def same(made, expected):
    """Equal; where the usual place does not do, the item may be the first."""
    if isinstance(expected, dict) and isinstance(made, dict):
        return made.keys() == expected.keys() and all(same(made[k], expected[k]) for k in made)
    if isinstance(expected, list) and isinstance(made, list) and len(made) == len(expected):
        return (all(same(m, e) for m, e in zip(made, expected))
                or (made and made[0] == {"name": NAME} and made[1:] == expected[:-1]))
    return made == expected


def is_kept(before, after):
    """Whether the input's bytes are the output's, in order, but for lists without a value."""
    at = 0
    before = before.replace("null", "").replace("~", "")
    for char in before:
        at = after.find(char, at) + 1
        if not at:
            return False
    return True


def attach(program, text):
    result = subprocess.run([program, "attach", "--service-accounts", "--strict", NAME], input=text.encode(),
                            capture_output=True, check=False)
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def read(text, is_json):
    if is_json:
        return json.loads(text)
    documents = [document for document in yaml.load_all(text, yaml.SafeLoader) if document is not None]
    assert len(documents) == 1, documents
    return documents[0]


def main():
    program, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for number in range(seed, seed + count):
        value, text, is_json = Maker(number).document()
        if not is_json and read(text, False) != value:
            sys.exit(f"seed {number}: the test is wrong\n{text}\n{value}")
        status, made, told = attach(program, text)
        if status:
            sys.exit(f"seed {number}: status {status}: {told}\n{text}")
        try:
            sound = same(read(made, is_json), added(copy.deepcopy(value))) and is_kept(text, made)
        except (yaml.YAMLError, ValueError) as error:
            sound = str(error)
        if sound is not True:
            sys.exit(f"seed {number}: {sound}\n--- from\n{text}\n--- to\n{made}")
        if attach(program, made) != (0, made, ""):
            sys.exit(f"seed {number}: a second run changes it\n{made}")


main()
