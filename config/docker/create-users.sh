#!/usr/bin/env bash
# Users and roles of Elasticsearch for docker-compose.yml. Running it again sets them as they stand here.
#
#   newswire_worker  writes articles, the register of kills and the workers' journal, and nothing else
#   newswire_reader  reads through the filtered alias `news` only, and may use Kibana (the built-in role `viewer` would
#                    read the index itself, what is under embargo included); the journal has nothing of articles in it
#   kibana_system    Kibana's own
set -euo pipefail

: "${ELASTICSEARCH_URL:?}" "${ELASTIC_PASSWORD:?}" "${KIBANA_PASSWORD:?}"
: "${NEWSWIRE_WORKER_PASSWORD:?}" "${NEWSWIRE_READER_PASSWORD:?}" "${ROLES:?}" # the folder of the roles

# Passwords go through standard input, so that no list of processes shows them.
quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

send() { # METHOD PATH; the body from standard input
  local body answer
  body=$(cat)
  answer=$(
    curl --silent --show-error --fail-with-body --retry 10 --retry-connrefused --max-time 30 \
      --config <(printf 'user = %s\n' "$(quoted "elastic:$ELASTIC_PASSWORD")") \
      --request "$1" "$ELASTICSEARCH_URL$2" --header 'Content-Type: application/json' --data-binary @- <<<"$body"
  ) || {
    echo "$1 $2 was refused: $answer" >&2
    exit 1
  }
  echo "$1 $2"
}

for role in newswire_worker newswire_reader newswire_alerts; do # the last for keys of newswire alert
  send PUT "/_security/role/$role" <"$ROLES/$role.json"
done

send PUT /_security/user/newswire_worker <<JSON
{"password": $(quoted "$NEWSWIRE_WORKER_PASSWORD"), "roles": ["newswire_worker"], "full_name": "Newswire worker"}
JSON

send PUT /_security/user/newswire_reader <<JSON
{"password": $(quoted "$NEWSWIRE_READER_PASSWORD"), "roles": ["newswire_reader"], "full_name": "Newsroom"}
JSON

send PUT /_security/user/kibana_system/_password <<JSON
{"password": $(quoted "$KIBANA_PASSWORD")}
JSON
