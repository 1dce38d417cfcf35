#!/bin/sh
# Makes what is secret and missing, each in the volume of those who need it: API keys and what the services are told of them, and
# passwords. With `show NAME` it prints one of them.
set -eu

random() { # bytes
  head -c "$1" /dev/urandom | base64 -w 0 | tr '+/' '-_' | tr -d '='
}

# A file appears whole or not at all. The border is the volume and not the mode: who mounts it may read it.
write() { # file
  cat >"$1.new"
  chmod 444 "$1.new"
  mv -f "$1.new" "$1"
}

make() { # file value
  [ -s "$1" ] || printf %s "$2" | write "$1"
}

# The services know a key by its SHA-256 only: docs/access.md.
entry() { # name scopes file
  printf '      - {name: %s, scopes: [%s], sha256: %s}\n' "$1" "$2" "$(sha256sum <"$3" | cut -d ' ' -f 1)"
}

case "$*" in
  '')
    make /keys/client "ek_$(random 32)"
    make /keys/operator "ek_$(random 32)"
    make /scraper/token "ek_$(random 32)"
    make /grafana/password "$(random 18)"
    make /database/spring.datasource.password "$(random 24)"
    {
      printf 'elephantasm:\n  access:\n    mode: api-key\n    keys:\n'
      entry client 'events:write, events:read' /keys/client
      entry operator admin /keys/operator
      entry prometheus metrics /scraper/token
    } | write /access/access.yaml
    ;;
  'show client' | 'show operator') cat "/keys/$2" && echo ;;
  'show grafana') cat /grafana/password && echo ;;
  *)
    echo 'usage: keys [show client|operator|grafana]' >&2
    exit 2
    ;;
esac
