#include "events/archive/compact.h"

// What every field calls: inline it would stand in the code of each kind of event and of message.

namespace events {

void CompactOutput::write_varint(std::uint64_t value) {
  while (value >= 0x80U) {
    target_.push_back(static_cast<std::uint8_t>(value | 0x80U));
    value >>= 7U;
  }
  target_.push_back(static_cast<std::uint8_t>(value));
}

void CompactOutput::write_bytes(ByteView bytes) {
  target_.insert(target_.end(), bytes.begin(), bytes.end());
}

void CompactOutput::write_length(std::size_t length, std::size_t limit) {
  expect(length <= limit, "longer than its limit");
  write_varint(length);
}

std::uint64_t CompactInput::read_long_varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t byte = read_byte();
    if (shift == 63 && byte > 1) fail("varint above 64 bits");
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80U) {
      if (byte == 0 && shift != 0) fail("varint is not minimal");
      return value;
    }
  }
  fail("varint above 64 bits");
}

ByteView CompactInput::read_bytes(std::size_t size) {
  if (size > rest_.size()) fail("truncated");
  const ByteView bytes = rest_.first(size);
  rest_ = rest_.subspan(size);
  return bytes;
}

std::size_t CompactInput::read_length(std::size_t limit) {
  const std::uint64_t length = read_varint();
  if (length > limit) fail("longer than its limit");
  if (length > rest_.size()) fail("truncated");
  return static_cast<std::size_t>(length);
}

void CompactInput::fail(const char* what) { throw cereal::Exception(what); }

Result<void> decode_into(ByteView source, void* value, void (*read)(CompactInput&, void*)) {
  try {
    CompactInput archive(source);
    read(archive, value);
    archive.expect(archive.rest().empty(), "bytes left over");
    return {};
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, exception.what()};
  }
}

}  // namespace events
