# prepare.sh - part of run-vm.sh (sourced): gets QEMU, a kernel and an initramfs.
#
# Everything is made once, in $CACHE. Debian packages are unpacked there, never
# installed: that needs no root and runs no maintainer script. Programs that the
# machine already has are used as they are.
# Sets QEMU, VMLINUX, INITRD, FIRMWARE, LIBS. Needs $HERE, $CACHE, die and unavailable.

# Test files start several guests at once: one of them prepares, the others wait.
mkdir -p "$CACHE"
exec 9>"$CACHE/.lock"
flock 9

UNPACKED=$CACHE/root
LIBS=$UNPACKED/usr/lib/x86_64-linux-gnu:$UNPACKED/lib/x86_64-linux-gnu
with_libs() { LD_LIBRARY_PATH=$LIBS "$@"; }

# tool NAME - path of the unpacked or else the installed program
tool() {
  local dir
  for dir in "$UNPACKED"/{usr/bin,bin,usr/sbin,sbin}; do
    [ ! -x "$dir/$1" ] || { echo "$dir/$1"; return; }
  done
  PATH=$PATH:/usr/sbin:/sbin command -v "$1" || die "no $1"
}

# ------------------------------------------------------------------ packages --
apt_get() {
  apt-get -qq -o APT::Sandbox::User="$(id -un)" -o Dir::Cache::archives="$CACHE/debs" \
    -o Debug::NoLocking=true "$@" >>"$CACHE/apt.log" 2>&1
}

# linux-image-amd64 is a metapackage; its first dependency is the kernel itself
kernel_package() {
  apt-cache depends linux-image-amd64 2>/dev/null |
    sed -n 's/.*Depends: \(linux-image-[0-9][^ ]*\).*/\1/p' | head -n1
}

download() {
  local kernel
  kernel=$(kernel_package)
  [ -n "$kernel" ] &&
    apt_get install -y --no-install-recommends --download-only \
      qemu-system-x86 seabios busybox-static cpio kmod xz-utils &&
    (cd "$CACHE/debs" && apt_get download "$kernel")
}

if [ ! -e "$CACHE/.unpacked" ]; then
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || unavailable "no apt-get here"
  rm -rf "$CACHE/debs" "$UNPACKED" "$CACHE/kernel"
  mkdir -p "$CACHE/debs/partial" "$UNPACKED" "$CACHE/kernel"
  : >"$CACHE/apt.log"
  # the package lists may be missing or old; refreshing them needs root
  download || { apt_get update && download; } ||
    unavailable "apt-get gives no QEMU or kernel: $(tail -n1 "$CACHE/apt.log")"
  for deb in "$CACHE"/debs/*.deb; do
    case ${deb##*/} in
      linux-image-*) dpkg-deb -x "$deb" "$CACHE/kernel" ;;
      libc6_* | libc-bin_*) ;; # the machine's own programs must keep the machine's libc
      *) dpkg-deb -x "$deb" "$UNPACKED" ;;
    esac
  done
  rm -rf "$CACHE/debs"
  touch "$CACHE/.unpacked"
fi
# A kernel with fsdev_dax, from a newer suite. Its lists and packages are kept apart from
# those of the machine, which must not mix with them.
BACKPORTS="deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie-backports main"
backports() {
  local program=$1
  shift
  "$program" -o Dir::Etc::sourcelist="$CACHE/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$CACHE/apt/lists" -o Dir::Cache="$CACHE/apt/cache" -o Acquire::Languages=none \
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=true "$@" 2>>"$CACHE/apt.log"
}

download_fsdev() {
  local version
  backports apt-get -qq update >>"$CACHE/apt.log" || return
  version=$(backports apt-cache depends linux-image-amd64 |
    sed -n 's/.*Depends: linux-image-\([0-9][^ ]*\).*/\1/p' | head -n1)
  [ -n "$version" ] || return
  (cd "$CACHE/apt/debs" && backports apt-get -qq download "linux-binary-$version" "linux-modules-$version") \
    >>"$CACHE/apt.log"
}

case $kernel in
  stock) KERNEL=$CACHE/kernel ;;
  fsdev) KERNEL=$CACHE/kernel-fsdev ;;
  *) die "bad -K $kernel" ;;
esac
if [ "$kernel" = fsdev ] && [ ! -e "$KERNEL/.unpacked" ]; then
  rm -rf "$KERNEL" "$CACHE/apt"
  mkdir -p "$KERNEL" "$CACHE"/apt/{debs,lists/partial,cache/archives/partial}
  echo "$BACKPORTS" >"$CACHE/apt/sources.list"
  download_fsdev || unavailable "apt-get gives no kernel with fsdev_dax: $(tail -n1 "$CACHE/apt.log")"
  for deb in "$CACHE"/apt/debs/*.deb; do dpkg-deb -x "$deb" "$KERNEL"; done
  rm -rf "$CACHE/apt"
  touch "$KERNEL/.unpacked"
fi
QEMU=$(tool qemu-system-x86_64)
FIRMWARE=()
for dir in "$UNPACKED"/usr/share/{qemu,seabios} /usr/share/{qemu,seabios}; do
  [ ! -d "$dir" ] || FIRMWARE+=(-L "$dir")
done

# -------------------------------------------------------------------- kernel --
# The ELF image inside the bzImage boots directly (PVH entry), which saves some
# 8 s of decompression under emulation.
MODULES=$KERNEL/lib/modules
[ -d "$MODULES" ] || MODULES=$KERNEL/usr/lib/modules
KERNEL_VERSION=$(cd "$MODULES" && echo *)
VMLINUX=$CACHE/vmlinux-$KERNEL_VERSION
if [ ! -s "$VMLINUX" ]; then
  image=$KERNEL/boot/vmlinuz-$KERNEL_VERSION
  [ -e "$image" ] || image=$MODULES/$KERNEL_VERSION/vmlinuz
  field() { od -An -v -t "u$2" -j "$1" -N "$2" "$image" | tr -d ' '; }
  # x86 boot protocol: setup_sects, payload_offset, payload_length
  start=$((($(field $((0x1f1)) 1) + 1) * 512 + $(field $((0x248)) 4)))
  length=$(field $((0x24c)) 4)
  payload() { tail -c +$((start + 1)) "$image" | head -c "$length"; }
  magic() { head -c 4 | od -An -v -t x1 | tr -d ' '; }
  # The kernel's build appends the size to the compressed stream, so decompressors
  # complain at the end: check the result, not their status.
  case $(payload | magic) in
    fd377a58) payload | with_libs "$(tool xz)" -dc --single-stream ;;
    28b52ffd) payload | with_libs "$(tool zstd)" -dcq ;;
    1f8b*) payload | gzip -dcq ;;
  esac >"$VMLINUX.tmp" 2>/dev/null || true
  [ "$(magic <"$VMLINUX.tmp")" = 7f454c46 ] || cp "$image" "$VMLINUX.tmp"
  mv "$VMLINUX.tmp" "$VMLINUX"
fi

# ----------------------------------------------------------------- initramfs --
BOOT_MODULES="virtio_pci 9pnet_virtio 9p overlay fuse nfit nd_pmem dax_pmem device_dax fsdev_dax dax_hmem"
LATER_MODULES="kmem" # makes system RAM of a dax device when asked; a test asks

# Named by content: checkouts share the cache, but not this.
INITRD=$CACHE/initrd-$KERNEL_VERSION-$(cat "$HERE/prepare.sh" "$HERE/guest-init.sh" | sha256sum | head -c 12).cpio

# modinfo is kmod under another name; the link in the package points outside the cache
module_needs() { (export LD_LIBRARY_PATH=$LIBS && exec -a modinfo "$KMOD" -F depends "$1") | tr , ' '; }

# add_module NAME LIST - copies a module and before it those it needs; LIST is insmod's order
add_module() {
  local name=${1//-/_} list=$2 file dependency
  ! grep -qxs "$name" "$TREE"/modules/*.list || return 0
  file=$(find "$MODULES/$KERNEL_VERSION" \
    \( -name "$name.ko*" -o -name "${name//_/-}.ko*" \) -print -quit)
  [ -n "$file" ] || return 0 # built in
  for dependency in $(module_needs "$file"); do
    add_module "$dependency" "$list"
  done
  case $file in
    *.xz) with_libs "$(tool xz)" -dc "$file" >"$TREE/modules/$name.ko" ;;
    *) cp "$file" "$TREE/modules/$name.ko" ;;
  esac
  echo "$name" >>"$TREE/modules/$list.list"
}

# pack DIR - a cpio archive of DIR on stdout, as the kernel unpacks it
pack() { (cd "$1" && find . | with_libs "$(tool cpio)" -o -H newc -R 0:0 --quiet); }

if [ ! -s "$INITRD" ]; then
  TREE=$CACHE/tree
  KMOD=$(tool kmod)
  rm -rf "$TREE"
  mkdir -p "$TREE"/{bin,modules,dev,proc,sys,run,host,upper,new}
  cp "$(tool busybox)" "$TREE/bin/busybox"
  for module in $BOOT_MODULES; do add_module "$module" boot; done
  for module in $LATER_MODULES; do add_module "$module" later; done
  install -m 755 "$HERE/guest-init.sh" "$TREE/init"
  pack "$TREE" >"$INITRD.tmp"
  mv "$INITRD.tmp" "$INITRD"
fi
exec 9>&-
