"""A linter that uses the public API: the example of the README, and what mypy makes of `import cmdpoint`."""

import sys

import cmdpoint

for comparison in cmdpoint.compare_files(sys.argv[1], "docker-26.1.5", "docker-28.5.2"):
    print(f"{comparison.file}: {comparison.verdict}")
    for base in comparison.needs:
        print(f"  give the config of {base.name} (its {', '.join(base.keys)})")
    match comparison.after.outcome:
        case cmdpoint.Process(argv):
            print(f"  runs {list(argv)}")
        case cmdpoint.Refusal() as refusal:
            print(f"  line {refusal.line}: {refusal.message}")
