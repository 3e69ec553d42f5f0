"""Writes `servers.lock.json`: the exact files that `newswire up` fetches, each with its size and SHA-256.

Run `python -m pipeline.local.lock` after a change of a version below; it resolves the Maven dependencies anew.
Nothing else resolves: what is started is what was locked, whatever a repository answers later.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

LOCK_FILE = Path(__file__).with_name("servers.lock.json")

KAFKA_VERSION = "4.1.0"
ELASTICSEARCH_VERSION = "9.5.0"

# server -> the artefacts asked for, as group:artifact:packaging:version; True: with all that they depend on
WANTED: dict[str, tuple[tuple[str, ...], bool]] = {
    "kafka": ((f"org.apache.kafka:kafka_2.13:jar:{KAFKA_VERSION}", "org.slf4j:slf4j-simple:jar:1.7.36"), True),
    # the distribution that Elastic publishes for the integration tests of others: the server without optional modules
    "elasticsearch": (
        (f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:zip:{ELASTICSEARCH_VERSION}",),
        False,
    ),
    # Eclipse's compiler, so that our analysis plugin needs no javac
    "compiler": (("org.eclipse.jdt:ecj:jar:3.43.0",), False),
}


def main() -> None:
    """Resolve, fetch into a folder that is thrown away, and write the lock."""
    from jgo.maven import MavenContext

    with tempfile.TemporaryDirectory() as folder:
        context = MavenContext(repo_cache=Path(folder), timeout=60)
        locked: dict[str, Any] = {"kafka_version": KAFKA_VERSION, "elasticsearch_version": ELASTICSEARCH_VERSION}
        for server, (coordinates, transitive) in WANTED.items():
            artefacts = [_artefact(context, coordinate) for coordinate in coordinates]
            if transitive:
                inputs = [context.create_dependency(f"{a.groupId}:{a.artifactId}:{a.version}") for a in artefacts]
                first, further = context.resolver.resolve(inputs)
                artefacts = [d.artifact for d in first + further if d.scope in (None, "compile", "runtime")]
            locked[server] = [_entry(artefact) for artefact in artefacts]
    LOCK_FILE.write_text(json.dumps(locked, indent=1) + "\n", encoding="utf-8")


def _artefact(context: Any, coordinate: str) -> Any:
    group, name, packaging, version = coordinate.split(":")
    return context.project(group, name).at_version(version).artifact(packaging=packaging)


def _entry(artifact: Any) -> dict[str, Any]:
    content = artifact.resolve().read_bytes()
    coordinate = ":".join((artifact.groupId, artifact.artifactId, artifact.packaging, artifact.version))
    return {"coordinate": coordinate, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


if __name__ == "__main__":
    main()
