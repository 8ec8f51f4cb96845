// A request as read: every byte is hostile. Each accessor returns all of what it names, or nothing.
#pragma once

#include <cstring>
#include <string_view>

#include "fuse_wire.h"

namespace famfs::fuse {

class Request {
 public:
  // False if the bytes are not a request: too short for a header, or not the length that it states.
  bool parse(const uint8_t* bytes, size_t length) {
    if (length < sizeof header_) return false;
    std::memcpy(&header_, bytes, sizeof header_);
    if (header_.length != length) return false;
    const size_t extensions = size_t{header_.extensions} * 8;
    if (extensions > length - sizeof header_) return false;
    at_ = bytes + sizeof header_;
    end_ = bytes + length - extensions;
    return true;
  }

  const InHeader& header() const { return header_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }

  template <typename Struct>
  bool take(Struct* taken) {
    if (left() < sizeof *taken) return false;
    std::memcpy(taken, at_, sizeof *taken);
    at_ += sizeof *taken;
    return true;
  }

  // Up to the next NUL, which must be there.
  bool takeName(std::string_view* name) {
    const void* nul = left() == 0 ? nullptr : std::memchr(at_, 0, left());
    if (nul == nullptr) return false;
    const auto* end = static_cast<const uint8_t*>(nul);
    *name = {reinterpret_cast<const char*>(at_), static_cast<size_t>(end - at_)};
    at_ = end + 1;
    return true;
  }

  bool takeBytes(size_t length, const uint8_t** bytes) {
    if (left() < length) return false;
    *bytes = at_;
    at_ += length;
    return true;
  }

 private:
  InHeader header_ = {};
  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
};

}  // namespace famfs::fuse
