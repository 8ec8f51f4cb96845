#!/bin/bash
# run-vm.sh - a throw-away QEMU guest with real device-dax character devices
#
#   run-vm.sh [options] [--] COMMAND [ARG...]   run a command in a guest
#   run-vm.sh [options] -e TEXT                 the same with a line for bash
#   run-vm.sh [options] --serve                 run requests from standard input
#   run-vm.sh [options] --save DIR              boot, write the running guest to DIR
#   run-vm.sh [options] --restore DIR           --serve, resuming that guest (0.2 s)
#   run-vm.sh --prepare                         get packages and kernel ready, no boot
#
# The guest runs a stock Debian kernel under software emulation: no root, no KVM,
# nothing is installed. It has dax devices /dev/dax0.0, /dev/dax1.0 ..., backed by
# sparse files DIR/dimm0, DIR/dimm1 ...; guests with the same DIR share memory like
# hosts with shared fabric-attached memory. Its root is this machine's own root,
# read-only below a RAM disk: what the guest writes is gone when it ends, except
# below directories given with -o.
#
# A command's output goes to standard output and its status is the exit status.
# 125: the guest failed. 69: this machine cannot run a guest (one line says why).
#
# options:
#   -n N         dax devices (2)
#   -s LIST      their sizes in MiB, even (256); 256,1024: the last one repeats
#   -k KIND      hmem: soft-reserved memory, as CXL and HBM (default)
#                nvdimm: NVDIMMs in devdax mode; a backing file starts with an info
#                block, so let one guest write that before two share it
#   -A LIST      nvdimm: alignments 4K, 2M (default), 1G; as -s
#   -d DIR       folder of the backing files, which are kept (default: temporary)
#   -o DIR       a directory that the guest may write to (repeatable, no blanks)
#   -K KERNEL    stock: that of this machine's Debian (default)
#                fsdev: of trixie-backports, which has fsdev_dax
#   -H NAME      host name (guest)
#   -u UUID      product uuid (random)
#   -E NAME[=V]  put a variable into the commands' environment (repeatable)
#   -m MIB       RAM (1536)
#   -c N         CPUs (1: the fastest under emulation)
#   -a ACCEL     tcg (default) or kvm
#   -t SECONDS   time limit (300)
#   -p FILE      write QEMU's process id there: kill -9 of it is a power loss
#   -r FILE      --serve: a copy of what the guest writes to /dev/ttyS2
#   -f FILE      a root of bash, busybox and only these files and the libraries they
#                are linked to (repeatable); --save needs it, as a mounted root
#                cannot be saved
#   -v           kernel messages on standard error afterwards
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
CACHE=${FAMFS_VM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/famfs-vm}
devices=2 sizes=256 kind=hmem aligns=2M backing= name=guest uuid= kernel=stock ram=1536 cpus=1 accel=tcg
limit=300 pidfile= report=/dev/null verbose=0 mode= command= state=
shares=() variables=() carried=()

usage() { sed -n '2,/^set -euo/p' "$0" | sed '$d; s/^# \{0,1\}//'; }
die() { echo "run-vm: $*" >&2; exit 125; }
unavailable() { echo "run-vm: $*" >&2; exit 69; }

while [ $# -gt 0 ]; do
  case $1 in
    -n) devices=$2; shift 2 ;;
    -s) sizes=$2; shift 2 ;;
    -k) kind=$2; shift 2 ;;
    -A) aligns=$2; shift 2 ;;
    -d) backing=$2; shift 2 ;;
    -o) shares+=("$(cd "$2" && pwd -P)"); shift 2 ;;
    -K) kernel=$2; shift 2 ;;
    -H) name=$2; shift 2 ;;
    -u) uuid=$2; shift 2 ;;
    -E) variables+=("$2"); shift 2 ;;
    -m) ram=$2; shift 2 ;;
    -c) cpus=$2; shift 2 ;;
    -a) accel=$2; shift 2 ;;
    -t) limit=$2; shift 2 ;;
    -p) pidfile=$2; shift 2 ;;
    -r) report=$2; shift 2 ;;
    -f) carried+=("$2"); shift 2 ;;
    -v) verbose=1; shift ;;
    -e) mode=command; command=$2; shift 2 ;;
    --serve | --prepare) mode=${1#--}; shift ;;
    --save | --restore) mode=${1#--}; state=$2; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    --) shift; break ;;
    -*) usage >&2; exit 64 ;;
    *) break ;;
  esac
done
[ $# = 0 ] || { mode=command; command=$(printf '%q ' "$@"); }
[ -n "$mode" ] || { usage >&2; exit 64; }
[ "$(uname -sm)" = "Linux x86_64" ] || unavailable "guests are x86-64 Linux only"

. "$HERE/prepare.sh"
[ "$mode" != prepare ] || exit 0

run=$(mktemp -d "${TMPDIR:-/tmp}/famfs-vm.XXXXXX")
qemu_pid=
cleanup() {
  [ -z "$qemu_pid" ] || kill "$qemu_pid" 2>/dev/null || true
  rm -rf "$run"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir -p "${backing:=$run}"
backing=$(cd "$backing" && pwd -P)

if [ "$mode" = save ]; then
  [ ${#carried[@]} -gt 0 ] || die "--save needs -f"
  mkdir -p "$state"
fi
[ -z "$state" ] || state=$(cd "$state" && pwd -P)
[ "$mode" != restore ] || . "$state/config"
. "$HERE/machine.sh"

# timeout passes SIGTERM on to QEMU, so ending it always ends both
boot() {
  timeout -k 5 "$limit" env LD_LIBRARY_PATH="$LIBS" "$QEMU" "${machine[@]}" "$@" >&5 2>"$run/qemu.log" <&6 &
  qemu_pid=$!
}
# QEMU's monitor as a pair of pipes; opened in both directions, so that neither
# side waits for the other
monitor=(-chardev "pipe,id=monitor,path=$run/monitor" -mon chardev=monitor,mode=readline)
open_monitor() {
  mkfifo "$run"/monitor.{in,out}
  exec 7<>"$run/monitor.out" 8<>"$run/monitor.in"
  printf 'migrate_set_capability x-ignore-shared on\n' >&8 # RAM is a file already
}
failed() {
  echo "run-vm: $1" >&2
  tail -n 30 "$run/kernel.log" "$run/qemu.log" >&2 || true
  exit 125
}
talk=(-chardev stdio,id=talk,signal=off -serial chardev:talk)
log=(-serial "file:$run/kernel.log")
exec 5>/dev/null 6</dev/null
status=0
case $mode in
  command)
    : >"$run/output"
    boot -serial "file:$run/output" "${log[@]}" -serial "file:$run/status"
    tail -n +1 -q -f --pid="$qemu_pid" -s 0.1 "$run/output" & # ends by itself after QEMU
    follower=$!
    wait "$qemu_pid" || true
    wait "$follower" || true
    status=$(tr -d '\r\n ' <"$run/status")
    case $status in '' | *[!0-9]*) failed "the guest gave no status (crash or time limit?)" ;; esac
    ;;
  save)
    open_monitor
    boot -serial "file:$run/output" "${log[@]}" -serial null "${monitor[@]}"
    until grep -qs '^#0' "$run/output"; do
      kill -0 "$qemu_pid" 2>/dev/null || failed "the guest did not come up"
      sleep 0.05
    done
    # the monitor accepts the next command once the first is done
    printf 'migrate "exec:cat >%q"\nquit\n' "$state/cpu" >&8
    wait "$qemu_pid" || failed "the guest was not saved"
    [ -s "$state/cpu" ] || failed "the guest was not saved"
    declare -p devices sizes kind aligns ram cpus accel uuid >"$state/config"
    ;;
  serve)
    exec 5>&1 6<&0
    boot "${talk[@]}" "${log[@]}" -serial "file:$report"
    wait "$qemu_pid" || status=$?
    [ "$status" = 0 ] || { echo "run-vm: QEMU ended with $status" && tail -n 30 "$run/qemu.log" "$run/kernel.log"; } >&2
    ;;
  restore)
    exec 5>&1 6<&0
    open_monitor
    printf 'migrate_incoming "exec:cat %q"\n' "$state/cpu" >&8
    boot "${talk[@]}" "${log[@]}" -serial "file:$report" "${monitor[@]}" -incoming defer
    # a request before the state is loaded would be lost with the old state
    until [[ ${line-} = *"VM status: running"* ]]; do
      kill -0 "$qemu_pid" 2>/dev/null || failed "the guest was not restored"
      [[ ${line-} = *"VM status"* || -z ${line-} ]] && sleep 0.02 && printf 'info status\n' >&8
      read -r -t 1 -u 7 line || line=
    done
    echo '#0 0 0'
    wait "$qemu_pid" || status=$?
    ;;
esac
qemu_pid=
[ "$verbose" = 0 ] || cat "$run/kernel.log" "$run/qemu.log" >&2
exit "$status"
