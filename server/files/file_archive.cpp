#include "server/files/file_archive.h"

#include "events/base/check.h"

namespace server {

namespace protocol = events::protocol;

bool UploadProgress::is_complete() const {
  for (std::uint32_t index = 0; index < durable.size(); ++index) {
    if (durable[index] < protocol::chunk_size(size, index)) return false;
  }
  return true;
}

std::uint32_t UploadProgress::first_missing() const {
  std::uint32_t index = 0;
  while (index < durable.size() && durable[index] == protocol::chunk_size(size, index)) ++index;
  CHECK(index < durable.size(), "callers ask about incomplete uploads");
  return index;
}

events::Bytes UploadProgress::missing_bitmap() const {
  events::Bytes bitmap((durable.size() + 7) / 8, 0);
  for (std::uint32_t index = 0; index < durable.size(); ++index) {
    if (durable[index] == protocol::chunk_size(size, index)) continue;
    bitmap[index / 8] = static_cast<std::uint8_t>(bitmap[index / 8] | 1U << index % 8);
  }
  return bitmap;
}

}  // namespace server
