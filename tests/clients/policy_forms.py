#!/usr/bin/python3
"""The forms of `keytide policy print` before the programs that they are for.

usage: policy_forms.py KEYTIDE cfn-lint|terraform

cfn-lint is to find nothing. terraform is to find nothing to format, and with the provider of AWS to make the policy on
the lab; the provider (600 MB) is taken from the folder that KEYTIDE_TERRAFORM_PLUGINS names, laid out as
`terraform providers mirror` does. Exit code 77: it is not here.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

keytide, tool = sys.argv[1:]
os.environ["KEYTIDE"] = keytide
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
import stage  # noqa: E402  the lab

CHOICES = [(), ("--user-name", "bob"), ("--user-name", "b=o,b@1+.x-y"), ("--administrator",), ("--administrator", "--user-name", "bob"),
           ("--without", "all"), ("--without", "list,quiet", "--user-name", "bob")]
PROVIDER = """
provider "aws" {
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  endpoints {
    iam = "ENDPOINT"
    sts = "ENDPOINT"
  }
}

output "policy" {
  value = data.aws_iam_policy_document.keytide.json
}
"""
failures = 0


def skip(why):
    print(f"SKIP: {why}: what 'keytide policy print' prints for it was not tried", file=sys.stderr)
    sys.exit(77)


def check(what, good, said):
    global failures
    print(("ok " if good else "FAILED ") + what + ("" if good else f": {said}"))
    failures += not good


def run(*command, **more):
    return subprocess.run(command, capture_output=True, text=True, timeout=300, **more)


def printed(form, choice, home):
    made = run(keytide, "policy", "print", "--format", form, *choice, env=stage.clean_environment(home))
    check(f"{form} {' '.join(choice)} is printed", made.returncode == 0, made.stderr)
    return made.stdout


def lint(home):
    for choice in CHOICES:
        template = home / "template.yaml"
        template.write_text(printed("cloudformation", choice, home))
        found = run("cfn-lint", "--include-checks", "I", "--", template)
        # I3042: hard-coded partitions. The partition is the region's, and a template for all of them would be another one.
        findings = [line for line in found.stdout.splitlines() if line[:1] in "EWI" and not line.startswith("I3042")]
        # Of its exit code 8 are informations, and 1 is its own failure.
        check(f"cfn-lint finds nothing in {' '.join(choice) or 'the whole'}", found.returncode in (0, 8) and not findings,
              found.stdout + found.stderr)


def same(document, other):
    """IAM reads a single value and a list of it alike, and the provider writes the former."""
    def lists(value):
        return {k: sorted(v) if isinstance(v, list) else [v] if k in ("Action", "Resource") else v for k, v in value.items()}
    return [lists(s) for s in document["Statement"]] == [lists(s) for s in other["Statement"]]


def format_and_apply(home):
    plugins = os.environ.get("KEYTIDE_TERRAFORM_PLUGINS")
    environment = stage.clean_environment(home) | {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": str(home / "terraform.rc")}
    (home / "terraform.rc").touch()
    for number, choice in enumerate(CHOICES):
        folder = home / str(number)
        folder.mkdir()
        (folder / "main.tf").write_text(printed("terraform", choice, home))
        formatted = run("terraform", "fmt", "-check", "-diff", "main.tf", cwd=folder, env=environment)
        check(f"terraform formats nothing in {' '.join(choice)}", formatted.returncode == 0, formatted.stdout + formatted.stderr)
    if not plugins and not failures:
        skip("KEYTIDE_TERRAFORM_PLUGINS names no folder with terraform's provider of AWS")
    if plugins:
        apply(home, environment, plugins)


def apply(home, environment, plugins):
    lab = stage.Lab(home)
    try:
        iam = lab.client("iam")
        for name in {choice[-1] for choice in CHOICES if "--user-name" in choice}:
            iam.create_user(UserName=name)
        environment = environment | {"AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": lab.root[0],
                                     "AWS_SECRET_ACCESS_KEY": lab.root[1]}
        for number, choice in enumerate(CHOICES):
            what = " ".join(choice) or "the whole"
            folder = home / str(number)
            (folder / "provider.tf").write_text(PROVIDER.replace("ENDPOINT", lab.endpoint))
            began = run("terraform", "init", "-input=false", f"-plugin-dir={plugins}", cwd=folder, env=environment)
            check(f"terraform begins with {what}", began.returncode == 0, began.stderr)
            valid = run("terraform", "validate", cwd=folder, env=environment)
            check(f"terraform finds nothing in {what}", valid.returncode == 0, valid.stdout + valid.stderr)
            wanted = json.loads(run(keytide, "policy", "print", *choice, env=stage.clean_environment(home)).stdout)
            mine = choice[-2:-1] == ("--user-name",) and "--administrator" not in choice
            only = () if mine else ("-target=data.aws_iam_policy_document.keytide",)  # the lab has no managed policies
            done = run("terraform", "apply", "-auto-approve", "-input=false", *only, cwd=folder, env=environment)
            check(f"terraform makes {what}", done.returncode == 0, done.stdout + done.stderr)
            if mine:
                made = iam.get_user_policy(UserName=choice[-1], PolicyName="keytide-rotate")["PolicyDocument"]
                check(f"the lab has what {what} says", same(made, wanted), made)
            else:
                shown = run("terraform", "output", "-raw", "policy", cwd=folder, env=environment)
                check(f"{what} means what the JSON means", same(json.loads(shown.stdout or "{}"), wanted), shown.stdout + shown.stderr)
    finally:
        lab.stop()


if shutil.which(tool) is None:
    skip(f"{tool} is not in PATH")
with tempfile.TemporaryDirectory(prefix="keytide-policy-") as folder:
    {"cfn-lint": lint, "terraform": format_and_apply}[tool](pathlib.Path(folder))
print(f"{failures} failures")
sys.exit(1 if failures else 0)
