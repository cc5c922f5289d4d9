#!/bin/sh
# The destinations in AWS on moto_server, which no one here wrote.
if ! command -v moto_server > /dev/null; then
    echo "SKIP: moto_server is not installed (pip install 'moto[server]'), so secretsmanager: and ssm: were not tried against it"
    exit 77
fi
KEYTIDE_STORES=moto exec "$1"
