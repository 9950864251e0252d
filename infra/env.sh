#!/bin/sh
# Writes the secrets of compose.yaml into .env beside it, each fresh and random. A file that is there is kept.
set -eu
umask 077
cd "$(dirname "$0")"

secret() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

if [ -e .env ]; then
  echo "infra/.env is there already; it was left as it is"
  exit
fi
# Hexadecimal, since the first is a part of an address.
cat > .env <<SECRETS
POSTGRES_PASSWORD=$(secret)
SERVER_PASSWORD=$(secret)
AWS_ACCESS_KEY_ID=$(secret)
AWS_SECRET_ACCESS_KEY=$(secret)
SECRETS
