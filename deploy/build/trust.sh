#!/bin/sh
# Lets the build trust the authorities whose certificates are in deploy/ca; mostly there are none.
set -eu
update-ca-certificates >/dev/null 2>&1
store=$(readlink -m "$JAVA_HOME/lib/security/cacerts")
mkdir -p "$(dirname "$store")"
for certificate in /usr/local/share/ca-certificates/*.crt; do
  [ -e "$certificate" ] || continue
  # The JVM opens its trust store without a password, so what is in it must not be encrypted.
  keytool -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE -J-Dkeystore.pkcs12.macAlgorithm=NONE -importcert -noprompt \
    -keystore "$store" -storepass changeit -alias "$(basename "$certificate")" -file "$certificate"
done
