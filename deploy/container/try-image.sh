#!/bin/sh
# Runs the image without a container engine: unpacks its layers and starts it in a chroot, as the image's own user.
#
#   try-image.sh [IMAGE.tar [ARG…]]     default: target/waymark-image.tar, and the image's own entry point and arguments
#   try-image.sh target/waymark-image.tar --version
#
# Needs root (chroot, mount), python3 and tar. Ports are those of the host: nothing is isolated, this is a test, not a jail.
set -eu
image=${1:-$(dirname "$0")/../target/waymark-image.tar}
[ $# -gt 0 ] && shift
work=$(mktemp -d)
root=$work/root
cleanup() {
    status=$?
    umount "$root/dev" "$root/proc" 2>/dev/null || true
    # Never delete through a mount that is still there.
    if mountpoint -q "$root/dev" || mountpoint -q "$root/proc"; then echo "try-image.sh: $root is still mounted" >&2; else rm -rf "$work"; fi
    exit $status
}
trap cleanup EXIT
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"' TERM INT
mkdir "$work/image" "$root"
tar -x -f "$image" -C "$work/image"
field() { python3 -c "import json,sys; m=json.load(open('$work/image/manifest.json'))[0]; c=json.load(open('$work/image/'+m['Config']))['config']; $1"; }
for layer in $(field "print(*m['Layers'])"); do tar -x -f "$work/image/$layer" -C "$root" --keep-directory-symlink --no-same-owner --warning=no-unknown-keyword -p; done
entry=$(field "print(*c['Entrypoint'])")
[ $# -gt 0 ] || set -- $(field "print(*c['Cmd'])")
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/hosts "$root/etc/hosts"
chroot=$(command -v chroot)
env -i $(field "print(*c['Env'])") "$chroot" --userspec="$(field "print(c['User'])")" "$root" /bin/sh -c 'cd /data && exec "$@"' sh $entry "$@" &
child=$!
wait "$child"
