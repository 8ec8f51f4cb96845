// Memory for text that grows, and is not cleared first as that of a string is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace famfs {

class TextBuffer {
 public:
  // Where the next text goes: there is room for so many bytes.
  char* room(size_t bytes) {
    if (bytes > capacity_ - size_) grow(bytes);
    return memory_.get() + size_;
  }
  // Ends the text here, within the room.
  void endAt(const char* end) { size_ = static_cast<size_t>(end - memory_.get()); }
  // Forgets the text, but keeps the memory: fresh memory would cost more than the text.
  void clear() { size_ = 0; }

  const char* data() const { return memory_.get(); }
  size_t size() const { return size_; }

 private:
  void grow(size_t bytes) {
    if (bytes > SIZE_MAX / 4 - capacity_) throw std::bad_alloc();
    const size_t capacity = 2 * (capacity_ + bytes);
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_);
    memory_ = std::move(larger);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> memory_;
  size_t capacity_ = 0;
  size_t size_ = 0;
};

}  // namespace famfs
