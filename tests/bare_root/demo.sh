#!/usr/bin/env bash
# `make demo` in a bare Debian 12: a developer's machine hides missing packages.
# Needs root (or user namespaces) and a Debian mirror; takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

root=$(mktemp -d "${TMPDIR:-/tmp}/keytide-bare-root-XXXXXX")
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
cleanup() {
  $as_root umount "$root/proc" 2>/dev/null || true
  $as_root rm -rf --one-file-system "$root"
}
trap cleanup EXIT

# The mirrors and proxies of this machine are used, if it has its own.
mirror=$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 | tr -d ' ' || true)
proxy=$(apt-config dump Acquire::http::Proxy | sed -n 's/.* "\(.*\)";/\1/p' | head -n 1)
$as_root mmdebstrap --variant=minbase --include=make,ca-certificates \
  ${proxy:+--aptopt="Acquire::http::Proxy \"$proxy\""} bookworm "$root" "${mirror:-http://deb.debian.org/debian}"

$as_root mkdir -p "$root/keytide"
git archive HEAD | $as_root tar -x -C "$root/keytide"
$as_root mount -t proc proc "$root/proc"
$as_root cp /etc/resolv.conf "$root/etc/resolv.conf"
$as_root chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 make -C /keytide demo
echo "bare root: make demo passed"
