#!/bin/busybox sh
# Process 1 of a guest of run-vm.sh: makes the dax devices, the root file system,
# and runs commands on request. /vm.conf comes with each run.
#
# ttyS0: output of the command, or (VM_SERVE) requests and replies
# ttyS1: kernel messages and a trace of this script
# ttyS2: exit status of the command, or (VM_SERVE) whatever commands write there
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
stty -F /dev/ttyS0 raw -echo
stty -F /dev/ttyS2 raw -echo
. /vm.conf
exec </dev/null >/dev/ttyS1 2>&1
set -x

finish() {
  [ "$VM_SERVE" = 1 ] || echo "$1" >/dev/ttyS2
  sync
  poweroff -f
}

fail() {
  echo "run-vm: $1" >/dev/ttyS0
  finish 125
}

hostname "$VM_HOSTNAME"
ip link set lo up
while read -r module; do insmod "/modules/$module.ko"; done </modules/boot.list

# -------------------------------------------------------------- dax devices --
count() { ls -d /sys/bus/dax/devices/dax*.* 2>/dev/null | wc -l; }

# devdax REGION ALIGN - puts a new NVDIMM into devdax mode, as ndctl
# create-namespace -m devdax -M mem does. (The memory map in RAM, "-M mem": on the
# device, two guests that share it would overwrite each other's.)
devdax() {
  echo 0x200000 >"/sys/bus/nd/devices/region$1/align" # default 16 MiB refuses odd sizes
  echo "namespace$1.0" >/sys/bus/nd/drivers/nd_pmem/unbind
  seed=$(cat "/sys/bus/nd/devices/region$1/dax_seed")
  echo ram >"/sys/bus/nd/devices/$seed/mode"
  echo "$2" >"/sys/bus/nd/devices/$seed/align"
  cat /proc/sys/kernel/random/uuid >"/sys/bus/nd/devices/$seed/uuid"
  echo "namespace$1.0" >"/sys/bus/nd/devices/$seed/namespace"
  echo "$seed" >/sys/bus/nd/drivers/dax_pmem/bind || fail "no devdax on region$1"
}

if [ "$VM_KIND" = nvdimm ]; then
  cd /sys/bus/nd/devices
  for region in region*; do
    region=${region#region}
    # an info block of an earlier run brings the device up by itself
    ! ls -d /sys/bus/dax/devices/dax$region.* >/dev/null 2>&1 || continue
    # regions are numbered in any order; the handle is the number of the DIMM, counted from 1
    dimm=$(cut -d, -f1 region$region/mapping0)
    align=$(echo $VM_ALIGNS | cut -d' ' -f$(($(cat $dimm/nfit/handle))))
    devdax $region $align
  done
  cd /
fi
tries=0 # the drivers may probe asynchronously
while [ "$(count)" -lt "$VM_DEVICES" ] && [ $tries -lt 30 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
[ "$(count)" -ge "$VM_DEVICES" ] || fail "only $(count) of $VM_DEVICES dax devices appeared"

# A kernel whose kmem is a module leaves soft-reserved devices without a driver.
for device in /sys/bus/dax/devices/dax*.*; do
  [ -e "$device/driver" ] || echo "${device##*/}" >/sys/bus/dax/drivers/device_dax/new_id
done

# --------------------------------------------------------------------- root --
ninep=trans=virtio,version=9p2000.L,msize=524288
if [ "$VM_CARRY" = 1 ]; then
  mkdir -p /new/bin /new/dev /new/proc /new/sys /new/run /new/tmp
  cp /bin/busybox /new/bin/busybox # /new came with the run: bash and the carried files
  chroot /new /bin/busybox --install -s /bin
else
  mount -t 9p -o $ninep,ro,cache=loose hostroot /host || fail "no root"
  mount -t tmpfs -o size=75% tmpfs /upper
  mkdir /upper/u /upper/w
  mount -t overlay -o lowerdir=/host,upperdir=/upper/u,workdir=/upper/w overlay /new || fail "no overlay"
  rm -rf /new/opt/famfs # the host's identity: every guest is a host of its own
fi
mount -t devtmpfs dev /new/dev
mkdir -p /new/dev/shm /new/dev/pts
mount -t tmpfs tmpfs /new/dev/shm
mount -t devpts devpts /new/dev/pts
mount -t proc proc /new/proc
mount -t sysfs sys /new/sys
mount -t tmpfs tmpfs /new/run
tag=0
for share in $VM_SHARES; do
  mount -t 9p -o $ninep,cache=mmap share$tag "/new$share" || fail "cannot share $share"
  tag=$((tag + 1))
done
mkdir /new/run/vm
cp /bin/busybox /new/run/vm/
cp /vm.env /new/run/vm/env
while read -r module; do cp "/modules/$module.ko" /new/run/vm/; done </modules/later.list

# ---------------------------------------------------------------- commands --
# execute FILE - in a new session, with empty standard input; passes on the status
execute() {
  setsid chroot /new /bin/bash -c '. /run/vm/env; cd "$VM_CWD" 2>/dev/null || cd /; exec /bin/bash "$0"' "$1"
}
set +x
if [ "$VM_SERVE" = 1 ]; then
  # Request: a line with a script in base64. Reply: "#<status> <bytes of stdout> <bytes of
  # stderr>" and these bytes; the first reply says that the guest is up. Output goes to
  # files first, to be counted; what must survive a kill of the guest goes to ttyS2.
  exec 3<>/dev/ttyS0
  echo '#0 0 0' >&3
  while read -r script <&3; do
    echo "$script" | base64 -d >/new/run/vm/command
    execute /run/vm/command >/run/stdout 2>/run/stderr 3>&-
    echo "#$? $(stat -c %s /run/stdout) $(stat -c %s /run/stderr)" >&3
    cat /run/stdout /run/stderr >&3
  done
  finish 0
fi
cp /vm.command /new/run/vm/command
execute /run/vm/command >/dev/ttyS0 2>&1
finish $?
