#!/bin/sh
# Builds the base image of Waymark from Debian packages alone: no registry, no Docker engine, no root.
#
#   base-image.sh [OUTPUT.tar]            default: target/base-image.tar beside this folder's pom.xml
#
# The result is a docker-archive tar (docker load understands it too) holding a C library, a C++ library (RocksDB wants
# it), busybox as /bin/sh and wget, CA certificates and OpenJDK 17 without a display: about 170 MB, 55 MB compressed.
# Give it to jib:  mvn -Pimage package -Dwaymark.base.image=tar:///…/base-image.tar
#
# Needs: a Debian machine with apt-get (its package lists fresh: apt-get update), dpkg-deb, tar, sha256sum and a JDK.
# The same package versions give the same bytes: names are sorted, owners are root, times are SOURCE_DATE_EPOCH.
set -eu
here=$(dirname "$0")
out=${1:-$here/../target/base-image.tar}
epoch=${SOURCE_DATE_EPOCH:-1795305600}
arch=$(dpkg --print-architecture)
packages='base-files netbase libc6 gcc-12-base libgcc-s1 libstdc++6 zlib1g busybox ca-certificates openjdk-17-jre-headless'

need() { command -v "$1" >/dev/null || { echo "base-image.sh: $1 is missing (Debian package $2)" >&2; exit 1; }; }
need apt-get apt; need dpkg-deb dpkg; need tar tar; need sha256sum coreutils; need java openjdk-17-jdk-headless

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir "$work/debs" "$work/root" "$work/image"
chmod 777 "$work/debs" # apt downloads as its own user
(cd "$work/debs" && apt-get -q=2 -o APT::Sandbox::User=root download $packages) ||
    { echo "base-image.sh: a package could not be downloaded; are the lists fresh (apt-get update)?" >&2; exit 1; }

root=$work/root
# Debian 12 keeps /bin, /lib and /sbin as links into /usr; unpacking must find them there already.
for dir in bin sbin lib; do mkdir -p "$root/usr/$dir"; ln -s "usr/$dir" "$root/$dir"; done
if [ "$arch" = amd64 ]; then mkdir -p "$root/usr/lib64"; ln -s usr/lib64 "$root/lib64"; fi
for deb in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --keep-directory-symlink --no-same-owner
done

jre=$(echo "$root"/usr/lib/jvm/java-17-openjdk-"$arch")
ln -s "/usr/lib/jvm/java-17-openjdk-$arch/bin/java" "$root/usr/bin/java"
# busybox applets by name, so that sh, wget, ls, ps … work in the container
"$root/usr/bin/busybox" --list | while read -r applet; do
    [ -e "$root/usr/bin/$applet" ] || ln -s busybox "$root/usr/bin/$applet"
done

# What a server never opens: compiler symbols, the class archive for heaps without compressed pointers, manuals,
# documentation but the licences, character-set tables of the C library that Java does not use.
rm -rf "$jre/lib/ct.sym" "$jre/lib/server/classes_nocoops.jsa" "$jre/man" "$root/usr/share/gdb" "$root/usr/share/man" \
    "$root/usr/share/locale" "$root/usr/share/lintian" "$root/usr/share/bug" "$root"/usr/lib/*/gconv
find "$root/usr/share/doc" -type f ! -name copyright -delete
find "$root/usr/share/doc" -type l -delete
find "$root/usr/share/doc" -type d -empty -delete

# The packages' own scripts are not run, so their work is done here: certificates (for OpenSSL users and for Java),
# users, name resolution, package list (scanners read it).
mkdir -p "$root/etc/ssl/certs/java" "$root/data" "$root/tmp" "$root/var/lib/dpkg" "$root/run" "$root/home"
cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
java "$here/Truststore.java" "$root/etc/ssl/certs/ca-certificates.crt" "$root/etc/ssl/certs/java/cacerts"
printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nwaymark:x:10001:10001:Waymark:/data:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\nwaymark:x:10001:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
for deb in "$work"/debs/*.deb; do dpkg-deb -f "$deb"; echo 'Status: install ok installed'; echo; done >"$root/var/lib/dpkg/status"
chmod 1777 "$root/tmp" "$root/data"

tar -c -C "$root" --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --format=gnu . >"$work/image/layer.tar"
layer=$(sha256sum "$work/image/layer.tar" | cut -d' ' -f1)
created=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)
java_version=$(dpkg-deb -f "$work"/debs/openjdk-17-jre-headless_*.deb Version)
cat >"$work/image/config.json" <<JSON
{"architecture":"$arch","os":"linux","created":"$created",
 "config":{"Env":["PATH=/usr/local/bin:/usr/bin:/bin","JAVA_HOME=/usr/lib/jvm/java-17-openjdk-$arch","LANG=C.UTF-8"],
           "Labels":{"org.opencontainers.image.base.name":"debian-12-openjdk-17","io.waymark.base.java":"$java_version"}},
 "rootfs":{"type":"layers","diff_ids":["sha256:$layer"]},
 "history":[{"created":"$created","created_by":"deploy/container/base-image.sh"}]}
JSON
printf '[{"Config":"config.json","RepoTags":["waymark-base:latest"],"Layers":["layer.tar"]}]\n' >"$work/image/manifest.json"
mkdir -p "$(dirname "$out")"
tar -c -C "$work/image" --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner manifest.json config.json layer.tar >"$out.part"
mv "$out.part" "$out"
echo "$out: $(du -h "$out" | cut -f1), OpenJDK $java_version"
