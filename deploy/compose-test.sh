#!/usr/bin/env bash
# Tries docker-compose.yml from nothing: builds, starts, sends the README's first event, kills and starts again each container while
# events are sent, stops and starts all of it, and checks that every acknowledged event is stored once. Ends with 0, or says what is
# wrong and ends with 1.
#
#   deploy/compose-test.sh [--scale] [--observability] [--built] [--keep]
#
# --scale          three brokers, two ingest-apis, two event-writers
# --observability  with Prometheus, Grafana and Jaeger, and checks what they have
# --built          takes the images that are there
# --keep           leaves everything running
#
# It is a Compose project of its own on port 18000, with volumes of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

export ELEPHANTASM_PORT=18000
files=(-f docker-compose.yml)
scale=false observability=false keep=false build=--build
for option; do
  case $option in
    --scale) scale=true files+=(-f docker-compose.scale.yml) ;;
    --observability) observability=true; export COMPOSE_PROFILES=observability ELEPHANTASM_TRACES=true ;;
    --built) build=--no-build ;;
    --keep) keep=true ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
done

if docker compose version >/dev/null 2>&1; then compose=(docker compose); else compose=(docker-compose); fi
compose+=(-p elephantasm-test "${files[@]}")
compose() { "${compose[@]}" "$@"; }

origin=http://127.0.0.1:$ELEPHANTASM_PORT
spirit=4ed77144-2596-5006-899e-2dbe2ab3832e
work=$(mktemp -d)
sender=

end() {
  code=$?
  [ -z "$sender" ] || kill "$sender" 2>/dev/null || true
  if [ "$code" -ne 0 ]; then
    compose ps || true
    compose logs --tail 15 || true
    echo "FAILED: $(cat "$work/reason" 2>/dev/null || echo "a command failed")" >&2
  fi
  $keep || compose down --volumes --remove-orphans >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$code"
}
trap end EXIT
trap 'exit 130' INT TERM

fail() { echo "$*" >"$work/reason"; exit 1; }
say() { printf '%(%T)T  %s\n' -1 "$*"; }

within() { # seconds command...
  local until=$((SECONDS + $1)); shift
  until "$@"; do
    [ $SECONDS -lt "$until" ] || return 1
    sleep 0.3
  done
}

api() { curl -s -m 40 -H "Authorization: Bearer $key" "$@"; }
status() { api -o /dev/null -w '%{http_code}' "$@" || true; }
receipts() { [ "$(wc -l <"$work/receipts")" -ge "$1" ]; }
healthy() { [ "$(status "$origin/health")" = 200 ]; }
event() { # key
  printf '{"agent_id": "%s", "event_type": "message.in", "content": "Do you remember me?", "session_id": "test", "dedupe_key": "%s"}' "$spirit" "$1"
}

say "builds and starts"
compose up $build --detach >"$work/up" 2>&1 || { tail -n 20 "$work/up" >&2; fail "compose up failed"; }
within 180 curl -fs -o /dev/null "$origin/health" || fail "not ready after three minutes"
key=$(compose run --rm -T keys show client 2>/dev/null)
[ -n "$key" ] || fail "no API key was made"

say "the README's first event"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$origin/api/v1/spirits")" = 401 ] || fail "without a key one gets in"
code=$(status -X PUT "$origin/api/v1/spirits/$spirit" -H 'Content-Type: application/json' -d '{"name": "Ada"}')
[ "$code" = 201 ] || fail "PUT of a spirit: $code"
code=$(status "$origin/api/v1/events" -H 'Content-Type: application/json' -d "$(event hello-1)")
[ "$code" = 201 ] || fail "POST of an event: $code"
code=$(status "$origin/api/v1/events" -H 'Content-Type: application/json' -d "$(event hello-1)")
[ "$code" = 409 ] || fail "POST of the same event: $code"
api "$origin/api/v1/events?agent_id=$spirit" | grep -q '"dedupe_key":"hello-1"' || fail "the event is not found"
for path in docs openapi.json ingest-api/docs ingest-api/docs/swagger-ui.css ingest-api/openapi.json; do
  code=$(status "$origin/$path")
  [ "$code" = 200 ] || fail "GET /$path: $code"
done
api -o "$work/openapi" "$origin/ingest-api/openapi.json"
grep -q '/api/v1/events/batch' "$work/openapi" || fail "/ingest-api/openapi.json is not the ingest-api's"
code=$(status "$origin/actuator/metrics")
[ "$code" = 404 ] || fail "the actuator is open to the outside: $code"

say "streams pass as they come"
api -N -m 60 "$origin/api/v1/events/stream?agent_id=$spirit" >"$work/tail" &
tail_pid=$!
within 15 grep -q '^id:' "$work/tail" || fail "the live tail does not begin"
mkfifo "$work/upload"
api -N -m 60 -T . "$origin/api/v1/events/batch" -X POST -H 'Content-Type: application/x-ndjson' <"$work/upload" >"$work/receipts" 2>/dev/null &
upload_pid=$!
exec 4>"$work/upload"
# curl looks for an answer only when it has something to send.
line_and_receipts() { event "line-$((lines += 1))" >&4; echo >&4; receipts 2; }
lines=0
within 15 line_and_receipts || fail "no receipts while the upload is open"
exec 4>&-
wait "$upload_pid" || fail "the upload ended with an error"
within 15 grep -q '"line-1"' "$work/tail" || fail "the live tail did not show the event"
kill "$tail_pid"

if $observability; then
  say "Prometheus, Grafana and Jaeger have it"
  up() { curl -fs 'http://127.0.0.1:9090/api/v1/query?query=sum(up)' | grep -q "\"$1\"\]"; }
  targets=$($scale && echo 4 || echo 2)
  within 60 up "$targets" || fail "Prometheus does not reach $targets instances"
  within 60 curl -fs -o /dev/null http://127.0.0.1:3000/api/health || fail "Grafana is not up"
  password=$(compose run --rm -T keys show grafana 2>/dev/null)
  curl -fs -u "admin:$password" 'http://127.0.0.1:3000/api/search?type=dash-db' | grep -q Elephantasm || fail "Grafana has no dashboard"
  trace() { curl -fs 'http://127.0.0.1:16686/api/traces?service=event-writer' | grep -q '"serviceName":"ingest-api"'; }
  within 60 trace || fail "Jaeger has no trace that spans both services"
fi

# One event after the other, each sent again until it is acknowledged: 201, 202, or 409 for one whose answer was lost.
send() {
  local n=0 code
  while [ ! -e "$work/stop" ]; do
    n=$((n + 1))
    until [ -e "$work/stop" ]; do
      code=$(curl -s -m 40 -o "$work/answer" -w '%{http_code}' -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
        -d "$(event "sent-$n")" "$origin/api/v1/events" || true)
      echo "$code" >>"$work/codes"
      case $code in
        201 | 202) echo "sent-$n $(sed -E 's/.*"id":"([^"]+)".*/\1/' "$work/answer")" >>"$work/acknowledged"; break ;;
        409) echo "sent-$n $(sed -E 's/.*"event_id":"([^"]+)".*/\1/' "$work/answer")" >>"$work/acknowledged"; break ;;
        000 | 502 | 503 | 504) sleep 0.2 ;;
        *) echo "an event was answered $code: $(cat "$work/answer")" >"$work/reason"; exit 1 ;;
      esac
    done
  done
}
attempts() { wc -l <"$work/codes"; }
acknowledged() { wc -l <"$work/acknowledged"; }
sending() { kill -0 "$sender" 2>/dev/null; }
at_least() { ! sending || [ "$("$1")" -ge "$2" ]; }
more() { # function count
  within 120 at_least "$1" $(($("$1") + $2)) && sending
}

touch "$work/codes" "$work/acknowledged"
send &
sender=$!
more acknowledged 20 || fail "events are not acknowledged"
for container in $(compose ps -q); do
  name=$(docker inspect -f '{{index .Config.Labels "com.docker.compose.service"}}' "$container")
  [ "$(docker inspect -f '{{.State.Running}}' "$container")" = true ] || continue
  before=$(acknowledged)
  docker kill "$container" >/dev/null
  if $scale && [ "$name" != proxy ]; then
    more acknowledged 10 || fail "no event is acknowledged while one $name is away"
  else
    more attempts 10 || fail "nothing is sent while $name is away"
  fi
  during=$(($(acknowledged) - before))
  docker start "$container" >/dev/null
  within 180 healthy || fail "not healthy three minutes after $name was killed"
  more acknowledged 20 || fail "events are not acknowledged after $name was killed"
  say "killed and started again: $name ($during acknowledged while it was away)"
done

say "down and up again"
compose stop >/dev/null 2>&1
more attempts 3 || fail "the sender ended"
compose down >/dev/null 2>&1
compose up --detach 2>&1 | tail -n 1
within 180 healthy || fail "not healthy after down and up"
more acknowledged 20 || fail "events are not acknowledged after down and up"
touch "$work/stop"
wait "$sender" || fail "$(cat "$work/reason" 2>/dev/null || echo "the sender failed")"
sender=

say "every acknowledged event is stored once"
sort -u "$work/acknowledged" >"$work/expected"
[ "$(wc -l <"$work/expected")" -eq "$(cut -d ' ' -f 2 "$work/expected" | sort -u | wc -l)" ] || fail "two events have one id"
while read -r name id; do
  api -H 'Prefer: wait=30' "$origin/api/v1/events/$id" >"$work/event"
  grep -q "\"dedupe_key\":\"$name\"" "$work/event" || fail "$name was acknowledged as $id, and is not there: $(cat "$work/event")"
done <"$work/expected"
stored=$(compose exec -T postgres psql -h /var/run/postgresql -U postgres -d elephantasm -Atc \
  "SELECT count(*), count(DISTINCT dedupe_key), max(count(*)) OVER () FROM events WHERE dedupe_key LIKE 'sent-%'" | tr -d '\r')
expected=$(wc -l <"$work/expected")
# One more than acknowledged is the last one, if its answer was not waited for.
[ "$stored" = "$expected|$expected|$expected" ] || [ "$stored" = "$((expected + 1))|$((expected + 1))|$((expected + 1))" ] ||
  fail "acknowledged $expected, stored $stored"

say "all is well: $expected events acknowledged and stored, $(grep -cvE '^(201|202|409)$' "$work/codes") attempts refused or broken off; answers: $(sort "$work/codes" | uniq -c | awk '{printf "%s %s, ", $2, $1}' | sed 's/, $//')"
