"""What system calls do to a dax device, as JSON: python, because node maps no memory. usage: traps.py DEVICE SIZE ALIGN"""
import json, mmap, os, signal, sys

device, size, align = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
fd = os.open(device, os.O_RDWR)


def outcome(call):
    """What a call returns, or the name of its error."""
    try:
        result = call()
        return "done" if result is None else result
    except OSError as error:
        return os.strerror(error.errno)


def map_at(offset, length):
    return mmap.mmap(fd, length, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE, offset=offset)


def signal_of(touch):
    """The signal that a touch of memory ends a process with."""
    child = os.fork()
    if child == 0:
        touch()
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "none"


first = map_at(0, align)
first[0], first[mmap.PAGESIZE] = 1, 2
half = map_at(align // 2 if align > mmap.PAGESIZE else 0, align)
beyond = map_at(size - align, 2 * align)
print(json.dumps({
    "st_size": os.stat(fd).st_size,
    "seek to the end": os.lseek(fd, 0, os.SEEK_END),
    "read": outcome(lambda: os.read(fd, 1)),
    "pread": outcome(lambda: os.pread(fd, 1, 0)),
    "write": outcome(lambda: os.write(fd, b"x")),
    "pwrite": outcome(lambda: os.pwrite(fd, b"x", 0)),
    "ftruncate": outcome(lambda: os.ftruncate(fd, 0)),
    "fsync": outcome(lambda: os.fsync(fd)),
    "msync": outcome(first.flush),
    "map a page": outcome(lambda: map_at(0, mmap.PAGESIZE) and "mapped"),
    "first byte of a mapping from the middle of an aligned block": half[0],
    "touch before the end": signal_of(lambda: beyond[align - 1]),
    "touch past the end": signal_of(lambda: beyond[align]),
}))
