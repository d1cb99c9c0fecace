"""Prints what gcloud documents of the commands in commands.txt, as JSON: its flags from the static completion table of
its installation, what is required from the SYNOPSIS of its help. With --flags the flags alone. Usage: documented.py [--flags] [SDK FOLDER]"""

import importlib.util
import json
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
FOLDERS = [word for word in sys.argv[1:] if word != "--flags"]
SDK = pathlib.Path(FOLDERS[0] if FOLDERS else "/usr/lib/google-cloud-sdk")


def completions():
    spec = importlib.util.spec_from_file_location("tree", SDK / "data/cli/gcloud_completions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.STATIC_COMPLETION_CLI_TREE


def node(tree, command):
    for word in command.split():
        tree = tree["commands"][word]
    return tree


def synopsis(command):
    page = subprocess.run([SDK / "bin/gcloud", *command.split(), "--help"], capture_output=True, text=True, check=True)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", page.stdout)
    text = re.search(r"^SYNOPSIS\n(.*?)^[A-Z]", plain, re.S | re.M).group(1)
    return " ".join(text.split()).removeprefix(f"gcloud {command} ")


def grammar(text):
    """What has to be said: words outside of every bracket, and the first of a group `(REPOSITORY : --location=...)`."""
    depth, outside = 0, ""
    for letter in text:
        depth += letter in "[("
        if depth == 0:
            outside += letter
        depth -= letter in "])"
    needed = outside.split() + re.findall(r"\((\S+) :", text)
    optional = re.match(r"\[+[A-Z_]+( \.\.\.)?\]", text)
    positionals = [word for word in needed if re.fullmatch(r"[A-Z_]+", word)]
    return {
        "positionals": {"least": len(positionals), "most": None if optional and optional[1] else len(positionals) + bool(optional)},
        "required": sorted(word.split("=")[0] for word in needed if word.startswith("--")),
    }


def kind(value):
    return value if isinstance(value, list) else "switch" if value == "bool" else "value"


def main():
    tree = completions()
    names = (HERE / "commands.txt").read_text().split("\n")
    if "--flags" in sys.argv:
        json.dump({name: sorted(node(tree, name).get("flags", {})) for name in filter(None, names)}, sys.stdout)
        return
    commands = {}
    for name in filter(None, names):
        text = synopsis(name)
        flags = {flag: kind(value) for flag, value in sorted(node(tree, name).get("flags", {}).items())}
        commands[name] = {"synopsis": text, **grammar(text), "flags": flags}
    document = {
        "source": f"Google Cloud SDK {(SDK / 'VERSION').read_text().strip()}",
        "everywhere": {flag: kind(value) for flag, value in sorted(tree["flags"].items())},
        "commands": commands,
    }
    json.dump(document, sys.stdout, indent=2)
    print()


main()
