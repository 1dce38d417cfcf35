#!/usr/bin/env bash
# Makes the AOT cache of each service in /app: starts it as it will be started, on servers of its own, and stops it when it is ready.
# See "Starting" in docs/operating.md.
set -euo pipefail
servers=$(mktemp -d)

java -jar /tmp/standalone.jar kafka --data "$servers/kafka" &
java -jar /tmp/standalone.jar postgres --data "$servers/postgres" &
for port in 9092 5433; do
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done
done

train() { # service port
  cd "/app/$1"
  # On the loopback address nobody has to say who they are.
  SERVER_ADDRESS=127.0.0.1 java -XX:AOTCacheOutput=app.aot -jar "$1.jar" &
  local service=$!
  until ready "$2" 2>/dev/null; do
    kill -0 "$service"
    sleep 0.2
  done
  kill "$service"
  wait "$service" || [ $? -eq 143 ]
  test -s app.aot
}
# The writer first: the other is ready only when outcomes can be read.
train event-writer 8081
train ingest-api 8080

kill $(jobs -p)
wait || true
rm -rf "$servers"
