# machine.sh - part of run-vm.sh (sourced): the guest's hardware.
#
# Sets `machine`, QEMU's arguments except the serial ports, from run-vm.sh's options.

# nth LIST N - item N, counted from 0, of a comma-separated list; the last one repeats
nth() {
  local items
  IFS=, read -ra items <<<"$1"
  echo "${items[$2 < ${#items[@]} ? $2 : ${#items[@]} - 1]}"
}

# backing_file N MIB - its path; a new file is sparse, an old one of another size is refused
backing_file() {
  local path=$backing/dimm$1 new
  if [ ! -e "$path" ]; then
    new=$(mktemp "$path.XXXXXX")
    truncate -s "$2M" "$new"
    ln "$new" "$path" 2>/dev/null || true # atomic: two guests may start at once
    rm -f "$new"
  fi
  [ "$(stat -c %s "$path")" = $(($2 << 20)) ] || die "$path exists with another size"
  echo "$path"
}

: "${uuid:=$(cat /proc/sys/kernel/random/uuid)}"
case $accel in
  kvm) machine=(-accel kvm -cpu host) ;;
  # rdrand: without it the first getrandom() (a uuid, node) waits seconds for entropy.
  # clwb, clflushopt: machines with such memory have them.
  # tb-size: MiB of translated code; node alone fills much of it.
  tcg) machine=(-accel tcg,thread=multi,tb-size=512
    -cpu qemu64,+ssse3,+sse4.1,+sse4.2,+popcnt,+clflushopt,+clwb,+rdrand) ;;
  *) die "bad -a $accel" ;;
esac
# maxcpus is 2 at least: with one CPU the emulation makes plain loads and stores of
# locked instructions, and updates by two guests of the same memory get lost.
machine+=(-smp "$cpus,maxcpus=$((cpus > 2 ? cpus : 2))" -nodefaults -no-user-config -display none
  -no-reboot -uuid "$uuid" "${FIRMWARE[@]}" -kernel "$VMLINUX")
[ -z "$pidfile" ] || machine+=(-pidfile "$pidfile")
append="console=ttyS1 quiet nokaslr mitigations=off panic=-1 tsc=reliable random.trust_cpu=on"

# ----------------------------------------------------------------------- RAM --
case $mode in
  save) machine+=(-object "memory-backend-file,id=ram,size=${ram}M,mem-path=$state/ram,share=on") ;;
  # share=off: changes of this guest are private, the saved one stays as it is
  restore) machine+=(-object "memory-backend-file,id=ram,size=${ram}M,mem-path=$state/ram,share=off") ;;
  *) machine+=(-object "memory-backend-ram,id=ram,size=${ram}M") ;;
esac

# --------------------------------------------------------------- dax devices --
all_aligns=
case $kind in
  nvdimm)
    room=$((ram + 1024))
    for ((i = 0; i < devices; i++)); do
      # the kernel gives the start of the memory to an info block, padded to the alignment
      case $(nth "$aligns" $i) in
        4K) all_aligns+="4096 " pad=2 ;;
        2M) all_aligns+="2097152 " pad=2 ;;
        1G) all_aligns+="1073741824 " pad=1024 ;;
        *) die "bad -A $aligns" ;;
      esac
      size=$(($(nth "$sizes" $i) + pad))
      room=$((room + size + 1024)) # QEMU may place a DIMM at the next GiB
      file=$(backing_file $i $size)
      machine+=(-object "memory-backend-file,id=mem$i,share=on,mem-path=$file,size=${size}M,align=2M"
        -device "nvdimm,id=nv$i,memdev=mem$i")
    done
    machine+=(-machine pc,nvdimm=on,memory-backend=ram -m "${ram}M,slots=$devices,maxmem=${room}M")
    ;;
  hmem)
    # NUMA node 0 is the guest's own RAM and must end where the devices begin, else
    # guests would share ordinary RAM. Then a node per device, from 4 GiB up; the
    # kernel's command line makes "soft reserved" memory of each, which dax_hmem
    # turns into a device; gaps of 2 MiB keep them from being merged.
    [ "$ram" -le 3072 ] || die "-k hmem: at most 3072 MiB RAM"
    at=4096 total=$ram
    machine+=(-machine "pc,max-ram-below-4g=${ram}M" -numa node,nodeid=0,memdev=ram)
    for ((i = 0; i < devices; i++)); do
      size=$(nth "$sizes" $i)
      file=$(backing_file $i $((size + 2)))
      machine+=(-object "memory-backend-file,id=mem$i,share=on,mem-path=$file,size=$((size + 2))M,align=2M"
        -numa "node,nodeid=$((i + 1)),memdev=mem$i")
      append+=" memmap=${size}M%${at}M-1+0xefffffff memmap=2M\$$((at + size))M"
      at=$((at + size + 2)) total=$((total + size + 2))
    done
    machine+=(-m "${total}M")
    ;;
  *) die "bad -k $kind" ;;
esac
machine+=(-append "$append")

# ---------------------------------------------------------- what the guest runs --
if [ "$mode" = restore ]; then
  machine+=(-device vmgenid,guid=auto -initrd "$state/initrd")
  return
fi
tree=$run/tree
mkdir -p "$tree"
if [ ${#carried[@]} = 0 ]; then
  machine+=(-fsdev "local,id=hostroot,path=/,security_model=none,readonly=on,multidevs=remap"
    -device virtio-9p-pci,fsdev=hostroot,mount_tag=hostroot)
else
  # without this, all guests that resume one state have the same random numbers
  machine+=(-device vmgenid,guid=auto)
  for file in /bin/bash "${carried[@]}"; do
    for file in "$file" $(ldd "$file" 2>/dev/null | grep -o '/[^ ]*'); do
      install -D "$file" "$tree/new$file"
    done
  done
fi
for i in "${!shares[@]}"; do
  machine+=(-fsdev "local,id=share$i,path=${shares[i]},security_model=none,multidevs=remap"
    -device "virtio-9p-pci,fsdev=share$i,mount_tag=share$i")
done
{
  serving=1
  [ "$mode" != command ] || serving=0
  printf 'VM_%s=%q\n' KIND "$kind" DEVICES "$devices" HOSTNAME "$name" SERVE "$serving" \
    CARRY $((${#carried[@]} > 0)) ALIGNS "$all_aligns" SHARES "${shares[*]}"
} >"$tree/vm.conf"
{
  printf 'export %s=%q\n' HOME "${HOME:-/root}" PATH "$PATH" USER root TERM dumb VM_CWD "$PWD"
  for variable in "${variables[@]}"; do
    case $variable in
      *=*) printf 'export %s=%q\n' "${variable%%=*}" "${variable#*=}" ;;
      *) printf 'export %s=%q\n' "$variable" "${!variable-}" ;;
    esac
  done
} >"$tree/vm.env"
printf '%s\n' "$command" >"$tree/vm.command"
initrd=$run/initrd
[ "$mode" != save ] || initrd=$state/initrd
{ cat "$INITRD" && pack "$tree"; } >"$initrd"
machine+=(-initrd "$initrd")
