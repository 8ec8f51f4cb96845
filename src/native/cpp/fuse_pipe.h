// A pipe through which the kernel takes pages of a file for the reply to a READ. In the memory of this process, it would look up each
// of them in the page tables.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuse_wire.h"

namespace famfs::fuse {

constexpr size_t kPage = 4096;  // what the kernel counts a request and the room of a pipe in

// Bytes of an open file.
struct FilePart {
  int fd;
  uint64_t offset;
  uint64_t length;
};

class Pipe {
 public:
  static constexpr int kNotSent = -1;

  // For replies to `fd`. That must be the FUSE device itself: a socket would take a message from each page.
  explicit Pipe(int fd);
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { end(); }

  // Pages of a reply for which there is room; 0 if replies cannot be sent this way.
  size_t pages() const { return pages_; }

  bool hasRoom(const FilePart* parts, size_t count) const;

  // Sends a reply with all bytes of the parts, for which there is room and which the header counts. 0; or an errno of the device; or
  // kNotSent if nothing of it is sent: a file does not have all of the bytes, or is of a file system that cannot do this. Then there
  // is no pipe any more, since what is left in it would come before the next reply.
  int send(const OutHeader& header, const FilePart* parts, size_t count);

 private:
  void begin();
  void end();
  bool fill(const OutHeader& header, const FilePart* parts, size_t count);

  const int fd_;
  int ends_[2] = {-1, -1};
  size_t pages_ = 0;
};

}  // namespace famfs::fuse
